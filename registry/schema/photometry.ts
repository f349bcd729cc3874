import type { MeasurementStatus, Series } from '../../domain/states.ts';
import type { Defaulted, InstantOrNull, JsonColumn, JsonObject, JsonOrNull, MadeAt } from './columns.ts';

/** A pointing declination and everything near it. */
export interface StripsTable {
  id: Defaulted<number>;
  decDeg: number;
  createdAt: MadeAt;
}

/** Beam and grid that the tiles of a strip share, for one recipe. */
export interface StripFormsTable {
  stripId: number;
  recipeHash: string;
  /** Null until the first tile is there. */
  form: JsonOrNull<JsonObject>;
  /** Tells the tile that set it: its own recipe has no form. */
  setBy: string | null;
  /** Workflow whose tile sets it. */
  claimedBy: string;
  claimedAt: Defaulted<string>;
}

/** Photometry of one product, asked for once per configuration. */
export interface PhotometryRunsTable {
  id: Defaulted<string>;
  workflowId: string;
  jobId: string;
  productId: string;
  series: 'tile' | 'mosaic';
  config: JsonColumn<JsonObject>;
  photometryProductId: string | null;
  nSources: number | null;
  nMeasured: number | null;
  nReferences: number | null;
  summary: JsonColumn<JsonObject>;
  recordedAt: InstantOrNull;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}

/** One row per expected source, series, epoch and version: a value, or the reason there is none. */
export interface PhotometryTable {
  sourceId: number;
  series: Series;
  /** Of a tile its group; of a mosaic its transit or window; of a night strip and number. */
  epoch: string;
  version: number;
  stripId: number;
  /** Number of the source's transit nearest to `midMjd`: its sidereal day. */
  night: number;
  midMjd: number;
  status: MeasurementStatus;
  reason: string | null;
  fluxJy: number | null;
  fluxErrJy: number | null;
  rmsJy: number | null;
  backgroundJy: number | null;
  /** Independent part of the error of the raw flux. */
  sigmaAddJy: number | null;
  /** Part of the error of the raw flux that neighbouring tiles share. */
  systematicErrJy: number | null;
  normalizedFluxJy: number | null;
  normalizedFluxErrJy: number | null;
  normFactor: number | null;
  normFactorErr: number | null;
  normVersion: number | null;
  pb: number | null;
  nuEffHz: number | null;
  nTiles: number | null;
  tier: string | null;
  flags: Defaulted<string[]>;
  groupId: string | null;
  productId: string | null;
  runId: string | null;
  jobId: string | null;
  caltableId: string | null;
  supersededAt: InstantOrNull;
  supersededReason: string | null;
  createdAt: MadeAt;
}

/** Frozen flux scale of an epoch. */
export interface NormFactorsTable {
  runId: string;
  version: number;
  series: 'tile' | 'mosaic';
  stripId: number;
  epoch: string;
  midMjd: number;
  factor: number;
  factorErr: number;
  referenceIds: number[];
  /** About the baseline, of references left out of their own factor, as a fraction of the flux. */
  rawScatter: number;
  normalizedScatter: number;
  applied: boolean;
  criterion: string;
  createdAt: MadeAt;
}
