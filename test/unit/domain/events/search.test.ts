import { describe, expect, it } from '@jest/globals';
import { candidatesOf, isSameEvent, reasonOf } from '../../../../domain/events/candidates.ts';
import type { EventCandidate } from '../../../../domain/events/candidates.ts';
import type { NightlyFluxes } from '../../../../domain/events/nights.ts';
import { EventSearch } from '../../../../domain/events/search.ts';
import { SeededRandom } from '../../../../domain/variability/random.ts';
import { drawNights } from '../../../support/constant-sources.ts';
import { drawPlanted } from '../../../support/planted-event.ts';

const search = new EventSearch();
const MIN_SIGMA = 4.5;
const candidates = (nights: NightlyFluxes): EventCandidate[] => candidatesOf(search, search.search(nights), MIN_SIGMA);

const curveOf = (n: number, snr: number, level: (t: number) => number, seed = 1): NightlyFluxes => {
  const random = new SeededRandom(seed);
  const mjd = drawNights(random, n);
  const fluxJy = Float64Array.from(mjd, (_, t) => level(t) + random.normal() / snr);
  return { mjd, fluxJy, fluxErrJy: new Float64Array(n).fill(1 / snr) };
};

describe('a planted event', () => {
  it.each([
    ['deep flat dip', { nights: 22, snr: 20, first: 8, length: 7, depth: 0.4 }],
    ['dip of half the nights', { nights: 20, snr: 25, first: 7, length: 10, depth: 0.3 }],
    ['long dip', { nights: 120, snr: 20, first: 40, length: 50, depth: 0.1 }],
    ['short dip in a long light curve', { nights: 300, snr: 30, first: 200, length: 5, depth: 0.35 }],
    ['dip with caustic spikes', { nights: 30, snr: 20, first: 10, length: 10, depth: 0.35, spike: 0.3 }],
    ['flare', { nights: 30, snr: 20, first: 10, length: 8, depth: -0.4 }],
    ['dip that goes on', { nights: 22, snr: 20, first: 15, length: 7, depth: 0.4 }],
  ])('%s is found with its depth and start', (_name, event) => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const { nights, startMjd, endMjd } = drawPlanted(new SeededRandom(seed), event);

      const found = candidates(nights);

      const depth = Math.abs(event.depth);
      expect(found.map(({ kind }) => kind)).toEqual([event.depth > 0 ? 'dip' : 'flare']);
      const [strongest] = found as [EventCandidate];
      expect(Math.abs(strongest.depth - depth)).toBeLessThan(Math.max(3.5 * strongest.depthErr, 0.04));
      expect(strongest.depthErr).toBeLessThanOrEqual(depth / 5);
      const index = (mjd: number): number => nights.mjd.indexOf(mjd);
      const slack = depth * event.snr > 4 ? 1 : 12;
      expect(Math.abs(index(strongest.startMjd) - index(startMjd))).toBeLessThanOrEqual(slack);
      expect(Math.abs(index(strongest.endMjd) - index(endMjd))).toBeLessThanOrEqual(slack);
      expect(strongest.ongoing).toBe(strongest.endMjd === nights.mjd.at(-1));
    }
  });

  it('is not hidden by one bad night elsewhere, nor is its depth moved', () => {
    const event = { nights: 60, snr: 20, first: 30, length: 6, depth: 0.35 };
    for (let seed = 1; seed <= 10; seed += 1) {
      const { nights } = drawPlanted(new SeededRandom(seed), event);
      const [clean] = candidates(nights);
      const [disturbed] = candidates({ ...nights, fluxJy: nights.fluxJy.with(10, 3) });
      expect(disturbed?.kind).toBe('dip');
      expect(Math.abs((disturbed?.depth ?? NaN) - (clean?.depth ?? NaN))).toBeLessThan(0.01);
    }
  });

  it('tells why it fired', () => {
    const { nights } = drawPlanted(new SeededRandom(3), { nights: 22, snr: 20, first: 8, length: 7, depth: 0.4 });
    const [candidate] = candidates(nights);
    expect(candidate && reasonOf(candidate, MIN_SIGMA)).toMatch(
      /^dip, .+: (3|4)\d\.\d ± \d\.\d % fainter on [678] nights \(\d+ d\) against 1[456] others; \d+\.\dσ by itself, \d+\.\dσ after trials \(threshold 4\.5σ\)$/,
    );
  });

  it('has the same significance in another unit, and a finite one however deep it is', () => {
    const { nights } = drawPlanted(new SeededRandom(4), { nights: 900, snr: 500, first: 300, length: 150, depth: 0.5 });
    const inMilli = {
      mjd: nights.mjd,
      fluxJy: nights.fluxJy.map((flux) => flux * 1024),
      fluxErrJy: Float64Array.from(nights.fluxErrJy, (error) => error * 1024),
    };
    const [one, other] = [search.search(nights), search.search(inMilli)];
    expect(one).toEqual(other);
    expect(one.status === 'searched' && one.dip.significance).toBeGreaterThan(20);
    expect(one.status === 'searched' && Number.isFinite(one.dip.significance)).toBe(true);
  });
});

