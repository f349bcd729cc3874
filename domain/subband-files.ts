/** File names of raw subbands and what can be said of a file without opening it. */
import type { ErrorCode } from './errors.ts';
import { tryMjdFromIso } from './time.ts';

/** Subbands of a DSA-110 group, numbered from 0, highest frequency first. */
export const SUBBANDS_PER_GROUP = 16;

/** A file as a folder listing shows it. */
export interface ListedFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** When the registry first saw it; null if it was never seen before (copies lie about their age). */
  readonly firstSeenMjd?: number | null;
  /** Whether the last decision of its group holds it, as it is now. */
  readonly isDecided?: boolean;
}

/** A file whose name tells time and subband. */
export interface SubbandFile extends ListedFile {
  /** Time in the name: when the file was closed or opened by its writer, 0 to 82 s apart within a group. */
  readonly stampMjd: number;
  readonly stamp: string;
  readonly subband: number;
}

export interface QuarantinedFile {
  readonly path: string;
  readonly code: ErrorCode;
  readonly reason: string;
}

const NAME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})_sb(\d{2})\.hdf5$/;

/** Last part of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What a name tells; null if it is no name of a subband file. The subband may be one that does not exist. */
export function readFileName(path: string): Pick<SubbandFile, 'stamp' | 'stampMjd' | 'subband'> | null {
  const [, stamp = '', digits = ''] = NAME.exec(baseName(path)) ?? [];
  const stampMjd = tryMjdFromIso(stamp);
  return stampMjd === null ? null : { stamp, stampMjd, subband: Number(digits) };
}

/** Time and subband of a file by its name and size, or why it is set aside. */
export function readListedFile(file: ListedFile): SubbandFile | QuarantinedFile {
  const name = baseName(file.path);
  const named = readFileName(file.path);
  if (named === null) return setAside(file, 'FILE_FOREIGN', `"${name}" is not named YYYY-MM-DDTHH:MM:SS_sbNN.hdf5`);
  if (named.subband >= SUBBANDS_PER_GROUP) {
    return setAside(file, 'FILE_FOREIGN', `"${name}" is subband ${named.subband}; there are sb00 to sb15`);
  }
  if (file.sizeBytes === 0) return setAside(file, 'FILE_EMPTY', `"${name}" has no bytes`);
  return { ...file, ...named };
}

export const isQuarantined = (file: SubbandFile | QuarantinedFile): file is QuarantinedFile => 'reason' in file;

const setAside = (file: ListedFile, code: ErrorCode, reason: string): QuarantinedFile => ({
  path: file.path,
  code,
  reason,
});
