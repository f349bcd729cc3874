import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it, jest } from '@jest/globals';
import { isDead, readProcess } from '../../../activities/process/proc-table.ts';
import { describeContent } from '../../../activities/store/content-hash.ts';
import { eventually } from '../../support/eventually.ts';
import { useTestDatabase } from '../../support/postgres.ts';
import { isCommitting, slowDownCommits } from '../../support/slow-commits.ts';
import { StageBench, watcher } from '../../support/stage-bench.ts';
import type { StageScript } from '../../support/stand-in-stage.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

// Stages are nice: on a busy machine they wait for everybody else.
jest.setTimeout(300_000);

const database = useTestDatabase();
const temporaryFolder = temporaryFolders();
const HELPER = fileURLToPath(new URL('./hold-stages.ts', import.meta.url));

/** Many files, so that hashing, moving and syncing take a while. */
const SCRIPT: StageScript = {
  files: Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`a.ms/t${i % 20}/f${i}`, `${i} `.repeat(2000)])),
  outputs: { ms: 'a.ms' },
};

const alive = (pid: number): boolean => {
  const entry = readProcess(pid);
  return entry !== undefined && !isDead(entry);
};

const startWorker = (bench: StageBench, name: string): ChildProcess =>
  spawn(process.execPath, [HELPER, bench.home, database().url, name], { stdio: ['ignore', 'inherit', 'inherit'] });

const hasResult = (bench: StageBench): boolean =>
  bench.left('work').some((folder) => existsSync(join(bench.folder('work'), folder, 'result.json')));

/** Moments of an attempt, in order, and whether the work counts when the worker dies then. */
const moments: [string, (bench: StageBench, name: string) => boolean | Promise<boolean>, boolean][] = [
  ['its stage runs', (bench, name) => bench.runs(name).length === 1, false],
  ['its stage has left a result', hasResult, false],
  ['outputs are being put together', (bench) => bench.left('staging').length > 0, false],
  ['outputs are in the store', (bench) => bench.stored().length > 0, false],
  ['the transaction is being committed', (bench) => isCommitting(bench.registry), true],
];

async function requireConsistent(bench: StageBench, name: string): Promise<number> {
  const { items } = await bench.registry.products.list({ groupId: name });
  const effects = await bench.registry.db.selectFrom('effects').selectAll().where('unit', '=', name).execute();
  for (const { id, path, sizeBytes, sha256 } of items) {
    expect(await describeContent(path)).toEqual({ kind: 'folder', sizeBytes, sha256 });
    expect(await bench.registry.measurementSets.find(id)).toBeDefined();
  }
  expect(items.length).toBeLessThanOrEqual(1);
  expect(effects.map(({ state }) => state)).toEqual([items.length === 1 ? 'done' : 'running']);
  return items.length;
}

it.each(moments)(
  'leaves nothing half done when killed while %s, and the next attempt goes on',
  async (_what, moment, counts) => {
    const bench = new StageBench(temporaryFolder(), database().url);
    await slowDownCommits(bench.registry, 0.4);
    const name = `group-${moments.findIndex(([what]) => what === _what)}`;
    const request = await bench.request(name, SCRIPT);
    const worker = startWorker(bench, name);
    await eventually(_what, () => moment(bench, name));
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    await eventually('the server has ended what it was doing', async () => !(await isCommitting(bench.registry)));
    const registered = await requireConsistent(bench, name);
    const [first] = bench.runs(name);

    const outcome = await bench.runner.run(request, watcher());

    expect(registered).toBe(counts ? 1 : 0);
    expect(outcome.reused).toBe(counts);
    expect(bench.runs(name)).toHaveLength(counts ? 1 : 2);
    expect(alive(first ?? 0)).toBe(false);
    expect(await requireConsistent(bench, name)).toBe(1);
    await bench.runner.sweep(0);
    expect(bench.stored()).toEqual([`ms/2026-01-25/${outcome.products['ms']?.id}`]);
    expect([bench.left('work'), bench.left('staging')]).toEqual([[], []]);
    await bench.close();
  },
);

it('sweeps nothing that is young or registered', async () => {
  const bench = new StageBench(temporaryFolder(), database().url);
  const { products } = await bench.runner.run(await bench.request('kept', SCRIPT), watcher());
  mkdirSync(join(bench.folder('store'), 'ms', '2026-01-25', 'without-a-row'), { recursive: true });
  const young = await bench.runner.sweep();
  const old = await bench.runner.sweep(0);

  expect([young, old]).toEqual([[], [join(bench.folder('store'), 'ms', '2026-01-25', 'without-a-row')]]);
  expect(existsSync(products['ms']?.path ?? '')).toBe(true);
  await bench.close();
});

it('takes the work folder of a dead worker away at once, keeps its logs, and leaves that of a living one', async () => {
  const bench = new StageBench(temporaryFolder(), database().url);
  await bench.request('dead', { ...SCRIPT, sleepMs: 60_000 });
  const worker = startWorker(bench, 'dead');
  await eventually('the stage runs', () => bench.runs('dead').length === 1);
  const [dead = ''] = bench.left('work');
  const hooks = watcher();
  const living = bench.runner.run(await bench.request('living', { ...SCRIPT, sleepMs: 60_000 }), hooks);
  await eventually('the other stage runs', () => bench.runs('living').length === 1);
  const whileBothLive = await bench.runner.sweep();
  worker.kill('SIGKILL');
  await once(worker, 'exit');
  const removed = await bench.runner.sweep();
  const logs = await bench.registry.effects.attempts({ workflowIds: ['ms/dead/v1'] });
  hooks.abort(new Error('enough'));
  await expect(living).rejects.toThrow('enough');
  await bench.close();

  expect([whileBothLive, removed]).toEqual([[], [join(bench.folder('work'), dead)]]);
  expect(readFileSync(join(logs[0]?.logFolder ?? '', 'stage.log'), 'utf8')).toContain('a line of log');
});

it('leaves no stage alive 2 s after kill -9 in its middle', async () => {
  const bench = new StageBench(temporaryFolder(), database().url);
  await bench.request('mid', { ...SCRIPT, sleepMs: 60_000, ignoreTerm: true });
  const worker = startWorker(bench, 'mid');
  await eventually('the stage runs', () => bench.runs('mid').length === 1);
  const [pid = 0] = bench.runs('mid');
  const before = alive(pid);
  worker.kill('SIGKILL');
  await sleep(2000);
  await bench.close();

  expect([before, alive(pid)]).toEqual([true, false]);
});
