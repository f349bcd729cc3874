import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { airyPower, beamTowards, besselJ1, DSA110_DISH } from '../../../domain/beam.ts';
import { requirePosition, separationDeg } from '../../../domain/sky.ts';

describe('besselJ1', () => {
  it.each([
    [0, 0],
    [0.1, 0.049937526036242],
    [1, 0.44005058574493355],
    [2.9, 0.37542748181305326],
    [3.1, 0.30092113350155514],
    [3.8317059702075125, 0],
    [5, -0.3275791375914652],
    [20, 0.06683312417584991],
  ])('of %p is that of scipy', (x, value) => {
    expect(besselJ1(x)).toBeCloseTo(value, 7);
    expect(besselJ1(-x)).toBeCloseTo(-value, 7);
  });
});

describe('airyPower', () => {
  it.each([
    [0, 1],
    [0.5, 0.9140136735],
    [1, 0.6919694683],
    [1.5, 0.4209328681],
    [2, 0.1912468474],
  ])('of the DSA-110 dish at %p° is that of the compute stages', (offsetDeg, power) => {
    expect(airyPower(offsetDeg, DSA110_DISH)).toBeCloseTo(power, 5);
  });

  it('falls from 1 at the centre to the first null, the same on both sides', () => {
    const inside = fc.double({ min: 0, max: 3.1, noNaN: true });
    fc.assert(
      fc.property(inside, inside, (a, b) => {
        const [near, far] = a < b ? [a, b] : [b, a];
        expect(airyPower(near, DSA110_DISH)).toBeGreaterThanOrEqual(airyPower(far, DSA110_DISH) - 1e-7);
        expect(airyPower(-a, DSA110_DISH)).toBe(airyPower(a, DSA110_DISH));
      }),
    );
    expect(airyPower(3.21, DSA110_DISH)).toBeLessThan(1e-4);
    expect(airyPower(91, DSA110_DISH)).toBe(0);
  });
});

const anywhere = fc.record({
  raDeg: fc.double({ min: 0, max: 360, noNaN: true }),
  decDeg: fc.double({ min: -90, max: 90, noNaN: true }),
});

describe('separationDeg', () => {
  it('is a distance: symmetric, zero to itself, never longer than over a third direction', () => {
    fc.assert(
      fc.property(anywhere, anywhere, anywhere, (a, b, c) => {
        expect(separationDeg(a, b)).toBeCloseTo(separationDeg(b, a), 9);
        expect(separationDeg(a, a)).toBeLessThan(1e-9);
        expect(separationDeg(a, c)).toBeLessThanOrEqual(separationDeg(a, b) + separationDeg(b, c) + 1e-9);
      }),
    );
  });

  it('is right over RA 0h, at the pole, and for a milliarcsecond', () => {
    expect(separationDeg({ raDeg: 359.5, decDeg: 0 }, { raDeg: 0.5, decDeg: 0 })).toBeCloseTo(1, 12);
    expect(separationDeg({ raDeg: 10, decDeg: 90 }, { raDeg: 200, decDeg: 89 })).toBeCloseTo(1, 12);
    expect(separationDeg({ raDeg: 0, decDeg: -90 }, { raDeg: 0, decDeg: 90 })).toBeCloseTo(180, 12);
    expect(separationDeg({ raDeg: 5, decDeg: 5 }, { raDeg: 5, decDeg: 5 + 1 / 3.6e6 }) * 3.6e6).toBeCloseTo(1, 6);
    expect(beamTowards({ raDeg: 359.5, decDeg: 0 }, { raDeg: 0.5, decDeg: 0 }, DSA110_DISH)).toBeCloseTo(
      0.6919694683,
      5,
    );
  });
});

describe('requirePosition', () => {
  it('wraps RA and refuses what is no direction', () => {
    expect(requirePosition(-1, 5).raDeg).toBeCloseTo(359, 9);
    expect(requirePosition(721, 5).raDeg).toBeCloseTo(1, 9);
    expect(() => requirePosition(NaN, 0)).toThrow('ra_deg must be a number of degrees, got NaN');
    expect(() => requirePosition(0, 90.1)).toThrow('dec_deg must be between -90 and 90, got 90.1');
  });
});
