/**
 * Sums from which the statistics of a light curve follow. A point is added in constant time and memory; a point that
 * changed means building the sums again from the rows.
 *
 * Fluxes are taken relative to a reference flux (the first point's): sums of squares of nearly equal numbers would
 * otherwise lose the digits that matter. Source: Chan, Golub & LeVeque (1983), The American Statistician 37, 242.
 */

const { max, min } = Math;

/** One measurement of a source. */
export interface FluxPoint {
  /** Mid-exposure, MJD UTC, days. */
  readonly mjd: number;
  readonly fluxJy: number;
  /** One standard deviation, > 0; null if not known. */
  readonly fluxErrJy: number | null;
}

/** All numbers; each can be a column. d is flux − reference, w is 1/σ². */
export interface RunningSums {
  readonly n: number;
  /** Points that have an error; weighted statistics need all of them to have one. */
  readonly nErrors: number;
  readonly referenceFluxJy: number;
  readonly minFluxJy: number;
  readonly maxFluxJy: number;
  /** Σ d, Jy. */
  readonly sumD: number;
  /** Σ d², Jy². */
  readonly sumD2: number;
  /** Σ w, Jy⁻². */
  readonly sumW: number;
  /** Σ w d, Jy⁻¹. */
  readonly sumWd: number;
  /** Σ w d². */
  readonly sumWd2: number;
  /** Σ σ², Σ σ⁴, Σ σ⁶ in powers of Jy: what the probability of V depends on. */
  readonly sumVar: number;
  readonly sumVar2: number;
  readonly sumVar3: number;
}

/** Of no point at all. */
export const NO_SUMS: RunningSums = {
  n: 0,
  nErrors: 0,
  referenceFluxJy: 0,
  minFluxJy: 0,
  maxFluxJy: 0,
  sumD: 0,
  sumD2: 0,
  sumW: 0,
  sumWd: 0,
  sumWd2: 0,
  sumVar: 0,
  sumVar2: 0,
  sumVar3: 0,
};

/** The sums with one more point, in constant time. The order of points does not matter. */
export function appendPoint(sums: RunningSums, { fluxJy, fluxErrJy }: Omit<FluxPoint, 'mjd'>): RunningSums {
  const first = sums.n === 0;
  const referenceFluxJy = first ? fluxJy : sums.referenceFluxJy;
  const d = fluxJy - referenceFluxJy;
  const variance = fluxErrJy === null ? 0 : fluxErrJy * fluxErrJy;
  const w = fluxErrJy === null ? 0 : 1 / variance;
  return {
    n: sums.n + 1,
    nErrors: sums.nErrors + (fluxErrJy === null ? 0 : 1),
    referenceFluxJy,
    minFluxJy: first ? fluxJy : min(sums.minFluxJy, fluxJy),
    maxFluxJy: first ? fluxJy : max(sums.maxFluxJy, fluxJy),
    sumD: sums.sumD + d,
    sumD2: sums.sumD2 + d * d,
    sumW: sums.sumW + w,
    sumWd: sums.sumWd + w * d,
    sumWd2: sums.sumWd2 + w * d * d,
    sumVar: sums.sumVar + variance,
    sumVar2: sums.sumVar2 + variance ** 2,
    sumVar3: sums.sumVar3 + variance ** 3,
  };
}

/** The sums of these points: after one of them was replaced, or to begin with. */
export const sumsOf = (points: Iterable<Omit<FluxPoint, 'mjd'>>): RunningSums => {
  let sums = NO_SUMS;
  for (const point of points) sums = appendPoint(sums, point);
  return sums;
};
