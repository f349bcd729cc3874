/** Streams and light curves over HTTP, on a real registry and a real Temporal server; looks into the folder are fakes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ActivityDependencies } from '../../../activities/dependencies.ts';
import { createJobActivities } from '../../../activities/jobs.ts';
import { groupWorkflowId } from '../../../domain/ids.ts';
import { eventually } from '../../support/eventually.ts';
import { fakeStages } from '../../support/fake-stages.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { useRegistry, useTestDatabase } from '../../support/postgres.ts';
import { aGroup, aJob } from '../../support/rows.ts';
import { runWorkers, startTemporal, type RunningWorkers } from '../../support/temporal.ts';

const PREFIX = 'streaming';
const JANE = { requested_by: 'jane', reason: 'disk is being replaced' };
const database = useTestDatabase();
const registry = useRegistry(database);

let temporal: TestWorkflowEnvironment;
let workers: RunningWorkers;
let gateway: TestGateway;
let incoming: string;

beforeAll(async () => {
  incoming = mkdtempSync(join(tmpdir(), 'meridian-test-'));
  temporal = await startTemporal();
  const activities = {
    ...fakeStages(temporal.client, PREFIX).activities,
    ...createJobActivities({ registry: registry() } as ActivityDependencies),
  };
  workers = await runWorkers(temporal, activities, PREFIX);
  gateway = await startGateway({
    databaseUrl: database().url,
    temporal: { address: temporal.address, namespace: 'default', queuePrefix: PREFIX },
  });
}, 180_000);

afterAll(async () => {
  await gateway.stop();
  await workers.stop();
  await temporal.teardown();
  rmSync(incoming, { recursive: true, force: true });
});

type Answer = Readonly<Record<string, unknown>>;

async function ask(method: 'GET' | 'POST', path: string, body?: object): Promise<{ status: number; body: Answer }> {
  const init =
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await gateway.fetch(path, { method, ...init });
  return { status: answer.status, body: (await answer.json()) as Answer };
}

const streams = async (): Promise<readonly Answer[]> =>
  (await ask('GET', '/api/streaming/status')).body['items'] as readonly Answer[];

describe('a stream', () => {
  it('is started, paused, changed, resumed and stopped, and may be started anew', async () => {
    const started = await ask('POST', '/api/streaming/start', { incoming, name: 'live', requested_by: 'jane' });
    expect(started).toMatchObject({ status: 202, body: { name: 'live', incoming, max_in_flight: 2, failed: 0 } });
    await eventually('it runs', async () => (await streams())[0]?.['status'] === 'running');

    expect(await ask('POST', '/api/streaming/live/pause', JANE)).toMatchObject({
      status: 200,
      body: { paused_by: 'jane' },
    });
    expect((await ask('POST', '/api/streaming/live/pause', JANE)).body).toMatchObject({ code: 'CONFLICT' });
    const changed = await ask('POST', '/api/streaming/live/config', { ...JANE, max_in_flight: 7 });
    expect(changed).toMatchObject({ status: 200, body: { max_in_flight: 7, paused_by: 'jane' } });
    expect((await ask('POST', '/api/streaming/live/resume', JANE)).body).toMatchObject({ paused_by: null });
    expect((await ask('POST', '/api/streaming/live/stop', JANE)).status).toBe(200);
    await eventually('it has ended', async () => (await streams())[0]?.['status'] === 'done');
    expect((await ask('POST', '/api/streaming/live/pause', JANE)).body).toMatchObject({ code: 'WORKFLOW_CLOSED' });

    await ask('POST', '/api/streaming/start', { incoming, name: 'live' });
    await eventually('it runs again', async () => (await streams())[0]?.['status'] === 'running');
    await ask('POST', '/api/streaming/live/stop', JANE);
  });

  it('refuses a folder that is not there, unknown fields, and a name that no stream has', async () => {
    const missing = await ask('POST', '/api/streaming/start', { incoming: join(incoming, 'nothing') });
    expect(missing).toMatchObject({ status: 404, body: { code: 'FILE_MISSING' } });
    expect((await ask('POST', '/api/streaming/start', { incoming, speed: 9 })).body).toMatchObject({
      code: 'REQUEST_INVALID',
    });
    expect((await ask('POST', '/api/streaming/nobody/stop', JANE)).body).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a group that failed', () => {
  it('is listed with its error and may be tried again, once', async () => {
    const rootId = (await registry().dataRoots.register({ path: incoming })).id;
    const { id } = aGroup(rootId);
    await registry().transaction(({ groups }) => groups.record(aGroup(rootId)));
    const request = aJob({
      type: 'group',
      workflowId: groupWorkflowId(id, 1),
      parameters: { group_id: id, version: 1 },
    });
    const { job } = await registry().transaction(({ jobs }) => jobs.request(request));
    await registry().jobs.begin(job.id, 'run');
    await registry().jobs.end(job.id, { status: 'failed', error: { code: 'TOOL_FAILED', message: 'WSClean ended' } });

    const listed = await ask('GET', '/api/streaming/groups?status=failed');
    expect(listed.body).toMatchObject({ items: [{ group_id: id, error: { code: 'TOOL_FAILED' } }] });
    const again = await ask('POST', `/api/streaming/groups/${id}/retry`, JANE);
    expect(again).toMatchObject({ status: 202, body: { group_id: id, status: 'pending', error: null } });
    expect((await ask('POST', `/api/streaming/groups/${id}/retry`, JANE)).body).toMatchObject({ code: 'CONFLICT' });
    expect((await ask('POST', '/api/streaming/groups/2030-01-01T00:00:00/retry', JANE)).status).toBe(404);
  });
});

describe('what is not there', () => {
  it.each([
    ['GET', '/api/sources/1/lightcurve', 404, 'NOT_FOUND'],
    ['GET', '/api/sources/nobody/lightcurve', 400, 'REQUEST_INVALID'],
    ['GET', '/api/sources/1/variability', 404, 'NOT_FOUND'],
    ['POST', '/api/photometry/products/01a1ffa8-7cf9-7a6e-8dec-a7d83c8d65b8', 404, 'NOT_FOUND'],
    ['POST', '/api/ese/candidates/01a1ffa8-7cf9-7a6e-8dec-a7d83c8d65b8/judge', 404, 'NOT_FOUND'],
  ] as const)('%s %s is answered with %i %s', async (method, path, status, code) => {
    const body = method === 'GET' ? undefined : path.includes('judge') ? { ...JANE, status: 'dismissed' } : {};
    expect(await ask(method, path, body)).toMatchObject({ status, body: { code } });
  });

  it('is nothing in the ledger, the export and the list of candidates', async () => {
    expect((await ask('GET', '/api/ledger')).body).toMatchObject({ expected: 0, unexplained: 0, lines: [] });
    expect((await ask('GET', '/api/ese/candidates')).body).toEqual({ items: [] });
    const csv = await (await gateway.fetch('/api/lightcurves.csv')).text();
    expect(csv.trim().split('\n')).toHaveLength(1);
    expect(csv).toMatch(/^source_id,ra_deg,dec_deg,mid_mjd,flux_jy,flux_err_jy,normalized_flux_jy/);
  });
});
