import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { airyPower, DSA110_DISH } from '../../../domain/beam.ts';
import {
  calibratorRefusal,
  DEFAULT_FIELD_SEARCH,
  type Field,
  findCalibrators,
  hasCalibrator,
  sightCalibrator,
} from '../../../domain/calibrator-choice.ts';
import { CalibratorCatalog } from '../../../domain/calibrators.ts';
import { type CalibrationSet, chooseCalibration, validityOf } from '../../../domain/caltable-choice.ts';
import { SECONDS_PER_DAY } from '../../../domain/time.ts';
import { transitNearest } from '../../../domain/transits.ts';
import { GROUP_SECONDS } from '../../../domain/windows.ts';

const catalog = new CalibratorCatalog(
  readFileSync(new URL('../../../compute/meridian_compute/data/vla_calibrators.txt', import.meta.url), 'latin1'),
);
const c286 = catalog.require('3C286');
const transit = transitNearest(c286.position, 61_065);
const fieldAt = (secondsAfterTransit: number, offsetDeg = 0): Field => {
  const midMjd = transit.mjd + secondsAfterTransit / SECONDS_PER_DAY;
  const half = GROUP_SECONDS / 2 / SECONDS_PER_DAY;
  const pointingDecDeg = transit.apparent.decDeg + offsetDeg;
  return { midMjd, startMjd: midMjd - half, endMjd: midMjd + half, pointingDecDeg };
};
const sight = (field: Field) => sightCalibrator(c286, field)!;

describe('sighting of a calibrator', () => {
  it('is at full beam when it transits on the pointing declination', () => {
    const seen = sight(fieldAt(0));

    expect(seen.beam).toBeCloseTo(1, 6);
    expect(seen.apparentFluxJy).toBeCloseTo(15.06, 1);
    expect(seen.transit.number).toBe(transit.number);
    expect(hasCalibrator(seen)).toBe(true);
  });

  it('has the beam of the declination offset at transit', () => {
    expect(sight(fieldAt(100, 1)).beam).toBeCloseTo(airyPower(1, DSA110_DISH), 5);
    expect(sight(fieldAt(0, -1)).beam).toBeCloseTo(airyPower(1, DSA110_DISH), 5);
  });

  it.each([
    ['transits before the group', fieldAt(200), 'CALIBRATOR_OUTSIDE_TIME'],
    ['transits after the group', fieldAt(-200), 'CALIBRATOR_OUTSIDE_TIME'],
    ['is outside the beam', fieldAt(0, 1.9), 'CALIBRATOR_OUTSIDE_BEAM'],
  ])('is refused when it %s', (_, field, code) => {
    expect(calibratorRefusal(sight(field))?.code).toBe(code);
  });

  it('is refused below 1 Jy in the beam', () => {
    const weak = catalog.all.find((one) => one.band20cm?.fluxJy === 0.6)!;
    const passing = transitNearest(weak.position, 61_065);
    const half = GROUP_SECONDS / 2 / SECONDS_PER_DAY;
    const field = {
      midMjd: passing.mjd,
      startMjd: passing.mjd - half,
      endMjd: passing.mjd + half,
      pointingDecDeg: passing.apparent.decDeg,
    };

    expect(calibratorRefusal(sightCalibrator(weak, field)!)).toMatchObject({ code: 'CALIBRATOR_UNSUITABLE' });
  });

  it('belongs to exactly one of two groups that touch', () => {
    const length = GROUP_SECONDS / SECONDS_PER_DAY;
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
        const first = {
          ...fieldAt(0),
          startMjd: transit.mjd - length * share,
          endMjd: transit.mjd + length * (1 - share),
        };
        const second = {
          ...first,
          startMjd: first.endMjd,
          endMjd: first.endMjd + length,
          midMjd: first.midMjd + length,
        };
        expect([first, second].filter((field) => sight(field).transitInside)).toHaveLength(1);
      }),
    );
  });

  it('is none without a flux at 20 cm', () => {
    expect(sightCalibrator(catalog.require('4C39.25'), fieldAt(0))).toBeNull();
  });
});

