import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isoFromMjd, mjdFromIso, SECONDS_PER_DAY } from '../../../domain/time.ts';
import { type Transit, transitsBetween } from '../../../domain/transits.ts';
import {
  chooseTransit,
  DEFAULT_SELECTION_RULES,
  GROUP_SECONDS,
  groupOfTransit,
  groupsInWindow,
  judgeTransit,
  judgeWindow,
  mosaicWindow,
  type ObservedGroup,
} from '../../../domain/windows.ts';

const C286 = { raDeg: 202.78453327, decDeg: 30.50915527 };
const APPARENT_DEC_DEG = 30.38;
const transits = transitsBetween(C286, { startMjd: 61_060, endMjd: 61_063 });
const [oldest, middle, newest] = transits as [Transit, Transit, Transit];

function aGroup(startMjd: number, rest: Partial<ObservedGroup> = {}): ObservedGroup {
  const length = GROUP_SECONDS / SECONDS_PER_DAY;
  return {
    id: isoFromMjd(startMjd, 0),
    startMjd,
    endMjd: startMjd + length,
    midMjd: startMjd + length / 2,
    pointingDecDeg: APPARENT_DEC_DEG,
    state: 'complete',
    subbandCount: 16,
    ...rest,
  };
}

/** Groups every 309.3 s around a transit; the calibrator transits in the middle one. */
const around = (transit: Transit, count = 11, rest: (index: number) => Partial<ObservedGroup> = () => ({})) =>
  Array.from({ length: count }, (_, index) =>
    aGroup(transit.mjd + ((index - (count - 1) / 2 - 0.5) * 309.3) / SECONDS_PER_DAY, rest(index)),
  );
const LATER = newest.mjd + 1;
const judge = (transit: Transit, groups: readonly ObservedGroup[], nowMjd = LATER) =>
  judgeTransit(transit, { groups, nowMjd });
const refusal = (transit: Transit, groups: readonly ObservedGroup[], nowMjd = LATER) => {
  const verdict = judge(transit, groups, nowMjd);
  return verdict.kind === 'refused' ? verdict.refusal : null;
};

describe('window', () => {
  it('is 50 minutes around the transit', () => {
    const window = mosaicWindow(61_000);

    expect((window.endMjd - window.startMjd) * 1440).toBeCloseTo(50, 6);
    expect((window.startMjd + window.endMjd) / 2).toBeCloseTo(61_000, 9);
  });

  it('holds groups by their mid-exposure: 10 of 5.15 minutes at most, in order of time', () => {
    const groups = around(middle, 15);
    const inside = groupsInWindow([...groups].reverse(), mosaicWindow(middle.mjd));

    expect(inside.length).toBe(9);
    expect(inside.map(({ id }) => id)).toEqual(inside.map(({ id }) => id).sort());
  });

  it('counts its start and not its end', () => {
    const group = aGroup(61_000);

    expect(groupsInWindow([group], { startMjd: group.midMjd, endMjd: group.midMjd + 1 })).toHaveLength(1);
    expect(groupsInWindow([group], { startMjd: group.midMjd - 1, endMjd: group.midMjd })).toHaveLength(0);
  });
});

describe('group of a transit', () => {
  const group = aGroup(61_000);

  it('holds it in [start, end)', () => {
    expect(groupOfTransit([group], group.startMjd)).toEqual({ group, inGap: false });
    expect(groupOfTransit([group], group.midMjd)).toEqual({ group, inGap: false });
    expect(groupOfTransit([group], group.endMjd)).toEqual({ group, inGap: true });
  });

  it('is the nearer one when it falls into a gap, and none when the gap is long', () => {
    const next = aGroup(group.startMjd + 607 / SECONDS_PER_DAY);
    const nearer = groupOfTransit([group, next], group.endMjd + 200 / SECONDS_PER_DAY);

    expect(nearer).toEqual({ group: next, inGap: true });
    expect(groupOfTransit([group], group.endMjd + 200 / SECONDS_PER_DAY)).toBeNull();
    expect(groupOfTransit([], 61_000)).toBeNull();
  });

  it('is never further away than half a group', () => {
    fc.assert(
      fc.property(fc.double({ min: -2000, max: 2000, noNaN: true }), (seconds) => {
        const mjd = group.midMjd + seconds / SECONDS_PER_DAY;
        const limit = GROUP_SECONDS; // half a group inside, half a group outside
        const away = Math.abs(seconds);
        fc.pre(Math.abs(away - limit) > 0.01);
        expect(groupOfTransit([group], mjd) !== null).toBe(away < limit);
      }),
    );
  });
});

