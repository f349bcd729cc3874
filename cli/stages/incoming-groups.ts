/** Groups of an incoming folder as a stream would decide them now, without anything running. */
import { readFileSync, statSync } from 'node:fs';
import { listFolder, type FolderFile } from '../../activities/incoming/list-folder.ts';
import { MeridianError } from '../../domain/errors.ts';
import { assembleGroups, type Assembly } from '../../domain/group-assembly.ts';
import { readInspected, type SubbandHeader } from '../../domain/group-headers.ts';
import { DEFAULT_DECISION_RULES, filesByStamp } from '../../domain/grouping.ts';
import { groupsOfInventory, parseInventory } from '../../domain/inventory.ts';
import { isQuarantined, readListedFile, type QuarantinedFile } from '../../domain/subband-files.ts';
import { mjdFromIso, mjdFromUnixMs } from '../../domain/time.ts';
import type { CommandContext } from '../command.ts';
import type { TimeWindow } from './group-check.ts';
import { inspectPaths } from './inspect-paths.ts';

/** Headers read by one process: enough that its start does not count, few enough to be stopped in between. */
const FILES_PER_PROCESS = 4096;

const AT_ONCE = { ...DEFAULT_DECISION_RULES, once: true } as const;

/**
 * Groups of a folder, decided at once. A file that is written to while its header is read keeps its group collecting.
 *
 * @param window stamps of the groups that are wanted
 * @throws MeridianError FILE_MISSING or FILE_UNREADABLE naming the folder.
 */
export async function groupsOfFolder(folder: string, window: TimeWindow, context: CommandContext): Promise<Assembly> {
  const listing = await listFolder(folder, { strangers: 'listed', links: 'followed' });
  const files = filesWithin(listing.files, window);
  const readable = files.filter((file) => !isQuarantined(readListedFile(file)));
  const headers = await readHeaders(readable, context);
  const growing = new Set(readable.filter(hasChanged).map(({ path }) => path));
  const refused = [...headers.values()].filter(isRefused).filter(({ path }) => !growing.has(path));
  const refusedPaths = new Set(refused.map(({ path }) => path));
  const withHeaders = files
    .filter(({ path }) => !refusedPaths.has(path))
    .map((file) => {
      const header = growing.has(file.path) ? undefined : headers.get(file.path);
      return { ...file, header: header === undefined || isRefused(header) ? null : header };
    });
  const { groups, quarantined } = assembleGroups(withHeaders, mjdFromUnixMs(Date.now()), AT_ONCE);
  return { groups, quarantined: [...listing.quarantined, ...quarantined, ...refused] };
}

/**
 * Groups of an inventory (CSV), decided at once by stamps alone.
 *
 * @throws MeridianError FILE_UNREADABLE, or REQUEST_INVALID for a table that is no inventory.
 */
export function groupsOfInventoryFile(file: string, { startTime, endTime }: TimeWindow): Assembly {
  const [fromMjd, toMjd] = boundsOf({ startTime, endTime });
  const rows = parseInventory(readText(file)).filter(({ stampMjd }) => stampMjd >= fromMjd && stampMjd < toMjd);
  return groupsOfInventory(rows, AT_ONCE);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new MeridianError('FILE_UNREADABLE', `the inventory ${file} cannot be read`, { file }, { cause });
  }
}

interface OpenWindow {
  readonly startTime: string | undefined;
  readonly endTime: string | undefined;
}

const boundsOf = ({ startTime, endTime }: OpenWindow): readonly [number, number] => [
  startTime === undefined ? -Infinity : mjdFromIso(startTime),
  endTime === undefined ? Infinity : mjdFromIso(endTime),
];

/** Files of the clusters whose first stamp lies in the window, and all that tell no time. */
function filesWithin(files: readonly FolderFile[], { startTime, endTime }: TimeWindow): readonly FolderFile[] {
  if (startTime === undefined && endTime === undefined) return files;
  const [fromMjd, toMjd] = boundsOf({ startTime, endTime });
  const { clusters, quarantined } = filesByStamp(files);
  const wanted = clusters.filter(
    ([first]) => first !== undefined && first.stampMjd >= fromMjd && first.stampMjd < toMjd,
  );
  const paths = new Set([...wanted.flat(), ...quarantined].map(({ path }) => path));
  return files.filter(({ path }) => paths.has(path));
}

type Headers = ReadonlyMap<string, SubbandHeader | QuarantinedFile>;

async function readHeaders(files: readonly FolderFile[], context: CommandContext): Promise<Headers> {
  const headers = new Map<string, SubbandHeader | QuarantinedFile>();
  for (let first = 0; first < files.length; first += FILES_PER_PROCESS) {
    const batch = files.slice(first, first + FILES_PER_PROCESS).map(({ path }) => path);
    const part = partOf(context, { done: first, size: batch.length, total: files.length });
    for (const inspected of await inspectPaths(batch, part)) headers.set(inspected.path, readInspected(inspected));
  }
  return headers;
}

interface Part {
  readonly done: number;
  readonly size: number;
  readonly total: number;
}

/** A context whose progress counts files of all parts. */
const partOf = (context: CommandContext, { done, size, total }: Part): CommandContext => ({
  ...context,
  progress: {
    update: ({ fraction }) => {
      const read = Math.round(done + fraction * size);
      context.progress.update({ fraction: read / total, message: `${read} of ${total} headers read` });
    },
    finish: () => context.progress.finish(),
  },
});

const isRefused = (header: SubbandHeader | QuarantinedFile): header is QuarantinedFile => 'reason' in header;

/** Whether a file is not what it was when it was listed. */
function hasChanged({ path, sizeBytes, modifiedMs }: FolderFile): boolean {
  const now = statSync(path, { throwIfNoEntry: false });
  return now !== undefined && (now.size !== sizeBytes || Math.floor(now.mtimeMs) !== modifiedMs);
}
