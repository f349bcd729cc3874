import { describe, expect, it } from '@jest/globals';
import { CreateMosaic } from '../../../api/contracts/mosaics.ts';
import { shippedCalibrators } from '../../../config/shipped-data.ts';
import { type MeridianError } from '../../../domain/errors.ts';
import { groupIdOf } from '../../../domain/ids.ts';
import { resolveTarget } from '../../../domain/mosaic-target.ts';
import { SECONDS_PER_DAY, mjdFromIso } from '../../../domain/time.ts';
import { transitNearest } from '../../../domain/transits.ts';
import { GROUP_SECONDS } from '../../../domain/windows.ts';
import type { ObservedGroup } from '../../../domain/windows.ts';
import { requestHash8 } from '../../../workflows/contracts/mosaic-request.ts';
import type { MosaicRequest } from '../../../workflows/contracts/mosaic-request.ts';

const catalog = shippedCalibrators();
const calibrator = catalog.require('3C286');
const GROUP_DAYS = GROUP_SECONDS / SECONDS_PER_DAY;

const transitOn = (utc: string) => transitNearest(calibrator.position, mjdFromIso(utc));

/** Groups end to end, the middle one around the transit of a day. */
function groupsAround(utc: string, count: number, change: (index: number) => Partial<ObservedGroup> = () => ({})) {
  const transit = transitOn(utc);
  return Array.from({ length: count }, (_, index): ObservedGroup => {
    const midMjd = transit.mjd + (index - Math.floor(count / 2)) * GROUP_DAYS;
    const startMjd = midMjd - GROUP_DAYS / 2;
    return {
      id: groupIdOf(startMjd),
      startMjd,
      endMjd: midMjd + GROUP_DAYS / 2,
      midMjd,
      pointingDecDeg: transit.apparent.decDeg,
      state: 'complete',
      subbandCount: 16,
      ...change(index),
    };
  });
}

const request = (fields: object): MosaicRequest => CreateMosaic.parse(fields);
const nowMjd = mjdFromIso('2026-02-10T00:00:00');

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as MeridianError).code;
  }
  return 'nothing was thrown';
};

