import { expect, it } from '@jest/globals';
import { uuid7, type NewProduct } from '../../../registry/index.ts';
import { useRegistry } from '../../support/postgres.ts';
import { aHash, aProduct } from '../../support/rows.ts';

const registry = useRegistry();

const insert = async (overrides: Partial<NewProduct> = {}): Promise<string> => {
  const product = aProduct(overrides);
  await registry().transaction((tx) => tx.products.insert(product));
  return product.id;
};

it('gives a product back with the absolute paths of its files, the main one first', async () => {
  const parent = await insert();
  const id = await insert({
    kind: 'image',
    relativePath: 'image/2026-01-25/x',
    parameters: { robust: 0.5, nested: { some_key: [1, 2] } },
    warnings: ['few baselines'],
    parents: [parent, parent],
    files: [
      { role: 'image_pb', name: 'tile-pb.fits', kind: 'file', sizeBytes: 10, sha256: aHash('1') },
      { role: 'image', name: 'tile.fits', kind: 'file', sizeBytes: 11, sha256: aHash('2') },
    ],
  });

  expect(await registry().products.require(id)).toMatchObject({
    id,
    kind: 'image',
    state: 'staging',
    qa: 'not_evaluated',
    folder: '/store/image/2026-01-25/x',
    path: '/store/image/2026-01-25/x/tile-pb.fits',
    parameters: { robust: 0.5, nested: { some_key: [1, 2] } },
    warnings: ['few baselines'],
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    files: [
      {
        role: 'image_pb',
        path: '/store/image/2026-01-25/x/tile-pb.fits',
        kind: 'file',
        sizeBytes: 10,
        sha256: aHash('1'),
      },
      { role: 'image', path: '/store/image/2026-01-25/x/tile.fits', kind: 'file', sizeBytes: 11, sha256: aHash('2') },
    ],
  });
});

it('writes nothing of a product whose transaction fails', async () => {
  const product = aProduct();
  const attempt = registry().transaction(async (tx) => {
    await tx.products.insert(product);
    await tx.events.append({ kind: 'product.made', productId: product.id });
    throw new Error('killed here');
  });

  await expect(attempt).rejects.toThrow('killed here');
  expect(await registry().products.find(product.id)).toBeUndefined();
  await expect(registry().products.require(product.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it.each([
  [
    'a second product in the same folder',
    async () => ({ relativePath: (await registry().products.require(await insert())).relativePath }),
  ],
  ['a parent that is not there', () => Promise.resolve({ parents: [uuid7()] })],
  ['a hash that is none', () => Promise.resolve({ sha256: 'abc' })],
  ['an unknown kind', () => Promise.resolve({ kind: 'thing' as never })],
])('refuses %s', async (_what, overrides) => {
  await expect(insert(await overrides())).rejects.toThrow();
});

it('moves a product from staging to published and keeps where it is now', async () => {
  const id = await insert();
  await registry().products.setState(id, 'publishing');
  await registry().products.setState(id, 'staging', { error: 'disk full' });
  const failed = await registry().products.require(id);
  await registry().products.setState(id, 'publishing');
  await registry().products.setState(id, 'published', { root: 'published', relativePath: `mosaic/${id}` });
  await registry().products.setState(id, 'published');

  expect(failed).toMatchObject({ state: 'staging', publishError: 'disk full', publishAttempts: 1 });
  expect(await registry().products.require(id)).toMatchObject({
    state: 'published',
    folder: `/published/mosaic/${id}`,
    publishAttempts: 2,
    publishError: null,
    publishedAt: expect.any(String),
  });
  await expect(registry().products.setState(id, 'staging')).rejects.toMatchObject({ code: 'CONFLICT' });
});

it('pages through products, newest first, without gaps or doubles', async () => {
  const ids: string[] = [];
  for (let index = 0; index < 5; index += 1) ids.push(await insert({ groupId: 'paged', kind: 'calib_ms' }));
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<ReturnType<typeof registry>['products']['list']>> = await registry().products.list({
      groupId: 'paged',
      limit: 2,
      ...(cursor === null ? {} : { cursor }),
    });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);

  expect(seen).toEqual([...ids].sort().reverse());
});

it('tells the ancestors and descendants of a product, nearest first', async () => {
  const ms = await insert();
  const table = await insert({ kind: 'caltable', parents: [ms] });
  const calibrated = await insert({ kind: 'calib_ms', parents: [ms, table] });
  const tile = await insert({ kind: 'image', parents: [calibrated] });
  const summary = async (id: string, direction: 'ancestors' | 'descendants') =>
    (await registry().products.lineage(id, direction)).map((relative) => [relative.id, relative.distance]);

  expect(await summary(tile, 'ancestors')).toEqual([[calibrated, 1], ...[ms, table].sort().map((id) => [id, 2])]);
  expect(await summary(ms, 'descendants')).toEqual([...[table, calibrated].sort().map((id) => [id, 1]), [tile, 2]]);
});

it('knows which folders of the store belong to products', async () => {
  const id = await insert();
  const { relativePath } = await registry().products.require(id);

  expect(await registry().products.registeredPaths('store', [relativePath, 'ms/2026-01-25/other'])).toEqual(
    new Set([relativePath]),
  );
});
