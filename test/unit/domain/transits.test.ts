import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wrapPi } from '../../../domain/angles.ts';
import { apparentFrame, apparentPlace, icrsOfApparent, pointingIcrs } from '../../../domain/apparent.ts';
import { gastRad, gmstRad, lastRad, SIDEREAL_DAY_SECONDS } from '../../../domain/sidereal.ts';
import { separationDeg } from '../../../domain/sky.ts';
import { mjdFromIso } from '../../../domain/time.ts';
import {
  hourAngleRad,
  requireAboveHorizon,
  transitAfter,
  transitNearest,
  transitNumberAt,
  transitOfNumber,
  transitsBetween,
} from '../../../domain/transits.ts';
import { type Ut1Table, ut1MinusUtcSeconds } from '../../../domain/ut1.ts';

interface TransitCase {
  name: string;
  ra_deg: number;
  dec_deg: number;
  mjd: number;
  apparent_ra_deg: number;
  apparent_dec_deg: number;
}
interface SiderealCase {
  mjd: number;
  ut1_minus_utc_s: number;
  gmst_deg: number;
  gast_deg: number;
  last_deg: number;
}
const fixture = JSON.parse(readFileSync(new URL('../../fixtures/transits_astropy.json', import.meta.url), 'utf8')) as {
  transits: TransitCase[];
  sidereal: SiderealCase[];
};

const SECONDS = 86_400;
const positionOf = (row: TransitCase) => ({ raDeg: row.ra_deg, decDeg: row.dec_deg });
const timeSeconds = (aRad: number, bDeg: number) => (wrapPi(aRad - (bDeg * Math.PI) / 180) / (2 * Math.PI)) * SECONDS;
const C286 = { raDeg: 202.78453327, decDeg: 30.50915527 };

describe('against astropy', () => {
  it('finds 264 transits of 2020 to 2030 within 0.2 s', () => {
    expect(fixture.transits.length).toBeGreaterThanOrEqual(200);
    // Polar motion (0.4″ at most) is left out: it grows as tan Dec, to 3 s for the pole star.
    const off = fixture.transits
      .filter((row) => row.dec_deg < 85)
      .map((row) => Math.abs(transitNearest(positionOf(row), row.mjd).mjd - row.mjd) * SECONDS);

    expect(Math.max(...off)).toBeLessThan(0.2);
    for (const row of fixture.transits.filter(({ dec_deg }) => dec_deg >= 85)) {
      expect(Math.abs(transitNearest(positionOf(row), row.mjd).mjd - row.mjd) * SECONDS).toBeLessThan(4);
    }
  });

  it('gives apparent places within 0.1″', () => {
    const off = fixture.transits.map((row) => {
      const place = apparentPlace(positionOf(row), apparentFrame(row.mjd));
      return separationDeg(place, { raDeg: row.apparent_ra_deg, decDeg: row.apparent_dec_deg }) * 3600;
    });

    expect(Math.max(...off)).toBeLessThan(0.1);
  });

  it('gives sidereal times within 20 ms, 2000 to 2030', () => {
    for (const row of fixture.sidereal) {
      expect(Math.abs(ut1MinusUtcSeconds(row.mjd) - row.ut1_minus_utc_s)).toBeLessThan(0.015);
      expect(Math.abs(timeSeconds(gmstRad(row.mjd), row.gmst_deg))).toBeLessThan(0.02);
      expect(Math.abs(timeSeconds(gastRad(row.mjd), row.gast_deg))).toBeLessThan(0.02);
      expect(Math.abs(timeSeconds(lastRad(row.mjd), row.last_deg))).toBeLessThan(0.02);
    }
  });
});

const anyPosition = fc.record({
  raDeg: fc.double({ min: 0, max: 360, maxExcluded: true, noNaN: true }),
  decDeg: fc.double({ min: -89, max: 89, noNaN: true }),
});
const anyTime = fc.double({ min: mjdFromIso('2020-01-01'), max: mjdFromIso('2031-01-01'), noNaN: true });