describe('isSameEvent', () => {
  const dip = { kind: 'dip', startMjd: 61_010, endMjd: 61_030 } as const;
  it.each([
    [{ ...dip, endMjd: 61_040 }, true],
    [{ ...dip, startMjd: 61_036, endMjd: 61_050 }, true],
    [{ ...dip, startMjd: 61_038, endMjd: 61_050 }, false],
    [{ ...dip, startMjd: 60_900, endMjd: 61_002 }, false],
    [{ ...dip, kind: 'flare' as const }, false],
  ])('%j: %p', (other, same) => {
    expect(isSameEvent(dip, other)).toBe(same);
    expect(isSameEvent(other, dip)).toBe(same);
  });
});

describe('no candidate', () => {
  it('from one bad night, nor from two apart', () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const bad = curveOf(40, 20, (t) => (t === 12 || t === 25 ? 0.3 : 1), seed);
      expect(candidates(bad)).toEqual([]);
    }
  });

  it('from a source that varies by itself all the time', () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      expect(candidates(curveOf(25, 20, (t) => 1 + 0.3 * Math.sin(2.1 * t + seed), seed))).toEqual([]);
      const random = new SeededRandom(seed + 1000);
      expect(candidates(curveOf(60, 20, () => 1 + 0.25 * random.normal(), seed))).toEqual([]);
    }
  });

  it('from a change of less than 5 %', () => {
    const { nights } = drawPlanted(new SeededRandom(1), { nights: 80, snr: 200, first: 30, length: 20, depth: 0.03 });
    expect(candidates(nights)).toEqual([]);
  });

  it('from flagged nights', () => {
    const { nights } = drawPlanted(new SeededRandom(1), { nights: 30, snr: 20, first: 10, length: 6, depth: 0.5 });
    const flags = nights.mjd.map((_, t) => (t >= 10 && t < 16 ? 1 : 0));
    expect(candidates(nights)).not.toEqual([]);
    expect(candidates({ ...nights, flags })).toEqual([]);
  });

  it('from too few nights: that is said', () => {
    const result = search.search(curveOf(7, 20, () => 1));
    expect(result).toEqual({ status: 'insufficient_epochs', nNights: 7 });
    expect(candidatesOf(search, result, 1)).toEqual([]);
    expect(search.search(curveOf(8, 20, () => 1)).status).toBe('searched');
    expect(search.search({ mjd: [], fluxJy: [], fluxErrJy: [] }).status).toBe('insufficient_epochs');
  });
});

describe('bad nights', () => {
  const good = curveOf(10, 20, () => 1);
  it.each([
    ['DATA_NOT_FINITE', { fluxJy: Float64Array.from(good.fluxJy, (flux, t) => (t === 3 ? NaN : flux)) }],
    ['SPEC_INVALID', { fluxErrJy: new Float64Array(10) }],
    ['SPEC_INVALID', { mjd: Float64Array.from(good.mjd).reverse() }],
    ['SPEC_INVALID', { mjd: new Float64Array(10).fill(61_000) }],
  ])('end with %s', (code, change) => {
    expect(() => search.search({ ...good, ...change })).toThrow(expect.objectContaining({ code }));
  });
});

describe('searchNewest', () => {
  it('finds an event that goes on, as the full search does', () => {
    const { nights } = drawPlanted(new SeededRandom(5), { nights: 60, snr: 20, first: 52, length: 8, depth: 0.4 });
    const full = candidatesOf(search, search.search(nights), MIN_SIGMA);
    const newest = candidatesOf(search, search.searchNewest(nights, MIN_SIGMA), MIN_SIGMA);
    expect(newest).toHaveLength(1);
    expect(newest[0]?.startMjd).toBe(full[0]?.startMjd);
    expect(newest[0]?.depth).toBeCloseTo(full[0]?.depth ?? NaN, 12);
    expect(Math.abs((newest[0]?.significance ?? NaN) - (full[0]?.significance ?? NaN))).toBeLessThan(0.6);
  });

  it('does not look at an event that is over', () => {
    const { nights } = drawPlanted(new SeededRandom(5), { nights: 60, snr: 20, first: 20, length: 8, depth: 0.4 });
    expect(candidates(nights)).not.toEqual([]);
    expect(candidatesOf(search, search.searchNewest(nights, MIN_SIGMA), MIN_SIGMA)).toEqual([]);
  });

  it('looks back on 400 nights, however long the light curve is', () => {
    const { nights } = drawPlanted(new SeededRandom(6), { nights: 2000, snr: 20, first: 1990, length: 10, depth: 0.3 });
    const last = (values: ArrayLike<number>): number[] => Array.from(values).slice(-400);
    const short = { mjd: last(nights.mjd), fluxJy: last(nights.fluxJy), fluxErrJy: last(nights.fluxErrJy) };
    expect(search.searchNewest(nights, MIN_SIGMA)).toEqual(search.searchNewest(short, MIN_SIGMA));
    const asLists = { mjd: [...nights.mjd], fluxJy: [...nights.fluxJy], fluxErrJy: Array.from(nights.fluxErrJy) };
    expect(search.searchNewest(asLists, MIN_SIGMA)).toEqual(search.searchNewest(short, MIN_SIGMA));
  });
});
