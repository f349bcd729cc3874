import { describe, expect, it } from '@jest/globals';
import {
  GROUP_STATES,
  isSettled,
  isStateOf,
  JOB_STATES,
  mayMove,
  MOSAIC_GROUP_STATES,
  PHOTOMETRY_STATES,
  PRODUCT_STATES,
  QA_STATES,
  requireMove,
  statesOf,
  SUBBAND_FILE_STATES,
} from '../../../domain/states.ts';

describe('states', () => {
  it('are the lists that the registry and its users know', () => {
    expect(statesOf(JOB_STATES)).toEqual(['pending', 'running', 'done', 'failed', 'cancelled']);
    expect(statesOf(PHOTOMETRY_STATES)).toEqual(['pending', 'running', 'completed', 'failed']);
    expect(statesOf(MOSAIC_GROUP_STATES)).toEqual([
      'pending',
      'formed',
      'calibrated',
      'imaged',
      'mosaicked',
      'done',
      'failed',
      'cancelled',
    ]);
    expect(statesOf(PRODUCT_STATES)).toEqual(['staging', 'publishing', 'published', 'withdrawn']);
    expect(statesOf(QA_STATES)).toEqual(['not_evaluated', 'pass', 'warn', 'fail']);
    expect(statesOf(GROUP_STATES)).toEqual(['collecting', 'complete', 'incomplete', 'rejected']);
    expect(statesOf(SUBBAND_FILE_STATES)).toEqual(['seen', 'accepted', 'quarantined']);
  });

  it('let a mosaic group go forward one step at a time, or fail', () => {
    expect(mayMove(MOSAIC_GROUP_STATES, 'formed', 'calibrated')).toBe(true);
    expect(mayMove(MOSAIC_GROUP_STATES, 'formed', 'imaged')).toBe(false);
    expect(mayMove(MOSAIC_GROUP_STATES, 'imaged', 'failed')).toBe(true);
    expect(mayMove(MOSAIC_GROUP_STATES, 'done', 'failed')).toBe(false);
  });

  it('settle where only a new request leads on', () => {
    expect(statesOf(JOB_STATES).filter((state) => isSettled(JOB_STATES, state))).toEqual([
      'done',
      'failed',
      'cancelled',
    ]);
    expect(isSettled(PRODUCT_STATES, 'staging')).toBe(false);
  });

  it('refuse another move by name', () => {
    expect(() => requireMove(JOB_STATES, 'job 7', { from: 'done', to: 'running' })).toThrow(
      'job 7 is done and cannot become running; what may follow: pending',
    );
    expect(() => requireMove(JOB_STATES, 'job 7', { from: 'pending', to: 'running' })).not.toThrow();
  });

  it('know their own words only', () => {
    expect(isStateOf(JOB_STATES, 'running')).toBe(true);
    expect(isStateOf(JOB_STATES, 'constructor')).toBe(false);
  });
});
