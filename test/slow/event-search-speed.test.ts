/** A full event search over a survey stays within its time and memory. */
import { expect, it } from '@jest/globals';
import { EventSearch } from '../../domain/events/search.ts';
import { SeededRandom } from '../../domain/variability/random.ts';
import { drawSeason } from '../support/constant-sources.ts';

const SEASONS = 100;
const SOURCES_PER_SEASON = 100;
const NIGHTS = 1000;

it('searches 10,000 sources of 1000 nights within 120 s', () => {
  const random = new SeededRandom(11);
  const search = new EventSearch();
  let [seconds, searched] = [0, 0];
  for (let season = 0; season < SEASONS; season += 1) {
    const sources = drawSeason(random, { nights: NIGHTS, sources: SOURCES_PER_SEASON, snr: 20 });
    const start = performance.now();
    for (const source of sources) if (search.search(source).status === 'searched') searched += 1;
    seconds += (performance.now() - start) / 1000;
  }
  expect(searched).toBe(10_000);
  expect(seconds).toBeLessThan(120);
  expect(process.memoryUsage().rss).toBeLessThan(1e9);
}, 900_000);
