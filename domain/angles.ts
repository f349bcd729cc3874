/** Angles: factors and wrapping. Radians inside, degrees at the edges. */

export const TWO_PI = 2 * Math.PI;
export const RAD_PER_DEG = Math.PI / 180;
export const DEG_PER_RAD = 180 / Math.PI;
export const RAD_PER_ARCSEC = Math.PI / 648_000;

/** An angle in [0, 2π). */
export function wrapTwoPi(angleRad: number): number {
  const wrapped = angleRad - TWO_PI * Math.floor(angleRad / TWO_PI);
  return wrapped >= TWO_PI ? 0 : wrapped;
}

/** An angle in [−π, π): differences of right ascensions and hour angles. */
export function wrapPi(angleRad: number): number {
  return wrapTwoPi(angleRad + Math.PI) - Math.PI;
}

/** c₀ + c₁ x + c₂ x² + …, by Horner's rule. */
export function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}
