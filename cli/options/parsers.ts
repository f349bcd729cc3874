/** Values of options: numbers in a range, angles, fluxes with unit, times. Each says what is wrong and how to write it. */
import { InvalidArgumentError } from 'commander';
import { isoFromMjd, tryMjdFromIso } from '../../domain/time.ts';

export interface Range {
  readonly min?: number;
  readonly max?: number;
}

const rangeText = ({ min, max }: Range): string =>
  min !== undefined && max !== undefined
    ? ` from ${min} to ${max}`
    : min !== undefined
      ? ` of at least ${min}`
      : max !== undefined
        ? ` of at most ${max}`
        : '';

/** Parser of a finite number. */
export const numberIn =
  (range: Range = {}) =>
  (text: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value) || value < (range.min ?? -Infinity) || value > (range.max ?? Infinity)) {
      throw new InvalidArgumentError(`give a number${rangeText(range)}.`);
    }
    return value;
  };

/** Parser of a whole number. */
export const integerIn =
  (range: Range = {}) =>
  (text: string): number => {
    const value = numberIn(range)(text);
    if (!Number.isInteger(value)) throw new InvalidArgumentError(`give a whole number${rangeText(range)}.`);
    return value;
  };

const FLUX_UNITS: Readonly<Record<string, number>> = { '': 1, jy: 1, mjy: 1e-3, ujy: 1e-6 };

/** A flux in Jy: `0.005`, `5mJy`, `200uJy`. */
export function fluxJy(text: string): number {
  const match = /^\s*([-+0-9.eE]+)\s*([a-zA-Z]*)\s*$/.exec(text);
  const factor = FLUX_UNITS[(match?.[2] ?? '?').toLowerCase()];
  const value = Number(match?.[1]) * (factor ?? Number.NaN);
  if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError('give a flux in Jy, or with a unit: 5mJy.');
  return value;
}

const LENGTH_UNITS: Readonly<Record<string, number>> = { '': 1, arcsec: 1, '"': 1, arcmin: 60, "'": 60, deg: 3600 };

/** A small angle in arcsec: `6`, `6arcsec`, `0.1arcmin`. */
export function arcsec(text: string): number {
  const match = /^\s*([0-9.eE+]+)\s*([a-zA-Z"']*)\s*$/.exec(text);
  const value = Number(match?.[1]) * (LENGTH_UNITS[(match?.[2] ?? '?').toLowerCase()] ?? Number.NaN);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('give an angle in arcsec: 6 or 6arcsec.');
  return value;
}

const SEXAGESIMAL = /^([+-]?)(\d{1,3})[hd:° ]\s*(\d{1,2})[m:' ]\s*(\d{1,2}(?:\.\d+)?)\s*[s"]?$/;

/** Degrees, minutes and seconds (or hours) of a sexagesimal text in its first unit, or null. */
function sexagesimal(text: string): number | null {
  const match = SEXAGESIMAL.exec(text.trim().replace('−', '-'));
  if (match === null) return null;
  const [whole, minutes, seconds] = [Number(match[2]), Number(match[3]), Number(match[4])];
  if (minutes >= 60 || seconds >= 60) return null;
  return (match[1] === '-' ? -1 : 1) * (whole + minutes / 60 + seconds / 3600);
}

/** Right ascension in degrees [0, 360): `202.78`, `13:31:08.3`, `13h31m08.3s`. */
export function raDeg(text: string): number {
  const plain = text.trim() === '' ? Number.NaN : Number(text);
  const hours = Number.isFinite(plain) ? null : sexagesimal(text);
  const value = hours === null ? plain : hours * 15;
  if (!Number.isFinite(value) || value < -360 || value > 360) {
    throw new InvalidArgumentError('give a right ascension in degrees or as 13:31:08.3.');
  }
  return ((value % 360) + 360) % 360;
}

/** Declination in degrees: `30.509`, `+30:30:33`, `30d30m33s`. */
export function decDeg(text: string): number {
  const plain = text.trim() === '' ? Number.NaN : Number(text.replace('−', '-'));
  const value = Number.isFinite(plain) ? plain : (sexagesimal(text) ?? Number.NaN);
  if (!Number.isFinite(value) || Math.abs(value) > 90) {
    throw new InvalidArgumentError('give a declination from -90 to 90 degrees, or as +30:30:33.');
  }
  return value;
}

/** A UTC time as ISO 8601 text with milliseconds. */
export function utcTime(text: string): string {
  const mjd = tryMjdFromIso(text);
  if (mjd === null) throw new InvalidArgumentError('give a UTC time as 2026-01-25T22:26:05.');
  return isoFromMjd(mjd);
}

/** A list: `1,2,3`. */
export const listOf =
  <Item>(item: (text: string) => Item) =>
  (text: string): Item[] =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map(item);

/** Text as it is. */
export const text = (value: string): string => value;
