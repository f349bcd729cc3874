import { describe, expect, it } from '@jest/globals';
import * as f from '../../../../domain/variability/special-functions.ts';

const close = (value: number, expected: number, relative = 1e-12): void =>
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(relative * Math.max(Math.abs(expected), 1e-300));

// Expected values: scipy.stats and scipy.special 1.x.
describe('lnGamma', () => {
  it.each([
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247],
    [2.5, 0.2846828704729192],
    [11, 15.104412573075516],
    [500, 2605.115850361734],
  ])('of %p', (x, expected) => close(f.lnGamma(x), expected, 1e-13));
});

describe('chiSquareSurvival', () => {
  it.each([
    [0.1, 1, 0.7518296340458492],
    [3.84, 1, 0.05004352124870519],
    [2, 2, 0.36787944117144245],
    [1, 4, 0.9097959895689501],
    [25, 4, 5.0309817823062075e-5],
    [80, 9, 1.61613141565346e-13],
    [9, 9.5, 0.48503564836747937],
    [95, 99, 0.5950779044295179],
    [180, 99, 1.206514044969043e-6],
    [310, 299, 0.31860384970141636],
    [420, 299, 4.69882090979562e-6],
    [1200, 999, 1.112935044825893e-5],
  ])('of %p for %p degrees of freedom', (x, dof, expected) => close(f.chiSquareSurvival(x, dof), expected, 1e-11));

  it('is 1 at 0, and not a number where nothing is defined', () => {
    expect(f.chiSquareSurvival(0, 5)).toBe(1);
    expect(f.chiSquareSurvival(-1, 5)).toBe(1);
    expect(f.chiSquareSurvival(1, 0)).toBeNaN();
    expect(f.chiSquareSurvival(Number.NaN, 3)).toBeNaN();
  });

  it('is undone by its threshold to a tenth', () => {
    for (const dof of [6, 28, 298, 998]) {
      for (const p of [0.1, 1e-3]) {
        const ratio = f.chiSquareSurvival(f.chiSquareThreshold(p, dof), dof) / p;
        expect(Math.abs(ratio - 1)).toBeLessThan(0.1);
      }
    }
  });
});

describe('normal tail', () => {
  it.each([
    [-6, 0.9999999990134123, -9.86587645524372e-10],
    [-1, 0.8413447460685429, -0.1727537790234499],
    [0, 0.5, -0.6931471805599453],
    [0.5, 0.3085375387259869, -1.1759117615936188],
    [2.9, 0.0018658133003840375, -6.284058234947419],
    [3, 0.0013498980316300933, -6.60772622151035],
    [3.1, 0.0009676032132183563, -6.940688458421228],
    [6, 9.865876450376946e-10, -20.73676894997471],
    [12, 1.776482112077653e-33, -75.41067300156881],
  ])('beyond %pσ', (z, p, lnP) => {
    close(f.normalSurvival(z), p);
    close(f.lnNormalSurvival(z), lnP, z === -6 ? 1e-6 : 1e-12);
  });

  it('has a logarithm where it is too small for a double', () => {
    expect(f.normalSurvival(40)).toBe(0);
    close(f.lnNormalSurvival(40), -804.6084420137539);
  });

  it.each([
    [0.9999, -3.719016485455709],
    [0.7, -0.5244005127080407],
    [0.5, 0],
    [0.3, 0.5244005127080409],
    [0.16, 0.994457883209753],
    [0.01, 2.3263478740408408],
    [1e-4, 3.7190164854556804],
    [1e-12, 7.034483825301131],
    [1e-200, 30.20559417957964],
  ])('p = %p is %pσ', (p, sigma) => {
    expect(f.sigmaOfLnP(Math.log(p))).toBeCloseTo(sigma, 10);
  });

  it('has an equivalent for every probability', () => {
    expect(f.sigmaOfLnP(-804.6084420137539)).toBeCloseTo(40, 10);
    expect(f.sigmaOfLnP(0)).toBe(-Infinity);
    expect(f.sigmaOfLnP(-Infinity)).toBe(Infinity);
    expect(f.sigmaOfLnP(0.1)).toBeNaN();
  });
});
