import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CHECKOUT } from '../../../../config/index.ts';
import { appendPoint, NO_SUMS, sumsOf } from '../../../../domain/variability/running-sums.ts';
import type { FluxPoint } from '../../../../domain/variability/running-sums.ts';
import { statisticsOf } from '../../../../domain/variability/statistics.ts';
import { variabilityOf } from '../../../../domain/variability/variability.ts';
import type { Variability } from '../../../../domain/variability/variability.ts';
import { readFluxTable } from '../../../../cli/tables/flux-table.ts';

const points = (...rows: readonly (readonly [number, number | null])[]): FluxPoint[] =>
  rows.map(([fluxJy, fluxErrJy], night) => ({ mjd: 61_000 + night, fluxJy, fluxErrJy }));
const of = (rows: readonly FluxPoint[]): Variability => variabilityOf(rows, { pairWindow: 1000 });

describe('hand-worked light curves', () => {
  it('N = 2: one pair tells all', () => {
    const found = of(points([1, 0.1], [1.2, 0.1]));
    expect(found).toMatchObject({ n: 2 });
    expect(found.meanFluxJy).toBeCloseTo(1.1, 12);
    expect(found.weightedMeanFluxJy).toBeCloseTo(1.1, 12);
    expect(found.stdFluxJy).toBeCloseTo(Math.SQRT1_2 * 0.2, 12);
    expect(found.chi2).toBeCloseTo(2, 12);
    expect(found.eta).toBeCloseTo(2, 12);
    expect(found.v).toBeCloseTo(0.12856486930664499, 12);
    expect(found.largestPair?.vs).toBeCloseTo(Math.SQRT2, 12);
    expect(found.largestPair?.m).toBeCloseTo(0.4 / 2.2, 12);
    // (N − 1)/√N: with two points it is that, whatever they are.
    expect(found.sigmaDeviation).toBeCloseTo(Math.SQRT1_2, 12);
    for (const p of [found.pEta, found.pV, found.pVs]) expect(p).toBeCloseTo(0.15729920705, 9);
  });

  it('N = 3: errors that differ', () => {
    const found = of(points([1, 0.1], [1.3, 0.1], [1.1, 0.2]));
    expect(found.meanFluxJy).toBeCloseTo(3.4 / 3, 12);
    expect(found.weightedMeanFluxJy).toBeCloseTo(257.5 / 225, 12);
    expect(found.chi2).toBeCloseTo(4.5555555556, 9);
    expect(found.eta).toBeCloseTo(2.2777777778, 9);
    expect(found.stdFluxJy).toBeCloseTo(0.1527525232, 9);
    expect(found.v).toBeCloseTo(0.1347816381, 9);
    expect(found.largestPair?.vs).toBeCloseTo(2.1213203436, 9);
    expect(found.largestPair?.m).toBeCloseTo(0.6 / 2.3, 12);
    expect(found.sigmaDeviation).toBeCloseTo(1.0910894512, 9);
    expect(found.pEta).toBeCloseTo(Math.exp(-4.5555555556 / 2), 9);
  });

  it('N = 7: a straight line', () => {
    const found = of(points(...[1, 2, 3, 4, 5, 6, 7].map((flux) => [flux, 1] as const)));
    expect(found).toMatchObject({ n: 7, meanFluxJy: 4, weightedMeanFluxJy: 4 });
    expect(found.chi2).toBeCloseTo(28, 12);
    expect(found.eta).toBeCloseTo(28 / 6, 12);
    expect(found.stdFluxJy).toBeCloseTo(Math.sqrt(28 / 6), 12);
    expect(found.v).toBeCloseTo(Math.sqrt(28 / 6) / 4, 12);
    expect(found.largestPair).toMatchObject({ m: 1.5, earlierMjd: 61_000, laterMjd: 61_006 });
    expect(found.largestPair?.vs).toBeCloseTo(6 / Math.SQRT2, 12);
    expect(found.sigmaDeviation).toBeCloseTo(3 / Math.sqrt(28 / 6), 12);
    // e⁻¹⁴ (1 + 14 + 14²/2), for both: errors are equal.
    expect(found.pEta).toBeCloseTo(113 * Math.exp(-14), 14);
    expect(found.pV).toBeCloseTo(113 * Math.exp(-14), 14);
  });

  it('a later, fainter flux has negative Vs and m', () => {
    const found = of(points([1.3, 0.1], [1, 0.1]));
    expect(found.largestPair?.vs).toBeCloseTo(-2.1213203436, 9);
    expect(found.largestPair?.m).toBeCloseTo(-0.6 / 2.3, 12);
  });

  it('only the latest points of the window make pairs', () => {
    const rows = points([5, 0.1], [1, 0.1], [1.1, 0.1]);
    expect(variabilityOf(rows, { pairWindow: 2 }).largestPair?.earlierMjd).toBe(61_001);
    expect(variabilityOf(rows, { pairWindow: 3 }).largestPair?.earlierMjd).toBe(61_000);
  });
});

