/** From assembled groups to observation groups as the registry takes them. */
import { readInspected, type SubbandHeader } from '../../domain/group-headers.ts';
import type { AssembledGroup, FileWithHeader } from '../../domain/group-assembly.ts';
import type { InspectedFile } from '../../domain/generated/stages.ts';
import { hashOf } from '../../domain/ids.ts';
import { SUBBANDS_PER_GROUP } from '../../domain/subband-files.ts';
import { isoFromMjd, mjdFromIso } from '../../domain/time.ts';
import type { GroupDecision, SubbandFile } from '../../registry/index.ts';

/** An accepted file with what its header says. */
export interface ReadFile {
  readonly row: SubbandFile;
  readonly header: SubbandHeader;
  /** Whether the present decision of its group holds it as it is now. */
  readonly isDecided: boolean;
}

/** Files of the registry with the headers that were read of them; one that has none is left out. */
export const readFilesOf = (rows: readonly SubbandFile[], isDecided: boolean): ReadFile[] =>
  rows.flatMap((row) => {
    const header = readInspected(row.header as unknown as InspectedFile);
    return 'reason' in header ? [] : [{ row, header: { ...header, path: row.path }, isDecided }];
  });

export const asFileWithHeader = ({ row, header, isDecided }: ReadFile): FileWithHeader => ({
  path: row.path,
  sizeBytes: row.sizeBytes,
  firstSeenMjd: mjdFromIso(row.firstSeenAt),
  isDecided,
  header,
});

/**
 * A group as the registry takes it; null when no header of it is known.
 *
 * @param rows files by path
 */
export function decisionOf(group: AssembledGroup, rows: ReadonlyMap<string, SubbandFile>): GroupDecision | null {
  const members = [...group.files, ...group.doubled].flatMap(({ path }) => rows.get(path) ?? []);
  const [first] = members;
  if (first === undefined || group.verdict === null) return null;
  const { id, startMjd, midMjd, endMjd, pointingDecDeg } = group.verdict;
  return {
    ...{ id, startMjd, midMjd, endMjd, pointingDecDeg },
    rootId: first.rootId,
    state: group.state,
    tier: group.tier,
    error: group.state === 'rejected' ? group.reason : null,
    filesHash: hashOf(members.map((file) => [file.relativePath, file.sizeBytes, file.modifiedAt])),
    fileIds: members.map((file) => file.id),
    expectedSubbands: SUBBANDS_PER_GROUP,
    presentSubbands: group.subbands,
    missingSubbands: group.missing,
    deadlineAt: group.state === 'complete' ? null : `${isoFromMjd(group.deadlineMjd)}Z`,
  };
}