describe('transit', () => {
  it('is usable with its group complete and three tiles', () => {
    const verdict = judge(middle, around(middle));

    expect(verdict.kind).toBe('usable');
    if (verdict.kind !== 'usable') return;
    expect(verdict.selection.groups).toHaveLength(9);
    expect(verdict.selection.calibratorGroup.startMjd).toBeLessThan(middle.mjd);
    expect(verdict.selection.calibratorGroup.endMjd).toBeGreaterThan(middle.mjd);
    expect(verdict.selection.calibratorBeam).toBeGreaterThan(0.99);
    expect(verdict.selection.inGap).toBe(false);
  });

  it('waits for its window to close and for the last subbands', () => {
    const groups = around(middle);

    expect(refusal(middle, groups, middle.mjd)).toMatchObject({
      code: 'TRANSIT_NOT_COMPLETE',
      message: expect.stringMatching(/^the window closes at 2026-01-2/),
      transitNumber: middle.number,
    });
    const collecting = around(middle, 11, (index) => (index === 7 ? { state: 'collecting', subbandCount: 9 } : {}));
    expect(refusal(middle, collecting)).toMatchObject({ code: 'TRANSIT_NOT_COMPLETE' });
  });

  it.each<[string, ObservedGroup[], string]>([
    ['no data', [], 'CALIBRATOR_NO_DATA'],
    ['data of another day', around(oldest), 'CALIBRATOR_NO_DATA'],
    ['its group missing', around(middle).filter((_, index) => index < 4 || index > 6), 'CALIBRATOR_NO_DATA'],
    [
      'its group incomplete',
      around(middle, 11, (index) => (index === 5 ? { state: 'incomplete', subbandCount: 14 } : {})),
      'GROUP_INCOMPLETE',
    ],
    [
      'its group rejected',
      around(middle, 11, (index) => (index === 5 ? { state: 'rejected' } : {})),
      'GROUP_INCOMPLETE',
    ],
    ['two tiles', around(middle, 11).slice(5, 7), 'TOO_FEW_TILES'],
    ['a strip far away', around(middle, 11, () => ({ pointingDecDeg: 33.5 })), 'CALIBRATOR_OUTSIDE_BEAM'],
  ])('is refused with %s', (_, groups, code) => {
    expect(refusal(middle, groups)?.code).toBe(code);
  });

  it('leaves out groups of another declination and incomplete ones, each with its reason', () => {
    const groups = around(middle, 11, (index) => {
      if (index === 3) return { pointingDecDeg: APPARENT_DEC_DEG + 1 };
      return index === 7 ? { state: 'incomplete', subbandCount: 15 } : {};
    });
    const verdict = judge(middle, groups);

    if (verdict.kind !== 'usable') throw new Error('expected a usable transit');
    expect(verdict.selection.groups).toHaveLength(7);
    expect(verdict.selection.excluded.map(({ groupId, code }) => [groupId, code])).toEqual([
      [groups[3]!.id, 'GROUP_DECLINATIONS_DIFFER'],
      [groups[7]!.id, 'GROUP_INCOMPLETE'],
    ]);
  });

  it('takes incomplete groups when the rules say so', () => {
    const groups = around(middle, 11, () => ({ state: 'incomplete', subbandCount: 14 }));
    const rules = { ...DEFAULT_SELECTION_RULES, minimumSubbands: 12 };

    expect(judgeTransit(middle, { groups, nowMjd: LATER }, rules).kind).toBe('usable');
  });
});

describe('choice', () => {
  it('is the newest transit that is usable, with the refusals of the newer ones', () => {
    const groups = [...around(oldest), ...around(middle), ...around(newest).slice(0, 5)];
    const { chosen, refusals } = chooseTransit(transits, { groups, nowMjd: LATER });

    expect(chosen?.transit.number).toBe(middle.number);
    expect(refusals).toMatchObject([{ transitNumber: newest.number, code: 'CALIBRATOR_NO_DATA' }]);
  });

  it('does not depend on the order of transits and groups', () => {
    const groups = [...around(oldest), ...around(middle)];
    const again = chooseTransit([...transits].reverse(), { groups: [...groups].reverse(), nowMjd: LATER });

    expect(again).toEqual(chooseTransit(transits, { groups, nowMjd: LATER }));
  });

  it('is null with a reason for each when nothing can be used', () => {
    const { chosen, refusals } = chooseTransit(transits, { groups: [], nowMjd: LATER });

    expect(chosen).toBeNull();
    expect(refusals.map(({ transitNumber }) => transitNumber)).toEqual([newest.number, middle.number, oldest.number]);
  });
});

describe('a window that is given', () => {
  const window = mosaicWindow(mjdFromIso('2026-01-25T12:00:00'));
  const groups = (declinations: readonly number[]) =>
    declinations.map((pointingDecDeg, index) =>
      aGroup(window.startMjd + (index * 310) / SECONDS_PER_DAY, { pointingDecDeg }),
    );

  it('takes the declination that most groups have', () => {
    const verdict = judgeWindow(window, groups([16.1, 16.1, 33, 33, 33, 33]));

    expect('groups' in verdict && verdict.groups.map(({ pointingDecDeg }) => pointingDecDeg)).toEqual([33, 33, 33, 33]);
    expect('excluded' in verdict && verdict.excluded).toHaveLength(2);
  });

  it('says when there is nothing, or too little', () => {
    expect(judgeWindow(window, [])).toEqual({
      code: 'WINDOW_EMPTY',
      message: 'there is no group from 2026-01-25T11:35:00 to 2026-01-25T12:25:00',
    });
    expect(judgeWindow(window, groups([16, 16]))).toMatchObject({ code: 'TOO_FEW_TILES' });
  });
});
