/**
 * Time-outs and retries, a line per stage. Workflows get them as a snapshot in their input (`workflows/contracts/
 * policies.ts`), so a change here never alters a running workflow. `config.yaml` may override single fields:
 * `stages: { image: { timeout_seconds: 7200 } }`.
 */
import { z } from 'zod';

export interface StagePolicy {
  /** Limit of one attempt, seconds. */
  readonly timeoutSeconds: number;
  readonly maximumAttempts: number;
  readonly firstRetrySeconds: number;
  readonly backoffCoefficient: number;
  readonly longestRetrySeconds: number;
}

const policy = (timeoutSeconds: number, maximumAttempts: number): StagePolicy => ({
  timeoutSeconds,
  maximumAttempts,
  firstRetrySeconds: 1,
  backoffCoefficient: 2,
  longestRetrySeconds: 60,
});

/** Limits are about twenty times what a full group takes on two cores, so that a slow disk does not end good work. */
export const DEFAULT_STAGE_POLICIES: Readonly<Record<string, StagePolicy>> = {
  default: policy(600, 3),
  simulate: policy(1800, 3),
  inspect: policy(300, 3),
  convert: policy(900, 3),
  flag: policy(900, 3),
  solve: policy(1800, 3),
  apply: policy(900, 3),
  image: policy(3600, 3),
  mosaic: policy(1800, 3),
  photometry: policy(900, 3),
  qa: policy(600, 3),
  publish: policy(900, 5),
  // Short registry work is repeated for as long as a restart of PostgreSQL takes.
  registry: policy(60, 20),
  // Waiting for another workflow: bounded by that workflow's own limits.
  wait: policy(86_400, 10),
};

const overrideSchema = z.strictObject({
  timeout_seconds: z.number().positive().optional(),
  maximum_attempts: z.number().int().min(1).optional(),
  first_retry_seconds: z.number().positive().optional(),
  backoff_coefficient: z.number().min(1).optional(),
  longest_retry_seconds: z.number().positive().optional(),
});

export const stagePolicyOverridesSchema = z
  .partialRecord(z.enum(Object.keys(DEFAULT_STAGE_POLICIES) as [string, ...string[]]), overrideSchema)
  .default({});

export type StagePolicyOverrides = z.output<typeof stagePolicyOverridesSchema>;

/** The defaults with the overrides of config.yaml laid over them. */
export function stagePolicies(overrides: StagePolicyOverrides): Readonly<Record<string, StagePolicy>> {
  const merged = Object.entries(DEFAULT_STAGE_POLICIES).map(([stage, base]): [string, StagePolicy] => {
    const own = overrides[stage] ?? {};
    return [
      stage,
      {
        timeoutSeconds: own.timeout_seconds ?? base.timeoutSeconds,
        maximumAttempts: own.maximum_attempts ?? base.maximumAttempts,
        firstRetrySeconds: own.first_retry_seconds ?? base.firstRetrySeconds,
        backoffCoefficient: own.backoff_coefficient ?? base.backoffCoefficient,
        longestRetrySeconds: own.longest_retry_seconds ?? base.longestRetrySeconds,
      },
    ];
  });
  return Object.fromEntries(merged);
}
