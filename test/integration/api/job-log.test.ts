import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { followEvents, parseEventStream } from '../../../api/client/event-stream.ts';
import type { ServerEvent } from '../../../api/client/event-stream.ts';
import { Job, JobEvent, JobProgress } from '../../../api/contracts/jobs.ts';
import { startGateway, useGateway } from '../../support/gateway.ts';
import { useRegistry, useTestDatabase } from '../../support/postgres.ts';
import { aJob } from '../../support/rows.ts';

const database = useTestDatabase();
const registry = useRegistry(database);
const gateway = useGateway(() => ({ databaseUrl: database().url }));

const isOutcome = ({ event }: ServerEvent): boolean => event === 'outcome';

async function newJob(): Promise<string> {
  const { job } = await registry().jobs.request(aJob());
  return job.id;
}

const say = (jobId: string, ...lines: string[]): Promise<void> =>
  registry().events.append(...lines.map((message) => ({ kind: 'stage.note', jobId, message })));

async function finish(jobId: string): Promise<void> {
  await registry().transaction(async ({ jobs, events }) => {
    await jobs.begin(jobId, 'run');
    await jobs.end(jobId, { status: 'done' });
    await events.append({ kind: 'job.done', jobId, message: 'done' });
  });
}

/** Reads messages of one connection until `enough`, then hangs up. */
async function readSome(
  jobId: string,
  enough: (seen: ServerEvent[]) => boolean,
  lastId?: string,
): Promise<ServerEvent[]> {
  const headers: Record<string, string> = lastId === undefined ? {} : { 'last-event-id': lastId };
  const response = await gateway().fetch(`/api/jobs/${jobId}/logs`, { headers });
  const seen: ServerEvent[] = [];
  for await (const event of parseEventStream(response.body as AsyncIterable<Uint8Array>)) {
    seen.push(event);
    if (enough(seen)) break;
  }
  return seen;
}

const lines = (events: readonly ServerEvent[]): (string | null)[] =>
  events.filter(({ id }) => id !== null).map(({ data }) => JobEvent.parse(JSON.parse(data)).message);

describe('the log of a job', () => {
  it('begins with what was, and ends with the outcome', async () => {
    const id = await newJob();
    await say(id, 'one', 'two');
    await finish(id);

    const response = await gateway().fetch(`/api/jobs/${id}/logs`);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events: ServerEvent[] = [];
    for await (const event of parseEventStream(response.body as AsyncIterable<Uint8Array>)) events.push(event);

    expect(lines(events)).toEqual(['one', 'two', 'done']);
    const outcome = events.at(-1);
    expect(outcome?.event).toBe('outcome');
    expect(Job.parse(JSON.parse(outcome?.data ?? ''))).toMatchObject({ id, status: 'done', progress: 1 });
  });

  it('shows new lines and progress as they come', async () => {
    const id = await newJob();
    const seen: ServerEvent[] = [];
    const following = (async () => {
      for await (const event of followEvents(`${gateway().url}/api/jobs/${id}/logs`, {
        signal: AbortSignal.timeout(20_000),
        isLast: isOutcome,
      })) {
        seen.push(event);
      }
    })();
    await registry().jobs.begin(id, 'run');
    for (const line of ['first', 'second']) {
      const before = Date.now();
      await say(id, line);
      while (!lines(seen).includes(line)) await sleep(20);
      expect(Date.now() - before).toBeLessThan(5_000);
    }
    await registry().jobs.recordPhases(id, [
      {
        name: 'image',
        position: 0,
        state: 'running',
        done: 1,
        total: 2,
        message: '1 of 2',
        startedAt: null,
        endedAt: null,
      },
    ]);
    while (!seen.some(({ event, data }) => event === 'progress' && data.includes('0.5'))) await sleep(20);
    await finish(id);
    await following;

    expect(lines(seen)).toEqual(['first', 'second', 'done']);
    const progress = seen
      .filter(({ event }) => event === 'progress')
      .map(({ data }) => JobProgress.parse(JSON.parse(data)));
    expect(progress.at(-1)).toMatchObject({ phase: 'image', message: '1 of 2', progress: 0.5 });
    expect(seen.filter(({ event }) => event === 'progress').every(({ id: number }) => number === null)).toBe(true);
  });

  it('goes on after a cut, without loss and without doubles', async () => {
    const id = await newJob();
    await say(id, 'a', 'b', 'c');
    const first = await readSome(id, (seen) => lines(seen).length === 2);
    const lastId = first.findLast((event) => event.id !== null)?.id ?? '';
    await say(id, 'd');
    await finish(id);

    const second = await readSome(id, (seen) => isOutcome(seen.at(-1) as ServerEvent), lastId);

    expect([...lines(first), ...lines(second)]).toEqual(['a', 'b', 'c', 'd', 'done']);
  });

  it('is followed over a restart of the gateway', async () => {
    const id = await newJob();
    let own = await startGateway({ databaseUrl: database().url });
    const { port } = new URL(own.url);
    const seen: ServerEvent[] = [];
    const following = (async () => {
      const options = { signal: AbortSignal.timeout(30_000), isLast: isOutcome };
      for await (const event of followEvents(`${own.url}/api/jobs/${id}/logs`, options)) seen.push(event);
    })();
    await say(id, 'before');
    while (!lines(seen).includes('before')) await sleep(20);

    const stopping = Date.now();
    await own.stop();
    expect(Date.now() - stopping).toBeLessThan(5_000);
    await say(id, 'meanwhile');
    own = await startGateway({ databaseUrl: database().url, port: Number(port) });
    try {
      await finish(id);
      await following;
    } finally {
      await own.stop();
    }

    expect(lines(seen)).toEqual(['before', 'meanwhile', 'done']);
  });

  it('holds many events', async () => {
    const id = await newJob();
    const messages = Array.from({ length: 1_234 }, (_, index) => `line ${index}`);
    await say(id, ...messages);
    await finish(id);

    const events = await readSome(id, (seen) => isOutcome(seen.at(-1) as ServerEvent));

    expect(lines(events)).toEqual([...messages, 'done']);
  });

  it('refuses a Last-Event-ID that is none', async () => {
    const id = await newJob();
    const response = await gateway().fetch(`/api/jobs/${id}/logs`, { headers: { 'last-event-id': 'x; drop table' } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('forgets a reader that has gone', async () => {
    const id = await newJob();
    await say(id, 'a');
    for (let reader = 0; reader < 20; reader += 1) await readSome(id, (seen) => seen.length > 0);
    await finish(id);
    expect(lines(await readSome(id, (seen) => isOutcome(seen.at(-1) as ServerEvent)))).toEqual(['a', 'done']);
  });
});
