/** Time-outs and retries travel in the input, so that a changed default never alters a running workflow. */

export interface StagePolicy {
  /** Limit of one attempt, seconds. */
  readonly timeoutSeconds: number;
  readonly maximumAttempts: number;
  readonly firstRetrySeconds: number;
  readonly backoffCoefficient: number;
  readonly longestRetrySeconds: number;
}

/** Policy of each stage or phase by its name; `default` is for those not named. */
export type PolicySnapshot = Readonly<Record<string, StagePolicy>>;
