/** A Temporal server for a test file, and workers with the real workflows on it. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import type { Activities } from '../../activities/interfaces.ts';
import { homeFolder, homePaths } from '../../config/paths.ts';
import { QUEUES, taskQueue, type QueueName } from '../../workflows/contracts/queues.ts';
import { activityInterceptors } from '../../worker/activity-interceptor.ts';
import { SEARCH_ATTRIBUTE_KEYS } from '../../workflows/contracts/search-attributes.ts';

const WORKFLOWS = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'workflows', 'index.ts');

const CLI_TYPE: Readonly<Record<string, string>> = { KEYWORD: 'Keyword', DATETIME: 'Datetime', DOUBLE: 'Double' };

/** Path of the Temporal server that the launcher installs. */
export function temporalBinary(): string {
  const path = join(homePaths(homeFolder()).tools, 'bin', 'temporal');
  if (!existsSync(path)) throw new Error(`there is no Temporal server at ${path}; run ./meridian once`);
  return path;
}

let quiet = false;

/** The SDK logs each failure that a test provokes. */
export function installQuietRuntime(): void {
  if (!quiet) Runtime.install({ logger: new DefaultLogger('ERROR') });
  quiet = true;
}

/** Starts a server of its own, in memory, with our search attributes. */
export function startTemporal(): Promise<TestWorkflowEnvironment> {
  installQuietRuntime();
  return TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path: temporalBinary() },
      extraArgs: [
        ...SEARCH_ATTRIBUTE_KEYS.flatMap(({ name, type }) => [
          '--search-attribute',
          `${name}=${CLI_TYPE[type] ?? type}`,
        ]),
        ...['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=200'],
      ],
    },
  });
}

let bundle: Promise<WorkflowBundle> | undefined;
const silent = (): void => undefined;

/** The bundle of the present sources, made once per process. */
export function workflowBundle(): Promise<WorkflowBundle> {
  const logger = { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: console.error };
  bundle ??= bundleWorkflowCode({ workflowsPath: WORKFLOWS, logger });
  return bundle;
}

/** Workers on queues of their own. */
export interface RunningWorkers {
  readonly prefix: string;
  readonly client: Client;
  stop(): Promise<void>;
}

/** Runs workflow tasks and the given activities on every queue of a fresh prefix, until `stop`. */
export async function runWorkers(
  environment: TestWorkflowEnvironment,
  activities: Partial<Activities>,
  prefix = `test-${randomUUID().slice(0, 8)}`,
): Promise<RunningWorkers> {
  const workflows = await workflowBundle();
  const base = { connection: environment.nativeConnection, namespace: environment.namespace ?? 'default' };
  const workers = await Promise.all(
    (Object.keys(QUEUES) as QueueName[]).map((queue) =>
      Worker.create({
        ...base,
        taskQueue: taskQueue(prefix, queue),
        identity: 'test-worker',
        maxHeartbeatThrottleInterval: '200ms',
        interceptors: { activity: [activityInterceptors] },
        ...(queue === 'orchestrate' ? { workflowBundle: workflows } : { activities }),
      }),
    ),
  );
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    prefix,
    client: environment.client,
    stop: async () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
    },
  };
}
