/** Rows that say what a product is, made from the summaries of the stages. */
import type { Insertable, Kysely } from 'kysely';
import type {
  CaltableSummary,
  ImageSummary,
  MosaicSummary,
  MosaicTileSummary,
  MsSummary,
  SolveSummary,
} from '../domain/generated/stages.ts';
import { json } from './connection.ts';
import type { Database, JsonObject } from './schema/index.ts';
import type { MosaicsTable } from './schema/mosaics.ts';
import type { CaltablesTable, CaltableType, ImagesTable, MeasurementSetsTable, MsStage } from './schema/science.ts';

type NewRow<Table, JsonColumns extends string> = Omit<Insertable<Table>, 'id' | JsonColumns>;

export type NewMeasurementSet = NewRow<MeasurementSetsTable, 'summary'> & { readonly summary: JsonObject };
export type NewCaltable = NewRow<CaltablesTable, 'summary' | 'parameters'> & {
  readonly summary: JsonObject;
  readonly parameters: JsonObject;
};
export type NewImage = NewRow<ImagesTable, 'summary' | 'qaReport'> & { readonly summary: JsonObject };
export type NewMosaic = NewRow<MosaicsTable, 'summary' | 'qaReport'> & { readonly summary: JsonObject };

/** A row of the table that describes a kind of product; its id is the product's. */
export type ProductRow =
  | { readonly table: 'measurement_sets'; readonly values: NewMeasurementSet }
  | { readonly table: 'caltables'; readonly values: NewCaltable }
  | { readonly table: 'images'; readonly values: NewImage }
  | { readonly table: 'mosaics'; readonly values: NewMosaic; readonly tiles: readonly MosaicTileSummary[] };

const asJson = (summary: object): JsonObject => summary as JsonObject;

/** Write the row of a product; call it within the transaction of the product. */
export async function insertProductRow(db: Kysely<Database>, id: string, row: ProductRow): Promise<void> {
  if (row.table === 'measurement_sets') {
    await db
      .insertInto('measurementSets')
      .values({ ...row.values, id, summary: json(row.values.summary) })
      .execute();
  } else if (row.table === 'caltables') {
    const { summary, parameters } = row.values;
    await db
      .insertInto('caltables')
      .values({ ...row.values, id, summary: json(summary), parameters: json(parameters) })
      .execute();
  } else if (row.table === 'images') {
    await db
      .insertInto('images')
      .values({ ...row.values, id, summary: json(row.values.summary) })
      .execute();
  } else {
    await db
      .insertInto('mosaics')
      .values({ ...row.values, id, summary: json(row.values.summary) })
      .execute();
    const tiles = row.tiles.map((tile, position) => mosaicTile(id, tile, position));
    if (tiles.length > 0) await db.insertInto('mosaicTiles').values(tiles).execute();
  }
}

const mosaicTile = (mosaicId: string, tile: MosaicTileSummary, position: number) => ({
  mosaicId,
  imageId: tile.id,
  position,
  weightShare: tile.weight_share,
  rmsJy: tile.rms_jy,
  raOffsetArcsec: tile.ra_offset_arcsec,
  decOffsetArcsec: tile.dec_offset_arcsec,
  fluxRatio: tile.flux_ratio,
  nMatched: tile.n_matched,
});

export interface MeasurementSetFacts {
  readonly stage: MsStage;
  readonly groupId: string | null;
  readonly groupVersion: number | null;
  /** Tells measurement sets of one group made by different recipes apart; empty for the standard one. */
  readonly recipeHash?: string;
  /** Tables that were applied. */
  readonly caltableIds?: readonly string[];
}

/** Row of a measurement set from the summary of `convert`, `flag` or `apply`. */
export const measurementSetRow = (ms: MsSummary, facts: MeasurementSetFacts): ProductRow => ({
  table: 'measurement_sets',
  values: {
    stage: facts.stage,
    groupId: facts.groupId,
    groupVersion: facts.groupVersion,
    recipeHash: facts.recipeHash ?? '',
    caltableIds: [...(facts.caltableIds ?? [])],
    telescopeName: ms.telescope_name,
    nAntennas: ms.n_antennas,
    nBaselines: ms.n_baselines,
    nTimes: ms.n_times,
    nChannels: ms.n_channels,
    nRows: ms.n_rows,
    polarizations: [...ms.polarizations],
    freqMinHz: ms.freq_min_hz,
    freqMaxHz: ms.freq_max_hz,
    channelWidthHz: ms.channel_width_hz,
    startMjd: ms.start_mjd,
    midMjd: ms.mid_mjd,
    endMjd: ms.end_mjd,
    pointingDecDeg: ms.pointing_dec_deg,
    phaseRaDeg: ms.phase_ra_deg,
    phaseDecDeg: ms.phase_dec_deg,
    dishDiameterM: ms.dish_diameter_m,
    flaggedFraction: ms.flagged_fraction,
    missingSubbands: [...ms.missing_subbands],
    summary: asJson(ms),
  },
});