describe('undefined statistics are null', () => {
  it.each<[string, FluxPoint[], Partial<Variability>]>([
    [
      'no point',
      [],
      { n: 0, meanFluxJy: null, weightedMeanFluxJy: null, stdFluxJy: null, eta: null, v: null, largestPair: null },
    ],
    [
      'one point',
      points([2, 0.1]),
      { n: 1, meanFluxJy: 2, stdFluxJy: null, eta: null, chi2: null, v: null, pVs: null },
    ],
    ['mean of zero', points([-1, 0.1], [1, 0.1]), { meanFluxJy: 0, v: null, pV: null, chi2: 200 }],
    [
      'an error that is not known',
      points([1, 0.1], [2, null]),
      { meanFluxJy: 1.5, v: Math.SQRT1_2 / 1.5, weightedMeanFluxJy: null, eta: null, pEta: null, largestPair: null },
    ],
    ['equal fluxes', points([1, 0.1], [1, 0.1]), { stdFluxJy: 0, v: 0, eta: 0, sigmaDeviation: null, pEta: 1 }],
  ])('%s', (_name, rows, expected) => {
    expect(of(rows)).toMatchObject(expected);
  });

  it('m of fluxes that add up to zero is null', () => {
    expect(of(points([-1, 0.1], [1, 0.1])).largestPair?.m).toBeNull();
  });
});

describe('four VAST epochs', () => {
  const folder = join(CHECKOUT, 'test', 'fixtures', 'variability');
  const expected = JSON.parse(readFileSync(join(folder, 'vast_metrics.json'), 'utf8')) as Record<
    string,
    Record<string, number> & { p_values: Record<'eta' | 'v' | 'vs_max', number> }
  >;

  it.each(Object.entries(expected))('have for %s the statistics that numpy and scipy find', async (name, numpy) => {
    const source = (await readFluxTable(join(folder, 'vast.csv'))).find(({ sourceId }) => sourceId === name);
    const found = of(source?.points ?? []);

    const ours = {
      mean_flux_jy: found.meanFluxJy,
      weighted_mean_flux_jy: found.weightedMeanFluxJy,
      std_flux_jy: found.stdFluxJy,
      eta: found.eta,
      chi2: found.chi2,
      v: found.v,
      vs_max: found.largestPair?.vs,
      m_at_vs_max: found.largestPair?.m,
      sigma_deviation: found.sigmaDeviation,
    };
    for (const [statistic, value] of Object.entries(ours)) {
      expect(Number(value) / Number(numpy[statistic])).toBeCloseTo(1, 8);
    }
    expect(Number(found.pEta) / numpy.p_values.eta).toBeCloseTo(1, 8);
    expect(Number(found.pV) / numpy.p_values.v).toBeCloseTo(1, 1.5);
    expect(Number(found.pVs) / numpy.p_values.vs_max).toBeCloseTo(1, 0.7);
  });
});

const row = fc.record({
  fluxJy: fc.double({ min: 0.5, max: 2, noNaN: true }),
  fluxErrJy: fc.double({ min: 0.01, max: 0.2, noNaN: true }),
});
const curve = fc.array(row, { minLength: 2, maxLength: 40 });
const near = (a: number | null, b: number | null, scale = 1): void =>
  expect(Math.abs((a ?? NaN) - (b ?? NaN))).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(b ?? NaN), scale));

describe('running sums', () => {
  it('do not depend on the order of points', () => {
    fc.assert(
      fc.property(curve, (rows) => {
        const [there, back] = [statisticsOf(sumsOf(rows)), statisticsOf(sumsOf([...rows].reverse()))];
        near(back.eta, there.eta);
        near(back.v, there.v);
        near(back.weightedMeanFluxJy, there.weightedMeanFluxJy);
        expect(back.pV).toBeCloseTo(there.pV ?? NaN, 6);
      }),
    );
  });

  it('scale with the unit: eta, V and probabilities stay', () => {
    fc.assert(
      fc.property(curve, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (rows, unit) => {
        const scaled = rows.map(({ fluxJy, fluxErrJy }) => ({ fluxJy: fluxJy * unit, fluxErrJy: fluxErrJy * unit }));
        const [one, other] = [statisticsOf(sumsOf(rows)), statisticsOf(sumsOf(scaled))];
        near(other.eta, one.eta);
        near(other.v, one.v);
        expect(other.pV).toBeCloseTo(one.pV ?? NaN, 6);
        near(other.stdFluxJy, (one.stdFluxJy ?? NaN) * unit, unit);
      }),
    );
  });

  it('keep their digits under a large constant flux', () => {
    fc.assert(
      fc.property(curve, (rows) => {
        const raised = rows.map(({ fluxJy, fluxErrJy }) => ({ fluxJy: fluxJy + 1e4, fluxErrJy }));
        const [one, other] = [statisticsOf(sumsOf(rows)), statisticsOf(sumsOf(raised))];
        expect(Math.abs((other.eta ?? NaN) - (one.eta ?? NaN))).toBeLessThan(1e-6 * Math.max(one.eta ?? NaN, 1));
        near((other.meanFluxJy ?? NaN) - 1e4, one.meanFluxJy);
      }),
    );
  });

  it('appended one by one are those of the whole, and of a light curve with a replaced point', () => {
    fc.assert(
      fc.property(curve, row, fc.nat(), (rows, other, at) => {
        expect(rows.reduce(appendPoint, NO_SUMS)).toEqual(sumsOf(rows));
        const replaced = rows.with(at % rows.length, other);
        const before = statisticsOf(sumsOf(replaced));
        near(statisticsOf(sumsOf([...replaced.slice(1), replaced[0] ?? other])).chi2, before.chi2);
      }),
    );
  });

  it('never let the sigma deviation exceed (N − 1)/√N', () => {
    fc.assert(
      fc.property(curve, (rows) => {
        const { n, sigmaDeviation } = statisticsOf(sumsOf(rows));
        expect(sigmaDeviation ?? 0).toBeLessThanOrEqual(((n - 1) / Math.sqrt(n)) * (1 + 1e-9));
      }),
    );
  });
});
