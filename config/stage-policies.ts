/**
 * Single fields of the stage policies (`domain/stage-policies.ts`) that a site sets otherwise, in config.yaml:
 * `stages: { image: { timeout_seconds: 14400 } }`.
 */
import { z } from 'zod';
import { policySnapshot, type PolicySnapshot, type StagePolicy } from '../domain/stage-policies.ts';

const overrideSchema = z.strictObject({
  timeout_seconds: z.number().positive().optional(),
  maximum_attempts: z.number().int().min(1).optional(),
  first_retry_seconds: z.number().positive().optional(),
  backoff_coefficient: z.number().min(1).optional(),
  longest_retry_seconds: z.number().positive().optional(),
});

const stageNames = Object.keys(policySnapshot()) as [string, ...string[]];

export const stagePolicyOverridesSchema = z.partialRecord(z.enum(stageNames), overrideSchema).default({});

export type StagePolicyOverrides = z.output<typeof stagePolicyOverridesSchema>;

/** The defaults of all stages with these overrides laid over them. */
export function stagePolicies(overrides: StagePolicyOverrides): PolicySnapshot {
  const merged = Object.entries(policySnapshot()).map(([stage, base]): [string, StagePolicy] => {
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
