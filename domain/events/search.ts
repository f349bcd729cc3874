/**
 * Search of light curves for scattering events: a coherent dip, or flare, against the baseline of the other nights.
 *
 * An object of this class keeps its arrays from source to source; what it finds depends on the nights alone.
 */
import { lnNormalSurvival, sigmaOfLnP } from '../variability/special-functions.ts';
import { bestWindow, LEAST_NIGHTS, measureEvent, strongest, windowOf } from './measure.ts';
import type { EventMeasure, EventWindow } from './measure.ts';
import { NightSums } from './nights.ts';
import type { NightlyFluxes } from './nights.ts';
import { scanTemplates } from './scan.ts';
import { EVENT_SEED, pOfSearch } from './template-probability.ts';
import type { EventKind } from './template-probability.ts';
import { pOfSearchByTheory } from './template-theory.ts';
import { fillFullGrid, fillNewestGrid, TemplateGrid } from './templates.ts';

/** The most significant template of a kind. */
export interface FoundEvent {
  readonly kind: EventKind;
  /** Significance of the template alone, standard deviations; 0 if no template of the kind fits. */
  readonly z: number;
  /** Natural logarithm of p corrected for the templates of the full search. */
  readonly lnP: number;
  /** One-sided Gaussian equivalent of that p: what `--min-sigma` compares with. */
  readonly significance: number;
  readonly window: EventWindow | null;
}

export type SearchResult =
  | { readonly status: 'insufficient_epochs'; readonly nNights: number }
  | { readonly status: 'searched'; readonly nNights: number; readonly dip: FoundEvent; readonly flare: FoundEvent };

export interface SearchOptions {
  /** Of Monte Carlo probabilities. */
  readonly seed?: number;
}

/** Where the quick approximation is below this, the probability is found by Monte Carlo … */
const MONTE_CARLO_BELOW = 0.02;
/** … until it is so small that a few per cent of it change nothing. */
const MONTE_CARLO_ABOVE = 1e-12;
const MOST_DRAWS = 300;
const LEAST_DRAWS = 60;
/** Templates that all draws of one probability fit together: what bounds its cost. */
const MOST_FITS = 3e6;
/** Nights that a search for new events looks back on: its cost does not grow with the light curve. */
const RECENT_NIGHTS = 400;

const nothing = (kind: EventKind): FoundEvent => ({ kind, z: 0, lnP: 0, significance: -Infinity, window: null });

export class EventSearch {
  private readonly nights = new NightSums();
  private readonly grid = new TemplateGrid();
  private readonly newest = new TemplateGrid();
  private readonly gridMjd: { mjd: Float64Array; n: number } = { mjd: new Float64Array(0), n: 0 };
  private z = new Float64Array(0);
  private readonly seed: number;

  constructor({ seed = EVENT_SEED }: SearchOptions = {}) {
    this.seed = seed;
  }

  /**
   * All templates on all nights. A seed of its own for each source keeps the noise of Monte Carlo independent.
   *
   * @throws MeridianError DATA_NOT_FINITE, SPEC_INVALID for nights that are not finite, not in order, or without error.
   */
  search(source: NightlyFluxes, seed = this.seed): SearchResult {
    const nights = this.nights.load(source);
    if (nights.n < LEAST_NIGHTS) return { status: 'insufficient_epochs', nNights: nights.n };
    this.fillGrid();
    this.scan(this.grid);
    return {
      status: 'searched',
      nNights: nights.n,
      dip: this.found('dip', this.grid, seed),
      flare: this.found('flare', this.grid, seed),
    };
  }

  /**
   * Only templates that hold the newest night, on the last 400 nights: what one more night can bring. Significances are
   * corrected for the full search. A kind that cannot reach `minSigma` is not looked at further and has z only.
   */
  searchNewest(source: NightlyFluxes, minSigma: number, seed = this.seed): SearchResult {
    const nights = this.nights.load(recent(source));
    if (nights.n < LEAST_NIGHTS) return { status: 'insufficient_epochs', nNights: nights.n };
    fillNewestGrid(this.newest, nights.mjd, nights.n);
    this.scan(this.newest);
    const [dip, flare] = [this.best('dip', this.newest), this.best('flare', this.newest)];
    // The correction only lowers a significance, so that most sources end here.
    const corrected = (found: FoundEvent): FoundEvent => {
      if (found.z < minSigma) return found;
      this.fillGrid();
      return this.withProbability(found, seed);
    };
    return { status: 'searched', nNights: nights.n, dip: corrected(dip), flare: corrected(flare) };
  }

