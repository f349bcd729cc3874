import { expect, it } from '@jest/globals';
import {
  caltableRow,
  imageRow,
  measurementSetRow,
  mosaicRow,
  uuid7,
  type NewProduct,
  type ProductRow,
} from '../../../registry/index.ts';
import { insertProductRow } from '../../../registry/product-rows.ts';
import type { CaltableSummary } from '../../../domain/generated/stages.ts';
import { useRegistry } from '../../support/postgres.ts';
import {
  aMosaicGroup,
  aMosaicSummary,
  anImageSummary,
  anMsSummary,
  aProduct,
  aQaSummary,
  aSolveSummary,
} from '../../support/rows.ts';

const registry = useRegistry();

const insert = async (
  kind: NewProduct['kind'],
  row: ProductRow,
  overrides: Partial<NewProduct> = {},
): Promise<string> => {
  const product = aProduct({ kind, ...overrides });
  await registry().transaction(async (tx) => {
    await tx.products.insert(product);
    await insertProductRow(tx.db, product.id, row);
  });
  return product.id;
};

let hour = 0;
const newGroupId = (): string => `2026-03-01T00:00:${String((hour += 1)).padStart(2, '0')}`;

const anMs = (groupId: string, facts = {}): Promise<string> =>
  insert('ms', measurementSetRow(anMsSummary(), { stage: 'flagged', groupId, groupVersion: 1, ...facts }));

const aTile = (groupId: string, midMjd = 61065.93656): Promise<string> =>
  insert(
    'image',
    imageRow(anImageSummary({ mid_mjd: midMjd }), {
      name: groupId,
      groupId,
      groupVersion: 1,
      msId: null,
      recipeHash: 'r1',
      caltableIds: [],
      calibrator: null,
      qualityTier: 'standard',
    }),
  );

const aSet = async (overrides = {}, qa: 'pass' | 'fail' = 'pass'): Promise<{ setId: string; ids: string[] }> => {
  const solve = aSolveSummary(overrides);
  const setId = uuid7();
  const ids: string[] = [];
  const facts = { setId, groupId: null, groupVersion: null, msId: null, fluxScale: 'secondary', parameters: {} };
  for (const table of [...solve.tables].reverse() as CaltableSummary[]) {
    ids.unshift(await insert('caltable', caltableRow(solve, table, facts), { qa }));
  }
  return { setId, ids };
};

it('finds what a unit ended with, also when another unit had made it', async () => {
  const groupId = newGroupId();
  const [first, second] = [`ms/${groupId}/v1`, `ms/${groupId}/v2`];
  const made = await anMs(groupId);
  const before = await registry().units.productOf(first);
  await registry().units.record(first, made);
  await registry().units.record(second, made);

  expect(before).toBeUndefined();
  expect([await registry().units.productOf(first), await registry().units.productOf(second)]).toEqual([made, made]);
  expect(await registry().measurementSets.find(made)).toMatchObject({
    telescopeName: 'DSA_110',
    missingSubbands: [3],
    startUtc: '2026-01-25T22:26:04.128Z',
  });
});

it('does not find a product whose files are gone, and finds the one that was made again', async () => {
  const groupId = newGroupId();
  const unit = `ms/${groupId}/v1`;
  const lost = await anMs(groupId);
  await registry().units.record(unit, lost);
  await registry().products.markFilesMissing([lost]);
  const afterLoss = await registry().units.productOf(unit);
  const made = await anMs(groupId);
  await registry().units.record(unit, made);

  expect(afterLoss).toBeUndefined();
  expect(await registry().units.productOf(unit)).toBe(made);
  expect(await registry().measurementSets.find(lost)).toMatchObject({ id: lost });
});

it('commits a measurement set once', async () => {
  const id = await anMs(newGroupId());
  const before = await registry().measurementSets.find(id);
  await registry().measurementSets.commit(id);
  const first = await registry().measurementSets.find(id);
  await registry().measurementSets.commit(id);

  expect(before?.committedAt).toBeNull();
  expect((await registry().measurementSets.find(id))?.committedAt).toBe(first?.committedAt);
});

