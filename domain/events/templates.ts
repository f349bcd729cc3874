/**
 * Shapes that the event search looks for: a run of nights at another flux, for 7 to 180 days.
 *
 * A plasma lens dims a source while it crosses and brightens it at its caustics: a flat bottom, often with a spike at
 * each end. Sources: Fiedler et al. (1987), Nature 326, 675; Clegg, Fey & Lazio (1998), ApJ 496, 253.
 */

export const SHORTEST_EVENT_DAYS = 7;
export const LONGEST_EVENT_DAYS = 180;
/** Each duration is longer than the one before by this factor: a box that is 10 % off loses 5 % of significance. */
export const DURATION_STEP = 1.2;
export const LEAST_NIGHTS_INSIDE = 3;
export const LEAST_NIGHTS_OUTSIDE = 5;

/** Flux of the shoulders (nights at both ends) in units of the depth; share of the nights that each takes. */
export interface EventShape {
  readonly name: 'flat' | 'tapered' | 'caustic';
  readonly shoulderLevel: number;
  readonly shoulderShare: number;
  /** A flare has no caustics. */
  readonly dipsOnly: boolean;
}

export const EVENT_SHAPES: readonly EventShape[] = [
  { name: 'flat', shoulderLevel: 0, shoulderShare: 0, dipsOnly: false },
  { name: 'tapered', shoulderLevel: 0.5, shoulderShare: 0.2, dipsOnly: false },
  { name: 'caustic', shoulderLevel: -0.5, shoulderShare: 0.12, dipsOnly: true },
];

/** Durations that are searched, days. */
export const DURATIONS_DAYS: readonly number[] = durations();

function durations(): number[] {
  const days: number[] = [];
  for (let each = SHORTEST_EVENT_DAYS; each < LONGEST_EVENT_DAYS; each *= DURATION_STEP) days.push(each);
  return [...days, LONGEST_EVENT_DAYS];
}

/** Templates on the nights of a source: night `first` up to before `end`, `shoulder` nights at each end. */
export class TemplateGrid {
  count = 0;
  first = new Int32Array(1024);
  end = new Int32Array(1024);
  shoulder = new Int32Array(1024);
  /** Index into EVENT_SHAPES. */
  shape = new Int32Array(1024);

  clear(): void {
    this.count = 0;
  }

  /** Adds every shape that fits these nights; `n` is the number of nights of the source. */
  addWindow(first: number, end: number, n: number): void {
    const inside = end - first;
    if (inside < LEAST_NIGHTS_INSIDE || n - inside < LEAST_NIGHTS_OUTSIDE) return;
    this.add({ first, end, shoulder: 0, shape: 0 });
    for (let shape = 1; shape < EVENT_SHAPES.length; shape += 1) {
      const shoulder = Math.max(Math.round(inside * (EVENT_SHAPES[shape] as EventShape).shoulderShare), 1);
      if (inside - 2 * shoulder >= LEAST_NIGHTS_INSIDE) this.add({ first, end, shoulder, shape });
    }
  }

  private add({ first, end, shoulder, shape }: { first: number; end: number; shoulder: number; shape: number }): void {
    if (this.count === this.first.length) this.grow();
    this.first[this.count] = first;
    this.end[this.count] = end;
    this.shoulder[this.count] = shoulder;
    this.shape[this.count] = shape;
    this.count += 1;
  }

  private grow(): void {
    const wider = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const array = new Int32Array(old.length * 2);
      array.set(old);
      return array;
    };
    [this.first, this.end] = [wider(this.first), wider(this.end)];
    [this.shoulder, this.shape] = [wider(this.shoulder), wider(this.shape)];
  }
}

/** Every template on these nights: each night as the first, each duration, each shape; no run of nights twice. */
export function fillFullGrid(grid: TemplateGrid, mjd: Float64Array, n: number): void {
  grid.clear();
  for (let first = 0; first + LEAST_NIGHTS_INSIDE <= n; first += 1) {
    let end = first + 1;
    let last = -1;
    for (const days of DURATIONS_DAYS) {
      const until = (mjd[first] as number) + days;
      while (end < n && (mjd[end] as number) < until) end += 1;
      if (end !== last) grid.addWindow(first, end, n);
      last = end;
    }
  }
}

/** The templates that hold the newest night: every night up to 180 days before it as the first. */
export function fillNewestGrid(grid: TemplateGrid, mjd: Float64Array, n: number): void {
  grid.clear();
  const newest = mjd[n - 1] as number;
  for (let first = n - LEAST_NIGHTS_INSIDE; first >= 0; first -= 1) {
    if (newest - (mjd[first] as number) >= LONGEST_EVENT_DAYS) break;
    grid.addWindow(first, n, n);
  }
}
