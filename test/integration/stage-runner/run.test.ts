import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { hashOf } from '../../../domain/ids.ts';
import { AttemptLost } from '../../../activities/process/attempt-lost.ts';
import { isDead, readProcess } from '../../../activities/process/proc-table.ts';
import { describeContent } from '../../../activities/store/content-hash.ts';
import { eventually } from '../../support/eventually.ts';
import { useTestDatabase } from '../../support/postgres.ts';
import { anMsSummary, aProduct } from '../../support/rows.ts';
import { MS_SCRIPT, StageBench, watcher } from '../../support/stage-bench.ts';
import type { StageScript } from '../../support/stand-in-stage.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

// Stages are nice: on a busy machine they wait for everybody else.
jest.setTimeout(300_000);

const database = useTestDatabase();
const temporaryFolder = temporaryFolders();

let bench: StageBench;
let number = 0;
let name = '';
beforeEach(() => {
  bench = new StageBench(temporaryFolder(), database().url);
  name = `group-${(number += 1)}`;
});
afterEach(() => bench.close());

const effectsOf = (unit: string) =>
  bench.registry.db.selectFrom('effects').selectAll().where('unit', '=', unit).execute();
const productsOf = async (groupId: string) => (await bench.registry.products.list({ groupId })).items;
const alive = (pid: number): boolean => {
  const entry = readProcess(pid);
  return entry !== undefined && !isDead(entry);
};

it('registers what a stage made: files, hashes, parents, typed row, event, duration', async () => {
  const parent = aProduct();
  await bench.registry.transaction((tx) => tx.products.insert(parent));
  const request = await bench.request(name);
  const products = request.products.map((plan) => ({ ...plan, parents: [parent.id] }));
  const before = await bench.registry.events.latestId();

  const outcome = await bench.runner.run({ ...request, products }, watcher());

  const id = outcome.products['ms']?.id ?? '';
  const folder = join(bench.folder('store'), 'ms', '2026-01-25', id);
  expect(outcome).toMatchObject({ reused: false, products: { ms: { id, path: join(folder, 'a.ms') } } });
  const product = await bench.registry.products.require(id);
  expect(product).toMatchObject({
    kind: 'ms',
    state: 'staging',
    groupId: name,
    stage: 'convert',
    folder,
    toolVersions: { stand_in: '1.0' },
    warnings: ['few baselines'],
    createdByWorkflow: `ms/${name}/v1`,
    effectKey: outcome.effectKey,
  });
  expect(await describeContent(product.path)).toEqual({
    kind: 'folder',
    sizeBytes: product.sizeBytes,
    sha256: product.sha256,
  });
  expect(readdirSync(folder)).toEqual(['a.ms']);
  expect(await bench.registry.products.lineage(id, 'ancestors')).toMatchObject([{ id: parent.id }]);
  expect(await bench.registry.measurementSets.find(id)).toMatchObject({ groupId: name, stage: 'converted' });
  expect(await bench.registry.events.after(before)).toMatchObject([{ kind: 'product.registered', productId: id }]);
  expect(await bench.registry.durations.history('convert')).toContainEqual({ seconds: 0.1, size: expect.any(Number) });
  expect([bench.left('work'), bench.left('staging')]).toEqual([[], []]);
});

it('tells how far it is and which process does it', async () => {
  const hooks = watcher();
  await bench.runner.run(await bench.request(name, { ...MS_SCRIPT, sleepMs: 1200 }), hooks);
  const [pid] = bench.runs(name);

  expect(hooks.seen).toContainEqual({ fraction: 0.25, message: 'begun', pid });
  expect(hooks.seen.at(-1)).toEqual({ fraction: 1, message: 'done', pid });
});

it('does nothing twice: neither later, nor at the same time, nor after a new start', async () => {
  const request = await bench.request(name, { ...MS_SCRIPT, sleepMs: 100 });
  const [first, second] = await Promise.all([
    bench.runner.run(request, watcher()),
    bench.runner.run(request, watcher()),
  ]);
  const third = await bench.runner.run(request, watcher());
  const restarted = new StageBench(bench.home, database().url);
  const fourth = await restarted.runner.run(
    { ...request, owner: { ...request.owner, workflowId: 'other' } },
    watcher(),
  );
  await restarted.close();

  expect(bench.runs(name)).toHaveLength(1);
  expect([first, second, third, fourth].map(({ products }) => products)).toEqual(Array(4).fill(first.products));
  expect([third.reused, fourth.reused]).toEqual([true, true]);
  expect(third.result).toEqual(first.result);
  expect(await productsOf(name)).toHaveLength(1);
});

