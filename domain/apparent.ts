/**
 * ICRS to apparent place at the site: precession IAU 2006, truncated nutation, annual and diurnal aberration.
 *
 * Left out, and why: light deflection (below 0.02″ beyond 20° from the Sun), parallax and proper motion (the list has
 * none), refraction (it changes no hour angle on the meridian), polar motion (0.4″). Places are good to 0.05″ away from
 * the Sun, transits to 0.03 s / cos Dec.
 */
import { DEG_PER_RAD, polynomial, RAD_PER_ARCSEC, RAD_PER_DEG, wrapTwoPi } from './angles.ts';
import { centuriesSinceJ2000, nutationAt } from './nutation.ts';
import { gmstRad } from './sidereal.ts';
import { SITE } from './site.ts';
import {
  add,
  dot,
  type Matrix,
  multiply,
  positionOf,
  rotate,
  rotationX,
  rotationZ,
  scale,
  type SkyPosition,
  transpose,
  type Vector,
  vectorOf,
} from './sky.ts';
import { ttFromUtc } from './time.ts';
import type { Ut1Table } from './ut1.ts';

/** The equator, the equinox and the observer's motion at one moment: good for any number of directions. */
export interface ApparentFrame {
  readonly mjdUtc: number;
  /** Local apparent sidereal time at the site, [0, 2π). */
  readonly lastRad: number;
  /** ICRS to true equator and equinox of date. */
  readonly matrix: Matrix;
  /** Observer's velocity in units of light's, on true equator and equinox of date. */
  readonly velocity: Vector;
}

/** Fukushima–Williams angles γ̄, φ̄, ψ̄, arcsec, frame bias included. Source: IAU 2006, Capitaine et al. (2003), A&A 412, 567. */
const GAMMA_ARCSEC = [-0.052928, 10.556378, 0.4932044, -0.00031238, -0.000002788, 0.000000026];
const PHI_ARCSEC = [84_381.412819, -46.811016, 0.0511268, 0.00053289, -0.00000044, -0.0000000176];
const PSI_ARCSEC = [-0.041775, 5038.481484, 1.5584175, -0.00018522, -0.000026452, -0.0000000148];

/** The constant of aberration. */
const KAPPA_RAD = 20.49552 * RAD_PER_ARCSEC;

/** Speed of the site with the Earth's turning, in units of light's: rotation rate × distance from the axis (WGS84). */
const DIURNAL_SPEED = ((): number => {
  const primeVertical = 6_378_137 / Math.sqrt(1 - 0.00669437999014 * Math.sin(SITE.latitudeRad) ** 2);
  return (7.292115e-5 * (primeVertical + SITE.heightM) * Math.cos(SITE.latitudeRad)) / 299_792_458;
})();

/**
 * The Earth's velocity about the Sun, in units of light's, on the equator that goes with the obliquity.
 *
 * Source: Meeus, Astronomical Algorithms (1998), eq. 23.2 as a vector, with the Sun's true longitude of ch. 25. The
 * Sun's own motion about the barycentre (0.01″) is left out.
 */
function annualVelocity(mjdTt: number, obliquityRad: number): Vector {
  const t = centuriesSinceJ2000(mjdTt);
  const anomaly = polynomial([357.52911, 35_999.05029, -0.0001537], t) * RAD_PER_DEG;
  const centre =
    polynomial([1.914602, -0.004817, -0.000014], t) * Math.sin(anomaly) +
    polynomial([0.019993, -0.000101], t) * Math.sin(2 * anomaly) +
    0.000289 * Math.sin(3 * anomaly);
  const sun = (polynomial([280.46646, 36_000.76983, 0.0003032], t) + centre) * RAD_PER_DEG;
  const perihelion = polynomial([102.93735, 1.71946, 0.00046], t) * RAD_PER_DEG;
  const eccentricity = polynomial([0.016708634, -0.000042037, -0.0000001267], t);
  const x = KAPPA_RAD * (Math.sin(sun) - eccentricity * Math.sin(perihelion));
  const y = -KAPPA_RAD * (Math.cos(sun) - eccentricity * Math.cos(perihelion));
  return [x, y * Math.cos(obliquityRad), y * Math.sin(obliquityRad)];
}

/** The apparent frame of the site at a time. */
export function apparentFrame(mjdUtc: number, table?: Ut1Table): ApparentFrame {
  const mjdTt = ttFromUtc(mjdUtc);
  const t = centuriesSinceJ2000(mjdTt);
  const nutation = nutationAt(mjdTt);
  const trueObliquity = nutation.meanObliquityRad + nutation.obliquityRad;
  const toEcliptic = multiply(
    rotationX(polynomial(PHI_ARCSEC, t) * RAD_PER_ARCSEC),
    rotationZ(polynomial(GAMMA_ARCSEC, t) * RAD_PER_ARCSEC),
  );
  const alongEcliptic = rotationZ(-(polynomial(PSI_ARCSEC, t) * RAD_PER_ARCSEC + nutation.longitudeRad));
  const last = wrapTwoPi(gmstRad(mjdUtc, table) + nutation.equationOfEquinoxesRad + SITE.longitudeRad);
  const diurnal: Vector = [-DIURNAL_SPEED * Math.sin(last), DIURNAL_SPEED * Math.cos(last), 0];
  return {
    mjdUtc,
    lastRad: last,
    matrix: multiply(rotationX(-trueObliquity), multiply(alongEcliptic, toEcliptic)),
    velocity: add(annualVelocity(mjdTt, trueObliquity), diurnal),
  };
}

/** Apparent place, true equator and equinox of date, of an ICRS direction. Aberration to first order in v/c (0.001″). */
export function apparentPlace(icrs: SkyPosition, frame: ApparentFrame): SkyPosition {
  return positionOf(add(rotate(frame.matrix, vectorOf(icrs)), frame.velocity));
}

/** ICRS direction of an apparent place: the inverse of `apparentPlace`. */
export function icrsOfApparent(apparent: SkyPosition, frame: ApparentFrame): SkyPosition {
  const seen = vectorOf(apparent);
  // |p + v| = length along the seen direction, where p is the unit vector without aberration.
  const along = dot(seen, frame.velocity);
  const length = along + Math.sqrt(1 - dot(frame.velocity, frame.velocity) + along ** 2);
  const unmoved = add(scale(seen, length), scale(frame.velocity, -1));
  return positionOf(rotate(transpose(frame.matrix), unmoved));
}

/** ICRS direction of hour angle 0 and an apparent declination: where the telescope looks at that time. */
export function pointingIcrs(apparentDecDeg: number, frame: ApparentFrame): SkyPosition {
  return icrsOfApparent({ raDeg: frame.lastRad * DEG_PER_RAD, decDeg: apparentDecDeg }, frame);
}
