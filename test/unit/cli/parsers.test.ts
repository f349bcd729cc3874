import { describe, expect, it } from '@jest/globals';
import * as parse from '../../../cli/options/parsers.ts';

describe('options', () => {
  it.each([
    ['202.7845', 202.7845],
    ['-10', 350],
    ['13:31:08.288', 202.784533],
    ['13h31m08.288s', 202.784533],
    ['13 31 08.288', 202.784533],
  ])('reads the right ascension %s', (text, degrees) => {
    expect(parse.raDeg(text)).toBeCloseTo(degrees, 5);
  });

  it.each([
    ['30.509', 30.509],
    ['+30:30:32.96', 30.509156],
    ['-00:30:00', -0.5],
    ['−1.5', -1.5],
    ['-5d30\'36"', -5.51],
  ])('reads the declination %s', (text, degrees) => {
    expect(parse.decDeg(text)).toBeCloseTo(degrees, 5);
  });

  it.each(['', 'north', '91', '30:61:00', '30:30:61'])('refuses the declination "%s"', (text) => {
    expect(() => parse.decDeg(text)).toThrow(/declination/);
  });

  it.each([
    ['5mJy', 0.005],
    ['0.1mjy', 0.0001],
    ['200uJy', 0.0002],
    ['1.5', 1.5],
    ['2 Jy', 2],
    ['1e-3', 0.001],
  ])('reads the flux %s', (text, jy) => {
    expect(parse.fluxJy(text)).toBeCloseTo(jy, 12);
  });

  it.each(['5 parsec', '-1', 'bright', ''])('refuses the flux "%s"', (text) => {
    expect(() => parse.fluxJy(text)).toThrow(/flux/);
  });

  it('reads angles, lists and times', () => {
    expect(parse.arcsec('0.1arcmin')).toBeCloseTo(6);
    expect(parse.listOf(parse.integerIn({ min: 1 }))('1, 2,3')).toEqual([1, 2, 3]);
    expect(parse.utcTime('2026-01-25T22:26:05Z')).toBe('2026-01-25T22:26:05.000');
    expect(() => parse.utcTime('2026-13-01')).toThrow(/UTC time/);
  });

  it('keeps numbers in their range', () => {
    expect(parse.numberIn({ min: 0, max: 1 })('0.5')).toBe(0.5);
    for (const text of ['2', '-1', 'NaN', 'Infinity', '', ' ']) {
      expect(() => parse.numberIn({ min: 0, max: 1 })(text)).toThrow(/from 0 to 1/);
    }
    expect(() => parse.integerIn()('1.5')).toThrow(/whole number/);
  });
});
