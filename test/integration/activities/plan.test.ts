/** Decisions of a mosaic, on rows of a real registry. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AdmitUnits, UnitOutcome } from '../../../activities/interfaces.ts';
import { shippedCalibrators } from '../../../config/shipped-data.ts';
import { groupIdOf } from '../../../domain/ids.ts';
import { transitNearest, type Transit } from '../../../domain/transits.ts';
import { GROUP_SECONDS } from '../../../domain/windows.ts';
import { caltableRow, uuid7, type ObservationGroup } from '../../../registry/index.ts';
import type { MosaicInput } from '../../../workflows/contracts/mosaic.ts';
import { ActivityBench } from '../../support/activity-bench.ts';
import { aMosaicInput } from '../../support/mosaic-input.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { aGroup, aMosaicGroup, aProduct, aSolveSummary } from '../../support/rows.ts';
import { insertProductRow } from '../../../registry/product-rows.ts';

const GROUP_DAYS = GROUP_SECONDS / 86_400;
const CALIBRATOR = shippedCalibrators().require('3C286');

let database: TestDatabase;
let bench: ActivityBench;
let transit: Transit;
let night = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  bench = new ActivityBench(mkdtempSync(join(tmpdir(), 'meridian-test-')), database.url);
});

afterAll(async () => {
  await bench.close();
  await database.drop();
  rmSync(bench.home, { recursive: true, force: true });
});

/** Each test has a night of its own, weeks from the others, so that no table of one is valid in another. */
beforeEach(() => {
  night += 1;
  transit = transitNearest(CALIBRATOR.position, 61000 + night * 14);
});

interface Wanted {
  readonly count: number;
  /** Days from the transit to the middle of the groups. */
  readonly offsetDays?: number;
  readonly decDeg?: number;
}

/** Complete groups in a row, at the declination of the calibrator. */
async function groups({
  count,
  offsetDays = 0,
  decDeg = transit.apparent.decDeg,
}: Wanted): Promise<ObservationGroup[]> {
  const root = await bench.registry.dataRoots.register({ path: `/incoming/${night}` });
  const first = transit.mjd + offsetDays - (count / 2) * GROUP_DAYS;
  const made: ObservationGroup[] = [];
  for (let index = 0; index < count; index += 1) {
    const startMjd = first + index * GROUP_DAYS;
    const decision = aGroup(root.id, {
      id: groupIdOf(startMjd),
      filesHash: `night ${night} group ${index}`,
      startMjd,
      midMjd: startMjd + GROUP_DAYS / 2,
      endMjd: startMjd + GROUP_DAYS,
      pointingDecDeg: decDeg,
      presentSubbands: Array.from({ length: 16 }, (_, subband) => subband),
    });
    made.push((await bench.registry.transaction((tx) => tx.groups.record(decision))).group);
  }
  return made;
}

/** A request for these groups: around the transit, or of the window that they fill. */
async function request(members: readonly ObservationGroup[], kind: 'transit' | 'window'): Promise<MosaicInput> {
  const [startMjd, endMjd] = [members[0]?.startMjd ?? 0, members.at(-1)?.endMjd ?? 0];
  const { group } = await bench.registry.mosaicGroups.request(aMosaicGroup());
  const around = { startMjd: transit.mjd - 25 / 1440, endMjd: transit.mjd + 25 / 1440 };
  const input = aMosaicInput(3, { mosaicGroupId: group.id });
  return {
    ...input,
    groups: members.map(({ id, version }) => ({ groupId: id, version })),
    target:
      kind === 'window'
        ? { kind, startUtc: 'a', endUtc: 'b', startMjd, endMjd }
        : {
            kind,
            calibrator: '3C286',
            transitNumber: transit.number,
            transitUtc: '',
            transitMjd: transit.mjd,
            timespanMinutes: 50,
            ...around,
          },
  };
}