  /** Start, duration and depth of what the last call found; null if nothing was found. */
  measure({ kind, window }: FoundEvent): EventMeasure | null {
    if (window === null) return null;
    return measureEvent(this.nights, bestWindow(this.nights, window, kind), kind);
  }

  /**
   * Whether `other` is more than the shadow of `first`: the rest of a light curve that a dip leaves looks like a flare. It
   * must stay significant when the nights of the first are left out.
   */
  standsAlone(other: FoundEvent, first: FoundEvent, minSigma: number): boolean {
    if (first.window === null || other.window === null) return true;
    const { nights } = this;
    const flags = new Uint8Array(nights.n).fill(1, first.window.first, first.window.end);
    const [mjd, fluxJy, fluxErrJy] = [nights.mjd, nights.flux, nights.error].map((all) => all.slice(0, nights.n)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const rest = new EventSearch({ seed: this.seed }).search({ mjd, fluxJy, fluxErrJy, flags });
    return rest.status === 'searched' && rest[other.kind].significance >= minSigma;
  }

  private fillGrid(): void {
    const { mjd, n } = this.nights;
    const known = this.gridMjd;
    if (known.n === n && sameNights(known.mjd, mjd, n)) return;
    fillFullGrid(this.grid, mjd, n);
    known.mjd = mjd.slice(0, n);
    known.n = n;
  }

  private scan(grid: TemplateGrid): void {
    if (this.z.length < grid.count) this.z = new Float64Array(Math.ceil(grid.count * 1.5));
    scanTemplates(this.nights, grid, this.z);
  }

  private best(kind: EventKind, grid: TemplateGrid): FoundEvent {
    const index = strongest(this.z, { grid, kind });
    if (index === null) return nothing(kind);
    const z = Math.abs(this.z[index] as number);
    return { ...nothing(kind), z, window: windowOf(grid, index) };
  }

  private found(kind: EventKind, grid: TemplateGrid, seed: number): FoundEvent {
    const found = this.best(kind, grid);
    return found.z === 0 ? found : this.withProbability(found, seed);
  }

  private withProbability(found: FoundEvent, seed: number): FoundEvent {
    const { kind, z } = found;
    const { nights, grid } = this;
    const draws = Math.round(Math.min(Math.max(MOST_FITS / grid.count, LEAST_DRAWS), MOST_DRAWS));
    const quick = pOfSearchByTheory(nights, grid, { kind, z });
    const usesDraws = quick < MONTE_CARLO_BELOW && quick > MONTE_CARLO_ABOVE;
    const p = usesDraws ? pOfSearch(nights, grid, { kind, z, draws, seed }) : quick;
    // Too small for a double: the bound of independent templates.
    const lnP = p > 1e-250 ? Math.log(p) : Math.min(lnNormalSurvival(z) + Math.log(grid.count), 0);
    return { ...found, lnP, significance: sigmaOfLnP(lnP) };
  }
}

function sameNights(a: Float64Array, b: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** The last nights, as views of the same arrays where they are arrays. */
function recent(source: NightlyFluxes): NightlyFluxes {
  if (source.mjd.length <= RECENT_NIGHTS) return source;
  const last = (values: ArrayLike<number>): ArrayLike<number> =>
    values instanceof Float64Array
      ? values.subarray(-RECENT_NIGHTS)
      : Array.prototype.slice.call(values, -RECENT_NIGHTS);
  const { mjd, fluxJy, fluxErrJy, flags } = source;
  const columns = { mjd: last(mjd), fluxJy: last(fluxJy), fluxErrJy: last(fluxErrJy) };
  return flags === undefined ? columns : { ...columns, flags: last(flags) };
}
