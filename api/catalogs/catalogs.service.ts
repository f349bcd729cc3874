import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { CATALOGS, type CatalogName } from '../../domain/catalogs.ts';
import { Registry } from '../../registry/index.ts';
import type { CatalogImport, CatalogRow, CatalogState } from '../../registry/index.ts';
import type { Catalog, CatalogSource, listCatalogs, searchCatalog } from '../contracts/catalogs.ts';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';

@Injectable()
export class CatalogsService {
  private readonly registry: Registry;

  constructor(registry: Registry) {
    this.registry = registry;
  }

  async list(): Promise<OperationResult<typeof listCatalogs>> {
    return { items: (await this.registry.catalogs.list()).map(catalogView) };
  }

  async search(
    catalog: CatalogName,
    query: OperationInput<typeof searchCatalog>['query'],
  ): Promise<OperationResult<typeof searchCatalog>> {
    const rows = await this.registry.catalogs.cone({
      catalog,
      raDeg: query.ra_deg,
      decDeg: query.dec_deg,
      radiusDeg: query.radius_deg,
      minFluxJy: query.min_flux_jy,
      limit: query.limit,
    });
    return { catalog, items: rows.map(sourceView) };
  }
}

const catalogView = ({ name, latest }: CatalogState): z.input<typeof Catalog> => {
  const { title, freqHz, howToGet } = CATALOGS[name];
  const what = { name, title, freq_hz: freqHz };
  return latest === null ? { ...what, ...MISSING, how_to_get: howToGet } : { ...what, ...stateOf(latest) };
};

const MISSING = {
  status: 'missing',
  version: null,
  n_sources: 0,
  origin: null,
  file_name: null,
  file_sha256: null,
  n_read: null,
  rejected: {},
  imported_at: null,
} as const;

const stateOf = (latest: CatalogImport) =>
  ({
    status: 'present',
    how_to_get: null,
    version: latest.version,
    n_sources: latest.rowsCurrent,
    origin: latest.origin,
    file_name: latest.fileName,
    file_sha256: latest.fileSha256,
    n_read: latest.rowsRead,
    rejected: latest.rejected,
    imported_at: latest.importedAt,
  }) as const;

const sourceView = (row: CatalogRow): z.input<typeof CatalogSource> => ({
  source_id: row.sourceId,
  name: row.name,
  catalog: row.catalog,
  catalog_id: row.catalogId,
  ra_deg: row.raDeg,
  dec_deg: row.decDeg,
  separation_deg: row.separationDeg,
  flux_jy: row.fluxJy,
  flux_kind: row.fluxKind,
  peak_flux_jy: row.peakFluxJy,
  flux_err_jy: row.fluxErrJy,
  freq_hz: row.freqHz,
  maj_arcsec: row.majArcsec,
  min_arcsec: row.minArcsec,
  pa_deg: row.paDeg,
  spectral_index: row.spectralIndex,
  crowding: row.crowding,
  resolved: row.resolved,
  confused: row.confused,
});
