/** Whether the neighbours of a candidate show the same: then it is calibration, not the source. */
import { median } from '../eta.ts';
import { separationDeg } from '../sky.ts';
import type { SkyPosition } from '../sky.ts';
import { measureEvent } from './measure.ts';
import { NightSums } from './nights.ts';
import type { NightlyFluxes } from './nights.ts';
import type { EventKind } from './template-probability.ts';
import { LEAST_NIGHTS_INSIDE, LEAST_NIGHTS_OUTSIDE } from './templates.ts';

export const NEIGHBOUR_RADIUS_DEG = 1;
/** Largest difference of the primary beam: gains go wrong with the distance from its centre. */
export const NEIGHBOUR_BEAM_DIFFERENCE = 0.15;
export const LEAST_NEIGHBOURS = 5;
const VETO_SIGMA = 3;
/** Error of a median over that of a mean, for normal values. */
const MEDIAN_ERROR = Math.sqrt(Math.PI / 2);
/** Standard deviation over median absolute deviation, for normal values. */
const SIGMA_PER_MAD = 1.4826;

/** A source as a neighbour of another. */
export interface NeighbourSource {
  readonly sourceId: string;
  readonly position: SkyPosition;
  /** Mean primary beam over its nights, 0 to 1. */
  readonly beam: number;
  /** References make the normalisation: a common change is divided out of them. */
  readonly isReference: boolean;
}

/** Sources within 1° at a similar place of the beam that are no references, nearest first. */
export function neighboursOf<Source extends NeighbourSource>(
  target: NeighbourSource,
  sources: readonly Source[],
): Source[] {
  return sources
    .filter(({ sourceId, isReference }) => !isReference && sourceId !== target.sourceId)
    .filter(({ beam }) => Math.abs(beam - target.beam) <= NEIGHBOUR_BEAM_DIFFERENCE)
    .map((source) => ({ source, distance: separationDeg(source.position, target.position) }))
    .filter(({ distance }) => distance <= NEIGHBOUR_RADIUS_DEG)
    .sort((a, b) => a.distance - b.distance)
    .map(({ source }) => source);
}

export interface NeighbourCheck {
  /** `unchecked`: fewer than 5 neighbours have the nights; such a candidate raises no alert. */
  readonly verdict: 'quiet' | 'calibration' | 'unchecked';
  readonly nNeighbours: number;
  /** Median depth of the neighbours over the same nights, positive for the same direction as the candidate. */
  readonly medianDepth: number | null;
  readonly medianDepthErr: number | null;
}

/** Days of the event that the neighbours are looked at for. */
export interface EventSpan {
  readonly kind: EventKind;
  readonly startMjd: number;
  readonly endMjd: number;
}

/**
 * Fits the nights of a candidate to its neighbours: calibration if the median of their depths has the same sign and is
 * more than 3σ. One neighbour that varies moves no median. The error of the median is that of the neighbours' errors or
 * of their scatter, whichever is larger.
 */
export function checkNeighbours(span: EventSpan, neighbours: readonly NightlyFluxes[]): NeighbourCheck {
  const depths = neighbours.map((nights) => depthDuring(span, nights)).filter((found) => found !== null);
  const n = depths.length;
  if (n < LEAST_NEIGHBOURS) {
    return { verdict: 'unchecked', nNeighbours: n, medianDepth: null, medianDepthErr: null };
  }
  const medianDepth = median(depths.map(({ depth }) => depth));
  const byErrors = Math.sqrt(depths.reduce((sum, { depthErr }) => sum + depthErr ** 2, 0) / n);
  const byScatter = SIGMA_PER_MAD * median(depths.map(({ depth }) => Math.abs(depth - medianDepth)));
  const medianDepthErr = (MEDIAN_ERROR * Math.max(byErrors, byScatter)) / Math.sqrt(n);
  const verdict = medianDepth > VETO_SIGMA * medianDepthErr ? 'calibration' : 'quiet';
  return { verdict, nNeighbours: n, medianDepth, medianDepthErr };
}

function depthDuring(span: EventSpan, source: NightlyFluxes): { depth: number; depthErr: number } | null {
  const nights = new NightSums().load(source);
  let first = 0;
  while (first < nights.n && (nights.mjd[first] as number) < span.startMjd) first += 1;
  let end = first;
  while (end < nights.n && (nights.mjd[end] as number) <= span.endMjd) end += 1;
  if (end - first < LEAST_NIGHTS_INSIDE || nights.n - (end - first) < LEAST_NIGHTS_OUTSIDE) return null;
  const measured = measureEvent(nights, { first, end, shoulder: 0, shape: 'flat' }, span.kind);
  return measured.baselineJy > 0 ? measured : null;
}
