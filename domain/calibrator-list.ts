/** Reads the text of the VLA calibrator manual (decoded from latin-1) into entries. */
import type { SkyPosition } from './sky.ts';

/** P: below 3 % closure errors; S: 3 to 10 %; W: weak or with limits; X: do not use; ?: not known. */
export type SuitabilityCode = 'P' | 'S' | 'W' | 'X' | '?';

/** VLA configurations, widest first; C array has the baselines of the DSA-110. */
export type VlaArray = 'A' | 'B' | 'C' | 'D';

export interface CalibratorBand {
  /** As in the list: `20cm`, `3.7cm`. */
  readonly band: string;
  readonly codes: Readonly<Record<VlaArray, SuitabilityCode>>;
  /** Null where the list gives none. */
  readonly fluxJy: number | null;
  /** The model of a point holds only beyond this baseline length. */
  readonly uvminKlambda: number | null;
  /** … and only up to this one. */
  readonly uvmaxKlambda: number | null;
}

export interface CalibratorEntry {
  readonly j2000Name: string;
  readonly b1950Name: string | null;
  /** Last column: a name, or the survey the position is from. */
  readonly altName: string | null;
  /** ICRS (the list says J2000). */
  readonly position: SkyPosition;
  /** A: below 2 mas; B: 2 to 10 mas; C: 10 to 150 mas; T: more. */
  readonly positionCode: string;
  readonly bands: readonly CalibratorBand[];
}

const SOURCE = /^(\S+)\s+(J2000|B1950)\s+(\S)\s+(\d{2})h(\d{2})m([\d.]+)s\s+([+-]?)(\d{1,2})d(\d{2})'([\d.]+)"(.*)$/;
const BAND = /^\s*([\d.]+cm)\s+[A-Z]\s/;
/** `POS.REF`, e.g. Aug01, comes before `ALT.NAME`. */
const REFERENCE = /^[A-Z][a-z]{2}\d{2}$/;
const CODES: readonly string[] = ['P', 'S', 'W', 'X'];
/** Column from which a number is a flux, and from which a baseline is UVMAX: both layouts of rows keep them. */
const FLUX_COLUMN = 20;
const UVMIN_LAST_COLUMN = 46;
const FLUX_LAST_COLUMN = 33;

interface Draft {
  readonly entry: Omit<CalibratorEntry, 'b1950Name' | 'bands'>;
  b1950Name: string | null;
  readonly bands: CalibratorBand[];
}

/** All entries, in the order of the list. Lines that are neither a source nor a band are titles and rules. */
export function parseCalibratorList(text: string): CalibratorEntry[] {
  const drafts: Draft[] = [];
  for (const line of text.split(/\r?\n/)) {
    const source = SOURCE.exec(line);
    const draft = drafts.at(-1);
    if (source !== null && source[2] === 'J2000') drafts.push(draftOf(source));
    else if (source !== null && draft !== undefined) draft.b1950Name = source[1] ?? null;
    else if (draft !== undefined) {
      const band = parseBand(line);
      if (band !== null) draft.bands.push(band);
    }
  }
  return drafts.map(({ entry, b1950Name, bands }) => ({ ...entry, b1950Name, bands }));
}

function draftOf(match: RegExpExecArray): Draft {
  const [, name = '', , positionCode = '', ...rest] = match;
  const [hours, minutes, seconds, sign, degrees, arcminutes, arcseconds, tail = ''] = rest;
  const raDeg = (Number(hours) + Number(minutes) / 60 + Number(seconds) / 3600) * 15;
  const decDeg = Number(degrees) + Number(arcminutes) / 60 + Number(arcseconds) / 3600;
  const altName = tail
    .trim()
    .split(/\s+/)
    .find((word) => word !== '' && !REFERENCE.test(word));
  const entry = {
    j2000Name: name,
    altName: altName ?? null,
    position: { raDeg, decDeg: sign === '-' ? -decDeg : decDeg },
    positionCode,
  };
  return { entry, b1950Name: null, bands: [] };
}

/**
 * One row of the band table. Two layouts differ in the place of the band letter and of the codes; flux, UVMIN and UVMAX
 * are told apart by the column where the number ends.
 */
function parseBand(line: string): CalibratorBand | null {
  const band = BAND.exec(line)?.[1];
  if (band === undefined) return null;
  const [, , ...codes] = line.slice(0, FLUX_COLUMN).trim().split(/\s+/);
  const [A = '?', B = '?', C = '?', D = '?'] = codes.map(codeOf);
  let fluxJy: number | null = null;
  let uvminKlambda: number | null = null;
  let uvmaxKlambda: number | null = null;
  for (const number of line.matchAll(/\S+/g)) {
    const end = number.index + number[0].length;
    const value = Number(number[0]);
    if (end <= FLUX_COLUMN || !Number.isFinite(value)) continue;
    if (end <= FLUX_LAST_COLUMN) fluxJy = value;
    else if (end <= UVMIN_LAST_COLUMN) uvminKlambda = value;
    else uvmaxKlambda = value;
  }
  return { band, codes: { A, B, C, D }, fluxJy, uvminKlambda, uvmaxKlambda };
}

function codeOf(word: string): SuitabilityCode {
  const letter = word.toUpperCase();
  return CODES.includes(letter) ? (letter as SuitabilityCode) : '?';
}
