/** States of a planned transit; the registry's CHECK constraint holds the same words. */
import type { StateTable } from '../states.ts';

/**
 * `planned`: its window has not closed; `waiting`: for groups of the window; `asked`: the mosaic is being made;
 * `done`: it is there; `failed`: it was asked for and is not; `missed`: there were not enough data; `struck`: taken off.
 */
export const TRANSIT_STATES = {
  planned: ['waiting', 'failed', 'struck'],
  waiting: ['planned', 'asked', 'missed', 'failed', 'struck'],
  asked: ['done', 'failed'],
  done: [],
  failed: ['planned'],
  missed: ['planned'],
  struck: ['planned'],
} as const satisfies StateTable<string>;

export type TransitState = keyof typeof TRANSIT_STATES;

/** A transit that may still be moved or struck off. */
export const isOpen = (state: TransitState): boolean => state === 'planned' || state === 'waiting';
