import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../../../domain/variability/random.ts';
import { falseAlarmsOf } from '../../../../domain/variability/false-alarms.ts';
import { variabilityOf } from '../../../../domain/variability/variability.ts';
import { drawSeason, isPoisson, pointsOf } from '../../../support/constant-sources.ts';

describe('false alarms of constant sources', () => {
  it.each([5, 10, 30])('with %p nights are as many as printed', (nights) => {
    const random = new SeededRandom(nights);
    const found = Array.from({ length: 20 }, () => drawSeason(random, { nights, sources: 150, snr: 20 }))
      .flat()
      .map((source) => variabilityOf(pointsOf(source), { pairWindow: 1000 }));

    const alarms = falseAlarmsOf(found);

    expect(alarms).toHaveLength(9);
    for (const { statistic, p, found: count, expected } of alarms) {
      expect([statistic, p, count, isPoisson(count, expected)]).toEqual([statistic, p, count, true]);
      expect(expected).toBeCloseTo(3000 * p, 9);
    }
  });

  it('are not counted where a statistic is not defined', () => {
    const one = variabilityOf([{ mjd: 61_000, fluxJy: 1, fluxErrJy: 0.1 }], { pairWindow: 1000 });
    expect(falseAlarmsOf([one]).every(({ found, expected }) => found === 0 && expected === 0)).toBe(true);
  });

  it('a variable source is found beside them', () => {
    const rows = [1, 1.2, 0.8, 1.3, 0.7].map((fluxJy, night) => ({ mjd: 61_000 + night, fluxJy, fluxErrJy: 0.02 }));
    const alarms = falseAlarmsOf([variabilityOf(rows, { pairWindow: 1000 })]);
    expect(alarms.map(({ found }) => found)).toEqual(new Array(9).fill(1));
  });
});

describe('SeededRandom', () => {
  it('gives the same numbers for the same seed, with the moments of its distributions', () => {
    const [one, same, other] = [new SeededRandom(1), new SeededRandom(1), new SeededRandom(2)];
    const [a, b, c] = [one, same, other].map((random) => Array.from({ length: 20_000 }, () => random.normal()));
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
    const moment = (power: number): number => (a ?? []).reduce((sum, x) => sum + x ** power, 0) / 20_000;
    expect(Math.abs(moment(1))).toBeLessThan(0.03);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.05);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.4);
  });

  it('draws from the tail of a normal distribution', () => {
    const random = new SeededRandom(4);
    for (const [least, mean] of [
      [-1, 0.2876],
      [0.4, 1.06876],
      [2, 2.37322],
      [6, 6.15848],
    ] as const) {
      const values = Array.from({ length: 20_000 }, () => random.normalAbove(least));
      expect(Math.min(...values)).toBeGreaterThanOrEqual(least);
      expect(values.reduce((sum, x) => sum + x, 0) / 20_000).toBeCloseTo(mean, 1.5);
    }
  });
});
