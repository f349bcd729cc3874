/** How long work will take, from how long the same stage took before. */

/** One finished run of a stage. */
export interface PastRun {
  readonly seconds: number;
  /** Amount of work in any unit that is the same for all runs of the stage (bytes, pixels); 0 if unknown. */
  readonly size: number;
}

export interface DurationEstimate {
  readonly seconds: number;
  /** Quartiles of the past, scaled in the same way: half of all runs end between them. */
  readonly lowSeconds: number;
  readonly highSeconds: number;
  readonly samples: number;
}

/** A run that is under way. */
export interface Progress {
  readonly elapsedSeconds: number;
  /** 0 to 1 as the stage reports it, or null. */
  readonly fraction: number | null;
}

/** Below this share a stage's own fraction says little about its end. */
const LEAST_TELLING_FRACTION = 0.1;

/** Quantile by linear interpolation between ordered values; NaN for none. Source: Hyndman & Fan (1996), type 7. */
export function quantile(values: readonly number[], share: number): number {
  const ordered = [...values].sort((a, b) => a - b);
  const position = (ordered.length - 1) * share;
  const below = ordered[Math.floor(position)];
  const above = ordered[Math.ceil(position)];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/**
 * Duration of a run of a given size: the median of past durations, each scaled by size. Runs of unknown size count as
 * they are, and so do all when the size asked for is unknown. Null without history.
 */
export function estimateDuration(history: readonly PastRun[], size: number): DurationEstimate | null {
  const usable = history.filter((run) => Number.isFinite(run.seconds) && run.seconds >= 0);
  if (usable.length === 0) return null;
  const scaled = usable.map((run) => (size > 0 && run.size > 0 ? (run.seconds * size) / run.size : run.seconds));
  return {
    seconds: median(scaled),
    lowSeconds: quantile(scaled, 0.25),
    highSeconds: quantile(scaled, 0.75),
    samples: usable.length,
  };
}

/**
 * Seconds that a run still needs: history and the stage's own fraction, weighted by the fraction; never negative. Null
 * if neither tells anything. A run that has outlived its estimate and reports nothing has 0 left: late, not negative.
 */
export function remainingSeconds(estimate: DurationEstimate | null, progress: Progress): number | null {
  const fromHistory = estimate === null ? null : Math.max(estimate.seconds - progress.elapsedSeconds, 0);
  const fraction = progress.fraction === null ? 0 : Math.min(Math.max(progress.fraction, 0), 1);
  if (fraction === 1) return 0;
  if (fraction < LEAST_TELLING_FRACTION) return fromHistory;
  const fromFraction = (progress.elapsedSeconds * (1 - fraction)) / fraction;
  return fromHistory === null ? fromFraction : fromFraction * fraction + fromHistory * (1 - fraction);
}

/** Seconds until `count` equal pieces of work are done when `slots` of them run at a time. */
export function batchSeconds(estimate: DurationEstimate | null, count: number, slots: number): number | null {
  if (count <= 0) return 0;
  return estimate === null ? null : Math.ceil(count / Math.max(slots, 1)) * estimate.seconds;
}
