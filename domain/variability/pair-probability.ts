/** The probability that errors alone make the largest |Vs| of a light curve as large as it is. */
import { SeededRandom } from './random.ts';
import { normalSurvival } from './special-functions.ts';

const { SQRT2, abs, max, min, sqrt } = Math;

/** Default seed; stored with every probability made from it. */
export const PAIR_SEED = 20_260_125;

/** Above this expected number of exceeding pairs, light curves are drawn as they come. */
const COMMON_ABOVE = 2;
const RARE_BELOW = 0.1;
const DRAWS = { common: 100, usual: 300, rare: 600 } as const;

/**
 * P(max |Vs| ≥ `vs`) over all pairs of constant measurements with these errors, by Monte Carlo: about 3 % of the
 * probability itself where it is below 0.05, however small it is, and 0.05 at most elsewhere. The same seed gives the
 * same number. Null for less than two errors.
 *
 * Pairs exceed together, so that the sum over pairs is too large. A pair is drawn, then a light curve in which it
 * exceeds, and the sum is divided by the number of pairs that exceed there, on average. Source: Owen, Maximov & Chertkov
 * (2019), Electronic Journal of Statistics 13, 231 (ALOE).
 */
export function pOfLargestPair(errorsJy: readonly number[], vs: number, seed = PAIR_SEED): number | null {
  const n = errorsJy.length;
  if (n < 2) return null;
  const curve = new PairDraws(errorsJy, abs(vs), new SeededRandom(seed));
  const expectedPairs = ((n * (n - 1)) / 2) * 2 * normalSurvival(abs(vs));
  if (expectedPairs > COMMON_ABOVE) return curve.shareExceeding(DRAWS.common);
  const draws = expectedPairs < RARE_BELOW ? DRAWS.rare : DRAWS.usual;
  return min(expectedPairs * curve.meanInverseCount(draws), 1);
}

class PairDraws {
  private readonly n: number;
  private readonly sigma: Float64Array;
  private readonly flux: Float64Array;
  private readonly low: Int32Array;
  private readonly vs: number;
  private readonly random: SeededRandom;
  /** No pair that is nearer than this can exceed. */
  private readonly leastDifference: number;

  constructor(errorsJy: readonly number[], vs: number, random: SeededRandom) {
    this.n = errorsJy.length;
    this.sigma = Float64Array.from(errorsJy);
    this.flux = new Float64Array(this.n);
    this.low = new Int32Array(this.n);
    this.vs = vs;
    this.random = random;
    this.leastDifference = vs * SQRT2 * this.sigma.reduce((least, each) => min(least, each), Infinity);
  }

  /** Share of constant light curves in which a pair exceeds. */
  shareExceeding(draws: number): number {
    let exceeding = 0;
    for (let draw = 0; draw < draws; draw += 1) {
      this.drawFluxes();
      if (this.countExceeding(1) > 0) exceeding += 1;
    }
    return exceeding / draws;
  }

  /** Mean of 1/(number of exceeding pairs) over light curves in which a pair drawn at random exceeds. */
  meanInverseCount(draws: number): number {
    let sum = 0;
    for (let draw = 0; draw < draws; draw += 1) {
      this.drawFluxes();
      this.raisePair();
      // Rounding may leave the raised pair a last digit short.
      sum += 1 / max(this.countExceeding(this.n * this.n), 1);
    }
    return sum / draws;
  }

  private drawFluxes(): void {
    for (let i = 0; i < this.n; i += 1) this.flux[i] = (this.sigma[i] as number) * this.random.normal();
  }

  /** Gives one pair a Vs beyond the limit, drawn from its tail, and leaves what is independent of it alone. */
  private raisePair(): void {
    const { n, random, sigma, flux } = this;
    const i = random.below(n);
    const j = (i + 1 + random.below(n - 1)) % n;
    const [varI, varJ] = [(sigma[i] as number) ** 2, (sigma[j] as number) ** 2];
    const spread = sqrt(varI + varJ);
    const change = random.normalAbove(this.vs) * spread - ((flux[j] as number) - (flux[i] as number));
    flux[i] = (flux[i] as number) - (change * varI) / (varI + varJ);
    flux[j] = (flux[j] as number) + (change * varJ) / (varI + varJ);
  }

  /** Number of exceeding pairs, at most `enough`. */
  private countExceeding(enough: number): number {
    const { flux, n, leastDifference } = this;
    let least = flux[0] as number;
    let most = least;
    for (let i = 1; i < n; i += 1) {
      const value = flux[i] as number;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    let lows = 0;
    for (let i = 0; i < n; i += 1) if (most - (flux[i] as number) >= leastDifference) this.low[lows++] = i;
    let count = 0;
    for (let j = 0; j < n && count < enough; j += 1) {
      if ((flux[j] as number) - least >= leastDifference) count += this.countAbove(j, lows);
    }
    return count;
  }

  private countAbove(j: number, lows: number): number {
    const { flux, sigma, low, vs } = this;
    const [fluxJ, varJ] = [flux[j] as number, (sigma[j] as number) ** 2];
    let count = 0;
    for (let k = 0; k < lows; k += 1) {
      const i = low[k] as number;
      const difference = fluxJ - (flux[i] as number);
      if (difference > 0 && difference * difference >= vs * vs * (varJ + (sigma[i] as number) ** 2)) count += 1;
    }
    return count;
  }
}
