import type { CatalogName, FluxKind } from '../../domain/catalogs.ts';
import type { Defaulted, Derived, JsonColumn, JsonObject, MadeAt } from './columns.ts';

/** `replace`: the whole catalogue; `add`: some of its sources. */
export type ImportMode = 'replace' | 'add';

export type ImportOrigin = 'shipped' | 'file' | 'vizier' | 'built';

export interface CatalogImportsTable {
  id: Derived<number>;
  catalog: CatalogName;
  version: number;
  mode: ImportMode;
  origin: ImportOrigin;
  fileName: string | null;
  fileSha256: string | null;
  tableSha256: string | null;
  rowsRead: number;
  rowsLoaded: Defaulted<number>;
  rejected: JsonColumn<Readonly<Record<string, number>>>;
  rowsCurrent: Defaulted<number>;
  sourcesNew: Defaulted<number>;
  parameters: JsonColumn<JsonObject>;
  requestedBy: string;
  importedAt: MadeAt;
}

export interface SourcesTable {
  id: Derived<number>;
  name: string;
  catalog: CatalogName;
  catalogId: string | null;
  raDeg: number;
  decDeg: number;
  decZone: Derived<number>;
  fluxJy: number;
  fluxKind: FluxKind;
  spectralIndex: number | null;
  crowding: number | null;
  resolved: boolean | null;
  confused: boolean | null;
  firstImportId: number;
  lastImportId: number;
  firstSeenAt: MadeAt;
  updatedAt: MadeAt;
}

export interface CatalogSourcesTable {
  importId: number;
  sourceId: number;
  catalog: CatalogName;
  catalogId: string | null;
  raDeg: number;
  decDeg: number;
  decZone: Derived<number>;
  fluxJy: number;
  fluxKind: FluxKind;
  peakFluxJy: number | null;
  fluxErrJy: number | null;
  freqHz: number;
  majArcsec: number | null;
  minArcsec: number | null;
  paDeg: number | null;
  spectralIndex: number | null;
  crowding: number | null;
  resolved: boolean | null;
  confused: boolean | null;
  supersededBy: number | null;
}
