/**
 * Time without `Date`: MJD UTC as a double (steps of 0.6 µs), ISO 8601 UTC text, Julian dates, TAI and TT.
 *
 * MJD UTC counts days of 86400 s: a leap second (the last one was on 2016-12-31) is its day's end, so 23:59:60 reads
 * as 00:00:00 of the next day.
 */
import { MeridianError } from './errors.ts';

export const SECONDS_PER_DAY = 86_400;
export const MJD_OF_UNIX_EPOCH = 40_587;
const JD_OF_MJD_ZERO = 2_400_000.5;

/** A moment of UTC as calendar fields; `second` holds the fraction. */
export interface CivilTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Julian Date: `time_array` of raw files. A double of this size has steps of 40 µs. */
export const jdFromMjd = (mjd: number): number => mjd + JD_OF_MJD_ZERO;
export const mjdFromJd = (jd: number): number => jd - JD_OF_MJD_ZERO;
export const mjdFromUnixMs = (unixMs: number): number => MJD_OF_UNIX_EPOCH + unixMs / (SECONDS_PER_DAY * 1000);
export const unixMsFromMjd = (mjd: number): number => Math.round((mjd - MJD_OF_UNIX_EPOCH) * SECONDS_PER_DAY * 1000);

/**
 * Whole days of MJD of a Gregorian calendar date.
 *
 * Source: Hinnant, "chrono-compatible low-level date algorithms", days_from_civil: years start in March, so that the
 * leap day is the last of its year.
 */
export function mjdOfDate(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468 + MJD_OF_UNIX_EPOCH;
}

/** Gregorian calendar date of a whole MJD; the inverse of `mjdOfDate`. */
export function dateOfMjd(mjdDay: number): { year: number; month: number; day: number } {
  const z = mjdDay - MJD_OF_UNIX_EPOCH + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

export function mjdFromCivil(civil: CivilTime): number {
  const seconds = civil.hour * 3600 + civil.minute * 60 + civil.second;
  return mjdOfDate(civil.year, civil.month, civil.day) + seconds / SECONDS_PER_DAY;
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?(?:Z|\+00:?00)?)?$/;

/** MJD of an ISO 8601 UTC time, or null if the text is none. See `mjdFromIso`. */
export function tryMjdFromIso(text: string): number | null {
  const match = ISO.exec(text.trim());
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const mjdDay = mjdOfDate(year, month, day);
  const date = dateOfMjd(mjdDay);
  if (date.month !== month || date.day !== day || hour > 23 || minute > 59 || second >= 61) return null;
  return mjdFromCivil({ year, month, day, hour, minute, second });
}

/**
 * MJD of an ISO 8601 UTC time: `2026-01-25`, `2026-01-25T00:05:19`, `…:19.25`, `…Z`, `…+00:00`. No zone means UTC.
 *
 * @throws MeridianError REQUEST_INVALID for anything else, other time zones included.
 */
export function mjdFromIso(text: string): number {
  const mjd = tryMjdFromIso(text);
  if (mjd !== null) return mjd;
  throw new MeridianError('REQUEST_INVALID', `"${text}" is no UTC time; write it as 2026-01-25T00:05:19`, {
    value: text,
  });
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** ISO 8601 UTC text without zone, rounded to `decimals` of a second (0 to 6); carries over minutes and days. */
export function isoFromMjd(mjd: number, decimals = 3): string {
  const perSecond = 10 ** decimals;
  const ticksPerDay = SECONDS_PER_DAY * perSecond;
  const wholeDay = Math.floor(mjd);
  const ticks = Math.round((mjd - wholeDay) * ticksPerDay);
  const carry = ticks === ticksPerDay ? 1 : 0;
  const { year, month, day } = dateOfMjd(wholeDay + carry);
  const ticksOfDay = carry === 1 ? 0 : ticks;
  const seconds = Math.floor(ticksOfDay / perSecond);
  const fraction = decimals > 0 ? `.${pad(ticksOfDay % perSecond, decimals)}` : '';
  const clock = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}T${clock}${fraction}`;
}

/** TAI−UTC in seconds from each MJD on. Source: IERS Bulletin C 72; no leap second is announced after 2017. */
// prettier-ignore
export const LEAP_SECONDS: readonly (readonly [mjd: number, taiMinusUtcSeconds: number])[] = [
  [41317, 10], [41499, 11], [41683, 12], [42048, 13], [42413, 14], [42778, 15], [43144, 16], [43509, 17],
  [43874, 18], [44239, 19], [44786, 20], [45151, 21], [45516, 22], [46247, 23], [47161, 24], [47892, 25],
  [48257, 26], [48804, 27], [49169, 28], [49534, 29], [50083, 30], [50630, 31], [51179, 32], [53736, 33],
  [54832, 34], [56109, 35], [57204, 36], [57754, 37],
];

/** TAI−UTC in seconds; before 1972 the first value. */
export function taiMinusUtcSeconds(mjdUtc: number): number {
  const entry = LEAP_SECONDS.findLast(([mjd]) => mjdUtc >= mjd);
  return (entry ?? LEAP_SECONDS[0] ?? [0, 0])[1];
}

/** MJD in Terrestrial Time: TT = TAI + 32.184 s. */
export function ttFromUtc(mjdUtc: number): number {
  return mjdUtc + (taiMinusUtcSeconds(mjdUtc) + 32.184) / SECONDS_PER_DAY;
}
