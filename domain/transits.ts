/**
 * Upper transits of an ICRS direction over the site's meridian: apparent right ascension = local apparent sidereal time.
 */
import { type ApparentFrame, apparentFrame, apparentPlace } from './apparent.ts';
import { DEG_PER_RAD, RAD_PER_DEG, TWO_PI, wrapPi } from './angles.ts';
import { MeridianError } from './errors.ts';
import { J2000_MJD } from './nutation.ts';
import { SIDEREAL_TURNS_PER_DAY, TURNS_AT_J2000, TURNS_PER_DAY } from './sidereal.ts';
import { SITE } from './site.ts';
import type { SkyPosition } from './sky.ts';
import { isoFromMjd } from './time.ts';
import type { Ut1Table } from './ut1.ts';

export interface Transit {
  /** Identifies this transit of this source for ever; see `transitNumberAt`. */
  readonly number: number;
  readonly mjd: number;
  readonly apparent: SkyPosition;
  /** Without refraction; negative when the source stays below the horizon. */
  readonly altitudeDeg: number;
}

export interface TimeRange {
  readonly startMjd: number;
  readonly endMjd: number;
}

const SITE_TURNS = SITE.longitudeRad / TWO_PI;
const SITE_LATITUDE_DEG = SITE.latitudeRad * DEG_PER_RAD;
/** The first guess leaves out 26 years of precession, minutes near the pole; the hour angle is linear in time to 10⁻⁵. */
const CORRECTION_STEPS = 2;

/** Turns of the Earth relative to a fixed right ascension since J2000.0; UTC stands for UT1 (1 s is 10⁻⁵ turns). */
const turnsPast = (icrs: SkyPosition, mjdUtc: number): number =>
  TURNS_AT_J2000 + TURNS_PER_DAY * (mjdUtc - J2000_MJD) + SITE_TURNS - icrs.raDeg / 360;

/**
 * The sidereal transit number: whole turns of the Earth relative to the source since J2000.0, at the transit nearest to
 * a time. Consecutive transits have consecutive numbers.
 *
 * At a transit the turns counted from UTC and the ICRS right ascension are within 0.01 of a whole number (precession
 * since 2000 moves a source by 0.15° × tan Dec, UT1−UTC by 10⁻⁵ turns) and are rounded, so that no new Earth-orientation
 * table, leap second or better nutation can ever change the number, as it can change the UTC second.
 */
export const transitNumberAt = (icrs: SkyPosition, mjdUtc: number): number => Math.round(turnsPast(icrs, mjdUtc));

const mjdOfTurns = (icrs: SkyPosition, turns: number): number =>
  J2000_MJD + (turns - TURNS_AT_J2000 - SITE_TURNS + icrs.raDeg / 360) / TURNS_PER_DAY;

/** Altitude at upper transit, degrees, for an apparent declination. */
export const transitAltitudeDeg = (apparentDecDeg: number): number => 90 - Math.abs(SITE_LATITUDE_DEG - apparentDecDeg);

/** Hour angle in [−π, π), east negative, of an ICRS direction in an apparent frame. */
export function hourAngleRad(icrs: SkyPosition, frame: ApparentFrame): number {
  return wrapPi(frame.lastRad - apparentPlace(icrs, frame).raDeg * RAD_PER_DEG);
}

/** The transit with a given number. */
export function transitOfNumber(icrs: SkyPosition, number: number, table?: Ut1Table): Transit {
  let mjd = mjdOfTurns(icrs, number);
  for (let step = 0; step < CORRECTION_STEPS; step += 1) {
    mjd -= hourAngleRad(icrs, apparentFrame(mjd, table)) / TWO_PI / SIDEREAL_TURNS_PER_DAY;
  }
  const apparent = apparentPlace(icrs, apparentFrame(mjd, table));
  return { number, mjd, apparent, altitudeDeg: transitAltitudeDeg(apparent.decDeg) };
}

/** All transits with startMjd ≤ mjd < endMjd, in order of time. */
export function transitsBetween(icrs: SkyPosition, range: TimeRange, table?: Ut1Table): Transit[] {
  const first = Math.floor(turnsPast(icrs, range.startMjd));
  const last = Math.ceil(turnsPast(icrs, range.endMjd));
  const transits: Transit[] = [];
  for (let number = first; number <= last; number += 1) {
    const transit = transitOfNumber(icrs, number, table);
    if (transit.mjd >= range.startMjd && transit.mjd < range.endMjd) transits.push(transit);
  }
  return transits;
}

/** The transit nearest to a time. */
export const transitNearest = (icrs: SkyPosition, mjdUtc: number, table?: Ut1Table): Transit =>
  transitOfNumber(icrs, transitNumberAt(icrs, mjdUtc), table);

/** The next transit of the same source, 86400 − 235.9 s later. */
export const transitAfter = (icrs: SkyPosition, transit: Transit, table?: Ut1Table): Transit =>
  transitOfNumber(icrs, transit.number + 1, table);

/**
 * @throws MeridianError CALIBRATOR_BELOW_HORIZON if the source is not above the horizon at its transit.
 */
export function requireAboveHorizon(name: string, transit: Transit): void {
  if (transit.altitudeDeg > 0) return;
  const altitude = transit.altitudeDeg.toFixed(1);
  throw new MeridianError(
    'CALIBRATOR_BELOW_HORIZON',
    `${name} stays below the horizon: it reaches ${altitude}° at its transit of ${isoFromMjd(transit.mjd, 0)}`,
    { calibrator: name, altitude_deg: Number(altitude) },
  );
}
