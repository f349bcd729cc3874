/** The stream and the work on one group: what follows what. Stages are fakes; Temporal is real. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { cancelUpdate, pauseUpdate, resumeUpdate } from '../../workflows/contracts/control.ts';
import type { GroupInput, GroupRecipe } from '../../workflows/contracts/group.ts';
import { groupStart, streamStart } from '../../workflows/contracts/start.ts';
import { reconfigureUpdate, streamQuery, type StreamInput } from '../../workflows/contracts/stream.ts';
import type { groupWorkflow } from '../../workflows/group/group.workflow.ts';
import type { streamWorkflow } from '../../workflows/stream/stream.workflow.ts';
import { eventually } from '../support/eventually.ts';
import { EMPTY_LOOK, fakeStages, type FakeStages } from '../support/fake-stages.ts';
import { quickPolicies } from '../support/mosaic-input.ts';
import { runWorkers, startTemporal, type RunningWorkers } from '../support/temporal.ts';

const JANE = { requestedBy: 'jane', reason: 'disk is being replaced' };
const RECIPE: GroupRecipe = {
  ms: { convert: {}, flag: {} },
  image: {},
  minSubbands: 12,
  imageUncalibrated: false,
  tableWaitSeconds: 0,
};

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
  stages = fakeStages(temporal.client, `stream${count}`);
  workers = await runWorkers(temporal, stages.activities, `stream${count}`);
});

afterEach(() => workers.stop());

const callsOf = (name: string): string[] => stages.calls.filter((call) => call.startsWith(`${name} `));

describe('a group', () => {
  let groupId: string;

  beforeEach(() => {
    groupId = `2026-01-25T00:0${count % 10}:00`;
  });

  async function start(recipe: Partial<GroupRecipe> = {}): Promise<WorkflowHandle<typeof groupWorkflow>> {
    const input: GroupInput = {
      jobId: randomUUID(),
      groupId,
      version: count * 100,
      recipe: { ...RECIPE, ...recipe },
      priority: 1,
      policies: quickPolicies(),
    };
    const { workflowType, options } = groupStart(input, 61_065, workers.prefix);
    return (await temporal.client.workflow.start(workflowType, options)) as WorkflowHandle<typeof groupWorkflow>;
  }

  it('becomes a tile, and asks for its photometry', async () => {
    const result = await (await start()).result();
    expect(result).toMatchObject({ groupId, msId: `ms-${groupId}`, solved: [], qa: 'pass' });
    expect(result.tileId).not.toBeNull();
    expect(callsOf('requestPhotometry')).toHaveLength(1);
    expect(callsOf('recordAbsence')).toEqual([]);
    expect(stages.calls.at(-1)).toBe('endJob done');
  });

  it('asks for no photometry when there is to be none', async () => {
    await (await start({ photometry: null })).result();
    expect(callsOf('requestPhotometry')).toEqual([]);
  });

  it('is solved on every calibrator that transits in it; one that fails does not stop it', async () => {
    stages.transits.set(groupId, [
      { calibrator: '3C286', transitMjd: 61_065 },
      { calibrator: '3C48', transitMjd: 61_065 },
    ]);
    stages.behave.set('solveCalibrator', { failsWith: 'CALIBRATION_BAD', failures: 1 });
    const result = await (await start()).result();
    expect(callsOf('solveCalibrator')).toHaveLength(2);
    expect(result.solved).toEqual(['k', 'b', 'g']);
    expect(result.tileId).not.toBeNull();
  });

  it('waits for caltables that are under way, and gives the reason when they do not come', async () => {
    stages.choices.push({ kind: 'wait', reason: 'a calibrator transits in another group' });
    const result = await (await start()).result();
    expect(result.tileId).toBeNull();
    expect(callsOf('recordAbsence')).toEqual([`recordAbsence ${groupId} uncalibrated`]);
    expect(stages.calls.at(-1)).toBe('endJob done');
  });

  it('that fails has the reason written for every source, and fails with its code', async () => {
    stages.behave.set('convertGroup', { failsWith: 'FILE_TRUNCATED' });
    const handle = await start();
    const failure = (await handle.result().catch((error: unknown) => error)) as { cause?: { type?: string } };
    expect(failure.cause?.type).toBe('FILE_TRUNCATED');
    expect(callsOf('recordAbsence')).toEqual([`recordAbsence ${groupId} failed`]);
    expect(stages.calls.at(-1)).toBe('endJob failed FILE_TRUNCATED');
  });
});

describe('a stream', () => {
  async function start(change: Partial<StreamInput> = {}): Promise<WorkflowHandle<typeof streamWorkflow>> {
    const input: StreamInput = {
      jobId: randomUUID(),
      name: `test ${count}`,
      rootId: 'root',
      once: false,
      maxInFlight: 2,
      recipe: RECIPE,
      looksPerRun: 100,
      policies: quickPolicies(),
      carried: null,
      ...change,
    };
    const { workflowType, options } = streamStart(input, workers.prefix);
    return (await temporal.client.workflow.start(workflowType, options)) as WorkflowHandle<typeof streamWorkflow>;
  }

  const taking = (...started: string[]) => ({ ...EMPTY_LOOK, started, inFlight: started.length });

  it('that is to run once ends when nothing is left', async () => {
    stages.looks.push(taking('a', 'b'), { ...EMPTY_LOOK, inFlight: 1 });
    const result = await (await start({ once: true })).result();
    expect(result).toMatchObject({ taken: 2, stoppedBy: null });
    expect(callsOf('takeGroups')).toHaveLength(3);
    expect(stages.calls.at(-1)).toBe('endJob done');
  });

  it('continues as new runs without losing count, pause or settings', async () => {
    stages.looks.push(taking('a'), taking('b'), taking('c'), taking('d'), taking('e'), taking('f'), taking('g'));
    const handle = await start({ once: true, looksPerRun: 3 });
    const result = await handle.result();
    expect(result.taken).toBe(7);
    expect(callsOf('beginJob')).toHaveLength(1);
    expect(callsOf('endJob')).toHaveLength(1);
  });

  it('begins nothing while it is paused, and goes on when it is resumed', async () => {
    stages.behave.set('takeGroups', { takesMs: 60_000 });
    const handle = await start();
    await eventually('it looks', () => callsOf('takeGroups').length === 1);
    await handle.executeUpdate(pauseUpdate, { args: [JANE] });
    await eventually('the look is over', () => stages.cancelled.length === 1);
    expect(await handle.query(streamQuery)).toMatchObject({ state: 'paused', pausedBy: JANE });

    stages.behave.clear();
    await handle.executeUpdate(resumeUpdate, { args: [JANE] });
    await eventually('it looks again', () => callsOf('takeGroups').length > 1);
    await handle.executeUpdate(cancelUpdate, { args: [JANE] });
    expect((await handle.result()).stoppedBy).toBe('jane');
  });

  it('stops at once when it is told to, as done and not as failed', async () => {
    stages.behave.set('takeGroups', { takesMs: 60_000 });
    const handle = await start();
    await eventually('it looks', () => callsOf('takeGroups').length === 1);
    const before = Date.now();
    await handle.executeUpdate(cancelUpdate, { args: [JANE] });
    expect(await handle.result()).toMatchObject({ stoppedBy: 'jane' });
    expect(Date.now() - before).toBeLessThan(10_000);
    expect((await handle.describe()).status.name).toBe('COMPLETED');
    expect(stages.calls.at(-1)).toBe('endJob done');
  });

  it('takes as many groups at a time as it is told to, from the next look on', async () => {
    const handle = await start({ looksPerRun: 2 });
    await handle.executeUpdate(reconfigureUpdate, { args: [{ ...JANE, maxInFlight: 7 }] });
    await eventually(
      'it looks for seven, also in later runs',
      () => callsOf('takeGroups').filter((call) => call === 'takeGroups 7').length > 3,
    );
    const now = temporal.client.workflow.getHandle(handle.workflowId);
    expect(await now.query(streamQuery)).toMatchObject({ maxInFlight: 7, state: 'running' });
    await now.executeUpdate(cancelUpdate, { args: [JANE] });
  });
});
