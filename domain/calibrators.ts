/** The calibrators: found by any of their names, with flux scale and suitability at 20 cm. */
import { type CalibratorBand, type CalibratorEntry, parseCalibratorList } from './calibrator-list.ts';
import { MeridianError } from './errors.ts';
import {
  DEFAULT_SPECTRAL_INDEX,
  type FluxPolynomial,
  fluxPolynomial,
  LIST_FREQUENCY_HZ,
  polynomialFluxJy,
  powerLawFluxJy,
} from './flux-scale.ts';
import type { CalibratorModel } from './generated/stages.ts';
import { nearestWords } from './spelling.ts';

export interface Calibrator extends CalibratorEntry {
  /** The one name used in ids and tables: the 3C, NGC or M name if there is one, else the J2000 name. */
  readonly name: string;
  /** The 20 cm row of the list. */
  readonly band20cm: CalibratorBand | null;
  /** Absolute polynomial; null: the list's value, flux scale `secondary`. */
  readonly polynomial: FluxPolynomial | null;
}

/** Names that observers use and the list does not have. Source: NED cross-identifications. */
const ALIASES: Readonly<Record<string, string>> = {
  M87: '3C274',
  VIRA: '3C274',
  PERA: '3C84',
  NGC1275: '3C84',
  '4C39.25': '0927+390',
  DA193: '0555+398',
  OJ287: '0854+201',
  CTA102: '2232+117',
  NRAO530: '1733-130',
  NRAO512: '1640+397',
};
/** Words in the last column that name where a position is from, not the source. */
const SURVEYS: ReadonlySet<string> = new Set(['JVAS', 'CJ2', 'VSOP', 'VERA', 'USNO', 'GVAR', 'AW574']);
const CATALOGUE_NAME = /^(3C|NGC|M)\d/;

/** A name as it is compared: capitals, no blanks, plain minus signs. */
const normalised = (name: string): string =>
  name
    .toUpperCase()
    .replace(/[\s_]/g, '')
    .replace(/[\u2010-\u2015\u2212]/g, '-');

/** `J1331+3030`: hours, minutes, degrees and minutes of the position, cut off. */
function positionName({ position }: CalibratorEntry): string {
  const minutesRa = Math.floor(position.raDeg * 4 + 1e-9);
  const minutesDec = Math.floor(Math.abs(position.decDeg) * 60 + 1e-9);
  const four = (high: number, low: number): string => `${String(high).padStart(2, '0')}${String(low).padStart(2, '0')}`;
  const ra = four(Math.floor(minutesRa / 60), minutesRa % 60);
  return `${ra}${position.decDeg < 0 ? '-' : '+'}${four(Math.floor(minutesDec / 60), minutesDec % 60)}`;
}

function calibratorOf(entry: CalibratorEntry): Calibrator {
  const name = entry.altName !== null && CATALOGUE_NAME.test(entry.altName) ? entry.altName : entry.j2000Name;
  const band20cm = entry.bands.find(({ band }) => band === '20cm') ?? null;
  return { ...entry, name, band20cm, polynomial: fluxPolynomial(name) };
}

/** Of two entries with one name the one with a 20 cm flux is meant, then the one with the better position. */
const better = (a: Calibrator, b: Calibrator): Calibrator => {
  const worth = (entry: Calibrator): number =>
    (entry.band20cm === null ? 0 : 100) - entry.positionCode.charCodeAt(0) / 100;
  return worth(b) > worth(a) ? b : a;
};

/** All calibrators of a list, each with another name. */
export class CalibratorCatalog {
  readonly all: readonly Calibrator[];
  private readonly byName = new Map<string, Calibrator>();

  /** @param text the VLA calibrator manual, decoded from latin-1 */
  constructor(text: string) {
    const unique = new Map<string, Calibrator>();
    for (const entry of parseCalibratorList(text).map(calibratorOf)) {
      const other = unique.get(entry.name);
      unique.set(entry.name, other === undefined ? entry : better(other, entry));
    }
    this.all = [...unique.values()];
    this.indexNames();
  }

  /** A calibrator by J2000 name, B1950 name, other name or common alias; case and blanks do not matter. */
  find(name: string): Calibrator | undefined {
    return this.byName.get(normalised(name));
  }

  /**
   * @throws MeridianError CALIBRATOR_UNKNOWN naming the nearest spellings.
   */
  require(name: string): Calibrator {
    const found = this.find(name);
    if (found !== undefined) return found;
    const nearest = this.nearestNames(name);
    throw new MeridianError(
      'CALIBRATOR_UNKNOWN',
      `the VLA calibrator list has no "${name}"; nearest names: ${nearest.join(', ')}`,
      { calibrator: name, nearest },
    );
  }

  /** The three calibrators with the nearest spelling, each by the name that is nearest. */
  private nearestNames(name: string): string[] {
    const keys = nearestWords(normalised(name), [...this.byName.keys()], 12);
    const meant = keys.map((key) => this.byName.get(key));
    return keys.filter((_, index) => meant.indexOf(meant[index]) === index).slice(0, 3);
  }

