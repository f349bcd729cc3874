import { describe, expect, it } from '@jest/globals';
import { pOfLargestPair } from '../../../../domain/variability/pair-probability.ts';
import { SeededRandom } from '../../../../domain/variability/random.ts';
import { normalSurvival } from '../../../../domain/variability/special-functions.ts';

/** P(range of n standard normals ≥ r). Source: Hartley & David (1954): n ∫ φ(x) (Φ(x + r) − Φ(x))ⁿ⁻¹ dx. */
function rangeSurvival(n: number, r: number): number {
  const step = 0.005;
  let inside = 0;
  for (let x = -12; x < 8; x += step) {
    const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    inside += n * density * (normalSurvival(x) - normalSurvival(x + r)) ** (n - 1) * step;
  }
  return 1 - inside;
}

const equal = (n: number): number[] => new Array<number>(n).fill(0.02);

describe('pOfLargestPair', () => {
  it.each([
    [3, 2.5],
    [5, 3],
    [5, 4.5],
    [30, 4],
    [30, 5],
    [100, 5],
    [100, 6],
    [300, 5.5],
  ])('for %p equal errors and |Vs| = %p is that of the range', (n, vs) => {
    const exact = rangeSurvival(n, vs * Math.SQRT2);
    expect((pOfLargestPair(equal(n), vs) ?? NaN) / exact).toBeCloseTo(1, 0.8);
  });

  it('for two points is the normal tail', () => {
    for (const vs of [0, 0.3, 1, 3, 7]) {
      expect((pOfLargestPair([0.1, 0.3], vs) ?? NaN) / (2 * normalSurvival(vs))).toBeCloseTo(1, 10);
    }
  });

  it('for errors that differ is that of drawn sources', () => {
    const errors = [0.5, 1, 1, 1.3, 2, 2, 3, 5];
    const random = new SeededRandom(7);
    const draws = 40_000;
    let exceeding = 0;
    for (let draw = 0; draw < draws; draw += 1) {
      const flux = errors.map((sigma) => sigma * random.normal());
      const exceeds = flux.some((a, i) =>
        flux.some((b, j) => j > i && Math.abs(a - b) >= 3.2 * Math.hypot(errors[i] ?? 0, errors[j] ?? 0)),
      );
      if (exceeds) exceeding += 1;
    }
    const found = pOfLargestPair(errors, 3.2) ?? NaN;
    expect(Math.abs(found - exceeding / draws)).toBeLessThan(0.08 * found);
  });

  it('is the same for the same seed and in any unit, and falls with |Vs|', () => {
    const errors = [0.5, 1, 1.3, 2];
    expect(pOfLargestPair(errors, 3)).toBe(pOfLargestPair(errors, -3));
    expect(pOfLargestPair(errors, 3, 5)).not.toBe(pOfLargestPair(errors, 3, 6));
    const inMilli = errors.map((error) => error * 1024);
    expect(pOfLargestPair(inMilli, 3)).toBeCloseTo(pOfLargestPair(errors, 3) ?? NaN, 12);
    const falling = [1, 2, 3, 4, 5, 8, 12].map((vs) => pOfLargestPair(errors, vs) ?? NaN);
    expect([...falling].sort((a, b) => b - a)).toEqual(falling);
    expect(falling.at(-1)).toBeGreaterThan(0);
  });

  it('is null without a pair', () => {
    expect(pOfLargestPair([0.1], 2)).toBeNull();
  });
});
