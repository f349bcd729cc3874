/** The nights of a source as the event search takes them, and the sums that make every template cost the same. */
import { MeridianError } from '../errors.ts';

const { ceil, max, min } = Math;

/** A source's `night` series: one measurement per night, in order of time. */
export interface NightlyFluxes {
  /** MJD UTC, days, strictly increasing. */
  readonly mjd: ArrayLike<number>;
  /** Normalised flux, Jy. */
  readonly fluxJy: ArrayLike<number>;
  /** One standard deviation, Jy, > 0. */
  readonly fluxErrJy: ArrayLike<number>;
  /** Not 0 for nights to leave out: quick-look, failed QA. */
  readonly flags?: ArrayLike<number>;
}

/**
 * A night counts with at most this many standard deviations from the median: one bad night cannot make an event of three
 * nights (4/√3 = 2.3σ), while a real one adds up (4√n).
 */
export const CLIP_SIGMA = 4;

/** Nights in use, and sums over the first k of them, so that sums over any run of nights are two look-ups. */
export class NightSums {
  n = 0;
  /** Median flux, Jy: all else is relative to it. */
  centreJy = 0;
  mjd = new Float64Array(0);
  flux = new Float64Array(0);
  error = new Float64Array(0);
  /** Σ w, Σ w d, with w = 1/σ² and d the flux from the centre, clipped. */
  weight = new Float64Array(1);
  weighted = new Float64Array(1);
  /** The same as `weighted`, not clipped. */
  unclipped = new Float64Array(1);
  /** Σ w d² over all nights. */
  squares = 0;
  private sorted = new Float64Array(0);
  private readonly clipSigma: number;

  constructor(clipSigma = CLIP_SIGMA) {
    this.clipSigma = clipSigma;
  }

  /**
   * Takes the nights of a source.
   *
   * @throws MeridianError DATA_NOT_FINITE or SPEC_INVALID for values that must not be there.
   */
  load(nights: NightlyFluxes): this {
    this.reserve(nights.mjd.length);
    let n = 0;
    for (let i = 0; i < nights.mjd.length; i += 1) {
      if (nights.flags !== undefined && nights.flags[i] !== 0) continue;
      const mjd = nights.mjd[i] as number;
      const flux = nights.fluxJy[i] as number;
      const error = nights.fluxErrJy[i] as number;
      requireNight(mjd, flux, error);
      if (n > 0 && mjd <= (this.mjd[n - 1] as number)) {
        throw new MeridianError('SPEC_INVALID', `nights must be in order of time; MJD ${mjd} is not later`, { mjd });
      }
      this.mjd[n] = mjd;
      this.flux[n] = flux;
      this.error[n] = error;
      n += 1;
    }
    this.n = n;
    return this.add();
  }

  /** Takes other fluxes for the same nights: for simulated constant sources. */
  withFluxes(fluxJy: Float64Array): this {
    this.flux.set(fluxJy.subarray(0, this.n));
    return this.add();
  }

  /** The same nights in other arrays. */
  copy(clipSigma = this.clipSigma): NightSums {
    const other = new NightSums(clipSigma);
    other.reserve(this.n);
    other.mjd.set(this.mjd.subarray(0, this.n));
    other.error.set(this.error.subarray(0, this.n));
    other.n = this.n;
    return other.withFluxes(this.flux);
  }

  private reserve(n: number): void {
    if (this.mjd.length >= n) return;
    const room = ceil(n * 1.5);
    this.mjd = new Float64Array(room);
    this.flux = new Float64Array(room);
    this.error = new Float64Array(room);
    this.sorted = new Float64Array(room);
    this.weight = new Float64Array(room + 1);
    this.weighted = new Float64Array(room + 1);
    this.unclipped = new Float64Array(room + 1);
  }

  private add(): this {
    const { n, flux, error, weight, weighted, unclipped, clipSigma } = this;
    this.centreJy = this.median();
    let sumW = 0;
    let sumWd = 0;
    let sumWd2 = 0;
    let sumUnclipped = 0;
    for (let i = 0; i < n; i += 1) {
      const sigma = error[i] as number;
      const limit = clipSigma * sigma;
      const d = (flux[i] as number) - this.centreJy;
      const clipped = min(max(d, -limit), limit);
      const w = 1 / (sigma * sigma);
      sumW += w;
      sumWd += w * clipped;
      sumWd2 += w * clipped * clipped;
      sumUnclipped += w * d;
      weight[i + 1] = sumW;
      weighted[i + 1] = sumWd;
      unclipped[i + 1] = sumUnclipped;
    }
    this.squares = sumWd2;
    return this;
  }

  private median(): number {
    const { n } = this;
    if (n === 0) return Number.NaN;
    this.sorted.set(this.flux.subarray(0, n));
    const sorted = this.sorted.subarray(0, n).sort();
    return ((sorted[(n - 1) >> 1] as number) + (sorted[n >> 1] as number)) / 2;
  }
}

function requireNight(mjd: number, flux: number, error: number): void {
  // A sum is finite if all of its parts are, and is one question per night instead of three.
  if (!Number.isFinite(mjd + flux + error)) {
    throw new MeridianError('DATA_NOT_FINITE', `night at MJD ${mjd} has flux ${flux} and error ${error}`);
  }
  if (error <= 0) throw new MeridianError('SPEC_INVALID', `night at MJD ${mjd} has error ${error}; give one above 0`);
}
