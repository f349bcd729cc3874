import { expect, it } from '@jest/globals';
import { useRegistry } from '../../support/postgres.ts';
import { aJob } from '../../support/rows.ts';

const registry = useRegistry();
const request = (job: ReturnType<typeof aJob>) => registry().transaction((tx) => tx.jobs.request(job));

const phase = (name: string, position: number, overrides = {}) => ({
  name,
  position,
  state: 'pending' as const,
  done: 0,
  total: 0,
  message: '',
  startedAt: null,
  endedAt: null,
  ...overrides,
});

it('makes one job for one workflow, however often it is asked for', async () => {
  const job = aJob();
  const answers = await Promise.all([1, 2, 3].map(() => request({ ...job, id: aJob().id })));

  expect(answers.filter(({ outcome }) => outcome === 'made')).toHaveLength(1);
  expect(new Set(answers.map(({ job: { id } }) => id)).size).toBe(1);
});

it('begins a failed job again, as if it were new', async () => {
  const { job } = await request(aJob());
  await registry().jobs.begin(job.id, 'run-1');
  await registry().jobs.recordPhases(job.id, [
    phase('plan', 0, { state: 'done' }),
    phase('solve', 1, { state: 'failed' }),
  ]);
  await registry().jobs.end(job.id, { status: 'failed', error: { code: 'TOOL_FAILED', message: 'gaincal failed' } });
  const failed = await registry().jobs.require(job.id);
  const again = await request(aJob({ workflowId: job.workflowId }));

  expect(failed).toMatchObject({ status: 'failed', errorCode: 'TOOL_FAILED', errorMessage: 'gaincal failed' });
  expect(again).toMatchObject({
    outcome: 'begun_again',
    job: {
      id: job.id,
      status: 'pending',
      progress: 0,
      errorCode: null,
      runId: null,
      startedAt: null,
      finishedAt: null,
    },
  });
  expect(await registry().jobs.phases(job.id)).toEqual([]);
});

it('gives the same answer to the same request id, and refuses it for other work', async () => {
  const job = aJob({ requestId: 'request-1' });
  await request(job);

  expect(await request(job)).toMatchObject({ outcome: 'found' });
  await expect(request(aJob({ requestId: 'request-1' }))).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
});

it('computes progress and phase from the phases', async () => {
  const { job } = await request(aJob());
  await registry().jobs.begin(job.id, 'run-1');
  await registry().jobs.recordPhases(
    job.id,
    ['plan', 'apply', 'image', 'mosaic'].map((name, index) => phase(name, index)),
  );
  await registry().jobs.recordPhases(job.id, [
    phase('plan', 0, { state: 'done' }),
    phase('apply', 1, { state: 'running', done: 2, total: 4, message: '2 of 4 tiles' }),
  ]);

  expect(await registry().jobs.require(job.id)).toMatchObject({
    status: 'running',
    phase: 'apply',
    message: '2 of 4 tiles',
    progress: 1.5 / 4,
  });
  expect((await registry().jobs.phases(job.id)).map(({ name, state }) => [name, state])).toEqual([
    ['plan', 'done'],
    ['apply', 'running'],
    ['image', 'pending'],
    ['mosaic', 'pending'],
  ]);
});

it('does not say of a phase what the one before it said', async () => {
  const { job } = await request(aJob());
  await registry().jobs.begin(job.id, 'run-1');
  await registry().jobs.recordPhases(job.id, [phase('image', 0, { state: 'running' })]);
  await registry().jobs.recordStage(job.id, { stage: 'image', fraction: 0.5, message: 'cleaning' });
  await registry().jobs.recordPhases(job.id, [phase('image', 0, { state: 'running' })]);
  const during = await registry().jobs.require(job.id);
  await registry().jobs.recordPhases(job.id, [
    phase('image', 0, { state: 'done' }),
    phase('mosaic', 1, { state: 'running' }),
  ]);

  expect(during).toMatchObject({ phase: 'image', message: 'cleaning' });
  expect(await registry().jobs.require(job.id)).toMatchObject({ phase: 'mosaic', message: '' });
});

