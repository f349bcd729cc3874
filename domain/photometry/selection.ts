/** Which sources to measure when not all can be: the best of them, never just the first. */

export interface Selectable {
  readonly id: number;
  /** Catalogue flux, Jy. */
  readonly fluxJy: number;
  /** Primary beam towards it. */
  readonly beam: number;
  /** Catalogue neighbours that could be confused with it. */
  readonly crowding: number;
}

/** A confused source counts this much less with each neighbour. */
const CROWDING_PENALTY = 0.5;

/**
 * What a measurement of the source would be worth: its apparent flux, that is its signal to noise up to the noise, which
 * falls with the distance from the beam's centre; less with each confusing neighbour.
 */
export const selectionScore = ({ fluxJy, beam, crowding }: Selectable): number =>
  fluxJy * beam * CROWDING_PENALTY ** crowding;

/** The best sources, at most `maxSources` (null: all), and the rest; both in the order given. */
export function selectSources<Source extends Selectable>(
  sources: readonly Source[],
  maxSources: number | null,
): { readonly selected: readonly Source[]; readonly rest: readonly Source[] } {
  if (maxSources === null || sources.length <= maxSources) return { selected: sources, rest: [] };
  const best = [...sources].sort((a, b) => selectionScore(b) - selectionScore(a) || a.id - b.id).slice(0, maxSources);
  const kept = new Set(best.map(({ id }) => id));
  return {
    selected: sources.filter(({ id }) => kept.has(id)),
    rest: sources.filter(({ id }) => !kept.has(id)),
  };
}
