/** What follows what in a mosaic: phases, steering, failures, shared units. Stages are fakes; Temporal is real. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { MOSAIC_PHASES } from '../../domain/phases.ts';
import type { mosaicWorkflow } from '../../workflows/mosaic/mosaic.workflow.ts';
import { cancelUpdate, pauseUpdate, resumeUpdate, statusQuery } from '../../workflows/contracts/control.ts';
import { planQuery, type MosaicInput, type MosaicResult } from '../../workflows/contracts/mosaic.ts';
import { mosaicStart } from '../../workflows/contracts/start.ts';
import { eventually } from '../support/eventually.ts';
import { fakeStages, type FakeStages } from '../support/fake-stages.ts';
import { aMosaicInput, quickPolicies } from '../support/mosaic-input.ts';
import { runWorkers, startTemporal, type RunningWorkers } from '../support/temporal.ts';

type Handle = WorkflowHandle<typeof mosaicWorkflow>;

const JANE = { requestedBy: 'jane', reason: 'disk is being replaced' };

let temporal: TestWorkflowEnvironment;
let workers: RunningWorkers;
let stages: FakeStages;
let count = 0;

beforeAll(async () => {
  temporal = await startTemporal();
});

afterAll(async () => {
  await temporal.teardown();
});

beforeEach(async () => {
  count += 1;
  const prefix = `mosaic${count}`;
  stages = fakeStages(temporal.client, prefix);
  workers = await runWorkers(temporal, stages.activities, prefix);
});

afterEach(() => workers.stop());

async function start(input: MosaicInput, hash8 = `hash${count}`): Promise<Handle> {
  const { workflowType, options } = mosaicStart(input, hash8, workers.prefix);
  return (await temporal.client.workflow.start(workflowType, options)) as Handle;
}

const phaseCalls = (): string[] =>
  stages.calls.filter((call) => call.startsWith('recordPhase') && /(running|done)$/.test(call));

/** The code of the failure that a workflow ended with. */
async function failureOf(handle: Handle): Promise<string> {
  const error = (await handle.result().catch((failure: unknown) => failure)) as {
    readonly cause?: { readonly type?: string };
  };
  return error.cause?.type ?? 'no failure with a code';
}

describe('a mosaic', () => {
  it('goes through its eleven phases in order and ends with its products', async () => {
    const input = aMosaicInput(3);

    const result: MosaicResult = await (await start(input)).result();

    const order = phaseCalls().filter((call) => call.endsWith('done'));
    expect([...new Set(order)]).toEqual(MOSAIC_PHASES.map(({ id }) => `recordPhase ${id} done`));
    expect(result).toMatchObject({ mosaicId: 'mosaic-1', qa: 'pass', caltableIds: ['k', 'b', 'g'] });
    expect(result.tileIds).toHaveLength(3);
    expect(stages.calls.at(-1)).toBe('endJob done');
  });

  it('images the tile of the calibrator first and gives its beam, cell and size to all others', async () => {
    const input = aMosaicInput(3);

    const { tileIds } = await (await start(input)).result();

    const middle = input.groups[1]?.groupId;
    expect(stages.calls.filter((call) => call.startsWith('imageTile'))[0]).toBe(`imageTile ${middle}`);
    expect(tileIds.filter((id) => id.endsWith('-//'))).toEqual([`tile-${middle}-//`]);
    expect(tileIds.filter((id) => id.endsWith('-40/8/1800'))).toHaveLength(2);
  });

  it('shows phases, counts and the plan to those who ask', async () => {
    stages.behave.set('buildMosaic', { takesMs: 1000 });
    const handle = await start(aMosaicInput(3));
    await eventually('the mosaic phase', () => stages.calls.includes('buildMosaic 3'));

    const status = await handle.query(statusQuery);
    const plan = await handle.query(planQuery);

    expect(status).toMatchObject({ state: 'running', phase: 'mosaic', pausedBy: null, failure: null });
    expect(status.phases.find(({ name }) => name === 'image')).toMatchObject({ state: 'done', done: 3, total: 3 });
    expect(plan?.groups).toHaveLength(3);
    await handle.result();
    const { searchAttributes } = await handle.describe();
    expect(searchAttributes).toMatchObject({ Calibrator: ['3C286'], JobType: ['mosaic'], QaState: ['pass'] });
  });
});

