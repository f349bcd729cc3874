/** Statistics of one light curve that follow from its running sums. What is not defined is null. */
import { chiSquareSurvival } from './special-functions.ts';
import type { RunningSums } from './running-sums.ts';

const { max, min, sqrt } = Math;

export interface FluxStatistics {
  readonly n: number;
  readonly meanFluxJy: number | null;
  /** Weighted by 1/σ². */
  readonly weightedMeanFluxJy: number | null;
  readonly weightedMeanErrJy: number | null;
  /** Of the sample: divided by n − 1. */
  readonly stdFluxJy: number | null;
  /** About the weighted mean, n − 1 degrees of freedom. */
  readonly chi2: number | null;
  readonly eta: number | null;
  readonly v: number | null;
  readonly sigmaDeviation: number | null;
  /** Probability that a constant source shows at least this η. */
  readonly pEta: number | null;
  /** Probability that a constant source of the same errors and mean shows at least this V. */
  readonly pV: number | null;
}

/**
 * Statistics from running sums, in constant time.
 *
 * - η = 1/(n−1) · Σ (f − f̄_w)²/σ², f̄_w the mean weighted by 1/σ²; χ² = (n−1) η follows the χ² distribution with n − 1
 *   degrees of freedom for a constant source. Sources: Swinbank et al. (2015), Astronomy and Computing 11, 25 (eq. 16),
 *   Rowlinson et al. (2019), Astronomy and Computing 27, 111.
 * - V = s/f̄, s² = 1/(n−1) · Σ (f − f̄)². Sources: the same.
 * - σ-deviation = max |f − f̄|/s. It never exceeds (n−1)/√n, so that with few points it cannot tell anything: it is for
 *   comparison with older lists and never makes a candidate.
 */
export function statisticsOf(sums: RunningSums): FluxStatistics {
  const meanFluxJy = sums.n === 0 ? null : sums.referenceFluxJy + sums.sumD / sums.n;
  const variance = sampleVariance(sums);
  const stdFluxJy = variance === null ? null : sqrt(variance);
  const v = stdFluxJy === null || !meanFluxJy ? null : stdFluxJy / meanFluxJy;
  return {
    n: sums.n,
    meanFluxJy,
    stdFluxJy,
    v,
    sigmaDeviation: sigmaDeviation(sums, stdFluxJy),
    ...weightedStatistics(sums),
    pV: v === null || variance === null || !hasErrors(sums) ? null : pOfV(sums, variance),
  };
}

const hasErrors = ({ n, nErrors }: RunningSums): boolean => n > 0 && nErrors === n;

const sampleVariance = ({ n, sumD, sumD2 }: RunningSums): number | null =>
  n < 2 ? null : max(sumD2 - (sumD * sumD) / n, 0) / (n - 1);

type Weighted = Pick<FluxStatistics, 'weightedMeanFluxJy' | 'weightedMeanErrJy' | 'chi2' | 'eta' | 'pEta'>;

function weightedStatistics(sums: RunningSums): Weighted {
  if (!hasErrors(sums)) return { weightedMeanFluxJy: null, weightedMeanErrJy: null, chi2: null, eta: null, pEta: null };
  const { n, sumW, sumWd, sumWd2 } = sums;
  const means = {
    weightedMeanFluxJy: sums.referenceFluxJy + sumWd / sumW,
    weightedMeanErrJy: 1 / sqrt(sumW),
  };
  if (n < 2) return { ...means, chi2: null, eta: null, pEta: null };
  const chi2 = max(sumWd2 - (sumWd * sumWd) / sumW, 0);
  return { ...means, chi2, eta: chi2 / (n - 1), pEta: chiSquareSurvival(chi2, n - 1) };
}

/** Relative to the reference flux, where nearly equal fluxes keep their digits. */
function sigmaDeviation(sums: RunningSums, std: number | null): number | null {
  if (std === null || std === 0) return null;
  const { n, referenceFluxJy, sumD } = sums;
  const above = sums.maxFluxJy - referenceFluxJy - sumD / n;
  const below = referenceFluxJy - sums.minFluxJy + sumD / n;
  return min(max(above, below) / std, (n - 1) / sqrt(n));
}

/**
 * P(V ≥ v) of a constant source with the row's own errors, the mean held at what was observed: the probability that the
 * sample variance of errors alone is that large.
 *
 * (n−1) s² is a quadratic form of independent normals with matrix D(I − 11ᵀ/n)D, D = diag(σ); its distribution is that of
 * a scaled and shifted χ² with the same first three cumulants, which follow from Σσ², Σσ⁴, Σσ⁶. Exact for equal errors
 * and for n = 2; a Monte Carlo of the row's errors gives the same within its noise (tests). Source: Imhof (1961),
 * Biometrika 48, 419, section 4.
 */
function pOfV({ n, sumVar, sumVar2, sumVar3 }: RunningSums, variance: number): number {
  const c1 = sumVar * (1 - 1 / n);
  const c2 = sumVar2 * (1 - 2 / n) + (sumVar / n) ** 2;
  const c3 = sumVar3 * (1 - 3 / n) + (3 * sumVar2 * sumVar) / n ** 2 - (sumVar / n) ** 3;
  const degreesOfFreedom = c2 ** 3 / c3 ** 2;
  const excess = ((n - 1) * variance - c1) / sqrt(c2);
  return chiSquareSurvival(degreesOfFreedom + excess * sqrt(degreesOfFreedom), degreesOfFreedom);
}