it('takes other parameters or inputs for other work, other places and means for the same', async () => {
  const request = await bench.request(name);
  const key = async (change: object): Promise<string> =>
    (await bench.runner.run({ ...request, ...change } as typeof request, watcher())).effectKey;
  const [input = ''] = request.spec.files;
  const moved = join(bench.home, 'moved.json');
  writeFileSync(moved, readFileSync(input));
  const same = [
    await key({}),
    await key({ spec: { ...request.spec, files: [moved] } }),
    await key({ spec: { ...request.spec, cores: 4, memory_gb: 2 } }),
  ];
  const others = [
    await key({ spec: { ...request.spec, driver: 'pyuvdata' } }),
    await key({ inputHashes: [hashOf('other')] }),
    await key({ unit: 'other' }),
    await key({
      spec: { ...request.spec, files: [input, moved] },
      inputHashes: [...request.inputHashes, ...request.inputHashes],
    }),
  ];

  expect(new Set(same).size).toBe(1);
  expect(new Set([...same, ...others]).size).toBe(5);
});

it('refuses a spec that names a path whose content hash is not given', async () => {
  const request = await bench.request(name);
  const spec = { ...request.spec, files: [...request.spec.files, '/data/another'] };

  expect(() => bench.runner.run({ ...request, spec }, watcher())).toThrow(/2 paths, but only 1 content hashes/);
});

it.each([
  ['the folder is gone', (path: string) => rmSync(path, { recursive: true })],
  ['a file of it is gone', (path: string) => rmSync(join(path, 'ANTENNA', 'table.dat'))],
  ['a file of it was cut', (path: string) => writeFileSync(join(path, 'table.dat'), 'ro')],
])('makes a result again when %s, and supersedes the old one', async (_what, damage) => {
  const request = await bench.request(name);
  const first = await bench.runner.run(request, watcher());
  const { id = '', path = '' } = first.products['ms'] ?? {};
  damage(path);
  const second = await bench.runner.run(request, watcher());
  const third = await bench.runner.run(request, watcher());

  expect([second.reused, third.reused]).toEqual([false, true]);
  expect(existsSync(second.products['ms']?.path ?? '')).toBe(true);
  expect(await bench.registry.products.require(id)).toMatchObject({
    filesMissingAt: expect.any(String),
    supersededBy: second.products['ms']?.id,
  });
  expect(await effectsOf(name)).toMatchObject([{ state: 'done', version: 2 }]);
});

it('makes a result again when a role is wanted that it does not have', async () => {
  const script = {
    ...MS_SCRIPT,
    files: { ...MS_SCRIPT.files, 'p.png': 'png' },
    outputs: { ms: 'a.ms', picture: 'p.png' },
  };
  const request = await bench.request(name, script);
  await bench.runner.run(request, watcher());
  const [plan] = request.products;
  if (plan === undefined) throw new Error('no plan');
  const second = await bench.runner.run({ ...request, products: [{ ...plan, roles: ['ms', 'picture'] }] }, watcher());

  expect(second.reused).toBe(false);
  expect(Object.keys(second.products)).toEqual(['ms', 'picture']);
});

it('puts several outputs of one product in one folder, optional ones only when they are there', async () => {
  const files = { 'x/tile.fits': 'a', 'y/tile.fits': 'bb', 'p.png': 'ccc' };
  const request = await bench.request(name, {
    files,
    outputs: { image: 'x/tile.fits', pb: 'y/tile.fits', picture: 'p.png' },
  });
  const plan = { kind: 'image' as const, roles: ['image', 'pb'], optionalRoles: ['picture', 'residual'], parents: [] };
  const { products } = await bench.runner.run({ ...request, products: [plan] }, watcher());
  const product = await bench.registry.products.require(products['image']?.id ?? '');

  expect(
    product.files.map(({ role, path, sizeBytes }) => [role, path.slice(product.folder.length + 1), sizeBytes]),
  ).toEqual([
    ['image', 'tile.fits', 1],
    ['pb', 'pb-tile.fits', 2],
    ['picture', 'p.png', 3],
  ]);
  expect(product.files.map(({ path }) => readFileSync(path, 'utf8'))).toEqual(['a', 'bb', 'ccc']);
  expect(product.sha256).toBe(product.files[0]?.sha256);
});

