/**
 * Which subband files belong together by their stamps, and when that is decided; their data then confirm it
 * (`group-assembly.ts`).
 *
 * Stamps of one group differ by 0 to 82 s and groups are at least 309 s apart, but not periodic: a cluster holds all
 * stamps within 120 s of its first.
 */
import type { ErrorCode } from './errors.ts';
import type { GroupState, GroupTier } from './states.ts';
import {
  baseName,
  isQuarantined,
  type ListedFile,
  type QuarantinedFile,
  readListedFile,
  type SubbandFile,
  SUBBANDS_PER_GROUP,
} from './subband-files.ts';
import { SECONDS_PER_DAY } from './time.ts';

export const CLUSTER_TOLERANCE_SECONDS = 120;
export const DEFAULT_DEADLINE_SECONDS = 600;
export const DEFAULT_MINIMUM_SUBBANDS = 12;

/** Files of one group; at most one of each subband, in order of subbands. */
export interface SubbandCluster {
  /** Smallest stamp: names the cluster until its headers give the group id. */
  readonly firstStamp: string;
  readonly firstStampMjd: number;
  readonly files: readonly SubbandFile[];
  /** Further files of a subband that is there already. */
  readonly doubled: readonly SubbandFile[];
}

export interface Clustering {
  /** In order of time. */
  readonly clusters: readonly SubbandCluster[];
  readonly quarantined: readonly QuarantinedFile[];
}

/** A reason in words, with its code. */
export interface Reason {
  readonly code: ErrorCode;
  readonly message: string;
}

export interface DecisionRules {
  /** From when the first file of the group was first seen. */
  readonly deadlineSeconds: number;
  /** Fewer are rejected; from here to 15 a quick look. */
  readonly minimumSubbands: number;
  /** Decide at once: nothing more will come. */
  readonly once: boolean;
  /** Whether a second file of a subband spoils the group or is set aside. */
  readonly doubled: 'reject' | 'set_aside';
}

export const DEFAULT_DECISION_RULES: DecisionRules = {
  deadlineSeconds: DEFAULT_DEADLINE_SECONDS,
  minimumSubbands: DEFAULT_MINIMUM_SUBBANDS,
  once: false,
  doubled: 'set_aside',
};

export interface GroupDecision {
  readonly state: GroupState;
  /** Null while it is collecting and when it is rejected. */
  readonly tier: GroupTier | null;
  readonly subbands: readonly number[];
  readonly missing: readonly number[];
  readonly reason: Reason | null;
  /** Files that the group goes on without. */
  readonly quarantined: readonly QuarantinedFile[];
}

/** In order of time; files of one stamp by subband, then by path. */
export const byStamp = (a: SubbandFile, b: SubbandFile): number =>
  a.stampMjd - b.stampMjd || a.subband - b.subband || (a.path < b.path ? -1 : Number(a.path > b.path));

/**
 * Cluster a listing by stamps alone. The order of the listing does not matter: the same files give the same clusters.
 * Of two files of a subband the larger is kept (a copy that broke off is smaller), then the one that comes first.
 */
export function clusterFiles(listing: readonly ListedFile[]): Clustering {
  const { clusters, quarantined } = filesByStamp(listing);
  return { clusters: clusters.map((members) => clusterOf(members, largerFirst)), quarantined };
}

export interface FilesByStamp {
  /** Files with one or more of each subband, in order of stamp. */
  readonly clusters: readonly (readonly SubbandFile[])[];
  readonly quarantined: readonly QuarantinedFile[];
}

/** The files of each cluster, none left out but those whose name or size says that they are of no use. */
export function filesByStamp(listing: readonly ListedFile[]): FilesByStamp {
  const read = listing.map(readListedFile);
  const files = read.filter((file): file is SubbandFile => !isQuarantined(file)).sort(byStamp);
  return { clusters: clusterInTime(files, (file) => file.stampMjd), quarantined: read.filter(isQuarantined) };
}

/**
 * Cut a list into clusters, each of all items within 120 s of its first.
 *
 * @param items in order of time
 * @param mjdOf time of an item
 */
export function clusterInTime<Item>(items: readonly Item[], mjdOf: (item: Item) => number): Item[][] {
  const clusters: Item[][] = [];
  for (const item of items) {
    const current = clusters.at(-1);
    const first = current?.[0];
    if (current !== undefined && first !== undefined && areNear(mjdOf(first), mjdOf(item))) current.push(item);
    else clusters.push([item]);
  }
  return clusters;
}

