import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { describeContent } from '../../../activities/store/content-hash.ts';
import { migrateToLatest } from '../../../registry/migrate.ts';
import { eventually } from '../../support/eventually.ts';
import { isCommitting, slowDownCommits } from '../../support/slow-commits.ts';
import { startTestServer, type TestServer } from '../../support/postgres-server.ts';
import { MS_SCRIPT, StageBench, watcher } from '../../support/stage-bench.ts';
import { startProxy } from '../../support/tcp-proxy.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

// Stages are nice: on a busy machine they wait for everybody else.
jest.setTimeout(300_000);

const temporaryFolder = temporaryFolders();

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await migrateToLatest(server.url);
});
afterAll(() => server.stop());

async function requireOneProduct(bench: StageBench, name: string): Promise<void> {
  const { items } = await bench.registry.products.list({ groupId: name });
  const [product] = items;
  if (product === undefined) throw new Error('nothing is registered');
  expect(items).toHaveLength(1);
  expect((await describeContent(product.path)).sha256).toBe(product.sha256);
  expect(bench.stored()).toEqual([product.relativePath]);
  const attempts = await bench.registry.effects.attempts({ workflowIds: [`ms/${name}/v1`] });
  expect(attempts.map(({ state }) => state)).toEqual(['done']);
}

it('commits once when PostgreSQL is killed during the commit and comes back', async () => {
  const bench = new StageBench(temporaryFolder(), server.url);
  await slowDownCommits(bench.registry, 0.4);
  const running = bench.runner.run(await bench.request('during', MS_SCRIPT), watcher());
  await eventually('the commit has begun', () => isCommitting(bench.registry));
  await server.kill();
  await sleep(700);
  await server.start();
  const outcome = await running;

  expect(outcome.reused).toBe(false);
  expect(bench.runs('during')).toHaveLength(1);
  await requireOneProduct(bench, 'during');
  await bench.close();
});

it('commits once when the answer to a commit that counts is lost', async () => {
  const proxy = await startProxy(server.url);
  const bench = new StageBench(temporaryFolder(), proxy.url);
  await slowDownCommits(bench.registry, 0.8);
  const running = bench.runner.run(await bench.request('answer', MS_SCRIPT), watcher());
  await eventually('the commit has begun', () => isCommitting(bench.registry));
  // Only the line breaks: the server goes on and commits.
  proxy.cut();
  const outcome = await running;

  expect(outcome.reused).toBe(false);
  expect(bench.runs('answer')).toHaveLength(1);
  await requireOneProduct(bench, 'answer');
  await bench.close();
  await proxy.stop();
});

it('finishes a stage during which PostgreSQL was away', async () => {
  const bench = new StageBench(temporaryFolder(), server.url);
  const running = bench.runner.run(await bench.request('away', { ...MS_SCRIPT, sleepMs: 300 }), watcher());
  await eventually('it runs', () => bench.runs('away').length === 1);
  await server.kill();
  await sleep(1500);
  await server.start();
  await running;

  expect(bench.runs('away')).toHaveLength(1);
  await requireOneProduct(bench, 'away');
  await bench.close();
});

it('says that the registry is away when it is asked for work meanwhile', async () => {
  const bench = new StageBench(temporaryFolder(), 'postgres://meridian@127.0.0.1:1/none');

  await expect(bench.runner.run(await bench.request('none', MS_SCRIPT), watcher())).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
  expect(bench.runs('none')).toEqual([]);
  await bench.close();
});

it('leaves the files of a commit whose end it could not await, since it may count', async () => {
  const proxy = await startProxy(server.url);
  const bench = new StageBench(temporaryFolder(), proxy.url);
  await slowDownCommits(bench.registry, 1.5);
  const hooks = watcher();
  const running = bench.runner.run(await bench.request('unknown', MS_SCRIPT), hooks).catch((error: unknown) => error);
  await eventually('the commit has begun', () => isCommitting(bench.registry));
  proxy.cut();
  hooks.abort(new Error('cancelled at a bad moment'));
  await running;
  const find = async () => (await bench.registry.products.list({ groupId: 'unknown' })).items[0];
  await eventually('the commit counts', async () => (await find()) !== undefined);

  expect(bench.stored()).toEqual([(await find())?.relativePath]);
  await bench.close();
  await proxy.stop();
});