/** Passing tables of 3C286, solved in a group. */
async function solved(group: ObservationGroup, types: readonly string[] = ['K', 'B', 'G']): Promise<string[]> {
  const summary = aSolveSummary({
    calibrator: '3C286',
    transit_mjd: transit.mjd,
    valid_start_mjd: transit.mjd - 0.5,
    valid_end_mjd: transit.mjd + 1,
    pointing_dec_deg: group.pointingDecDeg ?? 0,
  });
  const facts = {
    setId: uuid7(),
    groupId: group.id,
    groupVersion: group.version,
    msId: null,
    fluxScale: null,
    parameters: {},
  };
  return bench.registry.transaction(async (tx) => {
    const ids: string[] = [];
    for (const table of summary.tables.filter(({ type }) => types.includes(type))) {
      const product = aProduct({ kind: 'caltable', qa: 'pass' });
      await tx.products.insert(product);
      await insertProductRow(tx.db, product.id, caltableRow(summary, table, facts));
      ids.push(product.id);
    }
    return ids;
  });
}

describe('the window', () => {
  it('of a transit whose group is there is good', async () => {
    await expect(
      bench.run('verifyWindow', await request(await groups({ count: 5 }), 'transit')),
    ).resolves.toBeUndefined();
  });

  it('is refused when a group was rejected since it was found', async () => {
    const members = await groups({ count: 5 });
    const input = await request(members, 'transit');
    await bench.registry.groups.reject(members[1] as ObservationGroup, {
      code: 'DATA_NOT_FINITE',
      message: 'sb03 holds NaN',
    });

    await expect(bench.run('verifyWindow', input)).rejects.toMatchObject({
      type: 'GROUP_INCOMPLETE',
      message: expect.stringContaining('sb03 holds NaN'),
    });
  });

  it('is refused when too few groups are in it', async () => {
    const members = await groups({ count: 2 });

    await expect(bench.run('verifyWindow', await request(members, 'window'))).rejects.toMatchObject({
      type: 'TOO_FEW_TILES',
      nonRetryable: true,
    });
  });
});

describe('the plan', () => {
  it('of a transit is solved in the group in which the calibrator transits', async () => {
    const members = await groups({ count: 5 });

    const plan = await bench.run('planMosaic', await request(members, 'transit'));

    expect(plan).toMatchObject({ calibrator: '3C286', calibratorGroupId: members[2]?.id, caltableIds: [] });
    expect(plan.groups.map(({ groupId, isTile, msId }) => [groupId, isTile, msId])).toEqual(
      members.map(({ id }) => [id, true, null]),
    );
  });

  it('of a window that holds a transit is solved there', async () => {
    const members = await groups({ count: 4, offsetDays: 0.003 });

    const plan = await bench.run('planMosaic', await request(members, 'window'));

    const holds = members.find(({ startMjd, endMjd }) => transit.mjd >= startMjd && transit.mjd < endMjd);
    expect(plan).toMatchObject({ calibrator: '3C286', calibratorGroupId: holds?.id, caltableIds: [] });
  });

  it('of a window without a transit takes tables that are valid, and their group for the common beam', async () => {
    const [calibratorGroup] = await groups({ count: 1 });
    const caltableIds = await solved(calibratorGroup as ObservationGroup);
    const members = await groups({ count: 3, offsetDays: 0.2 });

    const plan = await bench.run('planMosaic', await request(members, 'window'));

    expect(plan).toMatchObject({ calibrator: '3C286', caltableIds, calibratorGroupId: calibratorGroup?.id });
    expect(plan.groups).toHaveLength(4);
    expect(plan.groups[0]).toMatchObject({ groupId: calibratorGroup?.id, isTile: false });
  });

  it('never takes a gain table without delay and bandpass', async () => {
    const [calibratorGroup] = await groups({ count: 1, decDeg: -25.3 });
    await solved(calibratorGroup as ObservationGroup, ['G']);
    const members = await groups({ count: 3, offsetDays: 0.2, decDeg: -25.3 });

    await expect(bench.run('planMosaic', await request(members, 'window'))).rejects.toMatchObject({
      type: 'CALTABLE_MISSING',
    });
  });

  it('of a window without any calibrator says so', async () => {
    const members = await groups({ count: 3, offsetDays: 3, decDeg: -25.3 });

    await expect(bench.run('planMosaic', await request(members, 'window'))).rejects.toMatchObject({
      type: 'CALTABLE_MISSING',
    });
  });
});

