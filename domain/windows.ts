/**
 * Which groups a mosaic is made of: the window around a transit, or one that is given, and why others are left out.
 */
import { airyPower, type Dish, DSA110_DISH } from './beam.ts';
import type { Reason } from './grouping.ts';
import type { GroupState } from './states.ts';
import { SUBBANDS_PER_GROUP } from './subband-files.ts';
import { isoFromMjd, SECONDS_PER_DAY } from './time.ts';
import type { TimeRange, Transit } from './transits.ts';

export const DEFAULT_WINDOW_MINUTES = 50;
export const DEFAULT_MINIMUM_TILES = 3;
/** A calibrator below this power of the beam is not solved on. */
export const MINIMUM_CALIBRATOR_BEAM = 0.3;
/** Groups of one mosaic point to the same declination, as the telescope is set: more is another strip. */
export const STRIP_TOLERANCE_DEG = 0.1;
/** 24 integrations of 12.884902 s. */
export const GROUP_SECONDS = 309.237648;
/** A transit in a gap goes to the nearest group only if it is no further away than this: then it is in its beam. */
export const GAP_TOLERANCE_SECONDS = GROUP_SECONDS / 2;

/** What the registry knows of a group. */
export interface ObservedGroup {
  readonly id: string;
  readonly startMjd: number;
  readonly endMjd: number;
  readonly midMjd: number;
  /** Apparent declination of the pointing. */
  readonly pointingDecDeg: number;
  readonly state: GroupState;
  readonly subbandCount: number;
}

export interface SelectionRules {
  readonly windowMinutes: number;
  readonly minimumTiles: number;
  /** Groups with fewer subbands take no part; 16: complete ones only. */
  readonly minimumSubbands: number;
  readonly dish: Dish;
}

export const DEFAULT_SELECTION_RULES: SelectionRules = {
  windowMinutes: DEFAULT_WINDOW_MINUTES,
  minimumTiles: DEFAULT_MINIMUM_TILES,
  minimumSubbands: SUBBANDS_PER_GROUP,
  dish: DSA110_DISH,
};

export interface ExcludedGroup extends Reason {
  readonly groupId: string;
}

export interface WindowSelection {
  readonly window: TimeRange;
  /** In order of time. */
  readonly groups: readonly ObservedGroup[];
  readonly excluded: readonly ExcludedGroup[];
}

export interface TransitSelection extends WindowSelection {
  readonly transit: Transit;
  /** The group in which the calibrator transits. */
  readonly calibratorGroup: ObservedGroup;
  /** Whether the transit falls between two groups. */
  readonly inGap: boolean;
  /** Power of the beam at the transit. */
  readonly calibratorBeam: number;
}

export interface TransitRefusal extends Reason {
  readonly transitNumber: number;
  readonly transitMjd: number;
}

export type TransitVerdict =
  | { readonly kind: 'usable'; readonly selection: TransitSelection }
  | { readonly kind: 'refused'; readonly refusal: TransitRefusal };

/** Window of a mosaic: half of it before, half of it after the transit. */
export function mosaicWindow(transitMjd: number, windowMinutes = DEFAULT_WINDOW_MINUTES): TimeRange {
  const half = windowMinutes / 2 / 1440;
  return { startMjd: transitMjd - half, endMjd: transitMjd + half };
}

/** Groups whose mid-exposure lies in the window, in order of time. */
export function groupsInWindow(groups: readonly ObservedGroup[], window: TimeRange): ObservedGroup[] {
  return groups
    .filter((group) => group.midMjd >= window.startMjd && group.midMjd < window.endMjd)
    .sort((a, b) => a.startMjd - b.startMjd);
}

/** Seconds from a time to a group; 0 inside [start, end). */
function secondsOutside(group: ObservedGroup, mjd: number): number {
  if (mjd >= group.startMjd && mjd < group.endMjd) return 0;
  return Math.max(group.startMjd - mjd, mjd - group.endMjd, 1e-9) * SECONDS_PER_DAY;
}

/** The group in which a transit lies, or the nearest one if it falls into a gap; null if none is near. */
export function groupOfTransit(
  groups: readonly ObservedGroup[],
  transitMjd: number,
): { readonly group: ObservedGroup; readonly inGap: boolean } | null {
  let best: { group: ObservedGroup; inGap: boolean } | null = null;
  let least = GAP_TOLERANCE_SECONDS;
  for (const group of groups) {
    const away = secondsOutside(group, transitMjd);
    if (away > least || (best !== null && away === least)) continue;
    best = { group, inGap: away > 0 };
    least = away;
  }
  return best;
}

const isUsable = (group: ObservedGroup, rules: SelectionRules): boolean =>
  (group.state === 'complete' || group.state === 'incomplete') && group.subbandCount >= rules.minimumSubbands;

/** Groups of a window that take part, at the declination of the mosaic, and the others with their reasons. */
export function selectGroups(
  inWindow: readonly ObservedGroup[],
  pointingDecDeg: number,
  rules: SelectionRules,
): Pick<WindowSelection, 'groups' | 'excluded'> {
  const groups: ObservedGroup[] = [];
  const excluded: ExcludedGroup[] = [];
  for (const group of inWindow) {
    if (!isUsable(group, rules)) {
      excluded.push({
        groupId: group.id,
        code: 'GROUP_INCOMPLETE',
        message: `${group.id} is ${group.state} with ${group.subbandCount} of ${rules.minimumSubbands} subbands`,
      });
    } else if (Math.abs(group.pointingDecDeg - pointingDecDeg) > STRIP_TOLERANCE_DEG) {
      const [its, ours] = [group.pointingDecDeg.toFixed(2), pointingDecDeg.toFixed(2)];
      excluded.push({
        groupId: group.id,
        code: 'GROUP_DECLINATIONS_DIFFER',
        message: `${group.id} points to Dec ${its}°, the mosaic to ${ours}°`,
      });
    } else groups.push(group);
  }
  return { groups, excluded };
}

