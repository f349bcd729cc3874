/** All variability statistics of a light curve, from any table of measurements. */
import { pOfLargestPair, PAIR_SEED } from './pair-probability.ts';
import { largestPair } from './pairs.ts';
import type { FluxPair } from './pairs.ts';
import { sumsOf } from './running-sums.ts';
import type { FluxPoint } from './running-sums.ts';
import { statisticsOf } from './statistics.ts';
import type { FluxStatistics } from './statistics.ts';

/** Points of which a table on its own forms all pairs. */
export const TABLE_PAIR_WINDOW = 1000;

export interface VariabilityOptions {
  /** Pairs are formed among this many latest points. */
  readonly pairWindow: number;
  /** Of the Monte Carlo probability of Vs. */
  readonly seed?: number;
}

export interface Variability extends FluxStatistics {
  readonly largestPair: FluxPair | null;
  /** Probability that a constant source of the same errors has a pair with at least this |Vs|. */
  readonly pVs: number | null;
  readonly pairWindow: number;
  readonly seed: number;
}

/** Statistics of these points, in any order. Points whose fluxes or errors are not finite must be left out before. */
export function variabilityOf(points: readonly FluxPoint[], options: VariabilityOptions): Variability {
  const { pairWindow, seed = PAIR_SEED } = options;
  const inTime = [...points].sort((a, b) => a.mjd - b.mjd);
  const window = inTime.slice(-pairWindow);
  const pair = largestPair(inTime, pairWindow);
  const pVs =
    pair === null
      ? null
      : pOfLargestPair(
          window.map(({ fluxErrJy }) => fluxErrJy ?? Number.NaN),
          pair.vs,
          seed,
        );
  return { ...statisticsOf(sumsOf(inTime)), largestPair: pair, pVs, pairWindow, seed };
}
