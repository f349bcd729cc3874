/** Measurement rows out of what the stage found: one for every expected source, with a value or the reason why not. */
import type { PhotometryRow } from '../../domain/generated/stages.ts';
import {
  DEFAULT_SYSTEMATIC_FRACTION,
  normalizedParts,
  rawParts,
  selfCalibrationFraction,
} from '../../domain/photometry/error-budget.ts';
import { totalOf, type FluxParts } from '../../domain/photometry/night.ts';
import { separationDeg, type SkyPosition } from '../../domain/sky.ts';
import type { MeasurementStatus } from '../../domain/states.ts';
import { transitNumberAt } from '../../domain/transits.ts';
import type { NewMeasurement } from '../../registry/index.ts';
import type { ExpectedSource, Field } from './field.ts';
import type { EpochScale } from './scale.ts';

/** A source this near the calibrator's position is the calibrator. */
const SAME_SOURCE_DEG = 30 / 3600;

/** What all rows of a run share. */
export interface RunFacts {
  readonly field: Field;
  /** Null for a group that gave no image. */
  readonly runId: string | null;
  readonly jobId: string;
  readonly stripId: number;
  readonly calibratorPosition: SkyPosition | null;
}

export interface Verdict {
  readonly status: MeasurementStatus;
  readonly reason: string | null;
}

/** What became of a source. */
export type Found = { readonly kind: 'row'; readonly row: PhotometryRow } | ({ readonly kind: 'none' } & Verdict);

export const isCalibrator = (
  source: SkyPosition,
  { calibratorPosition }: Pick<RunFacts, 'calibratorPosition'>,
): boolean => calibratorPosition !== null && separationDeg(source, calibratorPosition) < SAME_SOURCE_DEG;

/** The raw flux with its two kinds of error; null where there is no value. */
export function rawOf(found: Found, { field }: Pick<RunFacts, 'field'>): FluxParts | null {
  if (found.kind === 'none' || found.row.peak_flux_jy === null || found.row.peak_flux_jy === undefined) return null;
  const antennas = field.ownCalibrationAntennas;
  const own = antennas === null ? 0 : selfCalibrationFraction(antennas);
  return rawParts({
    fluxJy: found.row.peak_flux_jy,
    sigmaAddJy: found.row.peak_flux_err_jy ?? 0,
    systematicFraction: Math.hypot(DEFAULT_SYSTEMATIC_FRACTION, own),
  });
}

/** A source and what became of it. */
export interface FoundSource {
  readonly source: ExpectedSource;
  readonly found: Found;
}

/** The row of one source in the product's own series. */
export function measurementRow({ source, found }: FoundSource, facts: RunFacts, scale: EpochScale): NewMeasurement {
  const raw = rawOf(found, facts);
  const midMjd = found.kind === 'row' ? (found.row.mid_mjd ?? facts.field.midMjd) : facts.field.midMjd;
  return {
    ...identityOf(source, facts, midMjd),
    ...verdictColumns(found),
    ...rawColumns(raw),
    ...imageColumns(found, source),
    ...normalizedColumns(raw, scale, source.id),
    flags: flagsOf(source, facts, raw === null || scale.of(source.id) !== null),
  };
}

const verdictColumns = (found: Found): Verdict =>
  found.kind === 'none'
    ? { status: found.status, reason: found.reason }
    : { status: found.row.status, reason: found.row.reason ?? null };

const rawColumns = (raw: FluxParts | null) => ({
  fluxJy: raw?.fluxJy ?? null,
  fluxErrJy: raw === null ? null : totalOf(raw),
  sigmaAddJy: raw?.noiseJy ?? null,
  systematicErrJy: raw?.sharedErrJy ?? null,
});

const imageColumns = (found: Found, { beam }: ExpectedSource) =>
  found.kind === 'none'
    ? { rmsJy: null, backgroundJy: null, pb: beam }
    : {
        rmsJy: found.row.local_rms_jy ?? null,
        backgroundJy: found.row.background_jy ?? null,
        pb: found.row.pb ?? beam,
      };

const identityOf = (source: ExpectedSource, { field, runId, jobId, stripId }: RunFacts, midMjd: number) => ({
  sourceId: source.id,
  series: field.series,
  epoch: field.epoch,
  stripId,
  night: transitNumberAt(source, midMjd),
  midMjd,
  nuEffHz: field.nuEffHz,
  nTiles: field.series === 'mosaic' ? field.centers.length : null,
  tier: field.quickLook ? 'quick_look' : field.tier,
  groupId: field.groupId,
  productId: field.product?.id ?? null,
  runId,
  jobId,
  caltableId: field.caltableId,
});

function normalizedColumns(raw: FluxParts | null, scale: EpochScale, sourceId: number) {
  const factor = raw === null ? null : scale.of(sourceId);
  if (raw === null || factor === null) {
    const none = { normalizedFluxJy: null, normalizedFluxErrJy: null };
    return { ...none, normFactor: null, normFactorErr: null, normVersion: null };
  }
  const normalized = normalizedParts(raw, factor);
  return {
    normalizedFluxJy: normalized.fluxJy,
    normalizedFluxErrJy: totalOf(normalized),
    normFactor: factor.factor,
    normFactorErr: factor.factorErr,
    normVersion: scale.version,
  };
}

function flagsOf(source: ExpectedSource, facts: RunFacts, isNormalized: boolean): string[] {
  const { field } = facts;
  return [
    ...(field.quickLook ? ['quick_look'] : []),
    ...(field.ownCalibrationAntennas === null ? [] : ['own_calibration']),
    ...(isCalibrator(source, facts) ? ['calibrator'] : []),
    ...(field.qa === 'warn' ? ['qa_warn'] : []),
    ...(isNormalized ? [] : ['not_normalized']),
  ];
}
