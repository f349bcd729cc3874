/** Which solutions a group is calibrated with. */
import type { Reason } from './grouping.ts';
import type { QaState } from './states.ts';
import { isoFromMjd } from './time.ts';
import type { TimeRange } from './transits.ts';

/** Apparent declinations of solution and data may differ by this much. */
export const DECLINATION_TOLERANCE_DEG = 1;
/** A solution holds from so long before its transit … */
export const VALID_BEFORE_HOURS = 12;
/** … to so long after it, so that the next transit is covered. */
export const VALID_AFTER_HOURS = 25;

/** The tables K, B and mean G of one solve. */
export interface CalibrationSet {
  readonly id: string;
  readonly calibrator: string;
  readonly transitMjd: number;
  /** Apparent declination of the pointing it was solved at. */
  readonly pointingDecDeg: number;
  readonly validity: TimeRange;
  readonly qa: QaState;
  /** Larger is better; breaks ties. */
  readonly quality: number;
}

export interface CalibrationTarget {
  readonly midMjd: number;
  readonly pointingDecDeg: number;
}

/** A set and its share of the gains. */
export interface WeightedSet {
  readonly set: CalibrationSet;
  readonly weight: number;
}

export interface CalibrationChoice {
  /** Delay and bandpass are taken from here. */
  readonly nearest: CalibrationSet;
  /** Mean gains: linear in time between the transits before and after, else of the nearest alone. Weights add up to 1. */
  readonly gains: readonly WeightedSet[];
  /** Hours from the nearest set's transit; negative before it. */
  readonly ageHours: number;
}

export interface RefusedSet extends Reason {
  readonly setId: string;
}

/** From when to when the tables of a transit may be used. */
export const validityOf = (transitMjd: number): TimeRange => ({
  startMjd: transitMjd - VALID_BEFORE_HOURS / 24,
  endMjd: transitMjd + VALID_AFTER_HOURS / 24,
});

/** Why a set does not serve a target, or null if it does. A warning of QA does not rule a set out. */
export function setRefusal(set: CalibrationSet, target: CalibrationTarget): Reason | null {
  if (set.qa !== 'pass' && set.qa !== 'warn') {
    return { code: 'CALIBRATION_BAD', message: `the solution on ${set.calibrator} has QA ${set.qa}` };
  }
  const offsetDeg = Math.abs(set.pointingDecDeg - target.pointingDecDeg);
  if (offsetDeg > DECLINATION_TOLERANCE_DEG) {
    const message = `solved ${offsetDeg.toFixed(2)}° away in declination; ${DECLINATION_TOLERANCE_DEG}° is allowed`;
    return { code: 'CALTABLE_MISMATCH', message };
  }
  if (target.midMjd >= set.validity.startMjd && target.midMjd < set.validity.endMjd) return null;
  const [from, to] = [isoFromMjd(set.validity.startMjd, 0), isoFromMjd(set.validity.endMjd, 0)];
  return { code: 'CALTABLE_MISMATCH', message: `valid from ${from} to ${to} only` };
}

/** Smallest time between transit and target; ties by quality, then by id. */
function nearestFirst(target: CalibrationTarget): (a: CalibrationSet, b: CalibrationSet) => number {
  const away = (set: CalibrationSet): number => Math.abs(set.transitMjd - target.midMjd);
  return (a, b) => away(a) - away(b) || b.quality - a.quality || (a.id < b.id ? -1 : 1);
}

function gainsOf(nearest: CalibrationSet, usable: readonly CalibrationSet[], midMjd: number): WeightedSet[] {
  const nearestIsBefore = nearest.transitMjd <= midMjd;
  const other = usable.find((set) => set.transitMjd <= midMjd !== nearestIsBefore);
  if (other === undefined) return [{ set: nearest, weight: 1 }];
  const weight = (midMjd - other.transitMjd) / (nearest.transitMjd - other.transitMjd);
  return [
    { set: nearest, weight },
    { set: other, weight: 1 - weight },
  ];
}

/** The solutions for a target, or null with the refusal of every set. */
export function chooseCalibration(
  sets: readonly CalibrationSet[],
  target: CalibrationTarget,
): { readonly choice: CalibrationChoice | null; readonly refused: readonly RefusedSet[] } {
  const refused: RefusedSet[] = [];
  const usable: CalibrationSet[] = [];
  for (const set of sets) {
    const reason = setRefusal(set, target);
    if (reason === null) usable.push(set);
    else refused.push({ setId: set.id, ...reason });
  }
  usable.sort(nearestFirst(target));
  const nearest = usable[0];
  if (nearest === undefined) return { choice: null, refused };
  const ageHours = (target.midMjd - nearest.transitMjd) * 24;
  return { choice: { nearest, gains: gainsOf(nearest, usable, target.midMjd), ageHours }, refused };
}
