/** The schedule over HTTP, on a real registry and a real Temporal server; the stages of mosaics are fakes. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ActivityDependencies } from '../../../activities/dependencies.ts';
import { createScheduleActivities } from '../../../activities/schedule/schedule.activities.ts';
import type { Schedule } from '../../../api/contracts/schedule.ts';
import { shippedCalibrators } from '../../../config/shipped-data.ts';
import { mjdFromUnixMs } from '../../../domain/time.ts';
import { transitNearest } from '../../../domain/transits.ts';
import { plannerScheduleId } from '../../../workflows/contracts/schedule-start.ts';
import type { z } from 'zod';
import { fakeStages } from '../../support/fake-stages.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { useRegistry, useTestDatabase } from '../../support/postgres.ts';
import { aGroup } from '../../support/rows.ts';
import { runWorkers, startTemporal, type RunningWorkers } from '../../support/temporal.ts';

type Answer = z.output<typeof Schedule>;

const PREFIX = 'scheduled';
const database = useTestDatabase();
const registry = useRegistry(database);
const catalog = shippedCalibrators();
const passes = transitNearest(catalog.require('3C286').position, mjdFromUnixMs(Date.now())).apparent.decDeg;
const JANE = { requested_by: 'jane', reason: 'too near to the Sun' };

let temporal: TestWorkflowEnvironment;
let workers: RunningWorkers;
let gateway: TestGateway;

beforeAll(async () => {
  temporal = await startTemporal();
  const dependencies = { registry: registry(), client: temporal.client, queuePrefix: PREFIX, catalog };
  workers = await runWorkers(
    temporal,
    {
      ...fakeStages(temporal.client, PREFIX).activities,
      ...createScheduleActivities(dependencies as unknown as ActivityDependencies),
    },
    PREFIX,
  );
  gateway = await startGateway({
    databaseUrl: database().url,
    temporal: { address: temporal.address, namespace: 'default', queuePrefix: PREFIX },
  });
}, 180_000);

afterAll(async () => {
  await gateway.stop();
  await workers.stop();
  await temporal.teardown();
});

async function post<Body>(path: string, body: object): Promise<{ status: number; body: Body }> {
  const answer = await gateway.fetch(`/api/schedule/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Body };
}

const get = async <Body>(path: string): Promise<Body> =>
  (await (await gateway.fetch(`/api/schedule${path}`)).json()) as Body;
const explain = async (name: string): Promise<string> =>
  (await get<{ lines: string[] }>(`/explain?calibrator=${name}`)).lines.join('\n');

/** A group of some minutes ago, at a declination. */
async function point(decDeg: number): Promise<void> {
  const rootId = (await registry().dataRoots.register({ path: '/incoming/schedule' })).id;
  const startMjd = mjdFromUnixMs(Date.now()) - 0.01;
  const times = { startMjd, midMjd: startMjd + 0.0018, endMjd: startMjd + 0.0036 };
  const decision = aGroup(rootId, { id: '2026-11-21T00:00:00', ...times, pointingDecDeg: decDeg });
  await registry().transaction((tx) => tx.groups.record(decision));
}

describe('the schedule', () => {
  it('is empty at first, and says so', async () => {
    expect(await get<Answer>('')).toEqual({ pointing: null, planner: null, calibrators: [], transits: [] });
    expect(await explain('3C286')).toContain('not planned: 3C286 is not on the schedule');
  });

  it('refuses what cannot be calibrated on', async () => {
    expect((await post<{ code: string }>('add', { calibrator: '3C286x' })).body.code).toBe('CALIBRATOR_UNKNOWN');
    expect((await post('remove', { calibrator: '3C286', ...JANE })).status).toBe(404);
    const range = { start_utc: '2026-01-26T00:00:00', end_utc: '2026-01-25T00:00:00' };
    expect((await post('backfill', range)).status).toBe(400);
  });

  it('plans the transits of a calibrator, every hour from then on', async () => {
    const before = await post<Answer>('add', { calibrator: '1331+305', requested_by: 'jane' });
    expect(before.body).toMatchObject({ calibrators: [{ name: '3C286', added_by: 'jane' }], transits: [] });
    expect(await explain('3C286')).toContain('nobody knows where the telescope points');

    await point(passes);
    expect((await post('trigger', {})).body).toMatchObject({ moved: 0, struck: 0 });
    const { transits, planner } = await get<Answer>('');
    expect(transits.length).toBeGreaterThanOrEqual(1);
    expect(transits[0]).toMatchObject({ state: 'planned', calibrator: '3C286', priority: 3 });
    expect(planner).toMatchObject({ paused: false });
    const schedule = await temporal.client.schedule.getHandle(plannerScheduleId(PREFIX)).describe();
    expect(schedule.policies.overlap).toBe('SKIP');
    expect(schedule.spec.intervals).toMatchObject([{ every: 3_600_000 }]);
    expect(await explain('3C286')).toMatch(/planned by operator: window .*\nits window/);
  }, 120_000);

  it('moves open transits when a calibrator is added again with another window', async () => {
    const { body } = await post<Answer>('add', { calibrator: '3C286', timespan_minutes: 40 });
    expect(body.calibrators).toMatchObject([{ timespan_minutes: 40 }]);
    expect(body.transits[0]).toMatchObject({ state: 'planned', moved_by: 'operator' });
    expect(body.transits[0]?.moved_reason).toContain('the window is now');
  }, 120_000);

  it('pauses and resumes a calibrator, and takes it off', async () => {
    const paused = await post<Answer>('pause', { calibrator: '3C286', ...JANE });
    expect(paused.body.calibrators).toMatchObject([{ paused: JANE }]);
    expect(paused.body.transits[0]).toMatchObject({ state: 'struck' });
    expect(await explain('3C286')).toContain('struck off: 3C286 was paused by jane: too near to the Sun');

    const resumed = await post<Answer>('resume', { calibrator: '3C286', ...JANE });
    expect(resumed.body.transits[0]).toMatchObject({ state: 'planned' });

    const removed = await post<Answer>('remove', { calibrator: '3C286', ...JANE });
    expect(removed.body.calibrators).toEqual([]);
    expect(removed.body.transits[0]).toMatchObject({ state: 'struck', reason: '3C286 was taken off the schedule' });
    const entries = await registry().audit.of('scheduled_calibrator', '3C286');
    expect(entries.map(({ action }) => action)).toEqual(
      ['add', 'add', 'pause', 'resume', 'remove'].map((verb) => `schedule.${verb}`),
    );
  }, 120_000);

  it('pauses as a whole', async () => {
    expect((await post<Answer>('pause', JANE)).body.planner).toMatchObject({ paused: true });
    const added = await post<Answer>('add', { calibrator: '3C286' });
    expect(added.body.transits.filter(({ state }) => state === 'planned')).toEqual([]);
    const resumed = await post<Answer>('resume', JANE);
    expect(resumed.body.planner).toMatchObject({ paused: false });
    expect(resumed.body.transits.filter(({ state }) => state === 'planned').length).toBeGreaterThanOrEqual(1);
  }, 120_000);
});
