/** Sidereal time: which right ascension crosses the meridian. */
import { polynomial, RAD_PER_ARCSEC, TWO_PI, wrapTwoPi } from './angles.ts';
import { centuriesSinceJ2000, J2000_MJD, nutationAt } from './nutation.ts';
import { SITE } from './site.ts';
import { ttFromUtc } from './time.ts';
import { ut1FromUtc, type Ut1Table } from './ut1.ts';

/** Turns of the Earth per day of UT1. Source: IAU 2000 resolution B1.8. */
export const TURNS_PER_DAY = 1.00273781191135448;
/** Turns at J2000.0. */
export const TURNS_AT_J2000 = 0.779057273264;

/** Turns of the mean equinox's sidereal time per day: a star's transits are 86164.0905 s apart. */
export const SIDEREAL_TURNS_PER_DAY = 1.002737909350795;
export const SIDEREAL_DAY_SECONDS = 86_400 / SIDEREAL_TURNS_PER_DAY;

/** GMST minus Earth rotation angle, arcsec, by powers of Julian centuries (TT). Source: IERS Conventions (2010), eq. 5.32. */
const GMST_MINUS_ERA_ARCSEC: readonly number[] = [
  0.014506, 4612.156534, 1.3915817, -0.00000044, -0.000029956, -0.0000000368,
];

/** Earth rotation angle, [0, 2π), for an MJD in UT1. Source: IERS Conventions (2010), eq. 5.15. */
export function earthRotationAngleRad(mjdUt1: number): number {
  const days = mjdUt1 - J2000_MJD;
  // The whole days of the first term are left out so that no digits are lost.
  const turns = mjdUt1 - Math.floor(mjdUt1) - 0.5 + TURNS_AT_J2000 + (TURNS_PER_DAY - 1) * days;
  return wrapTwoPi(turns * TWO_PI);
}

/** Greenwich mean sidereal time, [0, 2π), IAU 2006. */
export function gmstRad(mjdUtc: number, table?: Ut1Table): number {
  const precession = polynomial(GMST_MINUS_ERA_ARCSEC, centuriesSinceJ2000(ttFromUtc(mjdUtc)));
  return wrapTwoPi(earthRotationAngleRad(ut1FromUtc(mjdUtc, table)) + precession * RAD_PER_ARCSEC);
}

/** Greenwich apparent sidereal time, [0, 2π), IAU 2006 with truncated nutation (2 ms). */
export function gastRad(mjdUtc: number, table?: Ut1Table): number {
  return wrapTwoPi(gmstRad(mjdUtc, table) + nutationAt(ttFromUtc(mjdUtc)).equationOfEquinoxesRad);
}

/** Local apparent sidereal time at the site, [0, 2π): the apparent right ascension on the meridian. */
export function lastRad(mjdUtc: number, table?: Ut1Table): number {
  return wrapTwoPi(gastRad(mjdUtc, table) + SITE.longitudeRad);
}
