/** One worker per task queue: how many things each does at a time, and how it stops. */
import type { NativeConnection, WorkerOptions } from '@temporalio/worker';
import { QUEUES, taskQueue, type QueueName } from '../workflows/contracts/queues.ts';
import { activityInterceptors } from './activity-interceptor.ts';

export interface PoolInputs {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly queuePrefix: string;
  readonly identity: string;
  readonly bundlePath: string;
  readonly activities: object;
  readonly cores: number;
}

/** The process has to be gone 20 s after it was asked to stop; a stage takes up to 5 s of them to end. */
const STAGE_GRACE = '14s';
const CACHED_WORKFLOWS = 250;

/**
 * Slots of a queue. A stage waits for cores and memory within its slot, and that time counts; so there are no more
 * compute slots than cores.
 */
const slotsOf = (queue: QueueName, cores: number): number =>
  ({ orchestrate: 0, registry: 20, wait: 500, compute: Math.max(cores, 1), publish: 4 })[queue];

/** Options of every worker of a process. */
export const poolOptions = (inputs: PoolInputs): WorkerOptions[] =>
  (Object.keys(QUEUES) as QueueName[]).map((queue) => optionsOf(queue, inputs));

function optionsOf(queue: QueueName, inputs: PoolInputs): WorkerOptions {
  const { connection, namespace, queuePrefix, identity } = inputs;
  const common = { connection, namespace, identity, taskQueue: taskQueue(queuePrefix, queue) };
  if (queue === 'orchestrate') {
    return {
      ...common,
      workflowBundle: { codePath: inputs.bundlePath },
      workflowThreadPoolSize: 1,
      maxCachedWorkflows: CACHED_WORKFLOWS,
    };
  }
  return {
    ...common,
    activities: inputs.activities,
    maxConcurrentActivityTaskExecutions: slotsOf(queue, inputs.cores),
    interceptors: { activity: [activityInterceptors] },
    // Cancellation comes with the answer to a heartbeat: none may be held back longer than they are sent.
    maxHeartbeatThrottleInterval: '2s',
    // Whoever only waits is taken over by the next worker at once.
    shutdownGraceTime: queue === 'wait' ? 0 : STAGE_GRACE,
  };
}
