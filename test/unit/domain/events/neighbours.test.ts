import { describe, expect, it } from '@jest/globals';
import { mayAlert } from '../../../../domain/events/candidates.ts';
import { checkNeighbours, neighboursOf } from '../../../../domain/events/neighbours.ts';
import type { NeighbourSource } from '../../../../domain/events/neighbours.ts';
import type { NightlyFluxes } from '../../../../domain/events/nights.ts';
import { SeededRandom } from '../../../../domain/variability/random.ts';
import { drawPlanted } from '../../../support/planted-event.ts';

const EVENT = { nights: 30, snr: 20, first: 10, length: 8 };
const neighbour = (seed: number, depth: number): NightlyFluxes =>
  drawPlanted(new SeededRandom(seed), { ...EVENT, depth }).nights;
/** Nights of all neighbours are those of the candidate. */
const together = (depths: readonly number[]): NightlyFluxes[] => {
  const { mjd } = neighbour(1, 0);
  return depths.map((depth, k) => ({ ...neighbour(k + 1, depth), mjd }));
};
const { mjd } = neighbour(1, 0);
const span = { startMjd: mjd[10] ?? NaN, endMjd: mjd[17] ?? NaN };

describe('checkNeighbours', () => {
  it('says calibration when most neighbours dip with the candidate', () => {
    const check = checkNeighbours({ kind: 'dip', ...span }, together([0.3, 0.3, 0.3, 0.3, 0, 0]));
    expect(check.verdict).toBe('calibration');
    expect(check.nNeighbours).toBe(6);
    expect(mayAlert(check)).toBe(false);
  });

  it('says quiet when they stay, when one of them varies, or when they go the other way', () => {
    expect(checkNeighbours({ kind: 'dip', ...span }, together([0, 0, 0, 0, 0]))).toMatchObject({ verdict: 'quiet' });
    expect(checkNeighbours({ kind: 'dip', ...span }, together([0.6, 0, 0, 0, 0, 0, 0]))).toMatchObject({
      verdict: 'quiet',
    });
    const opposite = checkNeighbours({ kind: 'flare', ...span }, together([0.3, 0.3, 0.3, 0.3, 0.3]));
    expect(opposite.verdict).toBe('quiet');
    expect(opposite.medianDepth).toBeLessThan(-0.2);
    expect(mayAlert(opposite)).toBe(true);
  });

  it('is unchecked with fewer than five that have the nights', () => {
    const without = neighbour(9, 0);
    const blind = {
      ...without,
      mjd: without.mjd,
      flags: Float64Array.from(mjd, (_, t) => (t >= 10 && t < 18 ? 1 : 0)),
    };
    const check = checkNeighbours({ kind: 'dip', ...span }, [...together([0, 0, 0, 0]), { ...blind, mjd }]);
    expect(check).toEqual({ verdict: 'unchecked', nNeighbours: 4, medianDepth: null, medianDepthErr: null });
    expect(mayAlert(check)).toBe(false);
  });
});

describe('neighboursOf', () => {
  it('takes non-references within 1° at a similar beam, nearest first, over RA 0h too', () => {
    const source = (sourceId: string, raDeg: number, beam = 0.8, isReference = false): NeighbourSource => ({
      sourceId,
      position: { raDeg, decDeg: 0 },
      beam,
      isReference,
    });
    const target = source('t', 359.9);
    const found = neighboursOf(target, [
      target,
      source('far', 1.1),
      source('near', 0.8),
      source('nearest', 359.8),
      source('reference', 359.7, 0.8, true),
      source('other beam', 359.6, 0.5),
    ]);
    expect(found.map(({ sourceId }) => sourceId)).toEqual(['nearest', 'near']);
  });
});
