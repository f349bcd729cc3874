/** What the headers of a group's files say: one start, one declination, one array, no doubled channels. */
import { median } from './eta.ts';
import { isErrorCode, type ErrorCode } from './errors.ts';
import type { InspectedFile } from './generated/stages.ts';
import type { Reason } from './grouping.ts';
import { groupIdOf } from './ids.ts';
import { baseName, type QuarantinedFile } from './subband-files.ts';
import { SECONDS_PER_DAY } from './time.ts';

/** Siblings' time arrays agree to this. */
export const TIME_TOLERANCE_SECONDS = 0.1;
/** Siblings' pointing agrees to this: the value is the same number in all files. */
export const DECLINATION_TOLERANCE_DEG = 1 / 3600;

/** From one file's header. */
export interface SubbandHeader {
  readonly path: string;
  readonly subband: number;
  /** First `time_array` minus half an integration, UTC. */
  readonly startMjd: number;
  /** Last `time_array` plus half an integration. */
  readonly endMjd: number;
  readonly nTimes: number;
  readonly nBaselines: number;
  readonly pointingDecDeg: number;
  readonly freqMinHz: number;
  readonly freqMaxHz: number;
  /** Without sign. */
  readonly channelWidthHz: number;
}

/** What grouping needs of a file's header, or why the file is no part of any group. */
export function readInspected(file: InspectedFile): SubbandHeader | QuarantinedFile {
  const { path } = file;
  if (file.status === 'error') {
    const code = isErrorCode(file.error_code ?? '') ? (file.error_code as ErrorCode) : 'FILE_UNREADABLE';
    return { path, code, reason: file.error ?? `"${baseName(path)}" cannot be read` };
  }
  const facts = known({
    subband: file.subband,
    startMjd: file.start_mjd,
    endMjd: file.end_mjd,
    nTimes: file.n_times,
    nBaselines: file.n_baselines,
    pointingDecDeg: file.pointing_dec_deg,
    freqMinHz: file.freq_min_hz,
    freqMaxHz: file.freq_max_hz,
    channelWidthHz: file.channel_width_hz,
  });
  if (facts !== null) return { path, ...facts, channelWidthHz: Math.abs(facts.channelWidthHz) };
  const reason = `"${baseName(path)}" is no drift-scan subband: its header states no pointing declination or no channels`;
  return { path, code: 'FILE_FOREIGN', reason };
}

/** The facts, if there is none that is not known. */
const known = <Facts extends object>(
  facts: Facts,
): { readonly [Name in keyof Facts]: NonNullable<Facts[Name]> } | null =>
  Object.values(facts).includes(null) ? null : (facts as { readonly [Name in keyof Facts]: NonNullable<Facts[Name]> });

export interface GroupHeaderVerdict {
  readonly id: string;
  readonly startMjd: number;
  readonly endMjd: number;
  readonly midMjd: number;
  readonly pointingDecDeg: number;
  /** Why the files are no group; empty if they are one. */
  readonly reasons: readonly Reason[];
}

/**
 * Judge the headers of one group.
 *
 * The values of the group are those of its lowest subband, which is the reference only if it is no outlier: each file
 * is compared with the median, so that one odd file is named and not the fifteen others.
 *
 * @param headers at least one
 * @throws RangeError without headers: that is a mistake of the caller
 */
export function judgeHeaders(headers: readonly SubbandHeader[]): GroupHeaderVerdict {
  const ordered = [...headers].sort((a, b) => a.subband - b.subband);
  const middle = {
    startMjd: median(ordered.map((header) => header.startMjd)),
    endMjd: median(ordered.map((header) => header.endMjd)),
    pointingDecDeg: median(ordered.map((header) => header.pointingDecDeg)),
  };
  const reference = ordered.find((header) => timesAgree(header, middle)) ?? ordered[0];
  if (reference === undefined) throw new RangeError('a group has at least one file');
  const { startMjd, endMjd, pointingDecDeg } = reference;
  const reasons = [
    ...timeReasons(ordered, middle),
    ...declinationReasons(ordered, middle.pointingDecDeg),
    ...countReasons(ordered),
    ...channelReasons(ordered),
  ];
  return { id: groupIdOf(startMjd), startMjd, endMjd, midMjd: (startMjd + endMjd) / 2, pointingDecDeg, reasons };
}

interface Span {
  readonly startMjd: number;
  readonly endMjd: number;
}

export const timesAgree = (header: Span, middle: Span): boolean =>
  Math.abs(header.startMjd - middle.startMjd) * SECONDS_PER_DAY <= TIME_TOLERANCE_SECONDS &&
  Math.abs(header.endMjd - middle.endMjd) * SECONDS_PER_DAY <= TIME_TOLERANCE_SECONDS;

const namesOf = (headers: readonly SubbandHeader[]): string => headers.map(({ path }) => baseName(path)).join(', ');

function timeReasons(headers: readonly SubbandHeader[], middle: Span): Reason[] {
  const odd = headers.filter((header) => !timesAgree(header, middle));
  if (odd.length === 0) return [];
  const late = Math.max(...odd.map((header) => Math.abs(header.startMjd - middle.startMjd) * SECONDS_PER_DAY));
  return [
    {
      code: 'GROUP_TIMES_DIFFER',
      message: `time_array differs from its siblings by ${late.toFixed(1)} s in ${namesOf(odd)}`,
    },
  ];
}

function declinationReasons(headers: readonly SubbandHeader[], middleDeg: number): Reason[] {
  const odd = headers.filter(({ pointingDecDeg }) => Math.abs(pointingDecDeg - middleDeg) > DECLINATION_TOLERANCE_DEG);
  if (odd.length === 0) return [];
  const values = [...new Set(headers.map(({ pointingDecDeg }) => pointingDecDeg.toFixed(3)))].join('°, ');
  return [
    {
      code: 'GROUP_DECLINATIONS_DIFFER',
      message: `phase_center_dec is ${values}° in one group; odd are ${namesOf(odd)}`,
    },
  ];
}

function countReasons(headers: readonly SubbandHeader[]): Reason[] {
  const odd = (count: (header: SubbandHeader) => number): SubbandHeader[] => {
    const usual = median(headers.map(count));
    return headers.filter((header) => count(header) !== usual);
  };
  const times = odd((header) => header.nTimes);
  const baselines = odd((header) => header.nBaselines);
  return [
    ...(times.length === 0
      ? []
      : [{ code: 'GROUP_TIMES_DIFFER' as const, message: `Ntimes differs from its siblings in ${namesOf(times)}` }]),
    ...(baselines.length === 0
      ? []
      : [
          {
            code: 'GROUP_ANTENNAS_DIFFER' as const,
            message: `Nbls differs from its siblings in ${namesOf(baselines)}`,
          },
        ]),
  ];
}

/** Channels of different files neither overlap nor differ in width. */
function channelReasons(headers: readonly SubbandHeader[]): Reason[] {
  const byFrequency = [...headers].sort((a, b) => a.freqMinHz - b.freqMinHz);
  const usualHz = median(headers.map(({ channelWidthHz }) => channelWidthHz));
  const odd = byFrequency.filter((header, index) => {
    const below = byFrequency[index - 1];
    const overlaps = below !== undefined && header.freqMinHz < below.freqMaxHz + usualHz / 2;
    return overlaps || Math.abs(header.channelWidthHz - usualHz) > 1;
  });
  if (odd.length === 0) return [];
  return [
    {
      code: 'GROUP_CHANNELS_INVALID',
      message: `channels overlap those of another subband or differ in width in ${namesOf(odd)}`,
    },
  ];
}
