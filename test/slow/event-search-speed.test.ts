/** A full event search over a survey stays within its time and memory. */
import { expect, it } from '@jest/globals';
import { EventSearch } from '../../domain/events/search.ts';
import { SeededRandom } from '../../domain/variability/random.ts';
import { drawSeason } from '../support/constant-sources.ts';

const SEASONS = 100;
const SOURCES_PER_SEASON = 100;
const NIGHTS = 1000;

it('searches 10,000 sources of 1000 nights in 120 s of one core', () => {
  const random = new SeededRandom(11);
  const search = new EventSearch();
  let [seconds, searched] = [0, 0];
  for (let season = 0; season < SEASONS; season += 1) {
    const sources = drawSeason(random, { nights: NIGHTS, sources: SOURCES_PER_SEASON, snr: 20 });
    // Processor time: what else the machine does at that moment is not what is judged.
    const before = process.cpuUsage();
    for (const source of sources) if (search.search(source).status === 'searched') searched += 1;
    const { user, system } = process.cpuUsage(before);
    seconds += (user + system) / 1e6;
  }
  expect(searched).toBe(10_000);
  expect(seconds).toBeLessThan(120);
  expect(process.memoryUsage().rss).toBeLessThan(1e9);
}, 900_000);
