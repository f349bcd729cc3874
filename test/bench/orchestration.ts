/** What orchestration costs: a sequential activity that does nothing, and the start of a worker. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker, bundleWorkflowCode } from '@temporalio/worker';
import { makeTestHome, removeTestHome } from '../../cli/testing/test-home.ts';
import { CHECKOUT, readWorkerReport } from '../../config/index.ts';
import { figure } from './measure.ts';
import type { Figure } from './measure.ts';
import type { Setting } from './setting.ts';

const STEPS = 50;
const RUNS = 5;
const QUEUE = 'bench-noop';

/** Milliseconds of a sequential no-op activity on the server of the home. */
async function stepMilliseconds({ config }: Setting): Promise<number[]> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const { address = '', namespace } = config.temporal;
  const connection = await NativeConnection.connect({ address });
  const client = await Connection.connect({ address });
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: QUEUE,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('./noop.workflow.ts', import.meta.url)),
      logger: new DefaultLogger('ERROR'),
    }),
    activities: { nothing: () => Promise.resolve() },
  });
  const samples: number[] = [];
  await worker.runUntil(async () => {
    for (let run = 0; run <= RUNS; run += 1) {
      const started = performance.now();
      await new Client({ connection: client, namespace }).workflow.execute('noopWorkflow', {
        args: [STEPS],
        taskQueue: QUEUE,
        workflowId: `bench-noop-${Date.now()}`,
      });
      // The first one warms up.
      if (run > 0) samples.push((performance.now() - started) / STEPS);
    }
  });
  await client.close();
  await connection.close();
  return samples;
}

/** Resident memory of a process, MB. */
const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1000;

/** A second worker, on queues of its own: seconds until it polls, and its memory then. */
async function startWorker({ config }: Setting): Promise<{ seconds: number; memoryMb: number }> {
  const home = makeTestHome(config.paths);
  const env = {
    ...home.env,
    DATABASE_URL: config.databaseUrl,
    TEMPORAL_ADDRESS: config.temporal.address,
    MERIDIAN_TEMPORAL_QUEUE_PREFIX: 'bench-worker',
  };
  const started = performance.now();
  const child = spawn(process.execPath, [join(CHECKOUT, 'dist', 'worker', 'main.js')], { env, stdio: 'ignore' });
  try {
    while (readWorkerReport(home.paths.workerReport)?.state !== 'running') {
      if (child.exitCode !== null) throw new Error(`the worker ended with status ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return { seconds: (performance.now() - started) / 1000, memoryMb: residentMb(child.pid ?? 0) };
  } finally {
    // It has nothing to end, and polls that have just begun would hold up an orderly stop.
    const gone = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.kill('SIGKILL')) await gone;
    removeTestHome(home);
  }
}

export async function orchestrationFigures(setting: Setting): Promise<Figure[]> {
  setting.say('activities that do nothing');
  const steps = await stepMilliseconds(setting);
  setting.say('starting workers');
  const starts = [];
  // The first start fills the compile cache.
  for (let round = 0; round <= 3; round += 1) starts.push(await startWorker(setting));
  const warm = starts.slice(1);
  return [
    figure('sequential no-op activity', 'ms', steps, { atMost: 20 }),
    figure(
      'worker with prebuilt bundle, start',
      's',
      warm.map(({ seconds }) => seconds),
      { atMost: 1.2 },
    ),
    figure(
      'worker with prebuilt bundle, memory',
      'MB',
      warm.map(({ memoryMb }) => memoryMb),
      { atMost: 250 },
    ),
  ];
}
