/** A MERIDIAN_HOME for one test run: empty, but with the installed tools; removed with everything that was left in it. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { livingProcesses, readArguments, readEnvironment } from '../../activities/process/proc-table.ts';
import { homePaths } from '../../config/index.ts';
import type { HomePaths } from '../../config/index.ts';
import { recordedDataFolder } from '../../services/postgres-place.ts';

/** Variables that would lead tests to services of somebody else. */
const FOREIGN = ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'NODE_OPTIONS'];

export interface TestHome {
  readonly paths: HomePaths;
  readonly env: NodeJS.ProcessEnv;
}

/** Makes a home that shares the tools and the Python environment of `installed`. */
export function makeTestHome(installed: HomePaths): TestHome {
  const home = mkdtempSync(join(tmpdir(), 'meridian-test-'));
  // PostgreSQL may run as another user (we may be root) and has to reach its data.
  chmodSync(home, 0o755);
  const temporary = join(home, 'tmp');
  mkdirSync(temporary);
  symlinkSync(installed.tools, join(home, 'tools'));
  symlinkSync(installed.venv, join(home, 'venv'));
  const env: NodeJS.ProcessEnv = { ...process.env, MERIDIAN_HOME: home, TMPDIR: temporary, MERIDIAN_APT: 'no' };
  for (const name of FOREIGN) delete env[name];
  return { paths: homePaths(home), env };
}

/** Processes that a finished run left behind: they carry its home or its temporary folder in their environment. */
export function leftovers({ paths }: TestHome): { pid: number; command: string }[] {
  return livingProcesses()
    .filter(({ pid }) => pid !== process.pid && readEnvironment(pid).some((variable) => variable.includes(paths.home)))
    .map(({ pid }) => ({ pid, command: readArguments(pid).join(' ') }));
}

/** Ends what was left and removes the home. */
export function removeTestHome(testHome: TestHome): void {
  for (const { pid } of leftovers(testHome)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  const data = recordedDataFolder(testHome.paths);
  if (data && !data.startsWith(testHome.paths.home)) rmSync(dirname(data), { recursive: true, force: true });
  rmSync(testHome.paths.home, { recursive: true, force: true });
}
