/** The rule for late and missing data. */
import { describe, expect, it } from '@jest/globals';
import { shippedCalibrators } from '../../../../config/shipped-data.ts';
import { groupIdOf } from '../../../../domain/ids.ts';
import {
  judgeReadiness,
  windowClosesMjd,
  type AwaitedGroup,
  type Readiness,
} from '../../../../domain/schedule/readiness.ts';
import { transitNearest } from '../../../../domain/transits.ts';
import { DEFAULT_SELECTION_RULES, GROUP_SECONDS, mosaicWindow } from '../../../../domain/windows.ts';

const GROUP_DAYS = GROUP_SECONDS / 86_400;
const transit = transitNearest(shippedCalibrators().require('3C286').position, 61_065);
const window = mosaicWindow(transit.mjd);
const CLOSED = windowClosesMjd(window);
const DEADLINE = CLOSED + 0.04;
const RULES = { ...DEFAULT_SELECTION_RULES, minimumSubbands: 12 };
const COUNT = 11;
const MIDDLE = 5;

/** Groups end to end over the window, the middle one with the transit in its middle. */
function groups(change: (index: number) => Partial<AwaitedGroup> = () => ({})): AwaitedGroup[] {
  return Array.from({ length: COUNT }, (_, index) => {
    const midMjd = transit.mjd + (index - MIDDLE) * GROUP_DAYS;
    const startMjd = midMjd - GROUP_DAYS / 2;
    return {
      id: groupIdOf(startMjd),
      ...{ startMjd, midMjd, endMjd: midMjd + GROUP_DAYS / 2 },
      pointingDecDeg: transit.apparent.decDeg,
      state: 'complete' as const,
      subbandCount: 16,
      filesUntilMjd: null,
      ...change(index),
    };
  });
}

const judge = (list: readonly AwaitedGroup[], nowMjd: number, rules = RULES): Readiness =>
  judgeReadiness(transit, { groups: list, nowMjd, deadlineMjd: DEADLINE }, rules);
const incomplete = (at: number, subbandCount: number) => (index: number) =>
  index === at ? { state: 'incomplete' as const, subbandCount } : {};

describe('groups of a transit', () => {
  it('are waited for until the window has closed', () => {
    expect(judge(groups(), CLOSED - 1e-5)).toMatchObject({ kind: 'wait', untilMjd: CLOSED });
    expect(judge(groups(), CLOSED)).toMatchObject({ kind: 'ask' });
  });

  it('that are late are waited for until the deadline, then the mosaic is made without them', () => {
    const few = groups().filter((_, index) => index !== 2);
    expect(judge(few, CLOSED)).toMatchObject({ kind: 'wait', reason: expect.stringContaining('nothing from') });
    expect(judge(few, DEADLINE - 1e-6)).toMatchObject({ kind: 'wait', untilMjd: DEADLINE });
    expect(judge(few, DEADLINE)).toMatchObject({ kind: 'ask', remark: expect.stringContaining('nothing from') });
    expect(judge(groups(), CLOSED)).toMatchObject({ kind: 'ask', remark: expect.stringContaining('all 9 groups') });
  });

  it('with 12 to 15 subbands make a quick look where the recipe allows it', () => {
    const quick = groups(incomplete(3, 13));
    expect(judge(quick, CLOSED)).toMatchObject({ kind: 'wait', reason: expect.stringContaining('13 of 16 subbands') });
    expect(judge(quick, DEADLINE)).toMatchObject({ kind: 'ask', remark: expect.stringContaining('made of 9 groups') });
    const strict = judge(quick, DEADLINE, DEFAULT_SELECTION_RULES);
    expect(strict).toMatchObject({ kind: 'ask', remark: expect.stringContaining('made of 8 groups') });
  });

  it('without the one of the calibrator, or with too few, are missed with the reason', () => {
    const without = groups().filter((_, index) => index !== MIDDLE);
    expect(judge(without, DEADLINE)).toMatchObject({ kind: 'missed', code: 'CALIBRATOR_NO_DATA' });
    expect(judge(groups(incomplete(MIDDLE, 11)), DEADLINE)).toMatchObject({ kind: 'missed', code: 'GROUP_INCOMPLETE' });
    const two = groups().slice(MIDDLE, MIDDLE + 2);
    expect(judge(two, DEADLINE)).toMatchObject({ kind: 'missed', code: 'TOO_FEW_TILES' });
    expect(judge([], DEADLINE)).toMatchObject({ kind: 'missed', code: 'CALIBRATOR_NO_DATA' });
  });

  it('of another pointing are missed with that reason', () => {
    const elsewhere = groups(() => ({ pointingDecDeg: transit.apparent.decDeg + 5 }));
    expect(judge(elsewhere, CLOSED)).toMatchObject({ kind: 'missed', code: 'CALIBRATOR_OUTSIDE_BEAM' });
  });

  it('whose files are awaited beyond the deadline are waited for: a mosaic needs decided groups', () => {
    const filesUntilMjd = DEADLINE + 0.01;
    const collecting = groups((index) => (index === 2 ? { state: 'collecting', subbandCount: 9, filesUntilMjd } : {}));
    expect(judge(collecting, DEADLINE)).toMatchObject({ kind: 'wait' });
    expect(judge(collecting, DEADLINE + 0.02)).toMatchObject({ kind: 'missed', code: 'TRANSIT_NOT_COMPLETE' });
  });
});
