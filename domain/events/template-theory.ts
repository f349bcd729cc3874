/** A quick approximation of the probability that `template-probability.ts` finds by Monte Carlo. */
import { normalSurvival } from '../variability/special-functions.ts';
import type { NightSums } from './nights.ts';
import { emptySums, sumTemplate } from './scan.ts';
import { DURATION_STEP } from './templates.ts';
import type { TemplateGrid } from './templates.ts';
import { countsFrom, isOfKind } from './template-probability.ts';
import type { EventKind } from './template-probability.ts';

const { PI, exp, expm1, min, sqrt } = Math;

/** Share of the templates of one run of nights that count as separate, per shape; from comparison with Monte Carlo. */
const SEPARATE_SHAPES = 0.7;

/**
 * ν(x) of a random walk that crosses a level. Source: Siegmund & Yakir (2007), The Statistics of Gene Mapping, eq. 5.6.
 */
function overshoot(x: number): number {
  const [tail, density] = [normalSurvival(x / 2), exp((-x * x) / 8) / sqrt(2 * PI)];
  return ((2 / x) * (0.5 - tail)) / ((x / 2) * (1 - tail) + density);
}

/**
 * Share of exceeding templates that begin a clump, when neighbours are correlated by 1 − `drop`. Source: Siegmund (1985),
 * Sequential Analysis, ch. IX; Aldous (1989), Probability Approximations via the Poisson Clumping Heuristic.
 */
const clumpShare = (z: number, drop: number): number => min(drop * z * z * overshoot(z * sqrt(2 * drop)), 1);

/** For templates with that many nights, which neighbour others in start and in duration. */
function separateShare(z: number, nightsInside: number): number {
  const byStart = clumpShare(z, 1 / nightsInside);
  const nextDuration = min(1 / DURATION_STEP, nightsInside / (nightsInside + 1));
  return byStart * clumpShare(z, 1 - sqrt(nextDuration)) * SEPARATE_SHAPES;
}

/** Of many templates only every so-manieth is looked at: no multiple of the number of shapes, so that each has its turn. */
const STRIDES = [13, 11, 7, 5];
const TEMPLATES_ENOUGH = 3000;

const strideFor = (count: number): number => STRIDES.find((stride) => count / stride >= TEMPLATES_ENOUGH) ?? 1;

/** P(some template of the kind ≥ z) for a constant source; within 20 % from 100 nights on, too small by up to 4 for 10. */
export function pOfSearchByTheory(nights: NightSums, grid: TemplateGrid, tail: { kind: EventKind; z: number }): number {
  const { kind, z } = tail;
  if (z <= 0) return 1;
  const shares = new Float64Array(nights.n + 1);
  const sums = emptySums();
  const stride = strideFor(grid.count);
  let clumps = 0;
  for (let k = 0; k < grid.count; k += stride) {
    if (!isOfKind(grid, k, kind)) continue;
    sumTemplate(sums, nights, { grid, k });
    const beyond = countsFrom(nights, sums, z) - z;
    const inside = (grid.end[k] as number) - (grid.first[k] as number);
    shares[inside] ||= separateShare(z, inside);
    // Q(z + b)/Q(z) to first order; templates that need much more than z add nothing.
    if (beyond < 4) clumps += (shares[inside] as number) * (beyond === 0 ? 1 : exp(-beyond * (z + beyond / 2)));
  }
  return -expm1(-stride * clumps * normalSurvival(z));
}
