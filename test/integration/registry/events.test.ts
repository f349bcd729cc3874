import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EventFeed, type EventFeedOptions, type MeridianEvent, type Registry } from '../../../registry/index.ts';
import { eventually } from '../../support/eventually.ts';
import { useRegistry, useTestDatabase } from '../../support/postgres.ts';
import { aJob } from '../../support/rows.ts';

const database = useTestDatabase();
const registry = useRegistry(database);

const feedOf = (reg: Registry, options: Partial<EventFeedOptions> = {}): EventFeed =>
  new EventFeed({ databaseUrl: database().url, applicationName: 'meridian-test-feed', events: reg.events, ...options });

/** A transaction that writes some events, with pauses that let others commit before it. */
interface Writer {
  readonly pausesMs: readonly number[];
  readonly fails: boolean;
}

const write = (writer: Writer, label: string): Promise<unknown> =>
  registry()
    .transaction(async (tx) => {
      for (const [index, pause] of writer.pausesMs.entries()) {
        await tx.events.append({ kind: 'test', message: `${label}.${index}` });
        await sleep(pause);
      }
      if (writer.fails) throw new Error('rolled back');
    })
    .catch(() => undefined);

it('lets a reader by number miss no committed event, whatever order transactions commit in', async () => {
  const writer = fc.record({
    pausesMs: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 3 }),
    fails: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(writer, { minLength: 2, maxLength: 8 }), async (writers) => {
      const begin = await registry().events.latestId();
      const seen: MeridianEvent[] = [];
      let writing = true;
      const reader = (async () => {
        for (let last = false; !last;) {
          last = !writing;
          seen.push(...(await registry().events.after(seen.at(-1)?.id ?? begin)));
        }
      })();
      await Promise.all(writers.map((one, index) => write(one, String(index))));
      writing = false;
      await reader;

      const expected = writers.flatMap(({ pausesMs, fails }, index) =>
        fails ? [] : pausesMs.map((_, i) => `${index}.${i}`),
      );
      expect(seen.map(({ message }) => message).sort()).toEqual(expected.sort());
      expect(seen.map(({ id }) => id)).toEqual([...seen.map(({ id }) => id)].sort((a, b) => a - b));
    }),
    { numRuns: 25, endOnFailure: true },
  );
});

it('writes the events of a transaction in the order in which they were appended', async () => {
  const begin = await registry().events.latestId();
  await registry().transaction(async (tx) => {
    await tx.events.append({ kind: 'a' }, { kind: 'b' });
    await tx.events.append({ kind: 'c' });
  });

  expect((await registry().events.after(begin)).map(({ kind }) => kind)).toEqual(['a', 'b', 'c']);
});

it('does not deadlock when transactions write events before they touch the same row', async () => {
  const { job } = await registry().transaction((tx) => tx.jobs.request(aJob()));
  const touch = (kind: string): Promise<void> =>
    registry().transaction(async (tx) => {
      await tx.events.append({ kind, jobId: job.id });
      await sleep(20);
      await tx.jobs.begin(job.id, kind);
    });

  await Promise.all(['one', 'two', 'three', 'four'].map(touch));

  expect(await registry().events.after(0, { jobId: job.id })).toHaveLength(4);
});

it('gives a follower the past of its job, then what happens, each event once and in order', async () => {
  const { job } = await registry().transaction((tx) => tx.jobs.request(aJob()));
  const say = (message: string) =>
    registry().events.append({ kind: 'log', jobId: job.id, message, payload: { n: message } });
  await say('1');
  await registry().events.append({ kind: 'log', message: 'of nobody' });
  await say('2');
  const feed = feedOf(registry());
  feed.start();
  const seen: MeridianEvent[] = [];
  const stop = feed.subscribe({ afterId: 0, filter: { jobId: job.id }, onEvent: (event) => void seen.push(event) });
  await say('3');
  await eventually('three events came', () => seen.length === 3);
  await say('4');
  await eventually('the fourth event came', () => seen.length === 4);
  stop();
  await say('5');
  await feed.stop();

  expect(seen.map(({ message }) => message)).toEqual(['1', '2', '3', '4']);
  expect(seen[0]).toMatchObject({ kind: 'log', jobId: job.id, payload: { n: '1' }, stage: null });
});

it('is told of an event by the server, and need not look for it', async () => {
  const feed = feedOf(registry(), { lookIntervalMs: 3_600_000 });
  feed.start();
  await eventually('the feed listens', () => feed.isListening);
  const seen: string[] = [];
  feed.subscribe({ afterId: await registry().events.latestId(), onEvent: (event) => void seen.push(event.kind) });
  await sleep(100);
  await registry().events.append({ kind: 'pushed' });
  await eventually('it came', () => seen.includes('pushed'));
  await feed.stop();

  expect(seen).toEqual(['pushed']);
});

it('finds an event although nobody told it', async () => {
  const feed = feedOf(registry(), { lookIntervalMs: 20, databaseUrl: 'postgres://meridian@127.0.0.1:1/none' });
  feed.start();
  const seen: string[] = [];
  feed.subscribe({ afterId: await registry().events.latestId(), onEvent: (event) => void seen.push(event.kind) });
  await sleep(100);
  await registry().events.append({ kind: 'looked for' });
  await eventually('it came', () => seen.includes('looked for'));
  const listening = feed.isListening;
  await feed.stop();

  expect([seen, listening]).toEqual([['looked for'], false]);
});

it('reads on where it was when the listening connection is cut', async () => {
  const feed = feedOf(registry());
  feed.start();
  await eventually('the feed listens', () => feed.isListening);
  const seen: string[] = [];
  feed.subscribe({ afterId: await registry().events.latestId(), onEvent: (event) => void seen.push(event.kind) });
  await registry().pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'meridian-test-feed' and datname = current_database()`,
  );
  await eventually('it noticed', () => !feed.isListening);
  await registry().events.append({ kind: 'while away' });
  await eventually('the feed listens again', () => feed.isListening);
  await registry().events.append({ kind: 'back' });
  await eventually('both came', () => seen.length === 2);
  await feed.stop();

  expect(seen).toEqual(['while away', 'back']);
});

it('stops a follower whose handler fails and tells it, without harm to others', async () => {
  const feed = feedOf(registry());
  feed.start();
  const begin = await registry().events.latestId();
  const errors: string[] = [];
  const seen: string[] = [];
  feed.subscribe({
    afterId: begin,
    onEvent: () => Promise.reject(new Error('client has gone')),
    onError: (error) => errors.push(error.message),
  });
  feed.subscribe({ afterId: begin, onEvent: (event) => void seen.push(event.kind) });
  await registry().events.append({ kind: 'a' }, { kind: 'b' });
  await eventually('the other one has both', () => seen.length === 2 && errors.length > 0);
  await feed.stop();

  expect(errors).toEqual(['client has gone']);
});
