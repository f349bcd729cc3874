/** Fits every template of a grid to the nights of a source. */
import { chiSquareThreshold } from '../variability/special-functions.ts';
import type { NightSums } from './nights.ts';
import { EVENT_SHAPES } from './templates.ts';
import type { TemplateGrid } from './templates.ts';

const { abs, sqrt } = Math;

/** Least change of flux, as a fraction of the baseline. */
export const LEAST_DEPTH = 0.05;
/** A source whose scatter about the template has a smaller probability than this varies by itself. */
const VARIABLE_BELOW = 1e-3;

const LEVELS = Float64Array.from(EVENT_SHAPES, ({ shoulderLevel }) => shoulderLevel);
const DIPS_ONLY = EVENT_SHAPES.map(({ dipsOnly }) => dipsOnly);

/** Largest residual χ² of a source that does not vary by itself, by degrees of freedom. */
const chi2Limits: number[] = [];

function chi2Limit(degreesOfFreedom: number): number {
  return (chi2Limits[degreesOfFreedom] ??= chiSquareThreshold(VARIABLE_BELOW, degreesOfFreedom));
}

/** Weighted sums of one template g: Σ w g, Σ w g², Σ w g d with d clipped and not clipped. */
export interface TemplateSums {
  g: number;
  g2: number;
  gd: number;
  gdUnclipped: number;
}

export const emptySums = (): TemplateSums => ({ g: 0, g2: 0, gd: 0, gdUnclipped: 0 });

/** Fills `sums` for template k; g is 1 in the core, the shape's level in the shoulders, 0 outside. */
export function sumTemplate(
  sums: TemplateSums,
  nights: NightSums,
  { grid, k }: { grid: TemplateGrid; k: number },
): void {
  const { weight, weighted, unclipped } = nights;
  const first = grid.first[k] as number;
  const end = grid.end[k] as number;
  const shoulder = grid.shoulder[k] as number;
  const w = (weight[end] as number) - (weight[first] as number);
  const d = (weighted[end] as number) - (weighted[first] as number);
  const u = (unclipped[end] as number) - (unclipped[first] as number);
  if (shoulder === 0) {
    sums.g = w;
    sums.g2 = w;
    sums.gd = d;
    sums.gdUnclipped = u;
    return;
  }
  const level = LEVELS[grid.shape[k] as number] as number;
  const coreW = (weight[end - shoulder] as number) - (weight[first + shoulder] as number);
  const coreD = (weighted[end - shoulder] as number) - (weighted[first + shoulder] as number);
  const coreU = (unclipped[end - shoulder] as number) - (unclipped[first + shoulder] as number);
  sums.g = coreW + level * (w - coreW);
  sums.g2 = coreW + level * level * (w - coreW);
  sums.gd = coreD + level * (d - coreD);
  sums.gdUnclipped = coreU + level * (u - coreU);
}

/** Below this significance nothing is decided, and the depth is not looked at. */
const DEPTH_FROM_SIGMA = 2;

/** Whether the change of template k, not clipped, is 5 % of the baseline or more. */
function isDeep(sums: TemplateSums, nights: NightSums, template: { grid: TemplateGrid; k: number }): boolean {
  sumTemplate(sums, nights, template);
  const totalW = nights.weight[nights.n] as number;
  const totalD = nights.unclipped[nights.n] as number;
  const amplitude = (sums.gdUnclipped - (sums.g * totalD) / totalW) / (sums.g2 - (sums.g * sums.g) / totalW);
  const baseline = nights.centreJy + (totalD - amplitude * sums.g) / totalW;
  return baseline > 0 && abs(amplitude) >= LEAST_DEPTH * baseline;
}

/**
 * Signed significance of every template, standard deviations, into `z`: negative for dips. 0 where the change is less than
 * 5 % of the baseline.
 *
 * Least squares of a baseline and an amplitude, weighted by 1/σ²: the baseline comes from the nights outside. When the
 * scatter about the fit shows that the source varies by itself, errors are raised to that scatter.
 */
export function scanTemplates(nights: NightSums, grid: TemplateGrid, z: Float64Array): void {
  const { n, squares, weight, weighted } = nights;
  const { count, shape } = grid;
  fitAmplitudes(nights, grid, z);
  const sums = emptySums();
  const template = { grid, k: 0 };
  const scatter = squares - (weighted[n] as number) ** 2 / (weight[n] as number);
  const limit = chi2Limit(n - 2);
  for (let k = 0; k < count; k += 1) {
    const significance = z[k] as number;
    const residual = scatter - significance * significance;
    const raised = residual > limit ? significance / sqrt(residual / (n - 2)) : significance;
    template.k = k;
    const isPossible = raised < 0 || !DIPS_ONLY[shape[k] as number];
    z[k] = isPossible && (abs(raised) < DEPTH_FROM_SIGMA || isDeep(sums, nights, template)) ? raised : 0;
  }
}

/** Amplitude over its error of every template; what `sumTemplate` does, without an object in the innermost loop. */
function fitAmplitudes({ n, weight, weighted }: NightSums, grid: TemplateGrid, z: Float64Array): void {
  const { count, first, end, shoulder, shape } = grid;
  const totalW = weight[n] as number;
  const mean = (weighted[n] as number) / totalW;
  for (let k = 0; k < count; k += 1) {
    const from = first[k] as number;
    const to = end[k] as number;
    const width = shoulder[k] as number;
    let g = (weight[to] as number) - (weight[from] as number);
    let gd = (weighted[to] as number) - (weighted[from] as number);
    let g2 = g;
    if (width !== 0) {
      const level = LEVELS[shape[k] as number] as number;
      const coreW = (weight[to - width] as number) - (weight[from + width] as number);
      const coreD = (weighted[to - width] as number) - (weighted[from + width] as number);
      const shoulderW = g - coreW;
      g = coreW + level * shoulderW;
      g2 = coreW + level * level * shoulderW;
      gd = coreD + level * (gd - coreD);
    }
    z[k] = (gd - g * mean) / sqrt(g2 - (g * g) / totalW);
  }
}
