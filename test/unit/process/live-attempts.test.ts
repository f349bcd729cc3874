import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { AttemptLost } from '../../../activities/process/attempt-lost.ts';
import {
  LiveAttempts,
  type AttemptCaller,
  type AttemptControl,
  type AttemptProgress,
} from '../../../activities/process/live-attempts.ts';

const CANCELLED = new Error('cancelled by the operator');

const aCaller = (): { caller: AttemptCaller; abort: (reason: Error) => void; seen: AttemptProgress[] } => {
  const controller = new AbortController();
  const seen: AttemptProgress[] = [];
  const caller = { signal: controller.signal, onProgress: (progress: AttemptProgress) => void seen.push(progress) };
  return { caller, abort: (reason) => controller.abort(reason), seen };
};

/** Work that ends when told, or some milliseconds after it is asked to stop. */
const someWork = (stopMs = 20) => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const state = { starts: 0, stopped: false };
  const start = async (control: AttemptControl): Promise<string> => {
    state.starts += 1;
    control.report({ fraction: 0.5, message: 'half way', pid: 42 });
    control.signal.addEventListener('abort', () => {
      void sleep(stopMs).then(() => {
        state.stopped = true;
        reject(control.signal.reason as Error);
      });
    });
    return await promise;
  };
  return { start, state, finish: resolve, fail: reject };
};

it('runs work once for everybody who asks while it runs', async () => {
  const attempts = new LiveAttempts();
  const work = someWork();
  const first = attempts.join('key', aCaller().caller, work.start);
  const second = attempts.join('key', aCaller().caller, work.start);
  await sleep(5);
  work.finish('done');

  expect(await Promise.all([first, second])).toEqual(['done', 'done']);
  expect(work.state.starts).toBe(1);
  expect(attempts.keys).toEqual([]);
});

it('tells a late caller at once how far the work is', async () => {
  const attempts = new LiveAttempts();
  const work = someWork();
  const first = attempts.join('key', aCaller().caller, work.start);
  await sleep(5);
  const late = aCaller();
  const second = attempts.join('key', late.caller, work.start);
  const seen = [...late.seen];
  work.finish('done');
  await Promise.all([first, second]);

  expect(seen).toEqual([{ fraction: 0.5, message: 'half way', pid: 42 }]);
});

it('goes on for the others when one caller is cancelled', async () => {
  const attempts = new LiveAttempts();
  const work = someWork();
  const leaving = aCaller();
  const first = attempts.join('key', leaving.caller, work.start);
  const second = attempts.join('key', aCaller().caller, work.start);
  leaving.abort(CANCELLED);

  await expect(first).rejects.toBe(CANCELLED);
  expect(work.state.stopped).toBe(false);
  work.finish('done');
  expect(await second).toBe('done');
});

it('ends the work when the last caller is cancelled, and returns only when it has ended', async () => {
  const attempts = new LiveAttempts();
  const work = someWork();
  const only = aCaller();
  const first = attempts.join('key', only.caller, work.start);
  await sleep(5);
  only.abort(CANCELLED);

  await expect(first).rejects.toBe(CANCELLED);
  expect(work.state.stopped).toBe(true);
});

it('starts anew, after the old work has ended, for somebody who asks during a cancellation', async () => {
  const attempts = new LiveAttempts();
  const old = someWork(50);
  const fresh = someWork();
  const only = aCaller();
  const first = attempts.join('key', only.caller, old.start);
  await sleep(5);
  only.abort(CANCELLED);
  const second = attempts.join('key', aCaller().caller, (control) => {
    expect(old.state.stopped).toBe(true);
    return fresh.start(control);
  });
  fresh.finish('fresh');

  await expect(first).rejects.toBe(CANCELLED);
  expect(await second).toBe('fresh');
});

it('keeps the work of a lost attempt for the next one', async () => {
  const attempts = new LiveAttempts({ keepSeconds: 5 });
  const work = someWork();
  const lost = aCaller();
  const first = attempts.join('key', lost.caller, work.start);
  await sleep(5);
  lost.abort(new AttemptLost('heartbeat timed out'));
  await expect(first).rejects.toBeInstanceOf(AttemptLost);
  const second = attempts.join('key', aCaller().caller, work.start);
  work.finish('done');

  expect(await second).toBe('done');
  expect(work.state.starts).toBe(1);
});

it.each(['finish', 'fail'] as const)('keeps what a lost attempt came to (%s) for the next one', async (how) => {
  const attempts = new LiveAttempts({ keepSeconds: 5 });
  const work = someWork();
  const lost = aCaller();
  const first = attempts.join('key', lost.caller, work.start);
  await sleep(5);
  lost.abort(new AttemptLost('heartbeat timed out'));
  await expect(first).rejects.toBeInstanceOf(AttemptLost);
  if (how === 'finish') work.finish('done');
  else work.fail(new Error('tool failed'));
  await sleep(5);
  const second = attempts.join('key', aCaller().caller, work.start);

  if (how === 'finish') expect(await second).toBe('done');
  else await expect(second).rejects.toThrow('tool failed');
  expect(work.state.starts).toBe(1);
  expect(attempts.keys).toEqual([]);
});

it('ends the work of a lost attempt when no next one comes', async () => {
  const attempts = new LiveAttempts({ keepSeconds: 0.05 });
  const work = someWork();
  const lost = aCaller();
  const first = attempts.join('key', lost.caller, work.start);
  await sleep(5);
  lost.abort(new AttemptLost('heartbeat timed out'));
  await expect(first).rejects.toBeInstanceOf(AttemptLost);
  await sleep(200);

  expect(work.state.stopped).toBe(true);
  expect(attempts.keys).toEqual([]);
});

it('forgets a kept result when no next attempt comes', async () => {
  const attempts = new LiveAttempts({ keepSeconds: 0.05 });
  const work = someWork();
  const lost = aCaller();
  const first = attempts.join('key', lost.caller, work.start);
  await sleep(5);
  lost.abort(new AttemptLost('heartbeat timed out'));
  await expect(first).rejects.toBeInstanceOf(AttemptLost);
  work.finish('done');
  await sleep(200);

  expect(attempts.keys).toEqual([]);
});

it('does not start for a caller who is cancelled already', async () => {
  const attempts = new LiveAttempts();
  const work = someWork();
  const gone = aCaller();
  gone.abort(CANCELLED);

  await expect(attempts.join('key', gone.caller, work.start)).rejects.toBe(CANCELLED);
  expect(work.state.starts).toBe(0);
});

it('ends everything when the worker stops, kept work included', async () => {
  const attempts = new LiveAttempts({ keepSeconds: 60 });
  const kept = someWork();
  const running = someWork();
  const lost = aCaller();
  const first = attempts.join('kept', lost.caller, kept.start);
  const second = attempts.join('running', aCaller().caller, running.start);
  const outcome = expect(second).rejects.toThrow('worker stops');
  await sleep(5);
  lost.abort(new AttemptLost('heartbeat timed out'));
  await expect(first).rejects.toBeInstanceOf(AttemptLost);

  await attempts.endAll(new Error('worker stops'));

  await outcome;
  expect([kept.state.stopped, running.state.stopped]).toEqual([true, true]);
  expect(attempts.keys).toEqual([]);
});
