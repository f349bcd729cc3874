/** Numbers and times as people read them. */

/** `1 h 02 min`, `3 min 05 s`, `12.3 s`, `45 ms`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-';
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0
    ? `${hours} h ${String(minutes).padStart(2, '0')} min`
    : `${minutes} min ${String(rest).padStart(2, '0')} s`;
}

export function bytes(size: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = size < 1000 ? 0 : Math.min(Math.floor(Math.log10(size) / 3), units.length - 1);
  return power === 0 ? `${size} B` : `${(size / 1000 ** power).toPrecision(3)} ${units[power] ?? ''}`;
}

/** A flux in the unit that reads best. */
export function flux(jy: number | null | undefined): string {
  if (jy === null || jy === undefined || !Number.isFinite(jy)) return '-';
  const size = Math.abs(jy);
  if (size >= 0.1) return `${jy.toFixed(3)} Jy`;
  return size >= 1e-4 ? `${(jy * 1e3).toFixed(2)} mJy` : `${(jy * 1e6).toFixed(0)} uJy`;
}

export const fixed = (value: number | null | undefined, decimals: number): string =>
  value === null || value === undefined || !Number.isFinite(value) ? '-' : value.toFixed(decimals);

/** The beginning of a long text. */
export const shorten = (text: string, length = 140): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;

export const percent = (value: number | null | undefined, decimals = 1): string =>
  value === null || value === undefined || !Number.isFinite(value) ? '-' : `${(value * 100).toFixed(decimals)} %`;

const pad = (value: number, decimals: number): string =>
  value.toFixed(decimals).padStart(decimals === 0 ? 2 : decimals + 3, '0');

function sexagesimal(value: number, decimals: number): [string, string, string] {
  const perSecond = 10 ** decimals;
  const ticks = Math.round(value * 3600 * perSecond);
  const seconds = (ticks % (60 * perSecond)) / perSecond;
  const minutes = Math.floor(ticks / (60 * perSecond)) % 60;
  return [pad(Math.floor(ticks / (3600 * perSecond)), 0), pad(minutes, 0), pad(seconds, decimals)];
}

/** `13h31m08.288s` */
export function rightAscension(raDeg: number, decimals = 3): string {
  const [hours, minutes, seconds] = sexagesimal((((raDeg % 360) + 360) % 360) / 15, decimals);
  return `${hours === '24' ? '00' : hours}h${minutes}m${seconds}s`;
}

/** `+30°30′32.96″` */
export function declination(decDeg: number, decimals = 2): string {
  const [degrees, minutes, seconds] = sexagesimal(Math.abs(decDeg), decimals);
  return `${decDeg < 0 ? '-' : '+'}${degrees}°${minutes}′${seconds}″`;
}
