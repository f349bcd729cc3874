/** Nutation: the nodding of the Earth's axis about its mean place. */
import { polynomial, RAD_PER_ARCSEC } from './angles.ts';

/** MJD (TT) of J2000.0, 2000-01-01 12:00. */
export const J2000_MJD = 51_544.5;

/** Julian centuries of 36525 days since J2000.0. */
export const centuriesSinceJ2000 = (mjdTt: number): number => (mjdTt - J2000_MJD) / 36_525;

/** Multiples of the Delaunay arguments l, l′, F, D, Ω; Δψ·sin and Δε·cos in mas. */
type NutationTerm = readonly [l: number, lp: number, f: number, d: number, om: number, psiMas: number, epsMas: number];

/**
 * The terms above 2 mas of the IAU 2000B series; those left out are some 5 mas together, rms.
 *
 * Source: McCarthy & Luzum (2003), Celest. Mech. Dyn. Astron. 85, 37, table 1.
 */
// prettier-ignore
const TERMS: readonly NutationTerm[] = [
  [0, 0, 0, 0, 1, -17206.4161, 9205.2331], [0, 0, 2, -2, 2, -1317.0906, 573.0336],
  [0, 0, 2, 0, 2, -227.6413, 97.8459], [0, 0, 0, 0, 2, 207.4554, -89.7492],
  [0, 1, 0, 0, 0, 147.5877, 7.3871], [0, 1, 2, -2, 2, -51.6821, 22.4386],
  [1, 0, 0, 0, 0, 71.1159, -0.675], [0, 0, 2, 0, 1, -38.7298, 20.0728],
  [1, 0, 2, 0, 2, -30.1461, 12.9025], [0, -1, 2, -2, 2, 21.5829, -9.5929],
  [0, 0, 2, -2, 1, 12.8227, -6.8982], [-1, 0, 2, 0, 2, 12.3457, -5.3311],
  [-1, 0, 0, 2, 0, 15.6994, -0.1235], [1, 0, 0, 0, 1, 6.311, -3.3228],
  [-1, 0, 0, 0, 1, -5.7976, 3.1429], [-1, 0, 2, 2, 2, -5.9641, 2.5543],
  [1, 0, 2, 0, 1, -5.1613, 2.6366], [-2, 0, 2, 0, 1, 4.5893, -2.4236],
  [0, 0, 0, 2, 0, 6.3384, -0.122], [0, 0, 2, 2, 2, -3.8571, 1.6452],
  [0, -2, 2, -2, 2, 3.2481, -1.387], [-2, 0, 0, 2, 0, -4.7722, 0.0477],
  [2, 0, 2, 0, 2, -3.1046, 1.3238], [1, 0, 2, -2, 2, 2.8593, -1.2338],
  [-1, 0, 2, 0, 1, 2.0441, -1.0758], [2, 0, 0, 0, 0, 2.9243, -0.0609],
  [0, 0, 2, 0, 0, 2.5887, -0.055], [0, 0, -2, 2, 0, 2.1783, -0.0167],
];

/** Delaunay arguments l, l′, F, D, Ω: degree 0 and 1 in Julian centuries, arcsec. Source: Simon et al. (1994). */
const DELAUNAY: readonly (readonly number[])[] = [
  [485_868.249036, 1_717_915_923.2178],
  [1_287_104.79305, 129_596_581.0481],
  [335_779.526232, 1_739_527_262.8478],
  [1_072_260.70369, 1_602_961_601.209],
  [450_160.398036, -6_962_890.5431],
];

/** Mean obliquity of the ecliptic, arcsec, by powers of Julian centuries (TT). Source: IAU 2006, Capitaine et al. (2003). */
export const MEAN_OBLIQUITY_ARCSEC: readonly number[] = [
  84_381.406, -46.836769, -0.0001831, 0.0020034, -0.000000576, -0.0000000434,
];

export interface Nutation {
  /** Δψ: along the ecliptic. */
  readonly longitudeRad: number;
  /** Δε: of the obliquity. */
  readonly obliquityRad: number;
  readonly meanObliquityRad: number;
  /** Δψ cos ε and the complementary terms: apparent minus mean sidereal time. */
  readonly equationOfEquinoxesRad: number;
}

/**
 * Nutation at a time, to 0.02″.
 *
 * The equation of the equinoxes with its two largest complementary terms: IERS Conventions (2010), eq. 5.31.
 */
export function nutationAt(mjdTt: number): Nutation {
  const t = centuriesSinceJ2000(mjdTt);
  const delaunayRad = DELAUNAY.map((coefficients) => (polynomial(coefficients, t) % 1_296_000) * RAD_PER_ARCSEC);
  const [l = 0, lp = 0, f = 0, d = 0, om = 0] = delaunayRad;
  let psiMas = -17.4666 * t * Math.sin(om);
  let epsMas = 0;
  for (const [il, ilp, jf, id, iom, psi, eps] of TERMS) {
    const argument = il * l + ilp * lp + jf * f + id * d + iom * om;
    psiMas += psi * Math.sin(argument);
    epsMas += eps * Math.cos(argument);
  }
  const longitudeRad = (psiMas / 1000) * RAD_PER_ARCSEC;
  const meanObliquityRad = polynomial(MEAN_OBLIQUITY_ARCSEC, t) * RAD_PER_ARCSEC;
  const complementaryArcsec = 0.00264096 * Math.sin(om) + 0.00006352 * Math.sin(2 * om);
  return {
    longitudeRad,
    obliquityRad: (epsMas / 1000) * RAD_PER_ARCSEC,
    meanObliquityRad,
    equationOfEquinoxesRad: longitudeRad * Math.cos(meanObliquityRad) + complementaryArcsec * RAD_PER_ARCSEC,
  };
}
