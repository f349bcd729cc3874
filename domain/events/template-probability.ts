/** The probability that errors alone make some template of a search as significant as the best one. */
import { SeededRandom } from '../variability/random.ts';
import { normalSurvival } from '../variability/special-functions.ts';
import type { NightSums } from './nights.ts';
import { emptySums, LEAST_DEPTH, scanTemplates, sumTemplate } from './scan.ts';
import type { TemplateSums } from './scan.ts';
import { EVENT_SHAPES } from './templates.ts';
import type { EventShape, TemplateGrid } from './templates.ts';

const { max, min, sqrt } = Math;

export type EventKind = 'dip' | 'flare';

/** Default seed; stored with every probability made from it. */
export const EVENT_SEED = 20_260_213;

export const isOfKind = (grid: TemplateGrid, k: number, kind: EventKind): boolean =>
  kind === 'dip' || !(EVENT_SHAPES[grid.shape[k] as number] as EventShape).dipsOnly;

/** Significance at which template k counts: `z`, or what makes 5 % of the baseline if that is more. */
export function countsFrom(nights: NightSums, sums: TemplateSums, z: number): number {
  const information = sums.g2 - (sums.g * sums.g) / (nights.weight[nights.n] as number);
  return max(z, LEAST_DEPTH * nights.centreJy * sqrt(information));
}

export interface SearchTail {
  readonly kind: EventKind;
  /** Significance of the best template, without sign. */
  readonly z: number;
  readonly draws: number;
  readonly seed: number;
}

/**
 * P(some template of the kind ≥ z) for a constant source with these nights and errors, by Monte Carlo: to about
 * 1/√draws of itself, however small it is. The same seed gives the same number.
 *
 * A template is drawn, then fluxes in which it exceeds; the search itself, with its clipping and its raised errors,
 * counts the templates that exceed with it, and the sum over templates is divided by that number, on average. Source:
 * Owen, Maximov & Chertkov (2019), Electronic Journal of Statistics 13, 231 (ALOE).
 */
export function pOfSearch(nights: NightSums, grid: TemplateGrid, tail: SearchTail): number {
  return new SearchDraws(nights, grid, tail).probability();
}

class SearchDraws {
  private readonly nights: NightSums;
  private readonly simulated: NightSums;
  private readonly grid: TemplateGrid;
  private readonly tail: SearchTail;
  private readonly random: SeededRandom;
  private readonly sums = emptySums();
  /** Sum of the probabilities of templates 0 … k. */
  private readonly cumulative: Float64Array;
  private readonly x: Float64Array;
  private readonly z: Float64Array;

  constructor(nights: NightSums, grid: TemplateGrid, tail: SearchTail) {
    this.nights = nights;
    this.simulated = nights.copy();
    this.grid = grid;
    this.tail = tail;
    this.random = new SeededRandom(tail.seed);
    this.cumulative = new Float64Array(grid.count);
    this.x = new Float64Array(nights.n);
    this.z = new Float64Array(grid.count);
  }

  probability(): number {
    const expected = this.addUp();
    if (expected === 0) return 0;
    let sum = 0;
    for (let draw = 0; draw < this.tail.draws; draw += 1) {
      this.drawExceeding(this.pick(this.random.uniform() * expected));
      const count = this.countExceeding();
      if (count > 0) sum += 1 / count;
    }
    return min((expected * sum) / this.tail.draws, 1);
  }

  /** Expected number of exceeding templates. */
  private addUp(): number {
    const { nights, grid, sums, tail } = this;
    const common = normalSurvival(tail.z);
    let total = 0;
    for (let k = 0; k < grid.count; k += 1) {
      if (isOfKind(grid, k, tail.kind)) {
        sumTemplate(sums, nights, { grid, k });
        const from = countsFrom(nights, sums, tail.z);
        total += from === tail.z ? common : normalSurvival(from);
      }
      this.cumulative[k] = total;
    }
    return total;
  }

  private pick(at: number): number {
    let [low, high] = [0, this.grid.count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.cumulative[middle] as number) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Fluxes of a constant source in which template k exceeds; what is independent of the template is left alone. */
  private drawExceeding(k: number): void {
    const { nights, grid, sums, x, random } = this;
    random.fillNormal(x);
    sumTemplate(sums, nights, { grid, k });
    const from = countsFrom(nights, sums, this.tail.z);
    const totalW = nights.weight[nights.n] as number;
    const norm = 1 / sqrt(sums.g2 - (sums.g * sums.g) / totalW);
    const meanLevel = sums.g / totalW;
    const along = (i: number): number => ((this.level(k, i) - meanLevel) * norm) / (nights.error[i] as number);
    let present = 0;
    for (let i = 0; i < nights.n; i += 1) present += along(i) * (x[i] as number);
    const sign = this.tail.kind === 'dip' ? -1 : 1;
    const change = sign * random.normalAbove(from) - present;
    for (let i = 0; i < nights.n; i += 1) {
      x[i] = nights.centreJy + (nights.error[i] as number) * ((x[i] as number) + along(i) * change);
    }
  }

  private level(k: number, i: number): number {
    const { first, end, shoulder, shape } = this.grid;
    const [from, to, width] = [first[k] as number, end[k] as number, shoulder[k] as number];
    if (i < from || i >= to) return 0;
    const inCore = i >= from + width && i < to - width;
    return inCore ? 1 : (EVENT_SHAPES[shape[k] as number] as EventShape).shoulderLevel;
  }

  private countExceeding(): number {
    const { grid, z, tail } = this;
    scanTemplates(this.simulated.withFluxes(this.x), grid, z);
    const sign = tail.kind === 'dip' ? -1 : 1;
    let count = 0;
    for (let k = 0; k < grid.count; k += 1) if (sign * (z[k] as number) >= tail.z) count += 1;
    return count;
  }
}
