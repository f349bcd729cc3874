import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  dateOfMjd,
  isoFromMjd,
  jdFromMjd,
  mjdFromIso,
  mjdFromJd,
  mjdFromUnixMs,
  mjdOfDate,
  taiMinusUtcSeconds,
  tryMjdFromIso,
  ttFromUtc,
  unixMsFromMjd,
} from '../../../domain/time.ts';
import { ut1MinusUtcSeconds } from '../../../domain/ut1.ts';

const day = fc.integer({ min: 15_020, max: 88_069 }); // 1900 to 2100

describe('calendar', () => {
  it('agrees with Date on every day from 1900 to 2100, and reads back', () => {
    fc.assert(
      fc.property(day, (mjd) => {
        const civil = dateOfMjd(mjd);
        const date = new Date(unixMsFromMjd(mjd));
        expect([civil.year, civil.month, civil.day]).toEqual([
          date.getUTCFullYear(),
          date.getUTCMonth() + 1,
          date.getUTCDate(),
        ]);
        expect(mjdOfDate(civil.year, civil.month, civil.day)).toBe(mjd);
      }),
    );
  });
});

describe('ISO text', () => {
  it('reads back to the microsecond', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 86_400_000_000 - 1 }), (mjd, microseconds) => {
        const time = mjd + microseconds / 86_400e6;
        expect(Math.abs(mjdFromIso(isoFromMjd(time, 6)) - time) * 86_400).toBeLessThan(2e-6);
      }),
    );
  });

  it('keeps order: a later time never has a smaller text', () => {
    const time = fc.double({ min: 51_544, max: 73_000, noNaN: true });
    fc.assert(
      fc.property(time, time, (a, b) => {
        const [early, late] = a < b ? [a, b] : [b, a];
        expect(isoFromMjd(early) <= isoFromMjd(late)).toBe(true);
      }),
    );
  });

  it('carries over seconds, minutes, days and years when it rounds', () => {
    expect(isoFromMjd(mjdFromIso('2025-12-31T23:59:59.9996'), 3)).toBe('2026-01-01T00:00:00.000');
    expect(isoFromMjd(mjdFromIso('2026-01-25T00:59:59.6'), 0)).toBe('2026-01-25T01:00:00');
  });

  it.each([
    ['2026-01-25', 61065],
    ['2026-01-25T12:00', 61065.5],
    ['2026-01-25 12:00:00Z', 61065.5],
    ['2026-01-25T12:00:00.000+00:00', 61065.5],
    ['2016-12-31T23:59:60', 57754],
  ])('reads %s', (text, mjd) => {
    expect(mjdFromIso(text)).toBe(mjd);
  });

  it.each([
    '2026-02-29',
    '2026-13-01',
    '2026-01-25T24:00:00',
    '2026-01-25T12:60',
    '2026-01-25T12:00:00+01:00',
    '',
    'now',
  ])('refuses "%s"', (text) => {
    expect(tryMjdFromIso(text)).toBeNull();
    expect(() => mjdFromIso(text)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
  });
});

describe('other scales', () => {
  it('converts Julian dates and Unix time and back', () => {
    expect(mjdFromJd(2_461_065.5)).toBe(61_065);
    expect(jdFromMjd(51_544.5)).toBe(2_451_545);
    expect(mjdFromUnixMs(0)).toBe(40_587);
    expect(unixMsFromMjd(mjdFromUnixMs(1_769_299_519_123))).toBe(1_769_299_519_123);
  });

  it('knows the leap seconds', () => {
    expect([41_317, 51_544, 57_753.999, 57_754, 61_065].map(taiMinusUtcSeconds)).toEqual([10, 32, 36, 37, 37]);
    expect((ttFromUtc(61_065) - 61_065) * 86_400).toBeCloseTo(69.184, 5);
  });

  it('holds UT1-UTC within its definition, without a jump where a leap second jumps it', () => {
    fc.assert(
      fc.property(fc.double({ min: 45_000, max: 80_000, noNaN: true }), (mjd) => {
        expect(Math.abs(ut1MinusUtcSeconds(mjd))).toBeLessThan(0.9);
      }),
    );
    // IERS Bulletin D 126 and 129: -0.4 s before, +0.6 s after the leap second of 2016-12-31.
    expect(ut1MinusUtcSeconds(57_753.99)).toBeCloseTo(-0.4, 1);
    expect(ut1MinusUtcSeconds(57_754.01)).toBeCloseTo(0.6, 1);
  });
});
