/**
 * A day of the schedule: planner, transits and requests on a real registry and a real Temporal server. Only the stages
 * of the mosaics themselves are fakes.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ActivityDependencies } from '../../../activities/dependencies.ts';
import { createScheduleActivities } from '../../../activities/schedule/schedule.activities.ts';
import { shippedCalibrators } from '../../../config/shipped-data.ts';
import { type Calibrator, calibratorFluxJy } from '../../../domain/calibrators.ts';
import { groupIdOf } from '../../../domain/ids.ts';
import { mjdFromUnixMs } from '../../../domain/time.ts';
import { transitNearest, type Transit } from '../../../domain/transits.ts';
import { GROUP_SECONDS } from '../../../domain/windows.ts';
import { uuid7, type PlannedTransit } from '../../../registry/index.ts';
import type { PlanResult, PlanScope } from '../../../workflows/contracts/schedule.ts';
import { plannerStart } from '../../../workflows/contracts/schedule-start.ts';
import { eventually } from '../../support/eventually.ts';
import { fakeStages } from '../../support/fake-stages.ts';
import { quickPolicies } from '../../support/mosaic-input.ts';
import { useRegistry, useTestDatabase } from '../../support/postgres.ts';
import { aGroup, aProduct } from '../../support/rows.ts';
import { runWorkers, startTemporal, type RunningWorkers } from '../../support/temporal.ts';

const database = useTestDatabase();
const registry = useRegistry(database);
const catalog = shippedCalibrators();
/** Where the list has eight calibrators or more in any half day: the test runs at any hour. */
const POINTING_DEC_DEG = 38;
const GROUP_DAYS = GROUP_SECONDS / 86_400;
const HOUR = 1 / 24;
const PREFIX = 'day';
const RECIPE = {
  ...{ method: 'pbweighted', backend: 'auto', min_subbands: 12, ignore_validation: false, force_calibrator: true },
  ...{ convert: {}, image: {} },
};

interface Night {
  readonly calibrator: Calibrator;
  readonly transit: Transit;
}

let temporal: TestWorkflowEnvironment;
let workers: RunningWorkers;
let rootId: string;
let complete: Night;
let partial: Night;
let late: Night;
let absent: Night;
let elsewhere: Night;
const now = mjdFromUnixMs(Date.now());

/** Calibrators of the strip that transited in the last half day, far enough from each other. */
function pastNights(count: number): Night[] {
  const found: Night[] = [];
  for (const calibrator of catalog.all) {
    const transit = transitNearest(calibrator.position, now - 6 * HOUR);
    const isApart = found.every((other) => Math.abs(other.transit.mjd - transit.mjd) > 0.95 * HOUR);
    const isInBeam = Math.abs(transit.apparent.decDeg - POINTING_DEC_DEG) < 1.4;
    const hoursAgo = (now - transit.mjd) / HOUR;
    const isPast = hoursAgo > 0.9 && hoursAgo < 11.5;
    const isUsable = (calibratorFluxJy(calibrator, 1.4e9) ?? 0) > 0;
    if (isApart && isInBeam && isPast && isUsable) found.push({ calibrator, transit });
  }
  expect(found.length).toBeGreaterThanOrEqual(count);
  return found.slice(0, count);
}

/** Groups end to end around a time; `subbands` says how many each has, 0: it is not there. */
async function record(midMjd: number, decDeg: number, subbands: (index: number) => number = () => 16): Promise<void> {
  for (let index = -5; index <= 5; index += 1) {
    const startMjd = midMjd + (index - 0.5) * GROUP_DAYS;
    const present = subbands(index);
    if (present === 0) continue;
    const numbers = Array.from({ length: present }, (_, number) => number);
    const decision = aGroup(rootId, {
      id: groupIdOf(startMjd),
      state: present === 16 ? 'complete' : 'incomplete',
      tier: present === 16 ? 'science' : 'quick_look',
      filesHash: `${startMjd} ${present}`,
      ...{ startMjd, midMjd: startMjd + GROUP_DAYS / 2, endMjd: startMjd + GROUP_DAYS },
      pointingDecDeg: decDeg,
      presentSubbands: numbers,
    });
    await registry().transaction((tx) => tx.groups.record(decision));
  }
}

async function schedule(night: Night, deadlineMinutes: number): Promise<void> {
  await registry().scheduledCalibrators.put({
    name: night.calibrator.name,
    ...{ decDeg: null, timespanMinutes: 50, deadlineMinutes, minTiles: 3, recipe: RECIPE },
    ...{ addedBy: 'jane', sinceMjd: now - 1 },
  });
}

async function plan(scope: PlanScope = { kind: 'ahead' }): Promise<PlanResult> {
  const input = { scope, requestedBy: 'planner', policies: quickPolicies() };
  const { workflowType, options } = plannerStart(input, uuid7(), PREFIX);
  return (await temporal.client.workflow.execute(workflowType, options)) as PlanResult;
}

const rowOf = async ({ calibrator, transit }: Night): Promise<PlannedTransit> =>
  registry().plannedTransits.require({ calibrator: calibrator.name, transitNumber: transit.number });
const ended = (night: Night): Promise<void> =>
  eventually(`${night.calibrator.name} has ended`, async () => (await rowOf(night)).endedAt !== null, 60);

