/** Light curves with a planted event. */
import type { NightlyFluxes } from '../../domain/events/nights.ts';
import type { SeededRandom } from '../../domain/variability/random.ts';
import { drawNights } from './constant-sources.ts';

export interface PlantedEvent {
  readonly nights: number;
  /** Signal over error of one night. */
  readonly snr: number;
  /** First night of the event, and number of nights. */
  readonly first: number;
  readonly length: number;
  /** Positive for a dip. */
  readonly depth: number;
  /** Height of the spikes on the first and last night, as a fraction of the baseline. */
  readonly spike?: number;
}

export interface PlantedCurve {
  readonly nights: NightlyFluxes & { readonly mjd: Float64Array; readonly fluxJy: Float64Array };
  readonly startMjd: number;
  readonly endMjd: number;
}

/** A source of 0.8 Jy with an event. */
export function drawPlanted(random: SeededRandom, event: PlantedEvent): PlantedCurve {
  const { nights: n, snr, first, length, depth, spike = 0 } = event;
  const mjd = drawNights(random, n);
  const fluxJy = new Float64Array(n);
  const fluxErrJy = new Float64Array(n).fill(0.8 / snr);
  for (let t = 0; t < n; t += 1) {
    const isInside = t >= first && t < first + length;
    const isEdge = spike !== 0 && (t === first || t === first + length - 1);
    const level = isEdge ? 1 + spike : isInside ? 1 - depth : 1;
    fluxJy[t] = 0.8 * (level + random.normal() / snr);
  }
  return { nights: { mjd, fluxJy, fluxErrJy }, startMjd: mjd[first] ?? NaN, endMjd: mjd[first + length - 1] ?? NaN };
}