it('gives the tables that are valid at a time in the order in which they are applied', async () => {
  const { setId, ids } = await aSet({ transit_mjd: 50000, valid_start_mjd: 49999.5, valid_end_mjd: 50001 });
  const idsAt = async (mjd: number, decDeg?: number): Promise<string[][]> =>
    (await registry().caltables.activeAt({ mjd, ...(decDeg === undefined ? {} : { decDeg }) })).map(({ tables }) =>
      tables.map(({ id }) => id),
    );

  expect(await idsAt(50000.5)).toEqual([ids]);
  expect(await idsAt(49999.5)).toEqual([ids]);
  expect(await idsAt(50001.1)).toEqual([]);
  expect(await idsAt(50000.5, 17)).toEqual([ids]);
  expect(await idsAt(50000.5, 17.2)).toEqual([]);
  await registry().caltables.setStatus(setId, 'superseded');
  expect(await idsAt(50000.5)).toEqual([]);
});

it.each([
  ['the solve judged bad', { verdict: 'fail' as const }, 'pass' as const],
  ['a later check failed', {}, 'fail' as const],
])('offers no tables that %s', async (_what, overrides, qa) => {
  const mjd = 40000 + (hour += 1);
  await aSet({ transit_mjd: mjd, valid_start_mjd: mjd, valid_end_mjd: mjd, ...overrides }, qa);

  expect(await registry().caltables.activeAt({ mjd })).toEqual([]);
});

it('refuses a table whose transit lies outside its validity', async () => {
  await expect(aSet({ transit_mjd: 50000, valid_start_mjd: 50001, valid_end_mjd: 50002 })).rejects.toThrow('caltables');
});

it('finds the tables solved on a measurement set', async () => {
  const msId = await anMs(newGroupId());
  const solve = aSolveSummary();
  const setId = uuid7();
  for (const table of solve.tables) {
    const facts = { setId, groupId: null, groupVersion: null, msId, fluxScale: null, parameters: {} };
    await insert('caltable', caltableRow(solve, table, facts));
  }

  expect(
    (await registry().caltables.ofMeasurementSet(msId)).map(({ tables }) => tables.map(({ type }) => type)),
  ).toEqual([['K', 'B', 'G']]);
});

it('keeps what QA says of a tile', async () => {
  const groupId = newGroupId();
  const id = await aTile(groupId);
  await registry().transaction((tx) => tx.images.recordQa(id, aQaSummary()));

  expect(await registry().images.find(id)).toMatchObject({
    id,
    qa: 'warn',
    fluxRatio: 1.02,
    decOffsetArcsec: -0.3,
    bmajArcsec: 33,
    qaReport: { n_matched: 20 },
  });
  expect(await registry().products.require(id)).toMatchObject({ qa: 'warn' });
});

it('keeps a mosaic with its tiles in order of time', async () => {
  const tiles = [await aTile(newGroupId(), 61065.93), await aTile(newGroupId(), 61065.94)];
  const { group } = await registry().mosaicGroups.request(aMosaicGroup());
  const facts = { name: '3C286', mosaicGroupId: group.id, calibrator: '3C286' };
  const id = await insert('mosaic', mosaicRow(aMosaicSummary(tiles), facts));
  await registry().mosaicGroups.record(group.id, { mosaicId: id });

  expect(await registry().mosaics.find(id)).toMatchObject({
    nTiles: 2,
    method: 'pbweighted',
    areaDeg2: 9.5,
    qa: 'not_evaluated',
  });
  expect((await registry().mosaics.tiles(id)).map(({ imageId, weightShare }) => [imageId, weightShare])).toEqual(
    tiles.map((tile) => [tile, 0.5]),
  );
  expect(await registry().mosaicGroups.findByMosaic(id)).toMatchObject({ id: group.id });
});

