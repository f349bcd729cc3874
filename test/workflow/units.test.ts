/** Units that several workflows ask for are made once, and live as long as somebody wants them. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { mosaicWorkflow } from '../../workflows/mosaic/mosaic.workflow.ts';
import { msWorkflowId } from '../../workflows/contracts/ids.ts';
import { cancelUpdate } from '../../workflows/contracts/control.ts';
import type { MosaicInput } from '../../workflows/contracts/mosaic.ts';
import { mosaicStart } from '../../workflows/contracts/start.ts';
import { requestersQuery } from '../../workflows/contracts/units.ts';
import { eventually } from '../support/eventually.ts';
import { fakeStages, type FakeStages } from '../support/fake-stages.ts';
import { aMosaicInput } from '../support/mosaic-input.ts';
import { runWorkers, startTemporal, type RunningWorkers } from '../support/temporal.ts';

type Handle = WorkflowHandle<typeof mosaicWorkflow>;

const JANE = { requestedBy: 'jane', reason: 'not wanted any more' };

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
  stages = fakeStages(temporal.client, `units${count}`);
  workers = await runWorkers(temporal, stages.activities, `units${count}`);
});

afterEach(() => workers.stop());

async function start(input: MosaicInput, hash8 = randomUUID().slice(0, 8)): Promise<Handle> {
  const { workflowType, options } = mosaicStart(input, hash8, workers.prefix);
  return (await temporal.client.workflow.start(workflowType, options)) as Handle;
}

/** A request of its own for groups of another; each test has other groups, for units outlive the queues. */
const another = (input: MosaicInput, groups = input.groups): MosaicInput => ({
  ...input,
  groups,
  jobId: randomUUID(),
  mosaicGroupId: randomUUID(),
});

function anInput(groups = 3): MosaicInput {
  const input = aMosaicInput(groups);
  return { ...input, groups: input.groups.map((group) => ({ ...group, version: count * 100 })) };
}

const callsOf = (name: string): string[] => stages.calls.filter((call) => call.startsWith(`${name} `));

describe('two mosaics that share groups', () => {
  it('make each measurement set and each tile once', async () => {
    stages.behave.set('convertGroup', { takesMs: 200 });
    stages.behave.set('imageTile', { takesMs: 200 });
    const input = anInput(4);

    const [one, two] = await Promise.all([start(input), start(another(input))]);
    const [first, second] = await Promise.all([one.result(), two.result()]);

    expect(callsOf('convertGroup')).toHaveLength(4);
    expect(callsOf('imageTile')).toHaveLength(4);
    expect(second.tileIds).toEqual(first.tileIds);
  });

  it('take what is there already without asking for it again', async () => {
    const input = anInput();
    await (await start(input)).result();
    const before = stages.calls.length;

    await (await start(another(input))).result();

    const after = stages.calls.slice(before);
    expect(after.filter((call) => /^(convertGroup|flagMs|applyCaltables|imageTile) /.test(call))).toEqual([]);
  });

  it('tell the jobs of both how far a shared unit is', async () => {
    stages.behave.set('convertGroup', { takesMs: 1500 });
    const input = anInput();
    const other = another(input);
    const one = await start(input);
    await eventually('converting', () => stages.told.has(input.groups[0]?.groupId ?? ''));
    expect(stages.told.get(input.groups[0]?.groupId ?? '')).toEqual([input.jobId]);

    const two = await start(other);
    const unit = temporal.client.workflow.getHandle(msWorkflowId(input.groups[0]?.groupId ?? '', count * 100));
    await eventually('both wait', async () => (await unit.query(requestersQuery)).length === 2);

    await Promise.all([one.result(), two.result()]);
  });

  it('when one is cancelled, the other gets its units; those that nobody else wants are cancelled too', async () => {
    stages.behave.set('convertGroup', { takesMs: 2500 });
    const input = anInput(4);
    const shared = another(input, input.groups.slice(0, 3));
    const [one, two] = await Promise.all([start(input), start(shared)]);
    await eventually('everything is converting', () => callsOf('convertGroup').length === 4);
    const unit = temporal.client.workflow.getHandle(msWorkflowId(input.groups[0]?.groupId ?? '', count * 100));
    await eventually('both wait', async () => (await unit.query(requestersQuery)).length === 2);

    await one.executeUpdate(cancelUpdate, { args: [JANE] });
    await expect(one.result()).rejects.toThrow();
    const result = await two.result();

    expect(stages.cancelled).toEqual([`convertGroup ${input.groups[3]?.groupId}`]);
    expect(callsOf('convertGroup')).toHaveLength(4);
    expect(result.tileIds).toHaveLength(3);
    const alone = temporal.client.workflow.getHandle(msWorkflowId(input.groups[3]?.groupId ?? '', count * 100));
    expect((await alone.describe()).status.name).toBe('CANCELLED');
  });
});

describe('the same request', () => {
  it('sent twice is one workflow; after it succeeded it is not started again', async () => {
    const input = anInput();

    const first = await start(input, `same${count}`);
    const second = await start(another(input), `same${count}`);
    await first.result();

    expect(second.workflowId).toBe(first.workflowId);
    expect(stages.calls.filter((call) => call.startsWith('beginJob'))).toEqual([`beginJob ${input.jobId}`]);
    await expect(start(input, `same${count}`)).rejects.toMatchObject({ name: 'WorkflowExecutionAlreadyStartedError' });
  });

  it('may be made again after it failed, and goes on from what is there', async () => {
    const input = anInput();
    stages.behave.set('buildMosaic', { failsWith: 'DISK_FULL', failures: 1 });
    await expect((await start(input, `again${count}`)).result()).rejects.toThrow();

    await (await start(input, `again${count}`)).result();

    expect(callsOf('imageTile')).toHaveLength(3);
    expect(callsOf('buildMosaic')).toHaveLength(2);
  });
});

describe('a unit that failed', () => {
  it('is tried again for the next one who asks', async () => {
    const input = anInput(4);
    const bad = input.groups[0]?.groupId ?? '';
    stages.behave.set(`convertGroup ${bad}`, { failsWith: 'FILE_TRUNCATED', failures: 1 });

    const first = await (await start(input)).result();
    const second = await (await start(another(input))).result();

    expect(first.tileIds).toHaveLength(3);
    expect(second.tileIds).toHaveLength(4);
  });
});
