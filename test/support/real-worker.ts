/** Real workers on real services: Temporal, PostgreSQL, and the installed Python environment. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { livingProcesses, readArguments } from '../../activities/process/proc-table.ts';
import { pythonProgram, runStageLocally } from '../../activities/stage-runner/index.ts';
import { makeTestHome, removeTestHome, type TestHome } from '../../cli/testing/test-home.ts';
import { CHECKOUT, homeFolder, homePaths, readWorkerReport } from '../../config/index.ts';
import type { SimulateSpec } from '../../domain/generated/stages.ts';
import { policySnapshot } from '../../domain/stage-policies.ts';
import type { Registry } from '../../registry/index.ts';
import { scanStart } from '../../workflows/contracts/start.ts';
import type { ScanResult } from '../../workflows/contracts/scan.ts';
import { eventually } from './eventually.ts';
import { createTestDatabase, openTestRegistry, type TestDatabase } from './postgres.ts';
import { startTemporal } from './temporal.ts';

/** Home, database and Temporal server of a test file; workers are started on them, and killed, as the test needs. */
export class RealServices {
  readonly home: TestHome;
  readonly registry: Registry;
  readonly temporal: TestWorkflowEnvironment;
  readonly prefix = `real-${randomUUID().slice(0, 8)}`;
  private readonly database: TestDatabase;
  private readonly bundle: string;
  private readonly workers: ChildProcess[] = [];

  private constructor(home: TestHome, database: TestDatabase, temporal: TestWorkflowEnvironment) {
    this.home = home;
    this.database = database;
    this.temporal = temporal;
    this.bundle = join(home.paths.home, 'workflow-bundle.js');
    const { store, published } = home.paths;
    this.registry = openTestRegistry(database.url, { store, published });
  }

  static async start(): Promise<RealServices> {
    const home = makeTestHome(homePaths(homeFolder()));
    const [database, temporal] = await Promise.all([createTestDatabase(), startTemporal()]);
    const services = new RealServices(home, database, temporal);
    await ended(
      spawn(process.execPath, [join(CHECKOUT, 'worker', 'bundle.ts'), services.bundle], { stdio: 'inherit' }),
    );
    return services;
  }

  get client(): Client {
    return this.temporal.client;
  }

  /** Starts a worker and waits until it polls. */
  async startWorker(): Promise<ChildProcess> {
    const env = {
      ...this.home.env,
      DATABASE_URL: this.database.url,
      TEMPORAL_ADDRESS: this.temporal.address,
      MERIDIAN_TEMPORAL_QUEUE_PREFIX: this.prefix,
      MERIDIAN_WORKFLOW_BUNDLE: this.bundle,
      MERIDIAN_DISK_FREE_MIN_GB: '0.1',
      NODE_NO_WARNINGS: '1',
    };
    const worker = spawn(process.execPath, [join(CHECKOUT, 'worker', 'main.ts')], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(join(this.home.paths.home, 'worker.log'), { flags: 'a' });
    worker.stdout?.pipe(log);
    worker.stderr?.pipe(log);
    this.workers.push(worker);
    await eventually('the worker runs', () => isRunning(this.home.paths.workerReport, worker.pid), 30);
    return worker;
  }

  /** Writes subband files below a new data root. */
  async simulate(name: string, spec: SimulateSpec): Promise<string> {
    const workdir = join(this.home.paths.home, name);
    const hooks = { signal: AbortSignal.timeout(300_000), onProgress: () => undefined };
    const run = { stage: 'simulate' as const, spec, workdir, cores: 1, wallSeconds: 300 };
    await runStageLocally(pythonProgram(this.home.paths), run, hooks);
    const incoming = join(workdir, 'incoming');
    await this.registry.dataRoots.register({ path: incoming });
    return incoming;
  }

  /** Lets a worker look at the data roots. */
  scan(): Promise<ScanResult> {
    const input = { requestId: randomUUID(), rootId: null, requestedBy: 'test', policies: policySnapshot() };
    const { workflowType, options } = scanStart(input, this.prefix);
    return this.client.workflow.execute(workflowType, options) as Promise<ScanResult>;
  }

  /** Stage processes of this home that are alive: pids by stage. */
  stageProcesses(stage: string): number[] {
    return livingProcesses()
      .map(({ pid }) => ({ pid, args: readArguments(pid) }))
      .filter(({ args }) => args.includes('meridian_compute') && args.includes(stage))
      .filter(({ args }) => args.some((arg) => arg.startsWith(this.home.paths.home)))
      .map(({ pid }) => pid);
  }

  async stop(): Promise<void> {
    for (const worker of this.workers) worker.kill('SIGKILL');
    await this.registry.close();
    await this.temporal.teardown();
    await this.database.drop();
    removeTestHome(this.home);
  }
}

const isRunning = (file: string, pid: number | undefined): boolean => {
  const report = existsSync(file) ? readWorkerReport(file) : undefined;
  return report?.pid === pid && report?.state === 'running';
};

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`it ended with ${code}`))));
  });
}
