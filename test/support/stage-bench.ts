/** A runner on folders of its own, with stand-in stages that follow scripts. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StageHooks, StageProgress, StageRequest } from '../../activities/stage-runner/index.ts';
import { SupervisedStageRunner, type StageRunnerOptions } from '../../activities/stage-runner/index.ts';
import { ResourcePool } from '../../activities/process/resource-pool.ts';
import { hashFile } from '../../activities/store/content-hash.ts';
import { measurementSetRow, type Registry } from '../../registry/index.ts';
import { anMsSummary } from './rows.ts';
import type { StageScript } from './stand-in-stage.ts';
import { openTestRegistry } from './test-registry.ts';

const STAND_IN = fileURLToPath(new URL('./stand-in-stage.ts', import.meta.url));

/** What most scripts do: leave one folder as a measurement set. */
export const MS_SCRIPT: StageScript = {
  files: { 'a.ms/table.dat': 'rows', 'a.ms/ANTENNA/table.dat': 'antennas', 'a.ms/table.lock': '' },
  outputs: { ms: 'a.ms' },
};

export class StageBench {
  readonly home: string;
  readonly registry: Registry;
  readonly runner: SupervisedStageRunner;

  constructor(home: string, databaseUrl: string, options: Partial<StageRunnerOptions> = {}) {
    this.home = home;
    this.registry = openTestRegistry(databaseUrl, { store: this.folder('store'), published: this.folder('published') });
    this.runner = new SupervisedStageRunner({
      registry: this.registry,
      program: { command: [process.execPath, STAND_IN], env: { NODE_NO_WARNINGS: '1' } },
      folders: {
        store: this.folder('store'),
        staging: this.folder('staging'),
        work: this.folder('work'),
        logs: this.folder('logs'),
      },
      resources: new ResourcePool({ cores: 2, memoryGb: 4 }),
      diskFreeMinGb: 0,
      ...options,
    });
  }

  folder(name: string): string {
    return join(this.home, name);
  }

  /** A request for `convert` that does what the script says; the same name and script are the same work. */
  async request(name: string, script: StageScript = MS_SCRIPT, overrides = {}): Promise<StageRequest<'convert'>> {
    const input = join(this.home, 'inputs', `${name}.json`);
    mkdirSync(join(this.home, 'inputs'), { recursive: true });
    writeFileSync(input, JSON.stringify({ summary: { ms: anMsSummary() }, ...script }));
    return {
      stage: 'convert',
      unit: name,
      spec: { stage: 'convert', files: [input] },
      inputHashes: [await hashFile(input)],
      products: [
        {
          kind: 'ms',
          roles: ['ms'],
          parents: [],
          groupId: name,
          date: '2026-01-25',
          row: ({ summary }) => measurementSetRow(summary.ms, { stage: 'converted', groupId: name, groupVersion: 1 }),
        },
      ],
      owner: { workflowId: `ms/${name}/v1`, runId: 'run-1', attempt: 1 },
      limits: { wallSeconds: 300, memoryGb: 1, diskGb: 0.001, cores: 1 },
      ...overrides,
    };
  }

  /** Pids of the processes that the script of this name was run by, in order. */
  runs(name: string): number[] {
    const file = join(this.home, 'inputs', `${name}.json.runs`);
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number) : [];
  }

  /** Product folders in the store. */
  stored(): string[] {
    const store = this.folder('store');
    if (!existsSync(store)) return [];
    return readdirSync(store, { recursive: true })
      .map(String)
      .filter((path) => path.split('/').length === 3);
  }

  /** What is left in a folder that should be empty between attempts. */
  left(folder: 'work' | 'staging'): string[] {
    return existsSync(this.folder(folder)) ? readdirSync(this.folder(folder)) : [];
  }

  async close(): Promise<void> {
    await this.runner.close();
    await this.registry.close();
  }
}

export interface Watcher extends StageHooks {
  readonly seen: StageProgress[];
  readonly abort: (reason: Error) => void;
}

/** Hooks that remember progress and can be aborted. */
export function watcher(): Watcher {
  const controller = new AbortController();
  const seen: StageProgress[] = [];
  return {
    signal: controller.signal,
    onProgress: (progress) => void seen.push(progress),
    seen,
    abort: (reason) => controller.abort(reason),
  };
}