beforeAll(async () => {
  temporal = await startTemporal();
  rootId = (await registry().dataRoots.register({ path: '/incoming/day' })).id;
  const stages = fakeStages(temporal.client, PREFIX);
  const dependencies = { registry: registry(), client: temporal.client, queuePrefix: PREFIX, catalog };
  const activities = {
    ...stages.activities,
    ...createScheduleActivities(dependencies as unknown as ActivityDependencies),
    confirmPublished: async ({ jobId, mosaicGroupId }: { jobId: string; mosaicGroupId: string }) => {
      const product = aProduct({ kind: 'mosaic' });
      await registry().products.insert(product);
      await registry().mosaicGroups.record(mosaicGroupId, { mosaicId: product.id });
      await registry().jobs.end(jobId, { status: 'done' });
    },
  };
  workers = await runWorkers(temporal, activities, PREFIX);
  [complete, partial, late, absent, elsewhere] = pastNights(5) as [Night, Night, Night, Night, Night];
  await record(complete.transit.mjd, POINTING_DEC_DEG);
  await record(partial.transit.mjd, POINTING_DEC_DEG, (index) => (index === 1 ? 13 : 16));
  await record(late.transit.mjd, POINTING_DEC_DEG, (index) => (index === 2 ? 0 : 16));
  await record(elsewhere.transit.mjd, POINTING_DEC_DEG + 6);
  // The newest groups say where the telescope points now.
  await record(now - 0.6 * HOUR, POINTING_DEC_DEG, (index) => (index > 2 ? 16 : 0));
  for (const night of [complete, partial, absent, elsewhere]) await schedule(night, 0);
  await schedule(late, 1440);
}, 180_000);

afterAll(async () => {
  await workers.stop();
  await temporal.teardown();
});

describe('a day', () => {
  it('gives every transit its mosaic or a stated reason', async () => {
    const first = await plan();
    expect(first).toMatchObject({ moved: 0, struck: 0, pointingDecDeg: POINTING_DEC_DEG });
    await Promise.all([complete, partial, absent, elsewhere].map(ended));
    expect(await rowOf(complete)).toMatchObject({ state: 'done', mosaicId: expect.any(String) });
    expect((await rowOf(complete)).reason).toMatch(/all \d+ groups are there/);
    expect(await rowOf(partial)).toMatchObject({ state: 'done', reason: expect.stringContaining('13 of 16 subbands') });
    expect(await rowOf(absent)).toMatchObject({ state: 'missed', reasonCode: 'CALIBRATOR_NO_DATA', mosaicId: null });
    expect(await rowOf(elsewhere)).toMatchObject({ state: 'missed', reasonCode: 'CALIBRATOR_OUTSIDE_BEAM' });
    const job = await registry().mosaicGroups.find((await rowOf(complete)).mosaicGroupId ?? '');
    expect(job).toMatchObject({ calibrator: complete.calibrator.name, transitNumber: complete.transit.number });
  }, 180_000);

  it('planned again changes nothing', async () => {
    expect(await plan()).toMatchObject({ started: 0, moved: 0, struck: 0 });
  }, 120_000);

  it('waits for a late file, and takes it', async () => {
    await eventually('it waits', async () => (await rowOf(late)).state === 'waiting', 60);
    expect((await rowOf(late)).reason).toContain('nothing from');
    await record(late.transit.mjd, POINTING_DEC_DEG, (index) => (index === 2 ? 16 : 0));
    const scope = { kind: 'now', calibrator: late.calibrator.name, nearMjd: late.transit.mjd } as const;
    expect(await plan(scope)).toMatchObject({ moved: 1, started: 0 });
    await ended(late);
    const row = await rowOf(late);
    expect(row).toMatchObject({ state: 'done', movedBy: 'planner' });
    expect(row.reason).toMatch(/all \d+ groups are there/);
  }, 180_000);

  it('strikes off what a change of declination takes away, and plans it anew when it comes back', async () => {
    const open = await registry().plannedTransits.list({ states: ['planned'] });
    expect(open.length).toBeGreaterThanOrEqual(5);
    const point = (hoursAgo: number, decDeg: number) =>
      record(now - hoursAgo * HOUR, decDeg, (index) => (index > 2 ? 16 : 0));
    await point(0.35, POINTING_DEC_DEG + 20);
    expect(await plan()).toMatchObject({ started: 0, moved: 0, struck: open.length });
    const struck = await registry().plannedTransits.list({ states: ['struck'] });
    expect(struck).toHaveLength(open.length);
    expect(struck[0]?.reason).toContain('the telescope points to Dec 58.00°');
    await point(0.05, POINTING_DEC_DEG);
    expect(await plan()).toMatchObject({ started: open.length, moved: 0, struck: 0 });
    expect(await registry().plannedTransits.list({ states: ['struck'] })).toEqual([]);
  }, 180_000);

  it('of the past is planned behind live work, and what has no data is recorded without a workflow', async () => {
    const name = complete.calibrator.name;
    const scope = { kind: 'past', startMjd: now - 4, endMjd: now - 1, calibrators: [name] } as const;
    expect(await plan(scope)).toMatchObject({ started: 0, withoutData: 3 });
    const rows = await registry().plannedTransits.list({ calibrator: name, fromMjd: now - 4, toMjd: now - 1 });
    expect(rows.map(({ state, priority }) => [state, priority])).toEqual([0, 1, 2].map(() => ['missed', 5]));
    expect(await plan(scope)).toMatchObject({ started: 0, withoutData: 0, unchanged: 3 });
  }, 120_000);
});
