import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { isDead, readProcess } from '../../../activities/process/proc-table.ts';
import { describeContent } from '../../../activities/store/content-hash.ts';
import { sweepLeftovers } from '../../../activities/store/sweep.ts';
import { eventually } from '../../support/eventually.ts';
import { useTestDatabase } from '../../support/postgres.ts';
import { isCommitting, slowDownCommits } from '../../support/slow-commits.ts';
import { StageBench, watcher } from '../../support/stage-bench.ts';
import type { StageScript } from '../../support/stand-in-stage.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

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
    await eventually(_what, () => moment(bench, name), 30);
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
    await sweepLeftovers({ folders: foldersOf(bench), products: bench.registry.products, olderThanHours: 0 });
    expect(bench.stored()).toEqual([`ms/2026-01-25/${outcome.products['ms']?.id}`]);
    expect([bench.left('work'), bench.left('staging')]).toEqual([[], []]);
    await bench.close();
  },
);

const foldersOf = (bench: StageBench) => ({
  store: bench.folder('store'),
  staging: bench.folder('staging'),
  work: bench.folder('work'),
});

it('sweeps nothing that is young or registered', async () => {
  const bench = new StageBench(temporaryFolder(), database().url);
  const { products } = await bench.runner.run(await bench.request('kept', SCRIPT), watcher());
  const young = await sweepLeftovers({ folders: foldersOf(bench), products: bench.registry.products });
  const old = await sweepLeftovers({ folders: foldersOf(bench), products: bench.registry.products, olderThanHours: 0 });

  expect([young, old]).toEqual([[], []]);
  expect(existsSync(products['ms']?.path ?? '')).toBe(true);
  await bench.close();
});

it('leaves no stage alive 2 s after kill -9 in its middle', async () => {
  const bench = new StageBench(temporaryFolder(), database().url);
  await bench.request('mid', { ...SCRIPT, sleepMs: 60_000, ignoreTerm: true });
  const worker = startWorker(bench, 'mid');
  await eventually('the stage runs', () => bench.runs('mid').length === 1, 30);
  const [pid = 0] = bench.runs('mid');
  const before = alive(pid);
  worker.kill('SIGKILL');
  await sleep(2000);
  await bench.close();

  expect([before, alive(pid)]).toEqual([true, false]);
});
