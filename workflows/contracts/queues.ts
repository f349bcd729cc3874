/** Task queues, one per resource. Every name on the server is `<prefix>-<queue>`. */

/** Queues and what their slots stand for. */
export const QUEUES = {
  /** Workflow tasks only. */
  orchestrate: 'orchestrate',
  /** Short registry work: rows, plans, decisions. */
  registry: 'registry',
  /** Waiting for other workflows: many slots, no load. */
  wait: 'wait',
  /** Stage processes: bounded by cores and memory. */
  compute: 'compute',
  /** Copying and verifying published products. */
  publish: 'publish',
} as const;

export type QueueName = keyof typeof QUEUES;

/** Name of a queue on the server. */
export const taskQueue = (prefix: string, queue: QueueName): string => `${prefix}-${QUEUES[queue]}`;

/** Prefix of a server-side queue name: what a workflow uses to reach the other queues of its own worker. */
export const queuePrefixOf = (taskQueueName: string): string => taskQueueName.slice(0, taskQueueName.lastIndexOf('-'));

/** Priority of work: Temporal orders the backlog of a queue by it, lowest first. */
export const PRIORITY = { live: 1, mosaic: 3, job: 3, backfill: 5 } as const;
