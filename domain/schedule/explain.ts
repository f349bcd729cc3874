/** Why a transit is planned, waited for, made or missed: in words. */
import { isoFromMjd } from '../time.ts';
import type { Transit } from '../transits.ts';
import { type Pointing, pointingObstacle, planRange, type ScheduledCalibrator } from './plan.ts';
import { windowClosesMjd } from './readiness.ts';
import type { TransitState } from './transit-states.ts';

/** What became of the transit so far. */
export interface TransitRecord {
  readonly state: TransitState;
  readonly reason: string | null;
  readonly startMjd: number;
  readonly endMjd: number;
  readonly deadlineMjd: number;
  readonly requestedBy: string;
  readonly movedBy: string | null;
  readonly movedReason: string | null;
  readonly mosaicId: string | null;
}

export interface Explained {
  readonly name: string;
  readonly transit: Transit;
  /** Null: not on the schedule. */
  readonly calibrator: ScheduledCalibrator | null;
  /** Null: never planned. */
  readonly record: TransitRecord | null;
  readonly pointing: Pointing | null;
  readonly nowMjd: number;
}

const utc = (mjd: number): string => `${isoFromMjd(mjd, 0)}Z`;

/** One sentence a line, the general ones first. */
export function explainTransit(about: Explained): string[] {
  const { name, transit } = about;
  const place = `at Dec ${transit.apparent.decDeg.toFixed(2)}°, ${transit.altitudeDeg.toFixed(0)}° high`;
  const when = `${name} transits at ${utc(transit.mjd)} ${place} (sidereal transit ${transit.number})`;
  const lines = [when, about.record === null ? whyNotPlanned(about) : planned(about.record)];
  if (about.record !== null) lines.push(...progress(about.record, about.nowMjd));
  return lines;
}

function whyNotPlanned({ name, transit, calibrator, pointing, nowMjd }: Explained): string {
  if (calibrator === null) return `not planned: ${name} is not on the schedule`;
  if (calibrator.paused !== null) return `not planned: ${calibrator.paused}`;
  if (transit.altitudeDeg <= 0) return `not planned: ${name} stays below the horizon`;
  if (transit.mjd < calibrator.sinceMjd) {
    return `not planned: it is before ${utc(calibrator.sinceMjd)}, when ${name} came on the schedule; backfill takes it`;
  }
  const range = planRange(nowMjd);
  if (transit.mjd >= range.endMjd) return `not planned yet: the plan ends at ${utc(range.endMjd)}`;
  if (transit.mjd < range.startMjd) return 'not planned: nobody planned that day; backfill takes it';
  if (pointing === null) return 'not planned: no group was seen yet, so nobody knows where the telescope points';
  const obstacle = pointingObstacle(calibrator, transit.apparent.decDeg, pointing);
  return obstacle === null ? 'not planned yet: the next planning takes it' : `not planned: ${obstacle}`;
}

function planned({ startMjd, endMjd, deadlineMjd, requestedBy, movedBy, movedReason }: TransitRecord): string {
  const moved = movedBy === null ? '' : `; moved by ${movedBy}: ${movedReason ?? ''}`;
  const window = `window ${utc(startMjd)} to ${utc(endMjd)}`;
  return `planned by ${requestedBy}: ${window}, late data until ${utc(deadlineMjd)}${moved}`;
}

function progress({ state, reason, startMjd, endMjd, mosaicId }: TransitRecord, nowMjd: number): string[] {
  const because = reason === null ? '' : `: ${reason}`;
  if (state === 'planned') {
    const closes = utc(windowClosesMjd({ startMjd, endMjd }));
    return [nowMjd < startMjd ? `its window has not begun; it closes at ${closes}` : `its window closes at ${closes}`];
  }
  if (state === 'waiting') return [`waiting for groups${because}`];
  if (state === 'asked') return [`its mosaic is being made${because}`];
  if (state === 'done') return [`done: mosaic ${mosaicId ?? ''}${because}`];
  const words = { failed: 'the mosaic failed', missed: 'missed', struck: 'struck off' } as const;
  return [`${words[state]}${because}`];
}
