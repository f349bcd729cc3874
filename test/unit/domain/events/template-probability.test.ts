import { describe, expect, it } from '@jest/globals';
import { strongest } from '../../../../domain/events/measure.ts';
import { NightSums } from '../../../../domain/events/nights.ts';
import { scanTemplates } from '../../../../domain/events/scan.ts';
import { pOfSearch } from '../../../../domain/events/template-probability.ts';
import type { EventKind } from '../../../../domain/events/template-probability.ts';
import { pOfSearchByTheory } from '../../../../domain/events/template-theory.ts';
import { DURATIONS_DAYS, fillFullGrid, fillNewestGrid, TemplateGrid } from '../../../../domain/events/templates.ts';
import { SeededRandom } from '../../../../domain/variability/random.ts';
import { drawSeason } from '../../../support/constant-sources.ts';

interface Season {
  readonly nights: NightSums;
  readonly grid: TemplateGrid;
}

function season(n: number, snr = 20): Season {
  const [source] = drawSeason(new SeededRandom(n), { nights: n, sources: 1, snr });
  const nights = new NightSums().load(source ?? { mjd: [], fluxJy: [], fluxErrJy: [] });
  const grid = new TemplateGrid();
  fillFullGrid(grid, nights.mjd, nights.n);
  return { nights, grid };
}

/** Share of drawn constant sources whose search reaches z. */
function drawnShare(
  { nights, grid }: Season,
  { kind, z, draws }: { kind: EventKind; z: number; draws: number },
): number {
  const random = new SeededRandom(99);
  const simulated = nights.copy();
  const scores = new Float64Array(grid.count);
  const flux = new Float64Array(nights.n);
  let reached = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    for (let t = 0; t < nights.n; t += 1) flux[t] = nights.centreJy + (nights.error[t] as number) * random.normal();
    scanTemplates(simulated.withFluxes(flux), grid, scores);
    const best = strongest(scores, { grid, kind });
    if (best !== null && Math.abs(scores[best] ?? NaN) >= z) reached += 1;
  }
  return reached / draws;
}

describe('the probability of a search', () => {
  it.each<[number, EventKind, number, number, number]>([
    [8, 'dip', 2.5, 20, 20_000],
    [10, 'dip', 3, 20, 40_000],
    [10, 'flare', 3, 20, 40_000],
    [30, 'dip', 3.5, 20, 40_000],
    [30, 'flare', 3, 35, 40_000],
    [100, 'dip', 4, 20, 20_000],
  ])('with %p nights for a %s of %pσ at SNR %p is the share of drawn sources', (n, kind, z, snr, draws) => {
    const one = season(n, snr);
    const share = drawnShare(one, { kind, z, draws });
    const p = pOfSearch(one.nights, one.grid, { kind, z, draws: 3000, seed: 1 });
    const error = Math.sqrt(share / draws) + 0.03 * share;
    expect(Math.abs(p - share)).toBeLessThan(3 * error);
    expect(share * draws).toBeGreaterThan(50);
  });

  it.each([
    [30, 4],
    [100, 4.5],
    [300, 5],
    [300, 6],
  ])('with %p nights at %pσ is near the quick approximation', (n, z) => {
    const { nights, grid } = season(n);
    const p = pOfSearch(nights, grid, { kind: 'dip', z, draws: 1000, seed: 2 });
    const ratio = pOfSearchByTheory(nights, grid, { kind: 'dip', z }) / p;
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.6);
  });

  it('is the same for the same seed', () => {
    const { nights, grid } = season(20);
    const p = (seed: number): number => pOfSearch(nights, grid, { kind: 'dip', z: 4, draws: 100, seed });
    expect(p(1)).toBe(p(1));
    expect(p(1)).not.toBe(p(2));
  });
});

describe('the grid of templates', () => {
  it('has durations from 7 to 180 days', () => {
    expect(DURATIONS_DAYS[0]).toBe(7);
    expect(DURATIONS_DAYS.at(-1)).toBe(180);
    DURATIONS_DAYS.slice(1).forEach((days, k) =>
      expect(days / (DURATIONS_DAYS[k] ?? NaN)).toBeLessThanOrEqual(1.2 + 1e-9),
    );
  });

  it('holds no template twice, and only those with nights enough inside and outside', () => {
    const { nights, grid } = season(60);
    const seen = new Set<string>();
    for (let k = 0; k < grid.count; k += 1) {
      const [first = 0, end = 0, shoulder = 0] = [grid.first[k], grid.end[k], grid.shoulder[k]];
      seen.add([first, end, grid.shape[k]].join());
      expect(end - first - 2 * shoulder).toBeGreaterThanOrEqual(3);
      expect(60 - (end - first)).toBeGreaterThanOrEqual(5);
      expect((nights.mjd[end - 1] ?? NaN) - (nights.mjd[first] ?? NaN)).toBeLessThan(180);
    }
    expect(seen.size).toBe(grid.count);
    expect(grid.count).toBeGreaterThan(500);
  });

  it('of the newest night holds it in every template', () => {
    const { nights } = season(60);
    const grid = new TemplateGrid();
    fillNewestGrid(grid, nights.mjd, nights.n);
    expect([...grid.end.subarray(0, grid.count)].every((end) => end === 60)).toBe(true);
    expect(grid.count).toBeGreaterThan(50);
  });
});
