/** Activities as workflow code calls them: queue, time-outs and retries out of the policies in the input. */
import { ActivityCancellationType, workflowInfo, type ActivityOptions } from '@temporalio/workflow';
import { HEARTBEAT_TIMEOUT_SECONDS, NON_RETRYABLE_ERROR_TYPES } from '../../domain/stage-policies.ts';
import type { PolicySnapshot, StagePolicy } from '../contracts/policies.ts';
import { queuePrefixOf, taskQueue, type QueueName } from '../contracts/queues.ts';

/** Policy of a stage; `default` where it has none of its own. */
function policyOf(policies: PolicySnapshot, name: string): StagePolicy {
  const policy = policies[name] ?? policies['default'];
  if (policy === undefined) throw new Error(`no policy for ${name}, and no default`);
  return policy;
}

/** Options of an activity that runs under the policy `name`. */
export function activityOptions(policies: PolicySnapshot, name: string, queue: QueueName): ActivityOptions {
  const policy = policyOf(policies, name);
  return {
    taskQueue: taskQueue(queuePrefixOf(workflowInfo().taskQueue), queue),
    startToCloseTimeout: policy.timeoutSeconds * 1000,
    heartbeatTimeout: HEARTBEAT_TIMEOUT_SECONDS * 1000,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: {
      nonRetryableErrorTypes: [...NON_RETRYABLE_ERROR_TYPES],
      maximumAttempts: policy.maximumAttempts,
      initialInterval: policy.firstRetrySeconds * 1000,
      backoffCoefficient: policy.backoffCoefficient,
      maximumInterval: policy.longestRetrySeconds * 1000,
    },
  };
}
