/** The search for scattering events in one strip: sources in portions, so that memory does not grow with their number. */
import { candidatesOf, type EventCandidate } from '../../domain/events/candidates.ts';
import {
  EVENT_PRESETS,
  expectedFalseAlarms,
  minSigmaFor,
  nullTailOf,
  type EventPreset,
  type FalseAlarmExpectation,
} from '../../domain/events/expectation.ts';
import type { NightlyFluxes } from '../../domain/events/nights.ts';
import { EventSearch, type SearchResult } from '../../domain/events/search.ts';
import { largestPair } from '../../domain/variability/pairs.ts';
import type { NightPoint, Repositories } from '../../registry/index.ts';

/** Sources whose nights are in memory at the same time. */
const PORTION = 500;
/** Nights of which pairs are formed. */
const PAIR_NIGHTS = 100;
/** What one more night can bring is looked for on so many days. */
const RECENT_DAYS = 1500;

export interface SearchScope {
  readonly stripId: number;
  readonly sourceIds: readonly number[];
  /** `newest`: only what the newest night can have brought. `full`: all templates on all nights. */
  readonly mode: 'newest' | 'full';
  readonly newestMjd: number;
  /** Null: the preset decides. */
  readonly minSigma: number | null;
  readonly preset: EventPreset;
}

export interface SourceCandidate extends EventCandidate {
  readonly sourceId: number;
}

export interface StripFindings {
  readonly candidates: readonly SourceCandidate[];
  readonly minSigma: number;
  readonly expectation: FalseAlarmExpectation;
  readonly nSearched: number;
  readonly nInsufficient: number;
  readonly pairs: ReadonlyMap<number, { readonly vsMax: number; readonly mAtVsMax: number | null }>;
}

/** Nights of a source as the search takes them. */
export const asNights = (points: readonly NightPoint[]): NightlyFluxes => ({
  mjd: Float64Array.from(points, ({ mjd }) => mjd),
  fluxJy: Float64Array.from(points, ({ fluxJy }) => fluxJy),
  fluxErrJy: Float64Array.from(points, ({ fluxErrJy }) => fluxErrJy),
});

/** Points of each source, in the order in which they come. */
export function bySource(points: readonly NightPoint[]): Map<number, NightPoint[]> {
  const groups = new Map<number, NightPoint[]>();
  for (const point of points) {
    const list = groups.get(point.sourceId);
    if (list === undefined) groups.set(point.sourceId, [point]);
    else list.push(point);
  }
  return groups;
}

/** Searches the sources of a scope; the threshold follows from what constant sources show, or from theory. */
export async function searchStrip(
  repositories: Pick<Repositories, 'variability'>,
  scope: SearchScope,
): Promise<StripFindings> {
  const search = new EventSearch();
  const first = await firstPass(repositories, scope, search);
  const tail = nullTailOf(scope.mode === 'full' ? first.lnPs : [], scope.mode === 'full' ? first.nights.length : 0);
  const minSigma = scope.minSigma ?? minSigmaFor(EVENT_PRESETS[scope.preset], 2 * first.nights.length, tail);
  const strong = first.strongest.filter(({ significance }) => significance >= minSigma).map(({ sourceId }) => sourceId);
  const candidates: SourceCandidate[] = [];
  for (const [sourceId, points] of await load(repositories, scope, strong)) {
    const result = look(search, points, { mode: scope.mode, minSigma });
    candidates.push(...candidatesOf(search, result, minSigma).map((candidate) => ({ sourceId, ...candidate })));
  }
  return {
    candidates,
    minSigma,
    expectation: expectedFalseAlarms(first.nights, minSigma, tail),
    nSearched: first.nights.length,
    nInsufficient: first.nInsufficient,
    pairs: first.pairs,
  };
}

interface FirstPass {
  readonly lnPs: number[];
  /** Nights of each source that was searched. */
  readonly nights: number[];
  readonly strongest: { readonly sourceId: number; readonly significance: number }[];
  readonly pairs: Map<number, { readonly vsMax: number; readonly mAtVsMax: number | null }>;
  nInsufficient: number;
}

async function firstPass(
  repositories: Pick<Repositories, 'variability'>,
  scope: SearchScope,
  search: EventSearch,
): Promise<FirstPass> {
  const found: FirstPass = { lnPs: [], nights: [], strongest: [], pairs: new Map(), nInsufficient: 0 };
  const threshold =
    scope.minSigma ?? minSigmaFor(EVENT_PRESETS[scope.preset], 2 * scope.sourceIds.length, nullTailOf([], 0));
  for (let start = 0; start < scope.sourceIds.length; start += PORTION) {
    const portion = scope.sourceIds.slice(start, start + PORTION);
    for (const [sourceId, points] of await load(repositories, scope, portion)) {
      const pair = largestPair(points.slice(-PAIR_NIGHTS));
      if (pair !== null) found.pairs.set(sourceId, { vsMax: pair.vs, mAtVsMax: pair.m });
      const result = look(search, points, { mode: scope.mode, minSigma: threshold });
      if (result.status !== 'searched') {
        found.nInsufficient += 1;
        continue;
      }
      found.nights.push(result.nNights);
      found.lnPs.push(result.dip.lnP, result.flare.lnP);
      found.strongest.push({ sourceId, significance: Math.max(result.dip.significance, result.flare.significance) });
    }
  }
  return found;
}

async function load(
  { variability }: Pick<Repositories, 'variability'>,
  { stripId, mode, newestMjd }: SearchScope,
  sourceIds: readonly number[],
): Promise<Map<number, NightPoint[]>> {
  if (sourceIds.length === 0) return new Map();
  const fromMjd = mode === 'newest' ? newestMjd - RECENT_DAYS : Number.NEGATIVE_INFINITY;
  return bySource(await variability.nights({ stripId, sourceIds, fromMjd }));
}

const look = (
  search: EventSearch,
  points: readonly NightPoint[],
  { mode, minSigma }: { readonly mode: SearchScope['mode']; readonly minSigma: number },
): SearchResult =>
  mode === 'newest' ? search.searchNewest(asNights(points), minSigma) : search.search(asNights(points));
