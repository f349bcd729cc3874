/** Which transits are to become mosaics: the plan, made anew as often as somebody asks, always with the same keys. */
import { airyPower, DSA110_DISH } from '../beam.ts';
import type { Json } from '../ids.ts';
import type { SkyPosition } from '../sky.ts';
import { SECONDS_PER_DAY } from '../time.ts';
import { type TimeRange, type Transit, transitsBetween } from '../transits.ts';
import { MINIMUM_CALIBRATOR_BEAM, mosaicWindow, STRIP_TOLERANCE_DEG } from '../windows.ts';

/** How far ahead transits are planned. */
export const PLAN_HOURS = 36;
/** How far back: a planner that was away makes up for it. */
export const CATCH_UP_HOURS = 12;

/** A calibrator whose transits are wanted. */
export interface ScheduledCalibrator {
  readonly name: string;
  readonly position: SkyPosition;
  /** Only while the telescope points to this declination (apparent, degrees); null: whenever it is in the beam. */
  readonly decDeg: number | null;
  readonly timespanMinutes: number;
  /** How long late data are waited for after the window has closed. */
  readonly deadlineMinutes: number;
  /** The mosaic that is asked for, without the time: fields of the request. */
  readonly request: Readonly<Record<string, Json>>;
  /** Transits before this time are not planned. */
  readonly sinceMjd: number;
  /** Why its transits are not planned at present; null: they are. */
  readonly paused: string | null;
}

export interface TransitKey {
  readonly calibrator: string;
  /** Business key: a UTC second moves with the Earth-orientation table, this number does not. */
  readonly transitNumber: number;
}

export interface TransitPlan extends TransitKey {
  readonly transitMjd: number;
  /** Apparent declination at the transit, degrees. */
  readonly apparentDecDeg: number;
  /** Window of the mosaic. */
  readonly startMjd: number;
  readonly endMjd: number;
  /** Until when late data are waited for. */
  readonly deadlineMjd: number;
  readonly request: Readonly<Record<string, Json>>;
}

/** A pointing as a group has it. */
export interface Pointing {
  readonly groupId: string;
  /** Apparent, degrees. */
  readonly decDeg: number;
}

/**
 * Where the telescope points now, by its newest groups: the newest declination that two of them agree on, so that one
 * bad header moves no plan; of a single group its own.
 *
 * @param newestFirst at least the newest three groups with a declination
 */
export function presentPointing(newestFirst: readonly Pointing[]): Pointing | null {
  const recent = newestFirst.slice(0, 3);
  const agreed = recent.find((one) =>
    recent.some((other) => other !== one && Math.abs(other.decDeg - one.decDeg) <= STRIP_TOLERANCE_DEG),
  );
  return agreed ?? recent[0] ?? null;
}

/** Why a calibrator cannot be used at a pointing when it transits at an apparent declination; null: it can. */
export function pointingObstacle(
  calibrator: Pick<ScheduledCalibrator, 'name' | 'decDeg'>,
  apparentDecDeg: number,
  pointing: Pointing,
): string | null {
  const points = `the telescope points to Dec ${pointing.decDeg.toFixed(2)}° (group ${pointing.groupId})`;
  if (calibrator.decDeg !== null && Math.abs(calibrator.decDeg - pointing.decDeg) > STRIP_TOLERANCE_DEG) {
    return `${points}; ${calibrator.name} is wanted at Dec ${calibrator.decDeg.toFixed(2)}° only`;
  }
  const beam = airyPower(apparentDecDeg - pointing.decDeg, DSA110_DISH);
  if (beam >= MINIMUM_CALIBRATOR_BEAM) return null;
  const passes = `${calibrator.name} passes at Dec ${apparentDecDeg.toFixed(2)}°`;
  return `${points}; ${passes}, where its beam has ${beam.toFixed(2)} (least: ${MINIMUM_CALIBRATOR_BEAM})`;
}

/** The plan of one transit of a calibrator. */
export function planOfTransit(calibrator: ScheduledCalibrator, transit: Transit): TransitPlan {
  const window = mosaicWindow(transit.mjd, calibrator.timespanMinutes);
  return {
    calibrator: calibrator.name,
    transitNumber: transit.number,
    transitMjd: transit.mjd,
    apparentDecDeg: transit.apparent.decDeg,
    ...window,
    deadlineMjd: window.endMjd + calibrator.deadlineMinutes / 1440,
    request: calibrator.request,
  };
}

/**
 * Transits of the calibrators in a range of time, in order.
 *
 * @param pointing where the telescope points; null: every transit above the horizon, as for past days, whose groups
 *   know best
 */
export function planTransits(
  calibrators: readonly ScheduledCalibrator[],
  range: TimeRange,
  pointing: Pointing | null,
): TransitPlan[] {
  const plans: TransitPlan[] = [];
  for (const calibrator of calibrators) {
    if (calibrator.paused !== null) continue;
    for (const transit of transitsBetween(calibrator.position, range)) {
      if (transit.altitudeDeg <= 0) continue;
      if (pointing !== null && pointingObstacle(calibrator, transit.apparent.decDeg, pointing) !== null) continue;
      plans.push(planOfTransit(calibrator, transit));
    }
  }
  return plans.sort((a, b) => a.transitMjd - b.transitMjd);
}

/** The range that is planned at a time. */
export const planRange = (nowMjd: number): TimeRange => ({
  startMjd: nowMjd - CATCH_UP_HOURS / 24,
  endMjd: nowMjd + PLAN_HOURS / 24,
});

/** Times nearer than this are the same: less than any window cares about. */
export const SAME_TIME_DAYS = 1 / SECONDS_PER_DAY;