describe('tables for every tile', () => {
  it('are refused when they were solved too far away in declination', async () => {
    const [calibratorGroup] = await groups({ count: 1 });
    const caltableIds = await solved(calibratorGroup as ObservationGroup);
    const [other] = await groups({ count: 1, offsetDays: 0.1, decDeg: transit.apparent.decDeg + 2 });
    const { id, version, midMjd } = other as ObservationGroup;

    const choice = bench.run('chooseCalibration', {
      jobId: uuid7(),
      mosaicGroupId: uuid7(),
      groups: [{ groupId: id, version, midMjd, msId: uuid7(), isTile: true }],
      calibrator: '3C286',
      calibratorGroupId: id,
      caltableIds,
      recipe: {},
    });

    await expect(choice).rejects.toMatchObject({ type: 'CALTABLE_MISMATCH', message: expect.stringContaining(id) });
  });

  it('serve tiles near the calibrator, which is subtracted there and left alone elsewhere', async () => {
    const [calibratorGroup] = await groups({ count: 1 });
    const caltableIds = await solved(calibratorGroup as ObservationGroup);
    const [far] = await groups({ count: 1, offsetDays: 0.2 });

    const setups = await bench.run('chooseCalibration', {
      jobId: uuid7(),
      mosaicGroupId: uuid7(),
      groups: [calibratorGroup, far].map((group) => ({
        groupId: group?.id ?? '',
        version: 1,
        midMjd: group?.midMjd ?? 0,
        msId: uuid7(),
        isTile: true,
      })),
      calibrator: '3C286',
      calibratorGroupId: calibratorGroup?.id ?? '',
      caltableIds,
      recipe: {},
    });

    expect(setups.map(({ calibrator }) => calibrator)).toEqual(['3C286', null]);
  });
});

describe('when units failed', () => {
  const bad = (groupId: string, code: string): UnitOutcome => ({ groupId, ok: false, code, message: `${code} of it` });
  const good = (groupId: string): UnitOutcome => ({ groupId, ok: true, productId: uuid7(), qa: 'pass' });

  async function admission(outcomes: readonly UnitOutcome[]): Promise<AdmitUnits> {
    const { group } = await bench.registry.mosaicGroups.request(aMosaicGroup());
    return {
      jobId: uuid7(),
      mosaicGroupId: group.id,
      kind: 'ms',
      outcomes,
      groups: outcomes.map(({ groupId }, index) => ({ groupId, version: 1, midMjd: index, msId: null, isTile: true })),
      calibratorGroupId: 'c',
      minTiles: 3,
    };
  }

  it('the mosaic goes on without a group whose own data are at fault, and keeps the reason', async () => {
    const input = await admission([good('a'), bad('b', 'FILE_TRUNCATED'), good('c'), good('d')]);

    const admitted = await bench.run('admitUnits', input);

    expect(admitted.excluded).toEqual([{ groupId: 'b', code: 'FILE_TRUNCATED', reason: 'FILE_TRUNCATED of it' }]);
    expect(admitted.productIds).toHaveLength(3);
    const members = await bench.registry.mosaicGroups.members(input.mosaicGroupId);
    expect(members).toMatchObject([{ groupId: 'b', excludedCode: 'FILE_TRUNCATED' }]);
  });

  it.each([
    ['the group of the calibrator', [good('a'), good('b'), bad('c', 'FILE_TRUNCATED'), good('d')], 'FILE_TRUNCATED'],
    ['the machine', [good('a'), bad('b', 'DISK_FULL'), good('c'), good('d')], 'DISK_FULL'],
    ['a missing tool', [good('a'), bad('b', 'TOOL_MISSING'), good('c'), good('d')], 'TOOL_MISSING'],
    ['too many groups', [bad('a', 'FILE_EMPTY'), bad('b', 'FILE_EMPTY'), good('c'), good('d')], 'TOO_FEW_TILES'],
  ] as const)('it ends when the fault is that of %s', async (_what, outcomes, code) => {
    await expect(bench.run('admitUnits', await admission(outcomes))).rejects.toMatchObject({
      type: code,
      nonRetryable: true,
    });
  });
});
