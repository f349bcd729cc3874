/** Subband files of groups as a listing and their headers tell of them, for tests of grouping. */
import type { FileWithHeader } from '../../domain/group-assembly.ts';
import type { SubbandHeader } from '../../domain/group-headers.ts';
import { isoFromMjd, mjdFromIso, SECONDS_PER_DAY } from '../../domain/time.ts';

const TOP_HZ = 1498.643e6;
const SUBBAND_HZ = 11.71875e6;
const CHANNEL_HZ = 244_140.625;
export const GROUP_SECONDS = 309.237648;
export const ALL_SUBBANDS: readonly number[] = Array.from({ length: 16 }, (_, number) => number);

export const afterSeconds = (mjd: number, seconds: number): number => mjd + seconds / SECONDS_PER_DAY;

export interface FileFacts {
  /** Start of its data. */
  readonly startMjd: number;
  readonly subband: number;
  /** From the start of the data to the stamp in the name. */
  readonly stampOffsetSeconds?: number;
  readonly folder?: string;
  readonly sizeBytes?: number;
  readonly firstSeenMjd?: number;
  readonly isDecided?: boolean;
  readonly header?: Partial<SubbandHeader> | null;
}

/** A file whose header is that of its subband, but for what is said otherwise. */
export function aSubbandFile({ startMjd, subband, ...facts }: FileFacts): FileWithHeader {
  const stamp = isoFromMjd(afterSeconds(startMjd, facts.stampOffsetSeconds ?? 0), 0);
  const path = `${facts.folder ?? '/incoming'}/${stamp}_sb${String(subband).padStart(2, '0')}.hdf5`;
  const header = {
    path,
    subband,
    startMjd,
    endMjd: afterSeconds(startMjd, GROUP_SECONDS),
    nTimes: 24,
    nBaselines: 4656,
    pointingDecDeg: 16.1,
    freqMinHz: TOP_HZ - (subband + 1) * SUBBAND_HZ + CHANNEL_HZ,
    freqMaxHz: TOP_HZ - subband * SUBBAND_HZ,
    channelWidthHz: CHANNEL_HZ,
  };
  return {
    path,
    sizeBytes: facts.sizeBytes ?? 145_000_000,
    firstSeenMjd: facts.firstSeenMjd ?? null,
    isDecided: facts.isDecided ?? false,
    header: facts.header === null ? null : { ...header, ...facts.header },
  };
}

/** Files of one group. */
export const aGroupOfFiles = (
  startUtc: string,
  facts: Partial<FileFacts> = {},
  subbands: readonly number[] = ALL_SUBBANDS,
): FileWithHeader[] => subbands.map((subband) => aSubbandFile({ startMjd: mjdFromIso(startUtc), subband, ...facts }));