/** Whether two times are those of one group. Rounding to milliseconds takes away what days as doubles add. */
export const areNear = (oneMjd: number, otherMjd: number): boolean =>
  Math.round(Math.abs(otherMjd - oneMjd) * SECONDS_PER_DAY * 1000) <= CLUSTER_TOLERANCE_SECONDS * 1000;

/** Which of two files of a subband is taken: negative for the first. */
export type Preference = (a: SubbandFile, b: SubbandFile) => number;

export const largerFirst: Preference = (a, b) => b.sizeBytes - a.sizeBytes;

/**
 * The cluster of some files: of each subband the preferred one.
 *
 * @param members at least one, in order of stamp
 * @throws RangeError without members: that is a mistake of the caller
 */
export function clusterOf(members: readonly SubbandFile[], preference: Preference): SubbandCluster {
  const first = members[0];
  if (first === undefined) throw new RangeError('a cluster has at least one file');
  const kept = new Map<number, SubbandFile>();
  for (const file of members) {
    const other = kept.get(file.subband);
    if (other === undefined || preference(file, other) < 0) kept.set(file.subband, file);
  }
  return {
    firstStamp: first.stamp,
    firstStampMjd: first.stampMjd,
    files: [...kept.values()].sort((a, b) => a.subband - b.subband),
    doubled: members.filter((file) => kept.get(file.subband) !== file),
  };
}

/**
 * What a cluster is at a time: still collecting, complete, incomplete but of use, or rejected with the reason.
 */
export function decideGroup(cluster: SubbandCluster, nowMjd: number, rules: DecisionRules): GroupDecision {
  const subbands = cluster.files.map((file) => file.subband);
  const missing = Array.from({ length: SUBBANDS_PER_GROUP }, (_, number) => number).filter(
    (number) => !subbands.includes(number),
  );
  const decided = { subbands, missing, quarantined: cluster.doubled.map((file) => doubledFile(file, cluster)) };
  if (cluster.doubled.length > 0 && rules.doubled === 'reject') {
    return { ...decided, state: 'rejected', tier: null, reason: doubledReason(cluster) };
  }
  if (missing.length === 0) return { ...decided, state: 'complete', tier: 'science', reason: null };
  if (!rules.once && nowMjd < deadlineMjd(cluster, nowMjd, rules)) {
    return { ...decided, state: 'collecting', tier: null, reason: null };
  }
  const reason = incompleteReason(subbands.length, missing);
  if (subbands.length < rules.minimumSubbands) return { ...decided, state: 'rejected', tier: null, reason };
  return { ...decided, state: 'incomplete', tier: 'quick_look', reason };
}

/**
 * When an incomplete cluster is decided: the deadline after the first of its files was first seen. Files that a
 * decision holds already do not count: a late one has its own ten minutes in which others may follow it.
 */
export function deadlineMjd(cluster: SubbandCluster, nowMjd: number, rules: DecisionRules): number {
  const waiting = cluster.files.filter(({ isDecided }) => isDecided !== true);
  const seen = (waiting.length === 0 ? cluster.files : waiting).map((file) => file.firstSeenMjd ?? nowMjd);
  return Math.min(...seen) + rules.deadlineSeconds / SECONDS_PER_DAY;
}

const subbandName = (number: number): string => `sb${String(number).padStart(2, '0')}`;

function incompleteReason(present: number, missing: readonly number[]): Reason {
  const names = missing.map(subbandName).join(', ');
  return { code: 'GROUP_INCOMPLETE', message: `${present} of ${SUBBANDS_PER_GROUP} subbands, missing ${names}` };
}

function doubledReason(cluster: SubbandCluster): Reason {
  const names = [...new Set(cluster.doubled.map((file) => subbandName(file.subband)))].join(', ');
  return { code: 'GROUP_SUBBAND_DOUBLED', message: `more than one file of ${names}` };
}

function doubledFile(file: SubbandFile, cluster: SubbandCluster): QuarantinedFile {
  const other = cluster.files.find(({ subband }) => subband === file.subband);
  const reason = `${subbandName(file.subband)} of this group is there already: ${baseName(other?.path ?? '')}`;
  return { path: file.path, code: 'GROUP_SUBBAND_DOUBLED', reason };
}
