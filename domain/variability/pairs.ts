/** The two-epoch statistics Vs and m, over all pairs of a bounded window. */
import type { FluxPoint } from './running-sums.ts';

const { hypot } = Math;

/** Pairs are formed among this many latest nights, so that a new night costs the same whatever came before. */
export const PAIR_WINDOW_NIGHTS = 100;

/** A pair of measurements; `vs` and `m` are positive when the later one is brighter. */
export interface FluxPair {
  readonly vs: number;
  /** Null if the fluxes add up to zero. */
  readonly m: number | null;
  readonly earlierMjd: number;
  readonly laterMjd: number;
}

/**
 * The pair with the largest |Vs| among the latest `window` of these points, which are in order of time; null for less than
 * two points, or if an error is not known. The work grows with the square of the window (5000 pairs for 100 nights).
 *
 * For an earlier flux a and a later flux b: Vs = (b − a)/√(σ_a² + σ_b²), m = 2 (b − a)/(a + b). Sources: Mooley et al.
 * (2016), ApJ 818, 105 (eq. 4 and 5, there with the other sign); Murphy et al. (2021), PASA 38, e054 (VAST).
 */
export function largestPair(allPoints: readonly FluxPoint[], window = PAIR_WINDOW_NIGHTS): FluxPair | null {
  const points = allPoints.slice(-window);
  if (points.length < 2 || points.some(({ fluxErrJy }) => fluxErrJy === null)) return null;
  const n = points.length;
  const flux = new Float64Array(n);
  const variance = new Float64Array(n);
  points.forEach(({ fluxJy, fluxErrJy }, k) => {
    flux[k] = fluxJy;
    variance[k] = (fluxErrJy ?? 0) ** 2;
  });
  let largest = -1;
  let earlier = 0;
  let later = 0;
  for (let j = 1; j < n; j += 1) {
    const fluxJ = flux[j] as number;
    const varianceJ = variance[j] as number;
    for (let i = 0; i < j; i += 1) {
      const squared = (fluxJ - (flux[i] as number)) ** 2;
      const varianceOfPair = varianceJ + (variance[i] as number);
      // The product spares most divisions; the quotient decides, so that of equal pairs the first stays.
      if (squared < largest * varianceOfPair || squared / varianceOfPair <= largest) continue;
      largest = squared / varianceOfPair;
      earlier = i;
      later = j;
    }
  }
  return pairOf(points[earlier] as FluxPoint, points[later] as FluxPoint);
}

function pairOf(a: FluxPoint, b: FluxPoint): FluxPair {
  const [difference, sum] = [b.fluxJy - a.fluxJy, a.fluxJy + b.fluxJy];
  return {
    vs: difference / hypot(a.fluxErrJy ?? 0, b.fluxErrJy ?? 0),
    m: sum === 0 ? null : (2 * difference) / sum,
    earlierMjd: a.mjd,
    laterMjd: b.mjd,
  };
}
