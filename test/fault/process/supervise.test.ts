import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import { isDead, readProcess } from '../../../activities/process/proc-table.ts';
import { supervise, type ProcessReport, type SuperviseHooks } from '../../../activities/process/supervise.ts';
import { eventually } from '../../support/eventually.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

// Started processes are nice: on a busy machine they wait for everybody else.
jest.setTimeout(300_000);

const temporaryFolder = temporaryFolders();

interface Scene {
  readonly script: string;
  readonly wallSeconds?: number;
  readonly graceSeconds?: number;
  readonly hooks?: Partial<SuperviseHooks>;
}

const run = (workdir: string, scene: Scene): Promise<ProcessReport> =>
  supervise(
    {
      command: ['sh', '-c', scene.script],
      cwd: workdir,
      env: { PATH: '/usr/bin:/bin', GREETING: 'hello' },
      logPath: join(workdir, 'out.log'),
      eventsPath: join(workdir, 'events.jsonl'),
      wallSeconds: scene.wallSeconds ?? 30,
      ...(scene.graceSeconds === undefined ? {} : { graceSeconds: scene.graceSeconds }),
    },
    { signal: new AbortController().signal, ...scene.hooks },
  );

const pidsIn = (file: string): number[] => readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number);
const isRunning = (pid: number): boolean => {
  const entry = readProcess(pid);
  return entry !== undefined && !isDead(entry);
};

it('reports how a process ended and keeps what it said', async () => {
  const workdir = temporaryFolder();

  const report = await run(workdir, { script: 'echo $GREETING; echo trouble >&2; exit 3' });

  expect(report).toMatchObject({ ending: 'exited', exitCode: 3, signal: null, oomKilled: false });
  expect(readFileSync(join(workdir, 'out.log'), 'utf8')).toBe('hello\ntrouble\n');
});

it('passes on nothing of its own environment and runs nicely', async () => {
  const workdir = temporaryFolder();
  process.env['MERIDIAN_TEST_SECRET'] = 'secret';

  await run(workdir, { script: 'env > environment; nice > niceness; cat /proc/self/oom_score_adj > oom' });

  expect(readFileSync(join(workdir, 'environment'), 'utf8')).not.toContain('secret');
  expect(Number(readFileSync(join(workdir, 'niceness'), 'utf8'))).toBeGreaterThanOrEqual(10);
  expect(Number(readFileSync(join(workdir, 'oom'), 'utf8'))).toBe(500);
});

it('hands on every event line in order, the last ones included', async () => {
  const workdir = temporaryFolder();
  const lines: string[] = [];

  await run(workdir, {
    script:
      'for i in 1 2 3; do echo "line $i" >> events.jsonl; sleep 0.3; done; printf "line 4\\nline 5\\nhalf" >> events.jsonl',
    hooks: { onLine: (line) => lines.push(line) },
  });

  expect(lines).toEqual(['line 1', 'line 2', 'line 3', 'line 4', 'line 5']);
});

it('says that a program is not there', async () => {
  const workdir = temporaryFolder();

  const report = await run(workdir, { script: 'exec /no/such/program' });

  expect(report.exitCode).toBe(127);
  expect(readFileSync(join(workdir, 'out.log'), 'utf8')).toContain('/no/such/program');
});

it('refuses to start in a folder that is not there', async () => {
  await expect(
    supervise(
      { command: ['true'], cwd: '/no/such/folder', env: {}, logPath: '/dev/null', wallSeconds: 1 },
      { signal: new AbortController().signal },
    ),
  ).rejects.toMatchObject({ code: 'TOOL_MISSING' });
});

it.each([
  ['cancelled', 30, 50],
  ['timed_out', 0.3, 0],
] as const)('ends a whole tree with TERM when it is %s', async (ending, wallSeconds, cancelAfterMs) => {
  const workdir = temporaryFolder();
  const controller = new AbortController();
  const script = 'trap "echo asked > asked; exit 0" TERM; echo $$ > pids; sleep 100 & echo $! >> pids; wait';
  const running = run(workdir, { script, wallSeconds, hooks: { signal: controller.signal } });
  await eventually('it runs', () => existsSync(join(workdir, 'pids')) && pidsIn(join(workdir, 'pids')).length === 2);
  const pids = pidsIn(join(workdir, 'pids'));
  if (cancelAfterMs > 0) controller.abort(new Error('no longer wanted'));

  const report = await running;

  expect(report.ending).toBe(ending);
  expect(existsSync(join(workdir, 'asked'))).toBe(true);
  expect(pids.filter(isRunning)).toEqual([]);
});

it('kills what ignores TERM, grandchildren and those that left the process group included', async () => {
  const workdir = temporaryFolder();
  const controller = new AbortController();
  const stubborn = `trap '' TERM; echo $$ >> pids; while :; do sleep 0.2; done`;
  const script = `(${stubborn}) & setsid sh -c "${stubborn.replaceAll('$', '\\$')}" & sh -c '(sleep 60 & echo $! >> pids) '; ${stubborn}`;
  const running = run(workdir, { script, graceSeconds: 0.5, hooks: { signal: controller.signal } });
  await eventually(
    'all four run',
    () => existsSync(join(workdir, 'pids')) && pidsIn(join(workdir, 'pids')).length === 4,
  );
  const pids = pidsIn(join(workdir, 'pids'));
  controller.abort(new Error('no longer wanted'));

  const report = await running;

  expect(report).toMatchObject({ ending: 'cancelled', signal: 'SIGKILL' });
  expect(pids.filter(isRunning)).toEqual([]);
});

it('leaves no child behind when the process itself ends well', async () => {
  const workdir = temporaryFolder();

  const report = await run(workdir, {
    script: 'setsid sleep 100 & echo $! > pids; sleep 100 & echo $! >> pids; exit 0',
  });

  expect(report).toMatchObject({ ending: 'exited', exitCode: 0 });
  expect(pidsIn(join(workdir, 'pids')).filter(isRunning)).toEqual([]);
});

it('reports the signal that somebody else sent', async () => {
  const workdir = temporaryFolder();

  const report = await run(workdir, { script: 'kill -SEGV $$' });

  expect(report).toMatchObject({ ending: 'exited', exitCode: null, signal: 'SIGSEGV', oomKilled: false });
});

it('leaves nothing alive when a hook fails', async () => {
  const workdir = temporaryFolder();
  let pid = 0;

  const running = run(workdir, {
    script: 'sleep 100',
    hooks: {
      onStart: (started) => {
        pid = started;
        throw new Error('broken hook');
      },
    },
  });

  await expect(running).rejects.toThrow('broken hook');
  expect(isRunning(pid)).toBe(false);
});

it('appends to a log instead of overwriting an earlier one', async () => {
  const workdir = temporaryFolder();
  writeFileSync(join(workdir, 'out.log'), '');
  appendFileSync(join(workdir, 'out.log'), 'before\n');

  await run(workdir, { script: 'echo after' });

  expect(readFileSync(join(workdir, 'out.log'), 'utf8')).toBe('before\nafter\n');
});
