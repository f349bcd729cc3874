/** Simulated constant sources, measured and normalised as the pipeline does it. */
import type { NightlyFluxes } from '../../domain/events/nights.ts';
import type { SeededRandom } from '../../domain/variability/random.ts';
import { chiSquareSurvival } from '../../domain/variability/special-functions.ts';
import type { FluxPoint } from '../../domain/variability/running-sums.ts';

const { hypot, sqrt } = Math;

/** Errors of a source differ from night to night by up to this factor, up or down. */
export const ERROR_SPREAD = 1.3;
const REFERENCES = 40;
const REFERENCE_SNR = 50;
const GAIN_SCATTER = 0.05;

export interface SeasonOptions {
  readonly nights: number;
  readonly sources: number;
  /** Signal over error of the sources. */
  readonly snr: number;
}

/** Nights 1, 2 or 3 days apart. */
export function drawNights(random: SeededRandom, count: number): Float64Array {
  const mjd = new Float64Array(count);
  let time = 61_000.3;
  for (let t = 0; t < count; t += 1) {
    mjd[t] = time;
    time += 1 + random.below(3);
  }
  return mjd;
}

const spread = (random: SeededRandom): number => ERROR_SPREAD ** (2 * random.uniform() - 1);

/**
 * Gains of a season: what the sky was multiplied by each night, and the estimate from references of their own with its
 * error.
 */
function drawFactors(random: SeededRandom, nights: number): { gain: number; factor: number; error: number }[] {
  return Array.from({ length: nights }, () => {
    const gain = 1 + GAIN_SCATTER * random.normal();
    let [sumW, sumWr] = [0, 0];
    for (let k = 0; k < REFERENCES; k += 1) {
      const sigma = spread(random) / REFERENCE_SNR;
      sumW += sigma ** -2;
      sumWr += (gain + sigma * random.normal()) / sigma ** 2;
    }
    return { gain, factor: sumWr / sumW, error: 1 / sqrt(sumW) };
  });
}

/** One season of constant sources of 1 Jy: they share nights and factors, not errors. */
export function drawSeason(random: SeededRandom, { nights, sources, snr }: SeasonOptions): NightlyFluxes[] {
  const mjd = drawNights(random, nights);
  const factors = drawFactors(random, nights);
  return Array.from({ length: sources }, () => {
    const fluxJy = new Float64Array(nights);
    const fluxErrJy = new Float64Array(nights);
    factors.forEach(({ gain, factor, error }, t) => {
      const sigma = spread(random) / snr;
      const normalised = (gain + sigma * random.normal()) / factor;
      fluxJy[t] = normalised;
      fluxErrJy[t] = hypot(sigma / factor, (normalised * error) / factor);
    });
    return { mjd, fluxJy, fluxErrJy };
  });
}

export const pointsOf = ({ mjd, fluxJy, fluxErrJy }: NightlyFluxes): FluxPoint[] =>
  Array.from(mjd, (each, t) => ({ mjd: each, fluxJy: fluxJy[t] ?? NaN, fluxErrJy: fluxErrJy[t] ?? NaN }));

/** P(at most `count`) of a Poisson distribution. Source: Abramowitz & Stegun (1964), 26.4.21. */
const poissonAtMost = (count: number, mean: number): number =>
  count < 0 ? 0 : chiSquareSurvival(2 * mean, 2 * (count + 1));

/** Whether a count is one of the 99.9 % that a Poisson distribution of this mean gives; 0.05 % on each side. */
export const isPoisson = (count: number, mean: number): boolean =>
  poissonAtMost(count, mean) >= 0.0005 && poissonAtMost(count - 1, mean) <= 0.9995;
