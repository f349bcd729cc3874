/** One worker process: a worker per task queue, from start to ordered stop. */
import { hostname } from 'node:os';
import { Runtime, Worker, type NativeConnection } from '@temporalio/worker';
import {
  loadConfig,
  WORKER_REPORT_SECONDS,
  writeWorkerReport,
  type MeridianConfig,
  type WorkerReport,
} from '../config/index.ts';
import { MeridianError } from '../domain/errors.ts';
import type { Registry } from '../registry/index.ts';
import { createLogger, sdkLogger, type WorkerLogger } from './logger.ts';
import { connectTemporal, openWorkerRegistry, putTogether, type WorkerParts } from './parts.ts';
import { isServiceAway, untilThere } from './patience.ts';
import { poolOptions } from './pools.ts';
import { RECONCILE_INTERVAL_MS, reconcile } from './reconciler.ts';
import { readWorkflowBundle } from './workflow-bundle.ts';

const SWEEP_INTERVAL_MS = 3_600_000;
const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Runs with the configuration of this home; exit status 1 and one line when it cannot. */
export async function main(): Promise<void> {
  try {
    await runWorker(loadConfig());
  } catch (error) {
    const known = error instanceof MeridianError ? `${error.code}: ${error.message} ${error.advice}` : error;
    console.error(known);
    process.exitCode = 1;
  }
}

/**
 * Runs until the process is told to stop, then ends stages and connections in order.
 *
 * @throws MeridianError SCHEMA_VERSION when the database is not that of this release; FILE_MISSING without a bundle
 */
async function runWorker(config: MeridianConfig): Promise<void> {
  const logger = createLogger(config.logLevel);
  Runtime.install({ logger: sdkLogger(logger) });
  const stop = stopSignal();
  const bundle = readWorkflowBundle();
  const report = new Reporter(config.paths.workerReport, bundle.hash);
  const registry = openWorkerRegistry(config, logger);
  try {
    const connection = await servicesThere(config, registry, { logger, stop });
    const parts = putTogether(config, registry, connection);
    try {
      await registerDataRoots(config, registry);
      await serve(parts, { config, logger, report, bundlePath: bundle.codePath, stop });
    } finally {
      await parts.stages.close();
      await connection.close();
    }
  } catch (error) {
    // Told to stop while a service was away: there was nothing to end.
    if (!stop.aborted) throw error;
  } finally {
    report.end();
    await registry.close();
    logger.info('the worker has stopped');
  }
}

interface Service {
  readonly config: MeridianConfig;
  readonly logger: WorkerLogger;
  readonly report: Reporter;
  readonly bundlePath: string;
  readonly stop: AbortSignal;
}

/** Aborted by the first signal, also before there is any worker that listens for it. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of STOP_SIGNALS) process.once(name, () => controller.abort(new Error(`told to stop by ${name}`)));
  return controller.signal;
}

async function servicesThere(
  config: MeridianConfig,
  registry: Registry,
  { logger, stop }: { readonly logger: WorkerLogger; readonly stop: AbortSignal },
): Promise<NativeConnection> {
  const patience = { logger, signal: stop };
  const [connection] = await Promise.all([
    untilThere('Temporal', () => connectTemporal(config), { ...patience, isAway: () => true }),
    untilThere('PostgreSQL', () => registry.assertSchemaVersion(), { ...patience, isAway: isServiceAway }),
  ]);
  return connection;
}

async function registerDataRoots({ dataRoots }: MeridianConfig, registry: Registry): Promise<void> {
  for (const path of dataRoots) await registry.dataRoots.register({ path });
}

/** Polls every queue until all workers have stopped. */
async function serve(parts: WorkerParts, { config, logger, report, bundlePath, stop }: Service): Promise<void> {
  const options = poolOptions({
    connection: parts.connection,
    namespace: config.temporal.namespace,
    queuePrefix: config.temporal.queuePrefix,
    identity: `${process.pid}@${hostname()}`,
    bundlePath,
    activities: parts.activities,
    cores: config.compute.cores,
  });
  const workers = await Promise.all(options.map((each) => Worker.create(each)));
  const reconciler = setInterval(() => {
    reconcile({ ...parts, logger }).catch((error: unknown) => logger.debug({ err: error }, 'not reconciled this time'));
  }, RECONCILE_INTERVAL_MS);
  const sweep = (): void => {
    parts.stages.sweep().then(
      (removed) => removed.length > 0 && logger.info({ removed }, 'leftovers of ended attempts are removed'),
      (error: unknown) => logger.warn({ err: error }, 'leftovers could not be looked for'),
    );
  };
  const sweeper = setInterval(sweep, SWEEP_INTERVAL_MS);
  sweep();
  stop.addEventListener('abort', () => report.becomes('stopping'), { once: true });
  try {
    report.runs(workers);
    logger.info({ queues: options.map(({ taskQueue }) => taskQueue) }, 'the worker is running');
    await runTogether(workers);
  } finally {
    clearInterval(reconciler);
    clearInterval(sweeper);
  }
}

/** All workers of a process stop together: with one of them gone the others would hide it. */
async function runTogether(workers: readonly Worker[]): Promise<void> {
  const stopOthers = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  await Promise.all(workers.map((worker) => worker.run().finally(stopOthers)));
}

/** Keeps the report that the supervisor reads. */
class Reporter {
  private readonly file: string;
  private readonly bundleHash: string;
  private readonly timer: NodeJS.Timeout;
  private state: WorkerReport['state'] = 'starting';
  private workers: readonly Worker[] = [];

  constructor(file: string, bundleHash: string) {
    this.file = file;
    this.bundleHash = bundleHash;
    this.timer = setInterval(() => this.write(), WORKER_REPORT_SECONDS * 1000);
    this.write();
  }

  runs(workers: readonly Worker[]): void {
    this.workers = workers;
    this.becomes('running');
  }

  becomes(state: WorkerReport['state']): void {
    this.state = state;
    this.write();
  }

  end(): void {
    clearInterval(this.timer);
    this.becomes('stopping');
  }

  private write(): void {
    const running = this.workers.reduce((sum, worker) => sum + worker.getStatus().numInFlightActivities, 0);
    writeWorkerReport(this.file, { state: this.state, bundle_hash: this.bundleHash, running });
  }
}
