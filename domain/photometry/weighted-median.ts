/** The weighted median and its error: what a few wrong references cannot pull away. */

export interface Weighted {
  readonly value: number;
  /** One over the variance; positive. */
  readonly weight: number;
}

export interface MedianEstimate {
  readonly value: number;
  readonly error: number;
}

/** Standard error of a median over that of a mean, for Gaussian values: √(π/2). Source: Kenney & Keeping (1962), §7.6. */
const MEDIAN_EFFICIENCY = Math.sqrt(Math.PI / 2);
/** Median absolute deviation of a Gaussian to its standard deviation. */
const SIGMA_OF_MAD = 1.4826;

/** Value at which half of the weight lies below; between two values their middle, weighted like the halves. */
export function weightedMedian(items: readonly Weighted[]): number {
  if (items.length === 0) return Number.NaN;
  const sorted = [...items].sort((a, b) => a.value - b.value);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  // Each value stands at the middle of its own weight; the median is interpolated between two such places.
  let below = 0;
  let before: { readonly place: number; readonly value: number } | null = null;
  for (const { value, weight } of sorted) {
    const place = below + weight / 2;
    if (place >= total / 2) {
      if (before === null) return value;
      return before.value + ((value - before.value) * (total / 2 - before.place)) / (place - before.place);
    }
    before = { place, value };
    below += weight;
  }
  return before?.value ?? Number.NaN;
}

/**
 * Weighted median with its error: the larger of what the weights say and of what the scatter of the values says.
 * NaN of nothing.
 */
export function medianEstimate(items: readonly Weighted[]): MedianEstimate {
  const value = weightedMedian(items);
  const total = items.reduce((sum, { weight }) => sum + weight, 0);
  const squares = items.reduce((sum, { weight }) => sum + weight * weight, 0);
  const effective = total ** 2 / squares;
  const deviations = items.map((item) => ({ value: Math.abs(item.value - value), weight: item.weight }));
  const scatter = SIGMA_OF_MAD * weightedMedian(deviations);
  return { value, error: MEDIAN_EFFICIENCY * Math.max(1 / Math.sqrt(total), scatter / Math.sqrt(effective)) };
}
