import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, jest } from '@jest/globals';
import { livingProcesses, readProcess, isDead } from '../../../activities/process/proc-table.ts';
import { eventually } from '../../support/eventually.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

// Started processes are nice: on a busy machine they wait for everybody else.
jest.setTimeout(300_000);

const temporaryFolder = temporaryFolders();

const HELPER = new URL('./hold-job.ts', import.meta.url).pathname;

const pidsIn = (file: string): number[] => {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
};

const alive = (pid: number): boolean => {
  const entry = readProcess(pid);
  return entry !== undefined && !isDead(entry);
};

it.each([
  ['a single tool', 'echo $$ >> pids; exec sleep 100', 1],
  ['a tool that ignores TERM', "trap '' TERM; echo $$ >> pids; while :; do sleep 1; done", 1],
  [
    'a tool with children that asked for no parent-death signal',
    'for i in 1 2 3; do sleep 100 & echo $! >> pids; done; echo $$ >> pids; wait',
    4,
  ],
])('leaves nothing of %s alive 2 s after kill -9 of the worker', async (_name, script, expected) => {
  const workdir = temporaryFolder();
  const pidFile = join(workdir, 'pids');
  const worker = spawn(process.execPath, [HELPER, workdir, 'sh', '-c', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await eventually('the tool runs', () => pidsIn(pidFile).length === expected);
  const pids = pidsIn(pidFile);
  const before = pids.map(alive);

  worker.kill('SIGKILL');
  await sleep(2000);

  expect(before).toEqual(pids.map(() => true));
  expect(pids.filter(alive)).toEqual([]);
  // Its watchdog has gone, too: nothing is left that was started with this work folder's worker.
  expect(livingProcesses().filter((entry) => entry.parentPid === worker.pid)).toEqual([]);
});

it('does not start the tool when the worker died before the tool could ask to die with it', async () => {
  const workdir = temporaryFolder();
  const script = join(workdir, 'guard-with-a-dead-parent.mjs');
  // The same guard, told that its parent is another process than the one it has.
  writeFileSync(
    script,
    `import { spawnSync } from 'node:child_process';
     import { GUARD } from ${JSON.stringify(new URL('../../../activities/process/launch.ts', import.meta.url).pathname)};
     const { status } = spawnSync('sh', ['-c', GUARD, '1', 'touch', 'started'], { cwd: ${JSON.stringify(workdir)} });
     process.exit(status);`,
  );
  const child = spawn(process.execPath, [script], { stdio: 'inherit' });
  const status = await new Promise((resolve) => child.once('exit', resolve));

  expect(status).toBe(125);
  expect(pidsIn(join(workdir, 'started'))).toEqual([]);
});
