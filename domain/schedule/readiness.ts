/** Whether the groups of a transit are there, and what to do when they are late or missing. */
import type { Reason } from '../grouping.ts';
import { isoFromMjd, SECONDS_PER_DAY } from '../time.ts';
import type { TimeRange, Transit } from '../transits.ts';
import {
  GAP_TOLERANCE_SECONDS,
  GROUP_SECONDS,
  groupsInWindow,
  judgeTransit,
  mosaicWindow,
  type ObservedGroup,
  type SelectionRules,
} from '../windows.ts';
import { SUBBANDS_PER_GROUP } from '../subband-files.ts';

/** A group of the registry, with the time until which its files are awaited. */
export interface AwaitedGroup extends ObservedGroup {
  /** Null: it is decided, or nothing is awaited. */
  readonly filesUntilMjd: number | null;
}

/** `ask`: make the mosaic; `wait`: look again at a time; `missed`: there will be none. */
export type Readiness =
  | { readonly kind: 'ask'; readonly remark: string }
  | { readonly kind: 'wait'; readonly untilMjd: number; readonly reason: string }
  | ({ readonly kind: 'missed' } & Reason);

/** Groups are looked for again this often while some are late. */
export const LOOK_AGAIN_SECONDS = 120;
/** A group whose own deadline has passed is decided by the next look into its folder; then it is late no more. */
const DECISION_GRACE_SECONDS = 600;

const GROUP_DAYS = GROUP_SECONDS / SECONDS_PER_DAY;
/** Room for a whole group, give or take the jitter of starts; real recordings also pause for 302 s and less. */
const HOLE_DAYS = (GROUP_SECONDS - 2) / SECONDS_PER_DAY;

/** The last group that may count ends half a group after the window. */
export const windowClosesMjd = ({ endMjd }: TimeRange): number => endMjd + GAP_TOLERANCE_SECONDS / SECONDS_PER_DAY;

/** What is still missing of a window in words; empty: nothing. */
export function lateIn(window: TimeRange, groups: readonly ObservedGroup[]): string[] {
  const inWindow = groupsInWindow(groups, window);
  if (inWindow.length === 0) return ['no group of the window is there'];
  const late = inWindow
    .filter(({ state, subbandCount }) => state !== 'complete' || subbandCount < SUBBANDS_PER_GROUP)
    .map(({ id, state, subbandCount }) => `${id} is ${state} with ${subbandCount} of ${SUBBANDS_PER_GROUP} subbands`);
  return [...late, ...holesIn(window, inWindow)];
}

/** Pieces of a window in which another group would have its middle. */
function holesIn(window: TimeRange, inWindow: readonly ObservedGroup[]): string[] {
  const edges = [
    { endMjd: window.startMjd - GROUP_DAYS / 2 },
    ...inWindow,
    { startMjd: window.endMjd + GROUP_DAYS / 2 },
  ] as const;
  return edges.slice(1).flatMap((later, index) => {
    const from = (edges[index] as { readonly endMjd: number }).endMjd;
    const to = (later as { readonly startMjd: number }).startMjd;
    return to - from < HOLE_DAYS ? [] : [`nothing from ${isoFromMjd(from, 0)} to ${isoFromMjd(to, 0)}`];
  });
}

/**
 * The rule for late and missing data. When the window is full the mosaic is asked for at once. Otherwise late data are
 * waited for until the deadline; then it is made of what is there, if that is enough: the calibrator's group and the
 * fewest tiles, of groups that have the fewest subbands of the recipe (12 to 15 give a quick-look mosaic).
 */
export function judgeReadiness(
  transit: Transit,
  sky: { readonly groups: readonly AwaitedGroup[]; readonly nowMjd: number; readonly deadlineMjd: number },
  rules: SelectionRules,
): Readiness {
  const window = mosaicWindow(transit.mjd, rules.windowMinutes);
  const closesMjd = windowClosesMjd(window);
  if (sky.nowMjd < closesMjd) return { kind: 'wait', untilMjd: closesMjd, reason: 'the window is still open' };
  const late = lateIn(window, sky.groups);
  const untilMjd = patienceEndsMjd(groupsInWindow(sky.groups, window) as AwaitedGroup[], sky.deadlineMjd);
  if (late.length > 0 && sky.nowMjd < untilMjd) {
    const nextMjd = Math.min(sky.nowMjd + LOOK_AGAIN_SECONDS / SECONDS_PER_DAY, untilMjd);
    return { kind: 'wait', untilMjd: nextMjd, reason: `until ${isoFromMjd(untilMjd, 0)} for: ${late.join('; ')}` };
  }
  const verdict = judgeTransit(transit, sky, rules);
  if (verdict.kind === 'refused')
    return { kind: 'missed', code: verdict.refusal.code, message: verdict.refusal.message };
  const count = verdict.selection.groups.length;
  const remark = late.length === 0 ? `all ${count} groups are there` : `made of ${count} groups; ${late.join('; ')}`;
  return { kind: 'ask', remark };
}

/** The deadline of the transit, or of files that its groups still wait for: a mosaic needs decided groups. */
function patienceEndsMjd(inWindow: readonly AwaitedGroup[], deadlineMjd: number): number {
  const grace = DECISION_GRACE_SECONDS / SECONDS_PER_DAY;
  const files = inWindow.flatMap((group) =>
    group.state === 'collecting' && group.filesUntilMjd !== null ? [group.filesUntilMjd + grace] : [],
  );
  return Math.max(deadlineMjd, ...files);
}
