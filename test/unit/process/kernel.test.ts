import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync, appendFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import { freeDiskGib, requireFreeDisk } from '../../../activities/process/disk.ts';
import { LineTail } from '../../../activities/process/line-tail.ts';
import { oomKills } from '../../../activities/process/oom.ts';
import {
  hasVariable,
  identify,
  isAlive,
  livingProcesses,
  readProcess,
} from '../../../activities/process/proc-table.ts';
import { eventually } from '../../support/eventually.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

// Started processes are nice: on a busy machine they wait for everybody else.
jest.setTimeout(300_000);

const temporaryFolder = temporaryFolders();

const kernelFiles = (files: Record<string, string>) => {
  const root = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { proc: join(root, 'proc'), cgroup: join(root, 'cgroup') };
};

it('knows this process and its start', () => {
  const me = readProcess(process.pid);

  expect(me).toMatchObject({ pid: process.pid, parentPid: process.ppid });
  expect(me?.startTicks).toBeGreaterThan(0);
  expect(livingProcesses().map((entry) => entry.pid)).toContain(process.pid);
});

it('reads a process whose name holds blanks and parentheses', () => {
  const script = `const { writeFileSync, readFileSync } = require('node:fs');
    writeFileSync('/proc/self/comm', 'a) R (b 1'); process.stdout.write(readFileSync('/proc/self/stat'));`;
  const { stdout } = spawnSync(process.execPath, ['-e', `${script} process.stdout.write(String(process.ppid))`]);
  const child = spawn(process.execPath, ['-e', `${script} setInterval(() => {}, 1000)`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

  return new Promise<void>((resolve) => {
    child.stdout.once('data', () => {
      expect(stdout.toString()).toContain('(a) R (b 1)');
      expect(readProcess(child.pid as number)).toMatchObject({ parentPid: process.pid });
      child.kill('SIGKILL');
      child.once('exit', () => resolve());
    });
  });
});

it('does not take another process with the same number for the same', () => {
  const me = identify(process.pid);
  if (me === undefined) throw new Error('this process is not in /proc');

  expect(isAlive(me)).toBe(true);
  expect(isAlive({ ...me, startTicks: me.startTicks - 1 })).toBe(false);
  expect(isAlive({ ...me, bootId: 'another boot' })).toBe(false);
});

it('counts a zombie as dead', async () => {
  // A shell would look after a child that ends while it is still a shell; the program it becomes does not.
  const parent = spawn('sh', ['-c', 'sleep 1 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (data) => resolve(Number(data))));
  await eventually('its child is a zombie', () => readProcess(pid)?.state === 'Z', 30);
  const zombie = identify(pid);
  const listed = livingProcesses().some((entry) => entry.pid === pid);
  const alive = zombie !== undefined && isAlive(zombie);
  parent.kill('SIGKILL');

  expect(zombie).toBeDefined();
  expect([listed, alive]).toEqual([false, false]);
});

it('finds a process by its environment', () => {
  const child = spawn('sleep', ['60'], { env: { PATH: process.env['PATH'], MARK: 'x1' } });
  const pid = child.pid as number;
  const found = [hasVariable(pid, 'MARK', 'x1'), hasVariable(pid, 'MARK', 'x'), hasVariable(2 ** 22, 'MARK', 'x1')];
  child.kill('SIGKILL');

  expect(found).toEqual([true, false, false]);
});

it.each([
  ['version 2', { 'proc/self/cgroup': '0::/a/b\n', 'cgroup/a/b/memory.events': 'oom 9\noom_kill 2\n' }, 2],
  [
    'version 1',
    {
      'proc/self/cgroup': '5:cpu:/x\n4:memory:/job\n0::/\n',
      'cgroup/memory/job/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 3\n',
    },
    3,
  ],
  ['a container', { 'proc/self/cgroup': '0::/docker/abc\n', 'cgroup/memory.events': 'oom_kill 4\n' }, 4],
  ['no memory group', { 'proc/self/cgroup': '0::/\n', 'proc/vmstat': 'pgfault 1\noom_kill 5\n' }, 5],
  ['nothing', {}, undefined],
])('reads how often the OOM killer came: %s', (_name, files, expected) => {
  expect(oomKills(kernelFiles(files))).toBe(expected);
});

it('reads the counter of this machine', () => {
  expect(oomKills()).toBeGreaterThanOrEqual(0);
});

it('gives each complete line once, a character split between two reads included', async () => {
  const file = join(temporaryFolder(), 'events.jsonl');
  const tail = new LineTail(file);
  const bytes = Buffer.from('eins\nzwölf\ndrei\n');
  const seen = [await tail.read()];
  writeFileSync(file, bytes.subarray(0, 8));
  seen.push(await tail.read());
  appendFileSync(file, bytes.subarray(8, 13));
  seen.push(await tail.read());
  appendFileSync(file, bytes.subarray(13));
  seen.push(await tail.read(), await tail.read());

  expect(seen).toEqual([[], ['eins'], ['zwölf'], ['drei'], []]);
});

it('refuses to start work that the disk cannot take, and says what is free', async () => {
  const folder = temporaryFolder();
  const free = await freeDiskGib(folder);

  await expect(requireFreeDisk(folder, free / 2)).resolves.toBeUndefined();
  await expect(requireFreeDisk(folder, free + 1000)).rejects.toMatchObject({
    code: 'DISK_FULL',
    message: expect.stringContaining(folder),
    context: { folder, free_gib: expect.any(Number), needed_gib: expect.any(Number) },
  });
});
