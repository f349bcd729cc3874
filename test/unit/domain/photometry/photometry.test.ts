import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normalizedParts, rawParts, selfCalibrationFraction } from '../../../../domain/photometry/error-budget.ts';
import { combineNight, totalOf, type TileMeasurement } from '../../../../domain/photometry/night.ts';
import {
  epochFactors,
  mayBeReference,
  normalisationHelps,
  usableReferences,
  type ReferenceMeasurement,
} from '../../../../domain/photometry/normalisation.ts';
import { selectSources } from '../../../../domain/photometry/selection.ts';
import { medianEstimate, weightedMedian } from '../../../../domain/photometry/weighted-median.ts';
import { SeededRandom } from '../../../../domain/variability/random.ts';

const reference = (sourceId: number, ratio: number, overrides: Partial<ReferenceMeasurement> = {}) => ({
  sourceId,
  fluxJy: ratio,
  fluxErrJy: 0.01,
  baselineJy: 1,
  baselineErrJy: 0.002,
  baselineNights: 10,
  ...overrides,
});

describe('the weighted median', () => {
  it('is the middle one of equal weights, and between the middle two of an even number', () => {
    const equal = (values: number[]) => values.map((value) => ({ value, weight: 1 }));
    expect(weightedMedian(equal([3, 1, 2]))).toBe(2);
    expect(weightedMedian(equal([4, 1, 2, 3]))).toBe(2.5);
    expect(weightedMedian([])).toBeNaN();
  });

  it('follows the weight, lies within the values, and does not depend on their order', () => {
    const items = fc.array(
      fc.record({
        value: fc.double({ min: -5, max: 5, noNaN: true }),
        weight: fc.double({ min: 0.1, max: 9, noNaN: true }),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(items, (list) => {
        const found = weightedMedian(list);
        const values = list.map(({ value }) => value);
        expect(found).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
        expect(found).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
        expect(weightedMedian([...list].reverse())).toBeCloseTo(found, 9);
      }),
    );
    expect(
      weightedMedian([
        { value: 1, weight: 100 },
        { value: 9, weight: 1 },
        { value: 8, weight: 1 },
      ]),
    ).toBeLessThan(1.2);
  });

  it('has an error that covers its scatter about the truth', () => {
    const random = new SeededRandom(7);
    const pulls = Array.from({ length: 2000 }, () => {
      const items = Array.from({ length: 15 }, () => ({ value: 1 + 0.02 * random.normal(), weight: 1 / 0.02 ** 2 }));
      const { value, error } = medianEstimate(items);
      return (value - 1) / error;
    });
    const rms = Math.sqrt(pulls.reduce((sum, pull) => sum + pull * pull, 0) / pulls.length);
    // The larger of two estimates of the error is taken: a little too large, never too small.
    expect(rms).toBeGreaterThan(0.75);
    expect(rms).toBeLessThan(1.05);
  });
});

describe('the factor of an epoch', () => {
  it('is what all references share, whatever one of them does', () => {
    const list = [0.9, 0.901, 0.899, 0.9, 0.3].map((ratio, index) => reference(index + 1, ratio));
    const factor = epochFactors(list)(99);
    expect(factor?.factor).toBeCloseTo(0.9, 2);
    expect(factor?.factorErr).toBeLessThan(0.02);
  });

  it('never counts a reference for itself', () => {
    const list = [1, 1, 1, 2].map((ratio, index) => reference(index + 1, ratio));
    expect(epochFactors(list)(4)?.referenceIds).toEqual([1, 2, 3]);
    expect(epochFactors(list)(99)?.referenceIds).toEqual([1, 2, 3, 4]);
  });

  it('does not exist with fewer than three others', () => {
    const list = [1, 1, 1].map((ratio, index) => reference(index + 1, ratio));
    expect(epochFactors(list)(99)).not.toBeNull();
    expect(epochFactors(list)(1)).toBeNull();
  });

  it('is made only of bright references with three nights of baseline', () => {
    const list = [
      reference(1, 1),
      reference(2, 1, { fluxErrJy: 0.2 }),
      reference(3, 1, { baselineNights: 2 }),
      reference(4, 1, { baselineJy: 0 }),
    ];
    expect(usableReferences(list).map(({ sourceId }) => sourceId)).toEqual([1]);
  });

  it('refuses confused, resolved and variable references, and the calibrator', () => {
    const good = { sourceId: 1, crowding: 0, compactness: 1.02, isVariable: false, isCalibrator: false };
    expect(mayBeReference(good)).toBe(true);
    expect(mayBeReference({ ...good, compactness: null })).toBe(true);
    for (const bad of [{ crowding: 1 }, { compactness: 1.1 }, { isVariable: true }, { isCalibrator: true }]) {
      expect(mayBeReference({ ...good, ...bad })).toBe(false);
    }
  });

  it('is used where sources that were left out become a tenth steadier', () => {
    expect(normalisationHelps({ rawScatter: 0.1, normalizedScatter: 0.089, nSources: 9 })).toBe(true);
    expect(normalisationHelps({ rawScatter: 0.1, normalizedScatter: 0.095, nSources: 9 })).toBe(false);
    expect(normalisationHelps({ rawScatter: 0.1, normalizedScatter: 0.01, nSources: 4 })).toBeNull();
  });
});

describe('the error of a flux', () => {
  it('adds noise, systematics and the error of the factor in quadrature', () => {
    const raw = rawParts({ fluxJy: 2, sigmaAddJy: 0.003, systematicFraction: 0.01 });
    expect(totalOf(raw)).toBeCloseTo(Math.hypot(0.003, 0.02), 12);
    const normalized = normalizedParts(raw, { factor: 0.8, factorErr: 0.008 });
    expect(normalized.fluxJy).toBeCloseTo(2.5, 12);
    // σ² = (σ_add² + (f S)²)/factor² + (S/factor · σ_factor/factor)², by hand.
    expect(totalOf(normalized)).toBeCloseTo(Math.sqrt((0.003 ** 2 + 0.02 ** 2) / 0.64 + (2.5 * 0.01) ** 2), 12);
  });

  it('is larger on the set the calibration was solved on: 5 % with 40 antennas, 2 % with 96', () => {
    expect(selfCalibrationFraction(40)).toBeCloseTo(0.051, 3);
    expect(selfCalibrationFraction(96)).toBeCloseTo(0.021, 3);
  });
});

describe('the point of a night', () => {
  const tile = (fluxJy: number, noiseJy: number, midMjd = 61_000): TileMeasurement => ({
    midMjd,
    raw: { fluxJy, noiseJy, sharedErrJy: 0.01 },
    normalized: { fluxJy: fluxJy / 2, noiseJy: noiseJy / 2, sharedErrJy: 0.006 },
    rmsJy: noiseJy,
    pb: 0.8,
    nuEffHz: 1.4e9,
  });

  it('weighs tiles by one over the variance of their noise', () => {
    const night = combineNight([tile(1, 0.01, 61_000), tile(2, 0.02, 61_000.004)]);
    expect(night.raw.fluxJy).toBeCloseTo((1 / 1 + 2 / 4) / (1 / 1 + 1 / 4), 12);
    expect(night.raw.noiseJy).toBeCloseTo(1 / Math.sqrt(1 / 0.01 ** 2 + 1 / 0.02 ** 2), 12);
    expect(night.midMjd).toBeCloseTo(61_000 + (0.004 * 0.25) / 1.25, 9);
    expect(night.normalized?.fluxJy).toBeCloseTo(night.raw.fluxJy / 2, 12);
  });

  it('keeps the shared part of the error, however many tiles there are', () => {
    const night = combineNight(Array.from({ length: 9 }, () => tile(1, 0.03)));
    expect(night.raw.noiseJy).toBeCloseTo(0.01, 12);
    expect(night.raw.sharedErrJy).toBeCloseTo(0.01, 12);
    expect(night.nTiles).toBe(9);
  });

  it('is not normalised when one of its tiles is not', () => {
    expect(combineNight([tile(1, 0.01), { ...tile(1, 0.01), normalized: null }]).normalized).toBeNull();
  });
});

describe('the choice of sources', () => {
  const source = (id: number, fluxJy: number, beam = 1, crowding = 0) => ({ id, fluxJy, beam, crowding });

  it('keeps the best, not the first: bright, near the centre, alone', () => {
    const list = [source(1, 0.1), source(2, 1, 0.05), source(3, 0.5), source(4, 0.5, 1, 3), source(5, 0.3, 0.9)];
    const { selected, rest } = selectSources(list, 2);
    expect(selected.map(({ id }) => id)).toEqual([3, 5]);
    expect(rest.map(({ id }) => id)).toEqual([1, 2, 4]);
  });

  it('keeps all of them without a limit', () => {
    expect(selectSources([source(1, 1), source(2, 1)], null).rest).toEqual([]);
  });
});