it('keeps the result of a stage that leaves nothing but its summary', async () => {
  const request = { ...(await bench.request(name, { summary: { n: 1 } })), products: [] };
  const first = await bench.runner.run(request, watcher());
  const second = await bench.runner.run(request, watcher());

  expect([first.products, second.reused, second.result.summary]).toEqual([{}, true, { n: 1 }]);
});

const failing: [string, StageScript, object][] = [
  [
    'its own code and words',
    { failure: { code: 'FILE_TRUNCATED', message: 'sb03 is cut', context: { file: 'sb03' } }, exitCode: 2 },
    { code: 'FILE_TRUNCATED', message: 'sb03 is cut', context: { file: 'sb03' } },
  ],
  [
    'its exit status',
    { exitCode: 3 },
    { code: 'TOOL_FAILED', message: expect.stringContaining('status 3: a line of log') },
  ],
  [
    'its signal',
    { killItself: 'SIGSEGV', sleepMs: 1 },
    { code: 'TOOL_FAILED', message: expect.stringContaining('SIGSEGV') },
  ],
  ['KILL without a count of the kernel', { killItself: 'SIGKILL', sleepMs: 1 }, { code: 'TOOL_FAILED' }],
  [
    'a code that is none of ours',
    { failure: { code: 'WHATEVER', message: 'odd' }, exitCode: 1 },
    { code: 'INTERNAL', message: 'odd' },
  ],
  ['no result', { lie: 'no-result' }, { code: 'OUTPUT_CORRUPT' }],
  ['a wrong hash', { ...MS_SCRIPT, lie: 'hash' }, { code: 'OUTPUT_CORRUPT' }],
  ['a wrong size', { ...MS_SCRIPT, lie: 'size' }, { code: 'OUTPUT_CORRUPT' }],
  ['another version', { ...MS_SCRIPT, lie: 'version' }, { code: 'OUTPUT_CORRUPT' }],
  ['an output that is not there', { ...MS_SCRIPT, lie: 'missing' }, { code: 'OUTPUT_CORRUPT' }],
  ['an output outside its folder', { ...MS_SCRIPT, lie: 'outside' }, { code: 'OUTPUT_CORRUPT' }],
  ['a link for an output', { ...MS_SCRIPT, lie: 'link' }, { code: 'OUTPUT_CORRUPT' }],
  ['a planned role missing', { files: { a: 'a' }, outputs: { other: 'a' } }, { code: 'OUTPUT_CORRUPT' }],
  [
    'a row that the registry refuses',
    { ...MS_SCRIPT, summary: { ms: { ...anMsSummary(), n_times: null } } },
    { message: expect.stringContaining('null value') },
  ],
];

it.each(failing)('fails with %s, registers nothing and leaves nothing', async (_what, script, expected) => {
  await expect(bench.runner.run(await bench.request(name, script), watcher())).rejects.toMatchObject(expected);

  expect(await productsOf(name)).toEqual([]);
  expect([bench.stored(), bench.left('work'), bench.left('staging')]).toEqual([[], [], []]);
  expect(await effectsOf(name)).toMatchObject([{ state: 'failed' }]);
});

it('runs again after a failure, and counts it', async () => {
  const request = await bench.request(name, { exitCode: 3 });
  for (let attempt = 0; attempt < 2; attempt += 1) await bench.runner.run(request, watcher()).catch(() => undefined);
  const [effect] = await effectsOf(name);

  expect(bench.runs(name)).toHaveLength(2);
  expect(await bench.registry.effects.failures(effect?.key ?? '', 'run-1', 'TOOL_FAILED')).toBe(2);
});

it('keeps the logs of a failure and names them where they are', async () => {
  const failure = { code: 'TOOL_FAILED', message: 'wsclean failed; see WORKDIR/logs/wsclean.log: bad' };
  const script = { files: { 'logs/wsclean.log': 'bad luck' }, failure, exitCode: 3 };
  const error = (await bench.runner
    .run(await bench.request(name, script), watcher())
    .catch((reason: unknown) => reason)) as { message: string; context: { log_folder: string } };
  const named = /see ([^:]+):/.exec(error.message)?.[1] ?? '';

  expect(named.startsWith(bench.folder('logs'))).toBe(true);
  expect(readFileSync(named, 'utf8')).toBe('bad luck');
  expect(readdirSync(error.context.log_folder).sort()).toEqual([
    'events.jsonl',
    'failure.json',
    'logs',
    'spec.json',
    'stage.log',
  ]);
});