/** Order in which tables are applied. */
export const CALTABLE_ORDER: readonly CaltableType[] = ['K', 'B', 'G'];

export interface CaltableFacts {
  /** The tables of one solve share it. */
  readonly setId: string;
  readonly groupId: string | null;
  readonly groupVersion: number | null;
  readonly msId: string | null;
  readonly fluxScale: string | null;
  readonly parameters: JsonObject;
}

/** Row of one table from the summary of `solve`; a set that QA failed is not active. */
export const caltableRow = (solve: SolveSummary, table: CaltableSummary, facts: CaltableFacts): ProductRow => ({
  table: 'caltables',
  values: {
    ...facts,
    type: table.type,
    position: CALTABLE_ORDER.indexOf(table.type),
    status: solve.verdict === 'fail' ? 'rejected' : 'active',
    calibrator: solve.calibrator,
    refant: table.refant,
    transitMjd: solve.transit_mjd,
    validStartMjd: solve.valid_start_mjd,
    validEndMjd: solve.valid_end_mjd,
    pointingDecDeg: solve.pointing_dec_deg,
    ownMsOnly: table.own_ms_only,
    flaggedFraction: table.flagged_fraction,
    nSolutions: table.n_solutions,
    medianSnr: table.median_snr,
    medianAmplitude: table.median_amplitude,
    phaseScatterDeg: table.phase_scatter_deg,
    maxDelayNs: table.max_delay_ns,
    summary: asJson(solve),
  },
});

export interface ImageFacts {
  readonly name: string;
  readonly groupId: string | null;
  readonly groupVersion: number | null;
  readonly msId: string | null;
  readonly recipeHash?: string;
  readonly caltableIds: readonly string[];
  readonly calibrator: string | null;
  readonly qualityTier: string;
}

/** Row of a tile from the summary of `image`. */
export const imageRow = (image: ImageSummary, facts: ImageFacts): ProductRow => ({
  table: 'images',
  values: {
    ...facts,
    recipeHash: facts.recipeHash ?? '',
    caltableIds: [...facts.caltableIds],
    backend: image.backend,
    bmajArcsec: image.beam.bmaj_arcsec,
    bminArcsec: image.beam.bmin_arcsec,
    bpaDeg: image.beam.bpa_deg,
    imsizePx: image.imsize_px,
    cellArcsec: image.cell_arcsec,
    centerRaDeg: image.center_ra_deg,
    centerDecDeg: image.center_dec_deg,
    startMjd: image.start_mjd,
    midMjd: image.mid_mjd,
    endMjd: image.end_mjd,
    nuEffHz: image.nu_eff_hz,
    bandwidthHz: image.bandwidth_hz,
    integrationS: image.integration_s,
    rmsJy: image.rms_jy,
    thermalRmsJy: image.thermal_rms_jy,
    peakJy: image.peak_jy,
    minJy: image.min_jy,
    residualPeakJy: image.residual_peak_jy,
    dynamicRange: image.dynamic_range,
    minOverPeak: image.min_over_peak,
    pbCorrected: image.pb_corrected,
    beamModel: image.beam_model,
    quickLook: image.quick_look,
    flaggedFraction: image.flagged_fraction,
    summary: asJson(image),
  },
});

export interface MosaicFacts {
  readonly name: string;
  readonly mosaicGroupId: string | null;
  readonly planId?: string | null;
  readonly calibrator: string | null;
}

/** Row of a mosaic, with its tiles, from the summary of `mosaic`. */
export const mosaicRow = (mosaic: MosaicSummary, facts: MosaicFacts): ProductRow => ({
  table: 'mosaics',
  tiles: mosaic.tiles,
  values: {
    name: facts.name,
    mosaicGroupId: facts.mosaicGroupId,
    planId: facts.planId ?? null,
    calibrator: facts.calibrator,
    method: mosaic.method,
    backend: mosaic.backend,
    bmajArcsec: mosaic.beam.bmaj_arcsec,
    bminArcsec: mosaic.beam.bmin_arcsec,
    bpaDeg: mosaic.beam.bpa_deg,
    centerRaDeg: mosaic.center_ra_deg,
    centerDecDeg: mosaic.center_dec_deg,
    widthPx: mosaic.width_px,
    heightPx: mosaic.height_px,
    cellArcsec: mosaic.cell_arcsec,
    startMjd: mosaic.start_mjd,
    midMjd: mosaic.mid_mjd,
    endMjd: mosaic.end_mjd,
    nuEffHz: mosaic.nu_eff_hz,
    rmsJy: mosaic.rms_jy,
    peakJy: mosaic.peak_jy,
    areaDeg2: mosaic.area_deg2,
    nTiles: mosaic.tiles.length,
    summary: asJson(mosaic),
  },
});
