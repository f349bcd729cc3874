/** Thresholds of a search, and how many constant sources pass them. */
import { median } from '../eta.ts';
import { lnNormalSurvival, sigmaOfLnP } from '../variability/special-functions.ts';

/** Expected false alarms per full search of each preset. */
export const EVENT_PRESETS = { conservative: 0.01, moderate: 0.1, sensitive: 1 } as const;
export type EventPreset = keyof typeof EVENT_PRESETS;

/** Searches of constant sources from which their own distribution is taken. */
export const LEAST_CONSTANT_SOURCES = 100;
/** Share of them, and number at least, that makes the tail. */
const TAIL_SHARE = 0.1;
const LEAST_IN_TAIL = 20;

/** Where the distribution of constant sources comes from. */
export type ExpectationBasis = 'theory' | 'constant_sources';

/** P(−ln p ≥ t) of constant sources: `share` exp(−(t − from)/scale) above `from`. Theory has 1, 0, 1. */
export interface NullTail {
  readonly basis: ExpectationBasis;
  readonly nConstant: number;
  readonly share: number;
  readonly from: number;
  readonly scale: number;
}

/** One source on one night less than which no search is made: 3 inside and 5 outside. */
const NIGHTS_BEFORE_FIRST = 7;

/**
 * Tail of p among constant sources, from the ln p of their own searches (each kind of each source is one); of theory
 * when there are fewer than 100 sources.
 *
 * Above a high quantile the excess of −ln p is taken as exponential: scale 1 if theory holds, more if errors have heavier
 * tails than a Gaussian. The scale comes from the median excess, which a real event among the sources does not move.
 * Source: Pickands (1975), Annals of Statistics 3, 119.
 *
 * @param lnPs one ln p per kind and constant source.
 * @param nConstant number of these sources.
 */
export function nullTailOf(lnPs: readonly number[], nConstant: number): NullTail {
  const excesses = lnPs.map((lnP) => -lnP).sort((a, b) => b - a);
  const inTail = Math.max(Math.floor(excesses.length * TAIL_SHARE), LEAST_IN_TAIL);
  const from = excesses[inTail];
  if (nConstant < LEAST_CONSTANT_SOURCES || from === undefined) {
    return { basis: 'theory', nConstant, share: 1, from: 0, scale: 1 };
  }
  const scale = (median(excesses.slice(0, inTail)) - from) / Math.LN2;
  return { basis: 'constant_sources', nConstant, share: inTail / excesses.length, from, scale };
}

/** ln P(a search of a constant source reaches this significance). */
function lnPOf(tail: NullTail, minSigma: number): number {
  const t = -lnNormalSurvival(minSigma);
  // Below the tail both agree near enough: theory is used there.
  return t < tail.from ? -t : Math.log(tail.share) - (t - tail.from) / tail.scale;
}

/** Significance that `expected` of `nSearches` searches of constant sources reach. */
export function minSigmaFor(expected: number, nSearches: number, tail: NullTail): number {
  const lnP = Math.min(Math.log(expected / Math.max(nSearches, 1)), 0);
  const inTail = tail.from + tail.scale * (Math.log(tail.share) - lnP);
  const t = inTail >= tail.from && tail.scale > 0 ? inTail : -lnP;
  return sigmaOfLnP(-t);
}

export interface FalseAlarmExpectation {
  /** In a search of all templates of these sources, dips and flares together. */
  readonly expected: number;
  /** Of them, those that appear for the first time with one more night. */
  readonly expectedNewPerNight: number;
  readonly basis: ExpectationBasis;
  readonly nConstant: number;
  readonly nSearches: number;
}

/**
 * Expected false alarms at a threshold.
 *
 * @param nightsOf nights of each source that was searched (not those with `insufficient_epochs`). A false alarm appears
 *   on some night of its source, each as likely as another, so that one more night brings 1/(nights) of them.
 */
export function expectedFalseAlarms(
  nightsOf: readonly number[],
  minSigma: number,
  tail: NullTail,
): FalseAlarmExpectation {
  const perSearch = Math.exp(lnPOf(tail, minSigma));
  const nSearches = 2 * nightsOf.length;
  const newShare = nightsOf.reduce((sum, nights) => sum + 2 / Math.max(nights - NIGHTS_BEFORE_FIRST, 1), 0);
  return {
    expected: nSearches * perSearch,
    expectedNewPerNight: newShare * perSearch,
    basis: tail.basis,
    nConstant: tail.nConstant,
    nSearches,
  };
}
