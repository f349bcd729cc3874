/** The primary beam: Airy power pattern of a round, evenly lit dish. The compute stages average the same pattern. */
import { polynomial, RAD_PER_DEG } from './angles.ts';
import { type SkyPosition, separationDeg } from './sky.ts';

export const SPEED_OF_LIGHT_M_S = 299_792_458;

/** Dish of the DSA-110; taken only for that telescope (`ANTENNA::DISH_DIAMETER` tells otherwise). */
export const DSA110_DISH_DIAMETER_M = 4.65;

/** Middle of the DSA-110 science band, 1311.25 to 1498.75 MHz. */
export const BAND_CENTRE_HZ = 1.405e9;

export interface Dish {
  readonly diameterM: number;
  readonly frequencyHz: number;
}

export const DSA110_DISH: Dish = { diameterM: DSA110_DISH_DIAMETER_M, frequencyHz: BAND_CENTRE_HZ };

/** J1(x)/x for 0 ≤ x ≤ 3 by powers of (x/3)². Source: Abramowitz & Stegun (1964), 9.4.4, error below 1.3e-8. */
const SMALL = [0.5, -0.56249985, 0.21093573, -0.03954289, 0.00443319, -0.00031761, 0.00001109];
/** Amplitude and phase for x ≥ 3 by powers of 3/x. Source: the same, 9.4.6, errors below 4e-8 and 9e-8. */
const AMPLITUDE = [0.79788456, 0.00000156, 0.01659667, 0.00017105, -0.00249511, 0.00113653, -0.00020033];
const PHASE = [-2.35619449, 0.12499612, 0.0000565, -0.00637879, 0.00074348, 0.00079824, -0.00029166];

/** Bessel function of the first kind, order one. */
export function besselJ1(x: number): number {
  const size = Math.abs(x);
  if (size <= 3) return x * polynomial(SMALL, (size / 3) ** 2);
  const value = (polynomial(AMPLITUDE, 3 / size) * Math.cos(size + polynomial(PHASE, 3 / size))) / Math.sqrt(size);
  return x < 0 ? -value : value;
}

/**
 * Airy power pattern (2 J1(x)/x)², x = π D sin θ ν/c: 1 at the centre, 0 beyond 90°.
 *
 * Source: Born & Wolf, Principles of Optics, 8.5.2.
 */
export function airyPower(offsetDeg: number, dish: Dish): number {
  if (Math.abs(offsetDeg) > 90) return 0;
  const sine = Math.sin(offsetDeg * RAD_PER_DEG);
  const x = (Math.PI * dish.diameterM * Math.abs(sine) * dish.frequencyHz) / SPEED_OF_LIGHT_M_S;
  if (x < 1e-6) return 1;
  return ((2 * besselJ1(x)) / x) ** 2;
}

/** Beam towards one direction when it looks at another; both in the same frame. */
export const beamTowards = (target: SkyPosition, pointing: SkyPosition, dish: Dish): number =>
  airyPower(separationDeg(target, pointing), dish);