describe('steering', () => {
  it('stops before the next phase when paused, says who and why, and goes on when resumed', async () => {
    stages.behave.set('solveCalibrator', { takesMs: 800 });
    const handle = await start(aMosaicInput(3));
    await eventually('solving', () => stages.calls.some((call) => call.startsWith('solveCalibrator')));

    const paused = await handle.executeUpdate(pauseUpdate, { args: [JANE], updateId: 'request-1' });
    await eventually('the solve is done', () => stages.calls.includes('recordPhase solve done'));
    const whilePaused = await handle.query(statusQuery);
    await handle.executeUpdate(resumeUpdate, { args: [{ requestedBy: 'joe', reason: 'replaced' }] });
    await handle.result();

    expect(paused).toMatchObject({ state: 'paused', pausedBy: JANE });
    expect(whilePaused.phase).toBeNull();
    expect(whilePaused.phases.find(({ name }) => name === 'apply')?.state).toBe('pending');
    expect(stages.calls).toEqual(expect.arrayContaining(['recordControl pause jane', 'recordControl resume joe']));
  });

  it('does a request once however often it is sent, and refuses what makes no sense', async () => {
    stages.behave.set('solveCalibrator', { takesMs: 1500 });
    const handle = await start(aMosaicInput(3));
    await eventually('solving', () => stages.calls.some((call) => call.startsWith('solveCalibrator')));

    await handle.executeUpdate(pauseUpdate, { args: [JANE], updateId: 'same' });
    await handle.executeUpdate(pauseUpdate, { args: [JANE], updateId: 'same' });
    const again = handle.executeUpdate(pauseUpdate, { args: [JANE], updateId: 'other' });

    await expect(again).rejects.toMatchObject({ cause: { type: 'CONFLICT' } });
    expect(stages.calls.filter((call) => call === 'recordControl pause jane')).toHaveLength(1);
    await handle.executeUpdate(resumeUpdate, { args: [JANE] });
    await expect(handle.executeUpdate(resumeUpdate, { args: [JANE] })).rejects.toMatchObject({
      cause: { type: 'CONFLICT' },
    });
    await handle.result();
  });

  it('cancels by update: stops the running stage, writes it down, and is cancelled on the server too', async () => {
    stages.behave.set('buildMosaic', { takesMs: 60_000 });
    const handle = await start(aMosaicInput(3));
    await eventually('combining', () => stages.calls.includes('buildMosaic 3'));

    await handle.executeUpdate(cancelUpdate, { args: [JANE] });
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });

    expect(stages.cancelled).toEqual(['buildMosaic 3']);
    expect(stages.calls.at(-1)).toBe('endJob cancelled CANCELLED');
    expect((await handle.describe()).status.name).toBe('CANCELLED');
  });

  it('cancels when Temporal itself is asked', async () => {
    stages.behave.set('buildMosaic', { takesMs: 60_000 });
    const handle = await start(aMosaicInput(3));
    await eventually('combining', () => stages.calls.includes('buildMosaic 3'));

    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });

    expect(stages.calls.at(-1)).toBe('endJob cancelled CANCELLED');
  });
});

describe('failures', () => {
  it('tries again what may pass, and goes on', async () => {
    stages.behave.set('solveCalibrator', { failsWith: 'TOOL_FAILED', failures: 2, retryable: true });

    await (await start(aMosaicInput(3))).result();

    expect(stages.calls.filter((call) => call.startsWith('solveCalibrator'))).toHaveLength(3);
  });

  it('ends with the code of what failed for good, after one attempt', async () => {
    stages.behave.set('solveCalibrator', { failsWith: 'CALIBRATION_BAD' });
    const handle = await start(aMosaicInput(3));

    expect(await failureOf(handle)).toBe('CALIBRATION_BAD');

    expect(stages.calls.filter((call) => call.startsWith('solveCalibrator'))).toHaveLength(1);
    expect(stages.calls.at(-1)).toBe('endJob failed CALIBRATION_BAD');
    const status = await handle.query(statusQuery);
    expect(status).toMatchObject({ state: 'failed', failure: { code: 'CALIBRATION_BAD' } });
  });

  it('never tries again what is named as final, whatever the activity says', async () => {
    stages.behave.set('solveCalibrator', { failsWith: 'CALIBRATION_BAD', retryable: true });

    expect(await failureOf(await start(aMosaicInput(3)))).toBe('CALIBRATION_BAD');

    expect(stages.calls.filter((call) => call.startsWith('solveCalibrator'))).toHaveLength(1);
  });

  it('hands the failure of a unit to whoever decides about it', async () => {
    const input = aMosaicInput(4);
    const bad = input.groups[0]?.groupId ?? '';
    stages.behave.set(`convertGroup ${bad}`, { failsWith: 'FILE_TRUNCATED' });
    const handle = await start(input);

    const { tileIds } = await handle.result();
    const plan = await handle.query(planQuery);

    expect(tileIds).toHaveLength(3);
    expect(plan?.excluded).toEqual([
      { groupId: bad, code: 'FILE_TRUNCATED', reason: expect.stringContaining('convertGroup') },
    ]);
    expect(stages.calls).toContain(`recordUnitEnd ms ${bad} failed`);
  });

  it('gives up work that takes too long, with a code', async () => {
    const policies = {
      ...quickPolicies(),
      solve: { ...quickPolicies({ maximumAttempts: 1 })['solve']!, timeoutSeconds: 1 },
    };
    stages.behave.set('solveCalibrator', { takesMs: 60_000 });

    expect(await failureOf(await start(aMosaicInput(3, { policies })))).toBe('TOOL_TIMED_OUT');
  });
});
