/** What a stream has to do next, counted from groups and jobs on a real PostgreSQL. */
import { beforeEach, expect, it } from '@jest/globals';
import { groupWorkflowId } from '../../../domain/ids.ts';
import type { GroupDecision, Job } from '../../../registry/index.ts';
import { useRegistry } from '../../support/postgres.ts';
import { aGroup, aJob } from '../../support/rows.ts';

const registry = useRegistry();
let rootId: string;
const NO_LIVE_DATA = { limit: 10, liveFromMjd: 99_999 };

beforeEach(async () => {
  const { db, dataRoots } = registry();
  await db.deleteFrom('events').execute();
  await db.deleteFrom('jobs').execute();
  await db.deleteFrom('observationGroups').execute();
  rootId = (await dataRoots.register({ path: '/tmp' })).id;
});

/** Groups five minutes apart, in the order of their numbers. */
async function decided(number: number, overrides: Partial<GroupDecision> = {}): Promise<string> {
  const id = `2026-01-25T22:0${number}:00`;
  const midMjd = 61_065 + number / 288;
  const times = { startMjd: midMjd - 0.001, midMjd, endMjd: midMjd + 0.001 };
  await registry().transaction(({ groups }) => groups.record(aGroup(rootId, { id, ...times, ...overrides })));
  return id;
}

async function withJob(id: string): Promise<Job> {
  const { job } = await registry().transaction(({ jobs }) =>
    jobs.request(aJob({ type: 'group', workflowId: groupWorkflowId(id, 1) })),
  );
  return job;
}

const waiting = async (query = NO_LIVE_DATA): Promise<string[]> =>
  (await registry().streamWork.waiting(rootId, query)).map(({ id }) => id);
const counts = () => registry().streamWork.counts(rootId);
const failure = { status: 'failed', error: { code: 'TOOL_FAILED', message: 'x' } } as const;

it('takes decided groups in the order of time, those with a calibrator first, live ones before all', async () => {
  const [one, two, three] = [await decided(1), await decided(2), await decided(3)];
  await decided(4, { state: 'collecting', tier: null });
  expect(await waiting()).toEqual([one, two, three]);
  await registry().groups.recordCalibrators({ id: two, version: 1 }, [{ name: '3C286', transit_mjd: 61_065 }]);
  expect(await waiting()).toEqual([two, one, three]);
  expect(await waiting({ limit: 2, liveFromMjd: 61_065 + 2.5 / 288 })).toEqual([three, two]);
});

it('leaves alone what somebody works on, what is done, and what failed', async () => {
  const [one, two, three] = [await decided(1), await decided(2), await decided(3)];
  await registry().jobs.begin((await withJob(one)).id, 'run');
  const done = await withJob(two);
  await registry().jobs.begin(done.id, 'run');
  await registry().jobs.end(done.id, { status: 'done' });
  const failed = await withJob(three);
  await registry().jobs.begin(failed.id, 'run');
  await registry().jobs.end(failed.id, failure);

  expect(await waiting()).toEqual([]);
  expect(await counts()).toMatchObject({ inFlight: 1, waiting: 0, failed: 1 });
});

it('takes again a group whose workflow never began', async () => {
  const [one, two] = [await decided(1), await decided(2)];
  await withJob(one);
  await registry().jobs.end((await withJob(two)).id, failure);

  const rows = await registry().streamWork.waiting(rootId, NO_LIVE_DATA);
  expect(rows.map(({ id, hasJob }) => [id, hasJob])).toEqual([
    [one, true],
    [two, false],
  ]);
  expect(await counts()).toMatchObject({ inFlight: 1, waiting: 1, failed: 0 });
});

it('lists a rejected group until its sources have their reason', async () => {
  const error = { code: 'GROUP_TOO_FEW_SUBBANDS', message: '7 of 16 subbands' };
  const id = await decided(1, { state: 'rejected', tier: null, error });
  expect(await registry().streamWork.unaccounted(rootId, 10)).toEqual([{ id, version: 1, reason: error.message }]);
  expect(await registry().ledger.unexplained({})).toBe(1);
  await registry().groups.markAccounted({ id, version: 1 });
  expect(await registry().streamWork.unaccounted(rootId, 10)).toEqual([]);
  expect(await registry().ledger.unexplained({})).toBe(0);
});
