/** Start, duration and depth of the event that a template found. */
import type { NightSums } from './nights.ts';
import { scanTemplates } from './scan.ts';
import type { EventKind } from './template-probability.ts';
import { EVENT_SHAPES, LEAST_NIGHTS_INSIDE, LEAST_NIGHTS_OUTSIDE, TemplateGrid } from './templates.ts';
import type { EventShape } from './templates.ts';

const { abs, ceil, hypot, max, min, sqrt } = Math;

/** A run of nights `first` … `end − 1` with `shoulder` nights at each end. */
export interface EventWindow {
  readonly first: number;
  readonly end: number;
  readonly shoulder: number;
  readonly shape: EventShape['name'];
}

export interface EventMeasure {
  /** First night of the event, with its shoulders; MJD. */
  readonly startMjd: number;
  /** Last night of it. */
  readonly endMjd: number;
  /** Between the middles of the gaps before and after it, days. */
  readonly durationDays: number;
  /** Fraction of the baseline that is missing in a dip, or added in a flare; positive. */
  readonly depth: number;
  readonly depthErr: number;
  readonly baselineJy: number;
  readonly baselineErrJy: number;
  /** Nights in the event, and nights that make the baseline. */
  readonly nInside: number;
  readonly nOutside: number;
  readonly shape: EventShape['name'];
  /** Whether the newest night is in it: it may go on. */
  readonly ongoing: boolean;
}

/** Improvement of χ² for which another shape than the flat one is taken. */
const SHAPE_GAIN = 9;

/** The window near a template's, to the night, that fits best. Only for the measure: its extra trials are not counted. */
export function bestWindow(nights: NightSums, window: EventWindow, kind: EventKind): EventWindow {
  const grid = new TemplateGrid();
  const reach = max(LEAST_NIGHTS_INSIDE, ceil(0.2 * (window.end - window.first)));
  for (let first = max(window.first - reach, 0); first <= window.first + reach; first += 1) {
    const longest = min(window.end + reach, nights.n);
    for (let end = max(window.end - reach, first + 1); end <= longest; end += 1) grid.addWindow(first, end, nights.n);
  }
  const z = new Float64Array(grid.count);
  scanTemplates(nights.copy(Infinity), grid, z);
  const flat = strongest(z, { grid, kind, shape: 0 });
  const any = strongest(z, { grid, kind });
  if (flat === null || any === null) return any === null ? window : windowOf(grid, any);
  const gain = (z[any] as number) ** 2 - (z[flat] as number) ** 2;
  return windowOf(grid, gain > SHAPE_GAIN ? any : flat);
}

/** Index of the most significant template of a kind (and shape), or null if none has the right sign. */
export function strongest(
  z: Float64Array,
  { grid, kind, shape }: { grid: TemplateGrid; kind: EventKind; shape?: number },
): number | null {
  const sign = kind === 'dip' ? -1 : 1;
  let best = -1;
  let most = 0;
  for (let k = 0; k < grid.count; k += 1) {
    const value = sign * (z[k] as number);
    if (value <= most || (shape !== undefined && grid.shape[k] !== shape)) continue;
    best = k;
    most = value;
  }
  return best === -1 ? null : best;
}

export const windowOf = (grid: TemplateGrid, k: number): EventWindow => ({
  first: grid.first[k] as number,
  end: grid.end[k] as number,
  shoulder: grid.shoulder[k] as number,
  shape: (EVENT_SHAPES[grid.shape[k] as number] as EventShape).name,
});

interface Level {
  readonly fluxJy: number;
  readonly errJy: number;
  readonly n: number;
}

/** Nights farther than this from the median of their side of the event do not enter its level. */
const OUTLIER_SIGMA = 4;

/**
 * Weighted mean of these nights without outliers; its error is raised to the scatter where that is larger. With fewer
 * than three nights nothing is an outlier.
 */
function levelOf(nights: NightSums, indices: readonly number[]): Level {
  const sorted = indices.map((i) => nights.flux[i] as number).sort((a, b) => a - b);
  const middle = ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
  const isNear = (i: number): boolean =>
    abs((nights.flux[i] as number) - middle) <= OUTLIER_SIGMA * (nights.error[i] as number);
  const near = indices.filter(isNear);
  const used = near.length < max(indices.length / 2, 1) ? indices : near;
  let [sumW, sumWf] = [0, 0];
  for (const i of used) {
    const w = 1 / (nights.error[i] as number) ** 2;
    sumW += w;
    sumWf += w * (nights.flux[i] as number);
  }
  const fluxJy = sumWf / sumW;
  const chi2 = used.reduce(
    (sum, i) => sum + (((nights.flux[i] as number) - fluxJy) / (nights.error[i] as number)) ** 2,
    0,
  );
  const raised = used.length < 3 ? 1 : max(chi2 / (used.length - 1), 1);
  return { fluxJy, errJy: sqrt(raised / sumW), n: indices.length };
}

const run = (from: number, to: number): number[] => Array.from({ length: max(to - from, 0) }, (_, k) => from + k);

/** Measures an event in the fluxes as they are, not clipped. */
export function measureEvent(nights: NightSums, window: EventWindow, kind: EventKind): EventMeasure {
  const { first, end, shoulder, shape } = window;
  const inside = levelOf(nights, run(first + shoulder, end - shoulder));
  const outside = levelOf(nights, [...run(0, first), ...run(end, nights.n)]);
  const ratio = inside.fluxJy / outside.fluxJy;
  const mjd = (i: number): number => nights.mjd[i] as number;
  const before = first === 0 ? mjd(0) : (mjd(first - 1) + mjd(first)) / 2;
  const after = end === nights.n ? mjd(end - 1) : (mjd(end - 1) + mjd(end)) / 2;
  return {
    startMjd: mjd(first),
    endMjd: mjd(end - 1),
    durationDays: after - before,
    depth: kind === 'dip' ? 1 - ratio : ratio - 1,
    depthErr: hypot(inside.errJy, ratio * outside.errJy) / outside.fluxJy,
    baselineJy: outside.fluxJy,
    baselineErrJy: outside.errJy,
    nInside: end - first,
    nOutside: outside.n,
    shape,
    ongoing: end === nights.n,
  };
}

/** Whether a source has nights enough to be searched. */
export const LEAST_NIGHTS = LEAST_NIGHTS_INSIDE + LEAST_NIGHTS_OUTSIDE;
