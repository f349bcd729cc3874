/** 10⁵ constant sources per length of light curve: as many false alarms as are printed. */
import { describe, expect, it } from '@jest/globals';
import { EventSearch } from '../../domain/events/search.ts';
import { SeededRandom } from '../../domain/variability/random.ts';
import { variabilityOf } from '../../domain/variability/variability.ts';
import { drawSeason, isPoisson, pointsOf } from '../support/constant-sources.ts';

const SOURCES = 100_000;
const PER_SEASON = 500;
const LEVELS = [1e-2, 1e-3, 1e-4];
const MINUTES = 60_000;

type Counts = Map<string, number[]>;

function count(counts: Counts, name: string, p: number | null): void {
  const row = counts.get(name) ?? LEVELS.map(() => 0);
  counts.set(
    name,
    row.map((found, k) => found + (p !== null && p <= (LEVELS[k] ?? 0) ? 1 : 0)),
  );
}

function countStatistics(nights: number): Counts {
  const counts: Counts = new Map();
  const random = new SeededRandom(nights);
  for (let season = 0; season < SOURCES / PER_SEASON; season += 1) {
    const sources = drawSeason(random, { nights, sources: PER_SEASON, snr: 20 });
    sources.forEach((source, k) => {
      const found = variabilityOf(pointsOf(source), { pairWindow: 1000, seed: season * PER_SEASON + k });
      count(counts, 'eta', found.pEta);
      count(counts, 'v', found.pV);
      count(counts, 'vs_max', found.pVs);
    });
  }
  return counts;
}

function countEvents(nights: number): Counts {
  const counts: Counts = new Map();
  const random = new SeededRandom(nights + 1);
  const search = new EventSearch();
  for (let season = 0; season < SOURCES / PER_SEASON; season += 1) {
    const sources = drawSeason(random, { nights, sources: PER_SEASON, snr: 20 });
    sources.forEach((source, k) => {
      const result = search.search(source, season * PER_SEASON + k);
      if (result.status !== 'searched') return;
      count(counts, 'dip', Math.exp(result.dip.lnP));
      count(counts, 'flare', Math.exp(result.flare.lnP));
    });
  }
  return counts;
}

function expectPrinted(counts: Counts): void {
  const rows = [...counts].map(([name, found]) => [
    name,
    ...found,
    found.every((each, k) => isPoisson(each, SOURCES * (LEVELS[k] ?? 0))),
  ]);
  expect(rows).toEqual(rows.map((row) => [...row.slice(0, -1), true]));
}

describe('false alarms of 100,000 constant sources', () => {
  it.each([5, 10, 30, 100, 300])(
    'eta, V and Vs with %p nights',
    (nights) => expectPrinted(countStatistics(nights)),
    40 * MINUTES,
  );

  it.each([10, 30, 100, 300])(
    'event search with %p nights',
    (nights) => expectPrinted(countEvents(nights)),
    40 * MINUTES,
  );
});