/** Groups of a window that somebody gave: those of the declination that most of its usable groups have. */
export function judgeWindow(
  window: TimeRange,
  allGroups: readonly ObservedGroup[],
  rules: SelectionRules = DEFAULT_SELECTION_RULES,
): WindowSelection | Reason {
  const words = `${isoFromMjd(window.startMjd, 0)} to ${isoFromMjd(window.endMjd, 0)}`;
  const inWindow = groupsInWindow(allGroups, window);
  if (inWindow.length === 0) return { code: 'WINDOW_EMPTY', message: `there is no group from ${words}` };
  const choices = inWindow.map((group) => selectGroups(inWindow, group.pointingDecDeg, rules));
  const best = choices.reduce((most, choice) => (choice.groups.length > most.groups.length ? choice : most));
  return tooFewTiles(best.groups.length, words, rules) ?? { window, ...best };
}

const tooFewTiles = (count: number, where: string, rules: SelectionRules): Reason | null =>
  count >= rules.minimumTiles
    ? null
    : { code: 'TOO_FEW_TILES', message: `${count} usable groups in ${where}; a mosaic needs ${rules.minimumTiles}` };

/** Whether a mosaic can be made of a transit now, of which groups, and if not why. */
export function judgeTransit(
  transit: Transit,
  sky: { readonly groups: readonly ObservedGroup[]; readonly nowMjd: number },
  rules: SelectionRules = DEFAULT_SELECTION_RULES,
): TransitVerdict {
  const window = mosaicWindow(transit.mjd, rules.windowMinutes);
  const inWindow = groupsInWindow(sky.groups, window);
  const found = groupOfTransit(sky.groups, transit.mjd);
  const reason =
    windowReason(window, inWindow, sky.nowMjd) ??
    (found === null ? noDataReason(transit, inWindow.length) : calibratorReason(transit, found.group, rules));
  if (reason !== null || found === null) return refuse(transit, reason ?? noDataReason(transit, 0));
  const chosen = selectGroups(inWindow, found.group.pointingDecDeg, rules);
  const tooFew = tooFewTiles(chosen.groups.length, `the window of ${isoFromMjd(transit.mjd, 0)}`, rules);
  if (tooFew !== null) return refuse(transit, tooFew);
  const calibratorBeam = beamAtTransit(transit, found.group, rules.dish);
  const { group: calibratorGroup, inGap } = found;
  return { kind: 'usable', selection: { window, ...chosen, transit, calibratorGroup, inGap, calibratorBeam } };
}

/**
 * The newest transit of which a mosaic can be made, with the refusal of every newer one; null if there is none.
 */
export function chooseTransit(
  transits: readonly Transit[],
  sky: { readonly groups: readonly ObservedGroup[]; readonly nowMjd: number },
  rules: SelectionRules = DEFAULT_SELECTION_RULES,
): { readonly chosen: TransitSelection | null; readonly refusals: readonly TransitRefusal[] } {
  const refusals: TransitRefusal[] = [];
  for (const transit of [...transits].sort((a, b) => b.mjd - a.mjd)) {
    const verdict = judgeTransit(transit, sky, rules);
    if (verdict.kind === 'usable') return { chosen: verdict.selection, refusals };
    refusals.push(verdict.refusal);
  }
  return { chosen: null, refusals };
}

/** Power of the beam on the calibrator when it transits: only declinations differ then. */
export const beamAtTransit = (transit: Transit, group: { readonly pointingDecDeg: number }, dish: Dish): number =>
  airyPower(transit.apparent.decDeg - group.pointingDecDeg, dish);

const refuse = (transit: Transit, reason: Reason): TransitVerdict => ({
  kind: 'refused',
  refusal: { transitNumber: transit.number, transitMjd: transit.mjd, ...reason },
});

/** The last group that may count ends half a group after the window; until then more may come. */
function windowReason(window: TimeRange, inWindow: readonly ObservedGroup[], nowMjd: number): Reason | null {
  const closesMjd = window.endMjd + GAP_TOLERANCE_SECONDS / SECONDS_PER_DAY;
  if (nowMjd < closesMjd) {
    return { code: 'TRANSIT_NOT_COMPLETE', message: `the window closes at ${isoFromMjd(closesMjd, 0)} UTC` };
  }
  const collecting = inWindow.filter((group) => group.state === 'collecting').map((group) => group.id);
  if (collecting.length === 0) return null;
  return { code: 'TRANSIT_NOT_COMPLETE', message: `subbands are still awaited in ${collecting.join(', ')}` };
}

const noDataReason = (transit: Transit, nearby: number): Reason => ({
  code: 'CALIBRATOR_NO_DATA',
  message: `no group holds the transit of ${isoFromMjd(transit.mjd, 0)}; ${nearby} others lie in its window`,
});

function calibratorReason(transit: Transit, group: ObservedGroup, rules: SelectionRules): Reason | null {
  if (!isUsable(group, rules)) {
    const message = `the calibrator's group ${group.id} is ${group.state} with ${group.subbandCount} subbands`;
    return { code: 'GROUP_INCOMPLETE', message };
  }
  const beam = beamAtTransit(transit, group, rules.dish);
  if (beam >= MINIMUM_CALIBRATOR_BEAM) return null;
  const [its, ours] = [transit.apparent.decDeg.toFixed(2), group.pointingDecDeg.toFixed(2)];
  return {
    code: 'CALIBRATOR_OUTSIDE_BEAM',
    message: `the calibrator passes at Dec ${its}°, ${group.id} points to ${ours}°: beam ${beam.toFixed(2)}`,
  };
}