describe('resolveTarget', () => {
  it('takes the newest transit that can be used', () => {
    const groups = [...groupsAround('2026-01-25T13:00:00', 9), ...groupsAround('2026-01-27T13:00:00', 9)];

    const found = resolveTarget(request({ calibrator: '1331+305' }), { catalog, groups, nowMjd });

    expect(found.target).toMatchObject({
      kind: 'transit',
      calibrator: '3C286',
      transitNumber: transitOn('2026-01-27T13:00:00').number,
      timespanMinutes: 50,
    });
    expect(found.groupIds).toHaveLength(9);
    expect(found.calibratorGroupId).toBe(groups[13]?.id);
  });

  it('passes over a newer one whose calibrator group is incomplete', () => {
    const newest = groupsAround('2026-01-27T13:00:00', 5, (index) =>
      index === 2 ? { subbandCount: 14, state: 'incomplete' } : {},
    );
    const groups = [...groupsAround('2026-01-25T13:00:00', 5), ...newest];

    const found = resolveTarget(request({ calibrator: '3C286' }), { catalog, groups, nowMjd });

    expect(found.target).toMatchObject({ transitNumber: transitOn('2026-01-25T13:00:00').number });
  });

  it('does not take a transit whose window is still open', () => {
    const groups = groupsAround('2026-01-25T13:00:00', 5);
    const soon = transitOn('2026-01-25T13:00:00').mjd + 10 / 1440;
    expect(codeOf(() => resolveTarget(request({ calibrator: '3C286' }), { catalog, groups, nowMjd: soon }))).toBe(
      'TRANSIT_NOT_COMPLETE',
    );
  });

  it('takes the one that is named, and says why it cannot', () => {
    const groups = [...groupsAround('2026-01-25T13:00:00', 5), ...groupsAround('2026-01-27T13:00:00', 5)];
    const near = (utc: string) =>
      resolveTarget(request({ calibrator: '3C286', near_utc: utc }), { catalog, groups, nowMjd });

    expect(near('2026-01-25T20:00:00').target).toMatchObject({
      transitNumber: transitOn('2026-01-25T13:00:00').number,
    });
    expect(codeOf(() => near('2026-01-26T13:00:00'))).toBe('CALIBRATOR_NO_DATA');
  });

  it('counts only groups in the window that was asked for', () => {
    const groups = groupsAround('2026-01-25T13:00:00', 11);
    const minutes = (timespan_minutes: number) =>
      resolveTarget(request({ calibrator: '3C286', timespan_minutes }), { catalog, groups, nowMjd }).groupIds.length;
    expect([minutes(50), minutes(20)]).toEqual([9, 3]);
    expect(codeOf(() => minutes(10))).toBe('TOO_FEW_TILES');
  });

  it('takes a time window, and the declination that most of its groups have', () => {
    const groups = groupsAround('2026-01-25T13:00:00', 7, (index) => (index === 6 ? { pointingDecDeg: 16 } : {}));
    const window = { start_utc: '2026-01-25T12:00:00', end_utc: '2026-01-25T14:00:00' };

    const found = resolveTarget(request(window), { catalog, groups, nowMjd });

    expect(found.target).toMatchObject({ kind: 'window', startUtc: '2026-01-25T12:00:00.000' });
    expect(found.groupIds).toHaveLength(6);
    expect(codeOf(() => resolveTarget(request(window), { catalog, groups: [], nowMjd }))).toBe('WINDOW_EMPTY');
  });

  it.each([
    ['no group at all', [], 'CALIBRATOR_NO_DATA'],
    [
      'groups of another time only',
      groupsAround('2026-01-25T19:00:00', 5).map((group) => ({ ...group, midMjd: group.midMjd + 0.3 })),
      'CALIBRATOR_NO_DATA',
    ],
    [
      'another strip',
      groupsAround('2026-01-25T13:00:00', 5, () => ({ pointingDecDeg: 16.1 })),
      'CALIBRATOR_OUTSIDE_BEAM',
    ],
    ['two groups', groupsAround('2026-01-25T13:00:00', 2), 'TOO_FEW_TILES'],
  ])('says what is wrong with %s', (_what, groups, code) => {
    expect(codeOf(() => resolveTarget(request({ calibrator: '3C286' }), { catalog, groups, nowMjd }))).toBe(code);
  });

  it('refuses a calibrator that never rises, or that its list advises against', () => {
    const groups = groupsAround('2026-01-25T13:00:00', 5);
    const ask = (fields: object) => codeOf(() => resolveTarget(request(fields), { catalog, groups, nowMjd }));
    const south = catalog.all.find(({ position, band20cm }) => position.decDeg < -55 && band20cm?.codes.C === 'P');
    if (south !== undefined) expect(ask({ calibrator: south.name })).toBe('CALIBRATOR_BELOW_HORIZON');
    const bad = catalog.all.find(({ position, band20cm }) => position.decDeg > 0 && band20cm?.codes.C === 'X');
    expect(ask({ calibrator: bad?.name })).toBe('CALIBRATOR_UNSUITABLE');
    expect(ask({ calibrator: '3C268' })).toBe('CALIBRATOR_UNKNOWN');
  });
});

describe('requestHash8', () => {
  const groups = [{ groupId: '2026-01-25T13:00:00', version: 1 }];
  const hash = (fields: object, refs = groups): string =>
    requestHash8(request({ calibrator: '3C286', ...fields }), refs);

  it('is the same for the same request, however it is written', () => {
    expect(hash({})).toBe(hash({ method: 'pbweighted', image: {} }));
    expect(hash({ requested_by: 'jane', incoming: '/data' })).toBe(hash({}));
  });

  it.each([
    { method: 'mean' },
    { timespan_minutes: 40 },
    { image: { robust: 0 } },
    { convert: { driver: 'pyuvdata' } },
    { min_subbands: 12 },
    { name: 'deep' },
  ])('is another with %o', (fields) => {
    expect(hash(fields)).not.toBe(hash({}));
  });

  it('is another when a group has other files', () => {
    expect(hash({}, [{ groupId: '2026-01-25T13:00:00', version: 2 }])).not.toBe(hash({}));
  });
});
