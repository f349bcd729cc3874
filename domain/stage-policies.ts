/**
 * Time-outs and retries of every stage, a line each: the only place with such numbers. A workflow gets a snapshot in
 * its input, so that a changed default never alters a running one.
 */
import { ERROR_RULES, type ErrorCode, NON_RETRYABLE_CODES } from './errors.ts';

export type Queue = 'orchestrate' | 'registry' | 'wait' | 'compute' | 'publish';

export interface StageRule {
  readonly id: string;
  /** What it does, in words for people. */
  readonly label: string;
  readonly queue: Queue;
  /** A process that runs longer is stopped: TOOL_TIMED_OUT. About five times the slowest that was measured. */
  readonly wallLimitSeconds: number;
  readonly maximumAttempts: number;
}

/** Attempts that end because a worker or a server died count too: more than `attemptLimit` allows for real failures. */
const COMPUTE_ATTEMPTS = 20;
/** PostgreSQL or Temporal may be away for hours. */
const SERVICE_ATTEMPTS = 2000;

const compute = (id: string, label: string, wallLimitSeconds: number): StageRule => ({
  id,
  label,
  queue: 'compute',
  wallLimitSeconds,
  maximumAttempts: COMPUTE_ATTEMPTS,
});
const service = (id: string, label: string, rest: { queue: Queue; wallLimitSeconds: number }): StageRule => ({
  id,
  label,
  ...rest,
  maximumAttempts: SERVICE_ATTEMPTS,
});

export const STAGE_RULES: readonly StageRule[] = [
  compute('simulate', 'Simulate raw subband files', 3600),
  compute('inspect', 'Look into files', 300),
  compute('convert', 'Convert raw subbands to a measurement set', 900),
  compute('flag', 'Flag interference and bad data', 1200),
  compute('solve', 'Solve delay, bandpass and gain on the calibrator', 1200),
  compute('apply', 'Apply the caltables', 600),
  compute('image', 'Image a measurement set', 7200),
  compute('mosaic', 'Combine tiles into a mosaic', 1800),
  compute('photometry', 'Measure fluxes at catalogue positions', 1200),
  compute('qa', 'Judge the quality of a product', 600),
  compute('catalog', 'Read a catalogue of sources', 1800),
  service('registry', 'Read and write the registry', { queue: 'registry', wallLimitSeconds: 60 }),
  service('plan', 'Find the window and plan the work', { queue: 'registry', wallLimitSeconds: 120 }),
  service('detect', 'Search light curves for scattering events', { queue: 'registry', wallLimitSeconds: 3600 }),
  service('ensure_unit', 'Wait for a unit that others may have asked for too', {
    queue: 'wait',
    wallLimitSeconds: 86_400,
  }),
  service('publish', 'Copy a product to the published folder and verify it', {
    queue: 'publish',
    wallLimitSeconds: 1800,
  }),
  service('confirm', 'Confirm that a product is published', { queue: 'publish', wallLimitSeconds: 300 }),
];

/** Limits of one attempt of a stage, as workflow inputs carry them. */
export interface StagePolicy {
  /** Start to close of one attempt; leaves the supervisor a minute to stop the process itself. */
  readonly timeoutSeconds: number;
  readonly maximumAttempts: number;
  readonly firstRetrySeconds: number;
  readonly backoffCoefficient: number;
  readonly longestRetrySeconds: number;
}

export type PolicySnapshot = Readonly<Record<string, StagePolicy>>;

/** The same for all stages: missing this long, an attempt counts as lost. It is beaten every 2 s by a timer. */
export const HEARTBEAT_TIMEOUT_SECONDS = 10;
export const HEARTBEAT_INTERVAL_SECONDS = 2;
/** What is left between the limit of a process and the end of its attempt. */
export const GRACE_SECONDS = 60;

const policyOf = (rule: StageRule): StagePolicy => ({
  timeoutSeconds: rule.wallLimitSeconds + GRACE_SECONDS,
  maximumAttempts: rule.maximumAttempts,
  firstRetrySeconds: 1,
  backoffCoefficient: 2,
  longestRetrySeconds: rule.queue === 'compute' ? 60 : 10,
});

/** Error codes that end a stage at once, for every stage. */
export const NON_RETRYABLE_ERROR_TYPES: readonly string[] = NON_RETRYABLE_CODES;

/** The present defaults of all stages; `default` is for a stage without a line of its own. */
export function policySnapshot(overrides: PolicySnapshot = {}): PolicySnapshot {
  const entries = STAGE_RULES.map((rule) => [rule.id, policyOf(rule)] as const);
  const fallback = policyOf(compute('default', 'Any other stage', 1800));
  return { ...Object.fromEntries(entries), default: fallback, ...overrides };
}

/** The rule of a stage, or undefined if it has no line of its own. */
export const stageRule = (id: string): StageRule | undefined => STAGE_RULES.find((rule) => rule.id === id);

/**
 * How often the same work may fail with a code before it is given up: bad input once, out of memory twice (the second
 * time in a larger class), tools three times. A service that is away is waited for.
 */
export function attemptLimit(code: ErrorCode): number {
  if (!ERROR_RULES[code].retryable) return 1;
  if (code === 'SERVICE_UNAVAILABLE') return SERVICE_ATTEMPTS;
  return ERROR_RULES[code].exitClass === 'resources' ? 2 : 3;
}
