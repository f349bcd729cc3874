/** What has to be done when a plan was made again: usually nothing. */
import { canonicalJson } from '../ids.ts';
import { isoFromMjd } from '../time.ts';
import {
  type Pointing,
  pointingObstacle,
  SAME_TIME_DAYS,
  type ScheduledCalibrator,
  type TransitKey,
  type TransitPlan,
} from './plan.ts';
import { isOpen, type TransitState } from './transit-states.ts';

/** A transit as it was planned before. */
export interface KnownTransit extends TransitPlan {
  readonly state: TransitState;
}

export type PlanChange =
  | { readonly kind: 'start'; readonly plan: TransitPlan }
  | { readonly kind: 'move'; readonly plan: TransitPlan; readonly reason: string }
  | { readonly kind: 'strike'; readonly key: TransitKey; readonly reason: string };

export interface PlanSituation {
  /** Every calibrator of the list, also paused ones. */
  readonly calibrators: readonly ScheduledCalibrator[];
  /** Null: not known, so nothing is struck off for it. */
  readonly pointing: Pointing | null;
  readonly nowMjd: number;
}

const keyOf = ({ calibrator, transitNumber }: TransitKey): string => `${calibrator}/${transitNumber}`;

/**
 * The changes that lead from what was planned to the new plan. A transit that was asked for, or has ended, stays as it
 * is; one that was struck off and is wanted again starts anew.
 */
export function comparePlans(
  next: readonly TransitPlan[],
  known: readonly KnownTransit[],
  situation: PlanSituation,
): PlanChange[] {
  const before = new Map(known.map((transit) => [keyOf(transit), transit]));
  const wanted = new Set(next.map(keyOf));
  const changes: PlanChange[] = [];
  for (const plan of next) {
    const old = before.get(keyOf(plan));
    if (old === undefined || old.state === 'struck') {
      if (plan.transitMjd >= sinceOf(plan, situation)) changes.push({ kind: 'start', plan });
    } else if (isOpen(old.state)) {
      const reason = moveReason(old, plan);
      if (reason !== null) changes.push({ kind: 'move', plan, reason });
    }
  }
  for (const transit of known) {
    if (wanted.has(keyOf(transit)) || !isOpen(transit.state)) continue;
    const reason = strikeReason(transit, situation);
    if (reason !== null) changes.push({ kind: 'strike', key: transit, reason });
  }
  return changes;
}

const sinceOf = ({ calibrator }: TransitKey, { calibrators }: PlanSituation): number =>
  calibrators.find(({ name }) => name === calibrator)?.sinceMjd ?? Infinity;

/** Why an open transit is planned in another way now; null: it is planned as before. */
function moveReason(old: TransitPlan, plan: TransitPlan): string | null {
  const moved = (a: number, b: number): boolean => Math.abs(a - b) > SAME_TIME_DAYS;
  if (moved(old.transitMjd, plan.transitMjd)) {
    return `the transit is at ${isoFromMjd(plan.transitMjd, 0)}, not at ${isoFromMjd(old.transitMjd, 0)}`;
  }
  if (moved(old.startMjd, plan.startMjd) || moved(old.endMjd, plan.endMjd)) {
    return `the window is now ${isoFromMjd(plan.startMjd, 0)} to ${isoFromMjd(plan.endMjd, 0)}`;
  }
  if (moved(old.deadlineMjd, plan.deadlineMjd)) return `the deadline is now ${isoFromMjd(plan.deadlineMjd, 0)}`;
  return canonicalJson(old.request) === canonicalJson(plan.request) ? null : 'the recipe was changed';
}

/**
 * Why an open transit is taken off. A transit that has happened is judged by the data of its time, wherever the
 * telescope points by now; only the list can still strike it off.
 */
function strikeReason(transit: KnownTransit, { calibrators, pointing, nowMjd }: PlanSituation): string | null {
  const calibrator = calibrators.find(({ name }) => name === transit.calibrator);
  if (calibrator === undefined) return `${transit.calibrator} was taken off the schedule`;
  if (calibrator.paused !== null) return calibrator.paused;
  if (pointing === null || transit.transitMjd <= nowMjd) return null;
  return pointingObstacle(calibrator, transit.apparentDecDeg, pointing);
}