it.each([false, true])('cancels: the process is gone, nothing is registered (ignores TERM: %s)', async (ignoreTerm) => {
  const hooks = watcher();
  const running = bench.runner.run(await bench.request(name, { ...MS_SCRIPT, sleepMs: 60_000, ignoreTerm }), hooks);
  await eventually('it runs', () => bench.runs(name).length === 1);
  const reason = new Error('cancelled by jane');
  hooks.abort(reason);

  await expect(running).rejects.toBe(reason);
  expect(bench.runs(name).filter(alive)).toEqual([]);
  expect([bench.stored(), bench.left('work'), bench.left('staging')]).toEqual([[], [], []]);
  expect(await effectsOf(name)).toMatchObject([{ state: 'cancelled' }]);
});

it('lets the next attempt take over the process of one that was lost', async () => {
  const request = await bench.request(name, { ...MS_SCRIPT, sleepMs: 700 });
  const lost = watcher();
  const first = bench.runner.run(request, lost);
  await eventually('it runs', () => bench.runs(name).length === 1);
  lost.abort(new AttemptLost('heartbeat timed out'));
  await expect(first).rejects.toBeInstanceOf(AttemptLost);
  const second = await bench.runner.run({ ...request, owner: { ...request.owner, attempt: 2 } }, watcher());

  expect(second.reused).toBe(false);
  expect(bench.runs(name)).toHaveLength(1);
});

it('stops a stage at its limit', async () => {
  const request = await bench.request(name, { ...MS_SCRIPT, sleepMs: 60_000 });
  const limits = { ...request.limits, wallSeconds: 0.5 };

  await expect(bench.runner.run({ ...request, limits }, watcher())).rejects.toMatchObject({ code: 'TOOL_TIMED_OUT' });
  expect(bench.runs(name).filter(alive)).toEqual([]);
});

it.each([
  ['disk', { diskGb: 1e6 }, 'DISK_FULL'],
  ['memory', { memoryGb: 100 }, 'OUT_OF_MEMORY'],
])('does not start without the %s it may need', async (_what, change, code) => {
  const request = await bench.request(name);

  await expect(
    bench.runner.run({ ...request, limits: { ...request.limits, ...change } }, watcher()),
  ).rejects.toMatchObject({
    code,
  });
  expect(bench.runs(name)).toEqual([]);
});

it('waits for cores, says so, and can be cancelled while it waits', async () => {
  const busy = bench.runner.run(
    {
      ...(await bench.request(name, { ...MS_SCRIPT, sleepMs: 1500 })),
      limits: { wallSeconds: 30, memoryGb: 1, diskGb: 0, cores: 2 },
    },
    watcher(),
  );
  await eventually('the first runs', () => bench.runs(name).length === 1);
  const waiting = watcher();
  const second = bench.runner.run(await bench.request(`${name}-b`), waiting);
  await eventually('it says so', () =>
    waiting.seen.some(({ message, pid }) => pid === 0 && message.includes('waits for cores')),
  );
  waiting.abort(new Error('cancelled'));

  await expect(second).rejects.toThrow('cancelled');
  await busy;
  expect(bench.runs(`${name}-b`)).toEqual([]);
});

it('lets only the newest of two workers commit; the other leaves no files', async () => {
  const request = await bench.request(name, { ...MS_SCRIPT, sleepMs: 1000 });
  const other = new StageBench(bench.home, database().url);
  const old = bench.runner.run(request, watcher()).catch((error: unknown) => error);
  await eventually('the old one runs', () => bench.runs(name).length === 1);
  const fresh = other.runner.run(request, watcher());

  expect(await old).toMatchObject({ code: 'FENCED_OUT' });
  const { products } = await fresh;
  await other.close();
  expect((await productsOf(name)).map(({ id }) => id)).toEqual([products['ms']?.id]);
  expect(bench.stored()).toEqual([`ms/2026-01-25/${products['ms']?.id}`]);
  expect(await effectsOf(name)).toMatchObject([{ state: 'done', token: 2 }]);
});