it('knows since when the present stage runs', async () => {
  const { job } = await request(aJob());
  await registry().jobs.begin(job.id, 'run-1');
  await registry().jobs.recordStage(job.id, { stage: 'image', fraction: 0.1, message: 'cleaning', size: 5 });
  const first = await registry().jobs.require(job.id);
  await registry().jobs.recordStage(job.id, { stage: 'image', fraction: 0.2, message: 'cleaning' });
  const second = await registry().jobs.require(job.id);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await registry().jobs.recordStage(job.id, { stage: 'qa', fraction: null, message: 'matching' });
  const third = await registry().jobs.require(job.id);

  expect(second).toMatchObject({
    stage: 'image',
    stageFraction: 0.2,
    stageSize: 5,
    stageStartedAt: first.stageStartedAt,
  });
  expect(third).toMatchObject({ stage: 'qa', stageFraction: null });
  expect(third.stageStartedAt).not.toBe(first.stageStartedAt);
});

it('says who paused a job and why, until it goes on', async () => {
  const { job } = await request(aJob());
  await registry().jobs.begin(job.id, 'run-1');
  await registry().jobs.recordPause(job.id, { requestedBy: 'jane', reason: 'disk is replaced' });
  const paused = await registry().jobs.require(job.id);
  await registry().jobs.recordResume(job.id);

  expect(paused).toMatchObject({ pausedBy: 'jane', pausedReason: 'disk is replaced', pausedAt: expect.any(String) });
  expect(await registry().jobs.require(job.id)).toMatchObject({ pausedBy: null, pausedReason: null, pausedAt: null });
});

it('ends a job once: a retried activity or a late one changes nothing', async () => {
  const { job } = await request(aJob());
  await registry().jobs.begin(job.id, 'run-1');
  await registry().jobs.end(job.id, { status: 'done', result: { mosaic_id: 'x' } });
  await registry().jobs.end(job.id, { status: 'failed', error: { code: 'INTERNAL', message: 'late' } });
  await registry().jobs.begin(job.id, 'run-2');
  await registry().jobs.recordPhases(job.id, [phase('late', 0)]);

  expect(await registry().jobs.require(job.id)).toMatchObject({
    status: 'done',
    runId: 'run-1',
    progress: 1,
    result: { mosaic_id: 'x' },
    errorCode: null,
  });
});

it('finds jobs that nobody has touched for a while', async () => {
  const { job } = await request(aJob());
  const quiet = (await registry().jobs.listUnsettled(0)).map(({ id }) => id);
  const busy = (await registry().jobs.listUnsettled(60)).map(({ id }) => id);

  expect(quiet).toContain(job.id);
  expect(busy).not.toContain(job.id);
});

it('lists by status and type, newest first', async () => {
  const { job: first } = await request(aJob({ type: 'listed' }));
  const { job: second } = await request(aJob({ type: 'listed' }));
  await registry().jobs.begin(second.id, 'run');
  const all = await registry().jobs.list({ type: 'listed' });
  const running = await registry().jobs.list({ type: 'listed', status: 'running' });

  expect(all.items.map(({ id }) => id)).toEqual([second.id, first.id]);
  expect(running.items.map(({ id }) => id)).toEqual([second.id]);
});

it('keeps how long stages took, newest first', async () => {
  for (const wallSeconds of [10, 20]) {
    await registry().durations.record({
      stage: 'image',
      stageVersion: 1,
      unit: 'tile/x',
      wallSeconds,
      inputBytes: 1000 * wallSeconds,
      cores: 2,
      peakRssBytes: 5e8,
    });
  }

  expect(await registry().durations.history('image')).toEqual([
    { seconds: 20, size: 20000 },
    { seconds: 10, size: 10000 },
  ]);
  expect(await registry().durations.history('solve')).toEqual([]);
});

it('remembers who did what and why', async () => {
  const { job } = await request(aJob());
  await registry().audit.record({
    actor: 'jane',
    action: 'job.pause',
    subjectKind: 'job',
    subjectId: job.id,
    reason: 'disk',
    requestId: 'r1',
  });

  expect(await registry().audit.of('job', job.id)).toMatchObject([
    { actor: 'jane', action: 'job.pause', reason: 'disk', details: {} },
  ]);
});
