/** Numbers of a benchmark: what was measured, where, and against which limit. */
import { cpus, freemem, hostname, loadavg, release, totalmem } from 'node:os';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** In words, for people. */
  readonly limit: string | null;
  /** Null: reported, not judged. */
  readonly ok: boolean | null;
  /** All values the figure was made from. */
  readonly samples: readonly number[];
}

export interface Limit {
  readonly atMost?: number;
  readonly atLeast?: number;
}

export const median = (values: readonly number[]): number => {
  const ordered = [...values].sort((a, b) => a - b);
  const middle = Math.floor(ordered.length / 2);
  const upper = ordered[middle] ?? Number.NaN;
  return ordered.length % 2 === 1 ? upper : ((ordered[middle - 1] ?? Number.NaN) + upper) / 2;
};

/** The median of the samples against a limit. */
export function figure(name: string, unit: string, samples: readonly number[], limit: Limit = {}): Figure {
  const value = median(samples);
  const { atMost, atLeast } = limit;
  const words = [
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
  ];
  const ok = words.length === 0 ? null : value <= (atMost ?? Infinity) && value >= (atLeast ?? -Infinity);
  return { name, value, unit, limit: words.join(', ') || null, ok, samples };
}

/** What the figures were measured on; a busy machine makes them worthless, so its load is told. */
export const machine = () => ({
  host: hostname(),
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memory_gb: Number((totalmem() / 1e9).toFixed(1)),
  free_memory_gb: Number((freemem() / 1e9).toFixed(1)),
  kernel: release(),
  node: process.version,
  load_average: loadavg().map((value) => Number(value.toFixed(2))),
  at: new Date().toISOString(),
});
