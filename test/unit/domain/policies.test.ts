import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { batchSeconds, estimateDuration, median, quantile, remainingSeconds } from '../../../domain/eta.ts';
import { MOSAIC_PHASES } from '../../../domain/phases.ts';
import {
  attemptLimit,
  NON_RETRYABLE_ERROR_TYPES,
  policySnapshot,
  STAGE_RULES,
  stageRule,
} from '../../../domain/stage-policies.ts';

describe('stage policies', () => {
  it('give every stage a limit beyond its process, and attempts beyond its failures', () => {
    const snapshot = policySnapshot();

    for (const rule of STAGE_RULES) {
      expect(snapshot[rule.id]?.timeoutSeconds).toBeGreaterThan(rule.wallLimitSeconds);
      expect(rule.maximumAttempts).toBeGreaterThan(attemptLimit('TOOL_FAILED'));
    }
    expect(snapshot['default']?.maximumAttempts).toBeGreaterThan(1);
    expect(new Set(STAGE_RULES.map((rule) => rule.id)).size).toBe(STAGE_RULES.length);
  });

  it('take an override for one stage and leave the others', () => {
    const image = { ...policySnapshot()['image']!, timeoutSeconds: 5 };

    expect(policySnapshot({ image })).toEqual({ ...policySnapshot(), image });
  });

  it('limit failures by what failed', () => {
    expect([attemptLimit('FILE_TRUNCATED'), attemptLimit('OUT_OF_MEMORY'), attemptLimit('TOOL_FAILED')]).toEqual([
      1, 2, 3,
    ]);
    expect(attemptLimit('SERVICE_UNAVAILABLE')).toBeGreaterThan(1000);
    expect(NON_RETRYABLE_ERROR_TYPES).toContain('FILE_TRUNCATED');
  });
});

describe('mosaic phases', () => {
  it('are eleven, end in done, and name stages that have a policy', () => {
    expect(MOSAIC_PHASES.map((phase) => phase.id)).toEqual([
      'find_transit',
      'plan',
      'ensure_ms',
      'form_group',
      'solve',
      'apply',
      'image',
      'mosaic',
      'qa',
      'publish',
      'confirm',
    ]);
    expect(MOSAIC_PHASES.flatMap((phase) => phase.reaches ?? [])).toEqual([
      'formed',
      'calibrated',
      'imaged',
      'mosaicked',
      'done',
    ]);
    for (const stage of MOSAIC_PHASES.flatMap((phase) => phase.stages)) expect(stageRule(stage)).toBeDefined();
  });
});

describe('estimates', () => {
  it('scale the median of the past by size, whatever one odd run took', () => {
    const history = [10, 11, 12, 900].map((seconds) => ({ seconds, size: 100 }));

    expect(estimateDuration(history, 200)).toEqual({
      seconds: 23,
      lowSeconds: 21.5,
      highSeconds: 468,
      samples: 4,
    });
    expect(estimateDuration(history, 0)?.seconds).toBe(11.5);
    expect(estimateDuration([], 1)).toBeNull();
  });

  it('go down as a run goes on, and never below zero', () => {
    const estimate = estimateDuration([{ seconds: 100, size: 1 }], 1);
    const left = (elapsedSeconds: number, fraction: number | null) =>
      remainingSeconds(estimate, { elapsedSeconds, fraction });

    expect([left(0, null), left(40, null), left(140, null), left(50, 0.5), left(70, 1)]).toEqual([100, 60, 0, 50, 0]);
    expect(remainingSeconds(null, { elapsedSeconds: 30, fraction: 0.25 })).toBe(90);
    expect(remainingSeconds(null, { elapsedSeconds: 30, fraction: null })).toBeNull();
  });

  it('count rounds of parallel work', () => {
    const estimate = estimateDuration([{ seconds: 10, size: 1 }], 1);

    expect(batchSeconds(estimate, 5, 2)).toBe(30);
    expect(batchSeconds(estimate, 0, 2)).toBe(0);
    expect(batchSeconds(null, 5, 2)).toBeNull();
  });

  it('have quantiles between the extremes', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        expect(quantile(list, share)).toBeGreaterThanOrEqual(Math.min(...list));
        expect(quantile(list, share)).toBeLessThanOrEqual(Math.max(...list));
      }),
    );
    expect(median([3, 1, 2])).toBe(2);
    expect(median([])).toBeNaN();
  });
});
