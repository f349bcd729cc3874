/** How many sources show a small probability, beside how many would if all of them were constant. */
import type { Variability } from './variability.ts';

/** Probabilities at which sources are counted. */
const LEVELS = [1e-2, 1e-3, 1e-4] as const;

const STATISTICS = {
  eta: ({ pEta }) => pEta,
  v: ({ pV }) => pV,
  vs_max: ({ pVs }) => pVs,
} as const satisfies Record<string, (found: Variability) => number | null>;

export interface FalseAlarms {
  readonly statistic: keyof typeof STATISTICS;
  readonly p: number;
  /** Sources with this probability or less. */
  readonly found: number;
  /** Mean number of such sources if every source for which the statistic is defined were constant. */
  readonly expected: number;
}

/** Counts for η, V and the largest |Vs| at p = 0.01, 0.001 and 0.0001. */
export function falseAlarmsOf(sources: readonly Variability[]): FalseAlarms[] {
  return (Object.keys(STATISTICS) as (keyof typeof STATISTICS)[]).flatMap((statistic) => {
    const values = sources.map(STATISTICS[statistic]).filter((p) => p !== null);
    return LEVELS.map((p) => ({
      statistic,
      p,
      found: values.filter((value) => value <= p).length,
      expected: values.length * p,
    }));
  });
}
