/** A planned transit: what follows what. Activities are fakes; Temporal is real. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { TransitPlan } from '../../domain/schedule/plan.ts';
import { mjdFromUnixMs } from '../../domain/time.ts';
import { moveUpdate, strikeUpdate, transitQuery, type TransitMove } from '../../workflows/contracts/schedule.ts';
import { transitStart, transitTimes } from '../../workflows/contracts/schedule-start.ts';
import type { transitWorkflow } from '../../workflows/schedule/transit.workflow.ts';
import { eventually } from '../support/eventually.ts';
import { fakeStages, type FakeStages } from '../support/fake-stages.ts';
import { quickPolicies } from '../support/mosaic-input.ts';
import { runWorkers, startTemporal, type RunningWorkers } from '../support/temporal.ts';

const JANE = { requestedBy: 'jane', reason: 'the telescope moves' };
const HOUR = 1 / 24;

let temporal: TestWorkflowEnvironment;
let workers: RunningWorkers;
let stages: FakeStages;
let count = 0;

beforeAll(async () => {
  temporal = await startTemporal();
});

afterAll(() => temporal.teardown());

beforeEach(async () => {
  count += 1;
  stages = fakeStages(temporal.client, `transit${count}`);
  workers = await runWorkers(temporal, stages.activities, `transit${count}`);
});

afterEach(() => workers.stop());

/** A transit whose window ends some hours from now; each test has a number of its own. */
function aPlan(hours: number): TransitPlan {
  const endMjd = mjdFromUnixMs(Date.now()) + hours * HOUR;
  return {
    ...{ calibrator: '3C286', transitNumber: 9000 + count, apparentDecDeg: 30.37, request: {} },
    ...{ transitMjd: endMjd - 0.017, startMjd: endMjd - 0.034, endMjd, deadlineMjd: endMjd + HOUR },
  };
}

async function start(plan: TransitPlan): Promise<WorkflowHandle<typeof transitWorkflow>> {
  const { workflowType, options } = transitStart(plan, { priority: 3, policies: quickPolicies() }, workers.prefix);
  return (await temporal.client.workflow.start(workflowType, options)) as WorkflowHandle<typeof transitWorkflow>;
}

const moveTo = (plan: TransitPlan): TransitMove => ({ ...JANE, times: transitTimes(plan), plan });
const callsOf = (name: string): string[] => stages.calls.filter((call) => call.startsWith(`${name} `));
const beginning = (handle: WorkflowHandle): Promise<void> =>
  eventually('it has read the plan', () => callsOf('beginTransit').length > 0 && handle !== null, 20);
const soon = (): string => new Date(Date.now() + 300).toISOString();

describe('a transit', () => {
  it('whose window has closed asks for its mosaic and ends with it', async () => {
    const result = await (await start(aPlan(-1))).result();
    expect(result).toEqual({ state: 'done', mosaicId: 'mosaic-1', mosaicGroupId: 'group-1', reason: null });
    expect(stages.calls.map((call) => call.split(' ')[0])).toEqual([
      ...['beginTransit', 'lookAtTransit', 'askForTransitMosaic', 'awaitMosaic', 'endTransit'],
    ]);
  });

  it('waits for its window, and says so', async () => {
    const handle = await start(aPlan(5));
    await beginning(handle);
    expect((await handle.query(transitQuery)).waitsFor).toContain('its window to close at');
    expect(callsOf('lookAtTransit')).toEqual([]);
    await handle.terminate();
  });

  it('looks again while groups are late', async () => {
    stages.transitLooks.push({ kind: 'wait', until: soon(), reason: 'nothing from a to b', unwatched: false });
    expect((await (await start(aPlan(-1))).result()).state).toBe('done');
    expect(callsOf('lookAtTransit')).toHaveLength(2);
    expect(stages.calls).not.toContain('scanDataRoots');
  });

  it('reads folders that no stream watches before it gives up', async () => {
    const missed = { kind: 'missed' as const, code: 'TOO_FEW_TILES', message: '2 usable groups', unwatched: true };
    stages.transitLooks.push(missed, missed);
    const result = await (await start(aPlan(-1))).result();
    expect(result).toMatchObject({ state: 'missed', mosaicId: null, reason: '2 usable groups' });
    expect(stages.calls.filter((call) => call === 'scanDataRoots')).toHaveLength(1);
    expect(stages.calls.at(-1)).toBe('endTransit missed TOO_FEW_TILES');
  });

  it('is moved, by whom and why recorded, and then holds to the new times', async () => {
    const handle = await start(aPlan(5));
    await beginning(handle);
    const moved = aPlan(-1);
    const status = await handle.executeUpdate(moveUpdate, { args: [moveTo(moved)] });
    expect(status.times).toEqual(transitTimes(moved));
    expect((await handle.result()).state).toBe('done');
    expect(callsOf('recordTransitChange')).toEqual(['recordTransitChange move jane']);
  });

  it('refuses a move that is of another transit', async () => {
    const handle = await start(aPlan(5));
    await beginning(handle);
    const other = { ...aPlan(5), transitNumber: 1 };
    await expect(handle.executeUpdate(moveUpdate, { args: [moveTo(other)] })).rejects.toMatchObject({
      cause: { type: 'CONFLICT' },
    });
    expect(callsOf('recordTransitChange')).toEqual([]);
    await handle.terminate();
  });

  it('is struck off with the reason', async () => {
    const handle = await start(aPlan(5));
    await beginning(handle);
    await handle.executeUpdate(strikeUpdate, { args: [JANE] });
    expect(await handle.result()).toMatchObject({ state: 'struck', reason: JANE.reason, mosaicId: null });
    expect(callsOf('recordTransitChange')).toEqual(['recordTransitChange strike jane']);
    expect(callsOf('askForTransitMosaic')).toEqual([]);
  });

  it('can no longer be struck off once its mosaic was asked for', async () => {
    stages.behave.set('awaitMosaic', { takesMs: 1500 });
    const handle = await start(aPlan(-1));
    await eventually('the mosaic is asked for', () => callsOf('awaitMosaic').length > 0, 20);
    await expect(handle.executeUpdate(strikeUpdate, { args: [JANE] })).rejects.toMatchObject({
      cause: { type: 'CONFLICT' },
    });
    expect((await handle.result()).state).toBe('done');
  });

  it('goes on to wait for the mosaic that was asked for before its workflow was lost', async () => {
    const asked = { mosaicGroupId: 'group-7', workflowId: 'mosaic/x' };
    stages.begun.transit = { state: 'asked', reason: null, mosaicId: null, asked };
    const result = await (await start(aPlan(-1))).result();
    expect(result).toMatchObject({ state: 'done', mosaicGroupId: 'group-7' });
    expect(callsOf('askForTransitMosaic')).toEqual([]);
  });

  it('that has ended before does nothing', async () => {
    stages.begun.transit = { state: 'done', reason: null, mosaicId: 'mosaic-0', asked: null };
    expect(await (await start(aPlan(-1))).result()).toMatchObject({ state: 'done', mosaicId: 'mosaic-0' });
    expect(stages.calls).toHaveLength(1);
  });

  it('cancelled in Temporal says so in its row', async () => {
    const handle = await start(aPlan(5));
    await beginning(handle);
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(stages.calls.at(-1)).toBe('endTransit struck CANCELLED');
  });
});