  /** Better kinds of names first: a B1950 name never hides a J2000 name. */
  private indexNames(): void {
    const index = (key: string | null, calibrator: Calibrator): void => {
      if (key !== null && !this.byName.has(normalised(key))) this.byName.set(normalised(key), calibrator);
    };
    for (const entry of this.all) index(entry.name, entry);
    for (const entry of this.all) {
      index(entry.j2000Name, entry);
      index(`J${entry.j2000Name}`, entry);
    }
    for (const entry of this.all) {
      index(entry.b1950Name, entry);
      index(entry.b1950Name === null ? null : `B${entry.b1950Name}`, entry);
      if (entry.altName !== null && !SURVEYS.has(entry.altName)) index(entry.altName, entry);
    }
    for (const entry of this.all) index(`J${positionName(entry)}`, entry);
    for (const [alias, name] of Object.entries(ALIASES)) {
      const meant = this.find(name);
      if (meant !== undefined) index(alias, meant);
    }
  }
}

/** Flux at a frequency, Jy; null if the list gives none at 20 cm. */
export function calibratorFluxJy(calibrator: Calibrator, frequencyHz: number): number | null {
  if (calibrator.polynomial !== null) return polynomialFluxJy(calibrator.polynomial.logPolynomial, frequencyHz);
  const fluxJy = calibrator.band20cm?.fluxJy ?? null;
  if (fluxJy === null || fluxJy <= 0) return null;
  return powerLawFluxJy(fluxJy, DEFAULT_SPECTRAL_INDEX, frequencyHz / LIST_FREQUENCY_HZ);
}

/** Longest baseline within the core, 484 m, at 1405 MHz. */
const CORE_KLAMBDA = 2.27;

/**
 * Why a calibrator should not be solved on, or null. Wanted are: 20 cm code P or S in C array, a flux, and no shortest
 * baseline (UVMIN) beyond the core: its antennas, six in seven, would have solutions from a few outriggers or none.
 */
export function unsuitability(calibrator: Calibrator): string | null {
  if (calibratorFluxJy(calibrator, LIST_FREQUENCY_HZ) === null) return 'the list gives no flux at 20 cm';
  const code = calibrator.band20cm?.codes.C ?? '?';
  if (code !== 'P' && code !== 'S') return `its code at 20 cm in C array is ${code}, not P or S`;
  const uvmin = calibrator.band20cm?.uvminKlambda ?? 0;
  if (uvmin <= CORE_KLAMBDA) return null;
  return `the list wants baselines above ${uvmin} kλ at 20 cm, and the core ends at ${CORE_KLAMBDA} kλ`;
}

/**
 * Refuse a calibrator that its list advises against.
 *
 * @param force take it in spite of its code; a flux it must have.
 * @throws MeridianError CALIBRATOR_UNSUITABLE
 */
export function requireSuitable(calibrator: Calibrator, force: boolean): void {
  const reason = unsuitability(calibrator);
  if (reason === null || (force && calibratorFluxJy(calibrator, LIST_FREQUENCY_HZ) !== null)) return;
  throw new MeridianError('CALIBRATOR_UNSUITABLE', `${calibrator.name} is not solved on: ${reason}`, {
    calibrator: calibrator.name,
    code_c_array: calibrator.band20cm?.codes.C ?? '?',
  });
}

/** d log S / d log ν at a frequency. */
function slopeAt(logPolynomial: readonly number[], frequencyHz: number): number {
  const x = Math.log10(frequencyHz / 1e9);
  return logPolynomial.reduce(
    (sum, coefficient, power) => sum + (power === 0 ? 0 : power * coefficient * x ** (power - 1)),
    0,
  );
}

/**
 * The calibrator as stages are given it.
 *
 * @throws MeridianError CALIBRATOR_UNSUITABLE if there is no flux to scale to.
 */
export function calibratorModel(calibrator: Calibrator): CalibratorModel {
  const fluxJy = calibratorFluxJy(calibrator, LIST_FREQUENCY_HZ);
  if (fluxJy === null) {
    throw new MeridianError('CALIBRATOR_UNSUITABLE', `${calibrator.name} has no flux at 20 cm in the list`, {
      calibrator: calibrator.name,
    });
  }
  const { polynomial, position, band20cm } = calibrator;
  return {
    name: calibrator.name,
    ra_deg: position.raDeg,
    dec_deg: position.decDeg,
    flux_jy: fluxJy,
    ref_freq_hz: LIST_FREQUENCY_HZ,
    spectral_index: polynomial === null ? DEFAULT_SPECTRAL_INDEX : slopeAt(polynomial.logPolynomial, LIST_FREQUENCY_HZ),
    flux_scale: polynomial === null ? 'secondary' : 'perley_butler_2017',
    log_polynomial: polynomial === null ? null : [...polynomial.logPolynomial],
    variable: polynomial?.variable ?? false,
    uvmin_klambda: band20cm?.uvminKlambda ?? null,
    uvmax_klambda: band20cm?.uvmaxKlambda ?? null,
  };
}
