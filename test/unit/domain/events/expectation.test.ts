import { describe, expect, it } from '@jest/globals';
import { EVENT_PRESETS, expectedFalseAlarms, minSigmaFor, nullTailOf } from '../../../../domain/events/expectation.ts';
import { SeededRandom } from '../../../../domain/variability/random.ts';
import { normalSurvival } from '../../../../domain/variability/special-functions.ts';

const theory = nullTailOf([], 0);
/** ln p of constant sources whose −ln p is exponential with this scale. */
const lnPs = (count: number, scale: number, seed = 1): number[] => {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => scale * Math.log(random.uniform()));
};

describe('expected false alarms', () => {
  it('by theory are searches × p, and the presets are what they say', () => {
    for (const expected of Object.values(EVENT_PRESETS)) {
      const minSigma = minSigmaFor(expected, 20_000, theory);
      const nights = new Array<number>(10_000).fill(107);
      const found = expectedFalseAlarms(nights, minSigma, theory);
      expect(found).toMatchObject({ basis: 'theory', nConstant: 0, nSearches: 20_000 });
      expect(found.expected).toBeCloseTo(expected, 9);
      expect(found.expectedNewPerNight).toBeCloseTo(expected / 100, 9);
      expect(normalSurvival(minSigma) * 20_000).toBeCloseTo(expected, 9);
    }
  });

  it('come from constant sources when there are 100', () => {
    const constant = lnPs(2000, 1.6);
    expect(nullTailOf(constant.slice(0, 198), 99).basis).toBe('theory');
    const tail = nullTailOf(constant, 1000);
    expect(tail).toMatchObject({ basis: 'constant_sources', nConstant: 1000, share: 0.1 });
    expect(Math.abs(tail.scale - 1.6)).toBeLessThan(0.4);
    // Heavier tails than theory: more alarms at the same threshold, and a higher threshold for the same number.
    const nights = new Array<number>(500).fill(50);
    expect(expectedFalseAlarms(nights, 4, tail).expected).toBeGreaterThan(
      3 * expectedFalseAlarms(nights, 4, theory).expected,
    );
    expect(minSigmaFor(0.1, 1000, tail)).toBeGreaterThan(minSigmaFor(0.1, 1000, theory) + 0.5);
  });

  it('are not moved by a real event among the constant sources', () => {
    const constant = lnPs(300, 1.2);
    const [without, withEvent] = [nullTailOf(constant, 150), nullTailOf([...constant.slice(1), -80], 150)];
    expect(withEvent.scale / without.scale).toBeLessThan(1.25);
  });

  it('are those of theory when constant sources follow it', () => {
    const tail = nullTailOf(lnPs(100_000, 1), 50_000);
    const nights = new Array<number>(500).fill(50);
    const ratio = expectedFalseAlarms(nights, 3.7, tail).expected / expectedFalseAlarms(nights, 3.7, theory).expected;
    expect(Math.abs(Math.log(ratio))).toBeLessThan(0.25);
  });

  it('a threshold and its expectation undo each other', () => {
    for (const tail of [theory, nullTailOf(lnPs(400, 1.3), 200)]) {
      const minSigma = minSigmaFor(0.3, 400, tail);
      expect(expectedFalseAlarms(new Array<number>(200).fill(30), minSigma, tail).expected).toBeCloseTo(0.3, 9);
    }
  });

  it('of no source is none', () => {
    expect(expectedFalseAlarms([], 4, theory)).toMatchObject({ expected: 0, expectedNewPerNight: 0 });
  });
});
