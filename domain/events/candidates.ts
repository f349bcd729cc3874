/** Candidates: what a search found above a threshold, measured, checked, and said in words. */
import type { EventMeasure } from './measure.ts';
import type { NeighbourCheck } from './neighbours.ts';
import type { EventSearch, FoundEvent, SearchResult } from './search.ts';
import type { EventKind } from './template-probability.ts';

/** An event of a source above the threshold of its search. */
export interface EventCandidate extends EventMeasure {
  readonly kind: EventKind;
  /** One-sided Gaussian equivalent of p corrected for templates. */
  readonly significance: number;
  /** Significance of the template alone. */
  readonly z: number;
  /** Natural logarithm of the corrected p. */
  readonly lnP: number;
}

const nightsIn = ({ window }: FoundEvent): number => (window === null ? 0 : window.end - window.first);

/** Significances nearer than this (as a fraction) are equal: the event is then the one with fewer nights. */
const EQUAL_WITHIN = 0.1;

/** The one of two that is the event; the other may be what it leaves of the light curve. */
function leadingOf(a: FoundEvent, b: FoundEvent): FoundEvent {
  const areEqual = Math.abs(a.z - b.z) <= EQUAL_WITHIN * Math.max(a.z, b.z);
  if (areEqual) return nightsIn(a) <= nightsIn(b) ? a : b;
  return a.z > b.z ? a : b;
}

/** Dip and flare of the last search that reach a significance; the second only if it is no shadow of the first. */
export function candidatesOf(search: EventSearch, result: SearchResult, minSigma: number): EventCandidate[] {
  if (result.status !== 'searched') return [];
  const { dip, flare } = result;
  const found = [dip, flare].filter(({ significance }) => significance >= minSigma);
  const first = found.length === 2 ? leadingOf(dip, flare) : found[0];
  if (first === undefined) return [];
  return found
    .filter((each) => each === first || search.standsAlone(each, first, minSigma))
    .map((each) => candidateOf(each, search.measure(each)))
    .filter((candidate) => candidate !== null);
}

function candidateOf({ kind, significance, z, lnP }: FoundEvent, measure: EventMeasure | null): EventCandidate | null {
  return measure === null ? null : { kind, significance, z, lnP, ...measure };
}

const SHAPE_WORDS = {
  flat: 'flat',
  tapered: 'with slow sides',
  caustic: 'flat with a spike at each end',
} as const satisfies Record<EventMeasure['shape'], string>;

/** Why a candidate fired, in one line. */
export function reasonOf(candidate: EventCandidate, minSigma: number): string {
  const { kind, significance, z, depth, depthErr, durationDays, nInside, nOutside, shape } = candidate;
  const change = `${(100 * depth).toFixed(1)} ± ${(100 * depthErr).toFixed(1)} % ${kind === 'dip' ? 'fainter' : 'brighter'}`;
  const nights = `${nInside} nights (${durationDays.toFixed(0)} d) against ${nOutside} others`;
  const strength = `${z.toFixed(1)}σ by itself, ${significance.toFixed(1)}σ after trials (threshold ${minSigma.toFixed(1)}σ)`;
  return `${kind}, ${SHAPE_WORDS[shape]}: ${change} on ${nights}; ${strength}`;
}

/** Whether a candidate may raise an alert: not if its neighbours show it too, nor if there were none to ask. */
export const mayAlert = (check: NeighbourCheck): boolean => check.verdict === 'quiet';

/** A later night without the event ends it only after this many days: nights are missed. */
const LONGEST_GAP_DAYS = 7;

/** Whether two candidates of a source are one event, seen earlier and later: same kind, at overlapping times. */
export const isSameEvent = (
  a: Pick<EventCandidate, 'kind' | 'startMjd' | 'endMjd'>,
  b: Pick<EventCandidate, 'kind' | 'startMjd' | 'endMjd'>,
): boolean =>
  a.kind === b.kind && a.startMjd <= b.endMjd + LONGEST_GAP_DAYS && b.startMjd <= a.endMjd + LONGEST_GAP_DAYS;