it('takes a mosaic group along its way, one state after the other, and only forward', async () => {
  const { group } = await registry().mosaicGroups.request(aMosaicGroup());
  const groups = registry().mosaicGroups;
  await expect(groups.advance(group.id, 'imaged')).rejects.toMatchObject({ code: 'CONFLICT' });
  for (const state of ['formed', 'calibrated', 'imaged', 'imaged', 'formed', 'mosaicked', 'done'] as const) {
    await groups.advance(group.id, state);
  }
  await groups.end(group.id, 'failed', { code: 'INTERNAL', message: 'late' });

  expect(await groups.find(group.id)).toMatchObject({
    state: 'done',
    formedAt: expect.any(String),
    finishedAt: expect.any(String),
    errorCode: null,
  });
});

it('begins a failed mosaic group again, and lets nobody advance it before', async () => {
  const request = aMosaicGroup();
  const groups = registry().mosaicGroups;
  const { group } = await groups.request(request);
  await groups.end(group.id, 'failed', { code: 'TOO_FEW_TILES', message: 'only two tiles' });
  await expect(groups.advance(group.id, 'formed')).rejects.toMatchObject({ code: 'CONFLICT' });
  const again = await groups.request({ ...request, id: uuid7() });

  expect(again).toMatchObject({ isNew: false, group: { id: group.id, state: 'pending', errorCode: null } });
});

it('keeps the members of a mosaic group and why some were left out', async () => {
  const { group } = await registry().mosaicGroups.request(aMosaicGroup());
  const [a, b] = [newGroupId(), newGroupId()];
  const groups = registry().mosaicGroups;
  const member = (groupId: string) => ({ groupId, groupVersion: 1, isTile: true, msId: null });
  await groups.setMembers(group.id, [member(a), member(b)]);
  await groups.setMembers(group.id, [member(a), member(b)]);
  await groups.exclude(group.id, [
    { groupId: b, code: 'DATA_ALL_FLAGGED', reason: 'nothing is left' },
    { groupId: 'never-a-member', code: 'GROUP_INCOMPLETE', reason: '12 of 16 subbands' },
  ]);
  const tile = await aTile(a);
  await groups.setTile(group.id, a, tile);

  expect((await groups.members(group.id)).map((row) => [row.groupId, row.tileId, row.excludedCode])).toEqual([
    [a, tile, null],
    [b, null, 'DATA_ALL_FLAGGED'],
    ['never-a-member', null, 'GROUP_INCOMPLETE'],
  ]);
});

it('finds mosaic groups by overlap of time and by calibrator', async () => {
  const { group } = await registry().mosaicGroups.request(
    aMosaicGroup({ calibrator: '3C48', startMjd: 55000.1, endMjd: 55000.2, transitMjd: 55000.15 }),
  );
  const ids = async (query: object): Promise<string[]> =>
    (await registry().mosaicGroups.list(query)).items.map(({ id }) => id);

  expect(await ids({ fromMjd: 55000.19, toMjd: 55000.3 })).toEqual([group.id]);
  expect(await ids({ fromMjd: 55000.2, toMjd: 55000.3 })).toEqual([]);
  expect(await ids({ calibrator: '3C48' })).toEqual([group.id]);
  expect(await ids({ calibrator: '3C48', state: 'done' })).toEqual([]);
});

it('refuses a transit without its time', async () => {
  await expect(registry().mosaicGroups.request(aMosaicGroup({ transitMjd: null }))).rejects.toThrow('mosaic_groups');
});

it('keeps a plan by its name, once', async () => {
  const plan = {
    name: 'night-1',
    method: 'mean' as const,
    startMjd: 61065,
    endMjd: 61066,
    tileIds: [uuid7()],
    checks: [],
    parameters: {},
    requestedBy: 'jane',
  };
  await registry().mosaics.createPlan(plan);

  expect(await registry().mosaics.findPlan('night-1')).toMatchObject({ tileIds: plan.tileIds, checks: [] });
  await expect(registry().mosaics.createPlan(plan)).rejects.toMatchObject({ code: 'CONFLICT' });
});