describe('transits', () => {
  it('are where the hour angle is zero', () => {
    fc.assert(
      fc.property(anyPosition, anyTime, (icrs, mjd) => {
        const transit = transitNearest(icrs, mjd);
        expect(Math.abs(hourAngleRad(icrs, apparentFrame(transit.mjd)))).toBeLessThan(1e-7);
        // Beyond Dec 89° precession since 2000 can move the nearest transit by more than this margin.
        expect(Math.abs(transit.mjd - mjd)).toBeLessThan(0.52);
      }),
      { numRuns: 60 },
    );
  });

  it('follow one another by a sidereal day, numbered without gap, also over midnight and RA 0h', () => {
    fc.assert(
      fc.property(anyPosition, anyTime, (icrs, mjd) => {
        const list = transitsBetween(icrs, { startMjd: mjd, endMjd: mjd + 4 });
        expect(list.length).toBeGreaterThanOrEqual(4);
        list.slice(1).forEach((later, index) => {
          const earlier = list[index]!;
          expect(later.number).toBe(earlier.number + 1);
          // Aberration and nutation move the apparent right ascension by at most 0.03 s a day, over the cosine of the
          // declination of date, which precession has moved by up to 0.2 degrees since 2000.
          const margin = 0.1 + 0.03 / Math.cos(((Math.abs(icrs.decDeg) + 0.2) * Math.PI) / 180);
          expect(Math.abs((later.mjd - earlier.mjd) * SECONDS - SIDEREAL_DAY_SECONDS)).toBeLessThan(margin);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('come 86400 - 235.9 s later the next day for a calibrator, within 0.3 s, all year', () => {
    for (let mjd = mjdFromIso('2026-01-01'); mjd < mjdFromIso('2027-01-01'); mjd += 7.3) {
      const transit = transitNearest(C286, mjd);
      const step = (transitAfter(C286, transit).mjd - transit.mjd) * SECONDS;
      expect(Math.abs(step - (86_400 - 235.9))).toBeLessThan(0.3);
    }
  });

  it('can be two in one UTC date', () => {
    const first = transitsBetween(C286, { startMjd: 61_000, endMjd: 61_400 }).find(({ mjd }) => mjd % 1 < 0.0027)!;
    const day = Math.floor(first.mjd);

    expect(transitsBetween(C286, { startMjd: day, endMjd: day + 1 })).toHaveLength(2);
  });

  it('cut the range at its start and not at its end', () => {
    const transit = transitNearest(C286, 61_065);

    expect(transitsBetween(C286, { startMjd: transit.mjd, endMjd: transit.mjd + 0.1 })).toHaveLength(1);
    expect(transitsBetween(C286, { startMjd: transit.mjd - 0.1, endMjd: transit.mjd })).toHaveLength(0);
  });

  it('keep their number whatever a new Earth-orientation table says', () => {
    const other: Ut1Table = { startMjd: 51_544, stepDays: 20_000, ticksPerSecond: 1, ut1MinusTaiTicks: [-32, -37.8] };
    fc.assert(
      fc.property(anyPosition, anyTime, (icrs, mjd) => {
        const transit = transitNearest(icrs, mjd);
        const moved = transitOfNumber(icrs, transit.number, other);
        expect(Math.abs(moved.mjd - transit.mjd) * SECONDS).toBeLessThan(5);
        expect(transitNumberAt(icrs, moved.mjd)).toBe(transit.number);
        expect(transitNumberAt(icrs, transit.mjd)).toBe(transit.number);
      }),
      { numRuns: 60 },
    );
  });

  it('say how high the source stands, and which never rises', () => {
    expect(transitNearest(C286, 61_065).altitudeDeg).toBeCloseTo(90 - (37.2334 - 30.38), 1);
    const low = transitNearest({ raDeg: 83, decDeg: -60 }, 61_065);
    expect(() => requireAboveHorizon('low', low)).toThrow(
      expect.objectContaining({
        code: 'CALIBRATOR_BELOW_HORIZON',
        message: expect.stringContaining('low stays below'),
      }),
    );
    expect(() => requireAboveHorizon('3C286', transitNearest(C286, 61_065))).not.toThrow();
  });
});

describe('apparent places', () => {
  it('turn back into ICRS, poles included', () => {
    const everywhere = fc.record({
      raDeg: fc.double({ min: 0, max: 360, noNaN: true }),
      decDeg: fc.double({ min: -90, max: 90, noNaN: true }),
    });
    fc.assert(
      fc.property(everywhere, anyTime, (icrs, mjd) => {
        const frame = apparentFrame(mjd);
        expect(separationDeg(icrsOfApparent(apparentPlace(icrs, frame), frame), icrs) * 3600).toBeLessThan(2e-3);
      }),
    );
  });

  it('put a transiting source of the pointing declination where the telescope looks', () => {
    const transit = transitNearest(C286, 61_065);
    const pointing = pointingIcrs(transit.apparent.decDeg, apparentFrame(transit.mjd));

    expect(separationDeg(pointing, C286) * 3600).toBeLessThan(0.01);
  });
});
