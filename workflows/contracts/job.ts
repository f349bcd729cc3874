/** One stage asked for by hand. */
import type { Check, StageName } from '../../domain/generated/stages.ts';
import type { PolicySnapshot } from './policies.ts';

export const JOB_WORKFLOW = 'jobWorkflow';

export interface JobInput {
  readonly jobId: string;
  readonly stage: StageName;
  /** The stage's spec, complete; paths were checked against the data roots by whoever starts the job. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** What the work is about, for its effect key and for people: a group id, a file name. */
  readonly unit: string;
  readonly requestedBy: string;
  readonly priority: number;
  readonly policies: PolicySnapshot;
}

export interface JobResult {
  /** Product ids by role; empty for stages that only look. */
  readonly products: Readonly<Record<string, string>>;
  /** Whether an earlier run's result was taken. */
  readonly reused: boolean;
  /** What the stage checked of its result; empty for a stage that checks nothing. */
  readonly checks?: readonly Check[];
}
