import { describe, expect, it } from '@jest/globals';
import { etaSeconds } from '../../../api/jobs/job-eta.ts';
import { MOSAIC_PHASES } from '../../../domain/phases.ts';
import type { Job, JobPhase } from '../../../registry/index.ts';

const nowMs = Date.parse('2026-01-25T13:00:00Z');
const ago = (seconds: number): string => new Date(nowMs - seconds * 1000).toISOString();
const runs = (seconds: number) => [{ seconds, size: 0 }];
const history = new Map([
  ['convert', runs(10)],
  ['flag', runs(5)],
  ['solve', runs(30)],
  ['apply', runs(2)],
  ['image', runs(60)],
  ['mosaic', runs(20)],
  ['qa', runs(10)],
]);
const mosaicJob = { type: 'mosaic', status: 'running', pausedAt: null } as Job;

const phases = (running: string, fields: Partial<JobPhase>): JobPhase[] => {
  const at = MOSAIC_PHASES.findIndex(({ id }) => id === running);
  return MOSAIC_PHASES.map(({ id }, index) => {
    const state = index < at ? 'done' : index === at ? 'running' : 'pending';
    const own = index === at ? fields : {};
    return { name: id, state, done: 0, total: 0, startedAt: null, endedAt: null, message: '', ...own } as JobPhase;
  });
};

describe('etaSeconds', () => {
  it('adds up the phases that are left, with units side by side', () => {
    const left = phases('image', { done: 1, total: 5, startedAt: ago(0) });
    // Four images of 60 s, two at a time; then mosaic and QA.
    expect(etaSeconds({ job: mosaicJob, phases: left, history, slots: 2, nowMs })).toBe(120 + 20 + 10);
    expect(etaSeconds({ job: mosaicJob, phases: left, history, slots: 1, nowMs })).toBe(240 + 20 + 10);
  });

  it('grows less as time passes', () => {
    const at = (seconds: number) =>
      etaSeconds({ job: mosaicJob, phases: phases('solve', { startedAt: ago(seconds) }), history, slots: 2, nowMs }) ??
      0;
    expect(at(0) - at(10)).toBeCloseTo(10);
    expect(at(1000)).toBeGreaterThanOrEqual(0);
  });

  it('is unknown without a history, and while nothing runs', () => {
    const left = phases('solve', {});
    expect(etaSeconds({ job: mosaicJob, phases: left, history: new Map(), slots: 2, nowMs })).toBeNull();
    const done = { ...mosaicJob, status: 'done' } as Job;
    expect(etaSeconds({ job: done, phases: left, history, slots: 2, nowMs })).toBeNull();
    const paused = { ...mosaicJob, pausedAt: ago(5) } as Job;
    expect(etaSeconds({ job: paused, phases: left, history, slots: 2, nowMs })).toBeNull();
  });

  it('of a single stage goes by its own fraction too', () => {
    const job = {
      type: 'image',
      status: 'running',
      pausedAt: null,
      stageSize: 0,
      stageFraction: 0.5,
      stageStartedAt: ago(40),
      startedAt: ago(40),
    } as Job;
    // History says 20 s, the fraction 40 s; half and half.
    expect(etaSeconds({ job, phases: [], history, slots: 2, nowMs })).toBeCloseTo(30);
  });
});
