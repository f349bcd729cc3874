/** An installation of its own, used as its users do: by `./meridian`, with all services running. */
import { join } from 'node:path';
import { identify, livingProcesses, readArguments, readEnvironment } from '../../activities/process/proc-table.ts';
import type { ProcessIdentity } from '../../activities/process/proc-table.ts';
import type { Schemas } from '../../api/client/client.ts';
import { makeTestHome, removeTestHome, type TestHome } from '../../cli/testing/test-home.ts';
import { homeFolder, homePaths, loadConfig } from '../../config/index.ts';
import { openRegistry, type Registry } from '../../registry/index.ts';
import type { ServicesStatus } from '../../services/status.ts';
import { meridian, type CommandRun } from '../support/meridian.ts';

export type Mosaic = Schemas['Mosaic'];

export class Installation {
  readonly home: TestHome = makeTestHome(homePaths(homeFolder()));

  run(...args: string[]): Promise<CommandRun> {
    return meridian(args, this.home);
  }

  /** Runs a command with `--json`; throws what it says when it fails. */
  async json<T>(...args: string[]): Promise<T> {
    const run = await this.run(...args, '--json');
    if (run.status !== 0) throw new Error(`${args.join(' ')} ended with ${run.status}: ${run.stderr}${run.stdout}`);
    return JSON.parse(run.stdout) as T;
  }

  createMosaic(incoming: string, ...options: string[]): Promise<Mosaic> {
    return this.json('mosaic', 'create', '--calibrator', '3C286', '--incoming', incoming, '--wait', ...options);
  }

  /** Asks the registry of the running services. */
  async registry<T>(question: (registry: Registry) => Promise<T>): Promise<T> {
    const { databaseUrl = '', paths } = loadConfig({ env: this.home.env });
    const storeRoots = { store: paths.store, published: paths.published };
    const registry = openRegistry({ databaseUrl, applicationName: 'meridian-e2e', storeRoots });
    try {
      return await question(registry);
    } finally {
      await registry.close();
    }
  }

  async pidOf(service: string): Promise<number> {
    const { processes } = await this.status();
    return processes.find(({ name, health }) => name === service && health === 'healthy')?.pid ?? 0;
  }

  /** `status` ends with 1 while something is not healthy: its document is right all the same. */
  async status(): Promise<ServicesStatus> {
    return JSON.parse((await this.run('status', '--json')).stdout) as ServicesStatus;
  }

  /** WSClean processes that stages of this installation have started. */
  imagers(): ProcessIdentity[] {
    return this.processes((program) => program === 'wsclean');
  }

  /** Stages and their tools. */
  stageProcesses(): ProcessIdentity[] {
    return this.processes((program, args) => program === 'wsclean' || args.includes('meridian_compute'));
  }

  private processes(isWanted: (program: string, args: readonly string[]) => boolean): ProcessIdentity[] {
    const belongs = (pid: number): boolean =>
      readEnvironment(pid).some((variable) => variable.includes(join(this.home.paths.home, 'work')));
    return livingProcesses()
      .map(({ pid }) => ({ pid, args: readArguments(pid) }))
      .filter(({ args }) => isWanted(args[0]?.split('/').at(-1) ?? '', args))
      .filter(({ pid }) => belongs(pid))
      .flatMap(({ pid }) => identify(pid) ?? []);
  }

  async remove(): Promise<void> {
    await this.run('down');
    removeTestHome(this.home);
  }
}