describe('calibrators in a field', () => {
  it('are ranked by flux in the beam, 3C286 first in its own field', () => {
    const found = findCalibrators(catalog.all, fieldAt(0, 0.5));
    const fluxes = found.map(({ apparentFluxJy }) => apparentFluxJy);

    expect(found[0]?.calibrator.name).toBe('3C286');
    expect(fluxes).toEqual([...fluxes].sort((a, b) => b - a));
    expect(found.every(({ beam }) => beam >= 0.3)).toBe(true);
  });

  it('are found across RA 0h', () => {
    const near = catalog.all.find(({ position, band20cm }) => position.raDeg > 359 && (band20cm?.fluxJy ?? 0) > 0.3)!;
    const passing = transitNearest(near.position, 61_065);
    const midMjd = passing.mjd + 240 / SECONDS_PER_DAY;
    const half = GROUP_SECONDS / 2 / SECONDS_PER_DAY;
    const field = { midMjd, startMjd: midMjd - half, endMjd: midMjd + half, pointingDecDeg: passing.apparent.decDeg };

    expect(findCalibrators(catalog.all, field).map(({ calibrator }) => calibrator.name)).toContain(near.name);
  });

  it('keep to the limits that are asked for', () => {
    const bright = findCalibrators(catalog.all, fieldAt(0), { ...DEFAULT_FIELD_SEARCH, minimumApparentFluxJy: 5 });

    expect(bright.map(({ calibrator }) => calibrator.name)).toEqual(['3C286']);
  });
});

const T0 = 61_000;
const aSet = (id: string, transitMjd: number, rest: Partial<CalibrationSet> = {}): CalibrationSet => ({
  id,
  calibrator: '3C286',
  transitMjd,
  pointingDecDeg: 30.4,
  validity: validityOf(transitMjd),
  qa: 'pass',
  quality: 0.9,
  ...rest,
});
const target = (midMjd: number, pointingDecDeg = 30.4) => ({ midMjd, pointingDecDeg });
const choose = (sets: readonly CalibrationSet[], midMjd = T0 + 0.1) => chooseCalibration(sets, target(midMjd)).choice;

describe('choice of caltables', () => {
  it('is valid from 12 h before to 25 h after the transit', () => {
    const only = [aSet('a', T0)];
    const hours = (offset: number) => choose(only, T0 + offset / 24)?.ageHours ?? null;

    expect(hours(-12.01)).toBeNull();
    expect(hours(-11.99)).toBeCloseTo(-11.99, 6);
    expect(hours(24.99)).toBeCloseTo(24.99, 6);
    expect(hours(25.01)).toBeNull();
  });

  it('takes the nearest transit, then quality, then id', () => {
    const near = aSet('near', T0);
    const far = aSet('far', T0 - 0.5, { quality: 1 });
    const worse = aSet('a-worse', T0, { quality: 0.5 });
    const twin = aSet('near-too', T0);

    for (const sets of [
      [near, far, worse, twin],
      [twin, worse, far, near],
    ])
      expect(choose(sets)?.nearest.id).toBe('near');
  });

  it.each<[string, Partial<CalibrationSet>, string]>([
    ['failed QA', { qa: 'fail' }, 'CALIBRATION_BAD'],
    ['no QA', { qa: 'not_evaluated' }, 'CALIBRATION_BAD'],
    ['more than 1° in declination', { pointingDecDeg: 31.41 }, 'CALTABLE_MISMATCH'],
    ['an end of validity before', { validity: { startMjd: T0 - 1, endMjd: T0 } }, 'CALTABLE_MISMATCH'],
  ])('refuses a set with %s', (_, rest, code) => {
    const { choice, refused } = chooseCalibration([aSet('a', T0, rest)], target(T0 + 0.1));

    expect(choice).toBeNull();
    expect(refused).toMatchObject([{ setId: 'a', code }]);
  });

  it('takes a set with a warning, and one exactly 1° away', () => {
    expect(choose([aSet('a', T0, { qa: 'warn', pointingDecDeg: 29.4 })])?.nearest.id).toBe('a');
  });

  it('interpolates gains between the transits on both sides, else takes the nearest', () => {
    const before = aSet('before', T0);
    const after = aSet('after', T0 + 1);

    expect(choose([before, after], T0 + 0.75)).toMatchObject({
      nearest: { id: 'after' },
      gains: [
        { set: { id: 'after' }, weight: 0.75 },
        { set: { id: 'before' }, weight: 0.25 },
      ],
    });
    expect(choose([before, aSet('earlier', T0 - 0.2)])?.gains).toMatchObject([{ set: { id: 'before' }, weight: 1 }]);
  });

  it('has weights that add up to 1, none negative, the nearest the heaviest', () => {
    const transits = fc.uniqueArray(fc.integer({ min: -500, max: 1000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(transits, fc.integer({ min: 0, max: 1000 }), (offsets, moment) => {
        const sets = offsets.map((offset) => aSet(`set${offset}`, T0 + offset / 1000));
        const choice = choose(sets, T0 + moment / 1000);
        if (choice === null) return;
        const weights = choice.gains.map(({ weight }) => weight);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
        expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
        expect(weights[0]).toBe(Math.max(...weights));
        expect(choice.gains[0]?.set).toBe(choice.nearest);
      }),
    );
  });
});
