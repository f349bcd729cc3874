/**
 * The flux scale of one epoch against the epochs before it: references that do not vary say by how much everything in
 * the image is too bright or too faint.
 */
import { medianEstimate, type Weighted } from './weighted-median.ts';

/** Fewer references say nothing that one of them alone could not have got wrong. */
export const MIN_REFERENCES = 3;
/** Nights a baseline needs before it is one. */
export const MIN_BASELINE_NIGHTS = 3;
/** Normalising must make left-out sources this much steadier to be switched on. */
export const MIN_SCATTER_GAIN = 0.1;
/** Local signal to noise of a reference. */
export const MIN_REFERENCE_SNR = 20;
/** Integrated over peak flux above which a source counts as resolved. */
export const MAX_COMPACTNESS = 1.1;

/** What is known of a source that could be a reference. */
export interface ReferenceFacts {
  readonly sourceId: number;
  /** NVSS neighbours that could be confused with it. */
  readonly crowding: number;
  /** Integrated over peak flux where it was measured, else null. */
  readonly compactness: number | null;
  readonly isVariable: boolean;
  /** The calibrator is what it is by definition: it says nothing of the scale. */
  readonly isCalibrator: boolean;
}

/** Whether a source may serve as a reference, apart from its brightness in an image. */
export const mayBeReference = (source: ReferenceFacts): boolean =>
  source.crowding === 0 &&
  (source.compactness === null || source.compactness < MAX_COMPACTNESS) &&
  !source.isVariable &&
  !source.isCalibrator;

/** A reference in one epoch. */
export interface ReferenceMeasurement {
  readonly sourceId: number;
  readonly fluxJy: number;
  readonly fluxErrJy: number;
  /** Weighted mean of its other nights, Jy: this epoch is not in it. */
  readonly baselineJy: number;
  readonly baselineErrJy: number;
  /** Nights in the baseline. */
  readonly baselineNights: number;
}

export interface EpochFactor {
  readonly factor: number;
  readonly factorErr: number;
  readonly referenceIds: readonly number[];
}

/** Which references of an epoch count: bright here, with a baseline. */
export const usableReferences = (references: readonly ReferenceMeasurement[]): ReferenceMeasurement[] =>
  references.filter(
    ({ fluxJy, fluxErrJy, baselineJy, baselineNights }) =>
      baselineNights >= MIN_BASELINE_NIGHTS &&
      baselineJy > 0 &&
      fluxErrJy > 0 &&
      fluxJy > MIN_REFERENCE_SNR * fluxErrJy,
  );

/**
 * Factor of an epoch for one source: weighted median of measured over baseline of the references, the source itself
 * never among them.
 *
 * @param references of `usableReferences`
 * @returns null with fewer than three references: the epoch is not normalised for this source
 */
export function epochFactor(references: readonly ReferenceMeasurement[], exceptSourceId: number): EpochFactor | null {
  const others = references.filter(({ sourceId }) => sourceId !== exceptSourceId);
  if (others.length < MIN_REFERENCES) return null;
  const { value, error } = medianEstimate(others.map(ratioOf));
  return { factor: value, factorErr: error, referenceIds: others.map(({ sourceId }) => sourceId) };
}

/** Measured over baseline; the errors of both count. */
function ratioOf({ fluxJy, fluxErrJy, baselineJy, baselineErrJy }: ReferenceMeasurement): Weighted {
  const value = fluxJy / baselineJy;
  const relative = Math.hypot(fluxErrJy / fluxJy, baselineErrJy / baselineJy);
  return { value, weight: 1 / (value * relative) ** 2 };
}

/**
 * Factors of an epoch for many sources: the same one for all but the references, each of which has its own.
 *
 * @returns a lookup by source id; null where the epoch is not normalised
 */
export function epochFactors(references: readonly ReferenceMeasurement[]): (sourceId: number) => EpochFactor | null {
  const usable = usableReferences(references);
  const common = epochFactor(usable, Number.NaN);
  const own = new Map(usable.map(({ sourceId }) => [sourceId, epochFactor(usable, sourceId)]));
  return (sourceId) => (own.has(sourceId) ? (own.get(sourceId) ?? null) : common);
}

/** Scatter of sources that were left out of the ensemble, raw and normalised. */
export interface ScatterComparison {
  readonly rawScatter: number;
  readonly normalizedScatter: number;
  readonly nSources: number;
}

/** Left-out sources needed before the comparison means anything. */
export const MIN_LEFT_OUT = 5;

/**
 * Whether normalising helps: left-out sources must be at least a tenth steadier with it.
 *
 * @returns null while too few sources can be compared
 */
export function normalisationHelps({ rawScatter, normalizedScatter, nSources }: ScatterComparison): boolean | null {
  if (nSources < MIN_LEFT_OUT || !(rawScatter > 0)) return null;
  return normalizedScatter <= (1 - MIN_SCATTER_GAIN) * rawScatter;
}
