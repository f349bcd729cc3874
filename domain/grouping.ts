/**
 * Which subband files belong together, decided by their stamps; the headers then confirm it (`group-headers.ts`).
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

const byStamp = (a: SubbandFile, b: SubbandFile): number =>
  a.stampMjd - b.stampMjd || a.subband - b.subband || (a.path < b.path ? -1 : Number(a.path > b.path));

/**
 * Cluster a listing. The order of the listing does not matter: the same files give the same clusters.
 */
export function clusterFiles(listing: readonly ListedFile[]): Clustering {
  const read = listing.map(readListedFile);
  const quarantined = read.filter(isQuarantined);
  const files = read.filter((file): file is SubbandFile => !isQuarantined(file)).sort(byStamp);
  const members: SubbandFile[][] = [];
  for (const file of files) {
    const current = members.at(-1);
    const first = current?.[0];
    if (current !== undefined && first !== undefined && secondsBetween(first, file) <= CLUSTER_TOLERANCE_SECONDS) {
      current.push(file);
    } else members.push([file]);
  }
  return { clusters: members.flatMap((group) => clusterOf(group) ?? []), quarantined };
}

/** Stamps are whole seconds; rounding takes away what days as doubles add. */
const secondsBetween = (a: SubbandFile, b: SubbandFile): number =>
  Math.round((b.stampMjd - a.stampMjd) * SECONDS_PER_DAY);

/** Of two files of a subband the larger is kept (a copy that broke off is smaller), then the one that comes first. */
function clusterOf(members: readonly SubbandFile[]): SubbandCluster | null {
  const first = members[0];
  if (first === undefined) return null;
  const kept = new Map<number, SubbandFile>();
  const doubled: SubbandFile[] = [];
  for (const file of members) {
    const other = kept.get(file.subband);
    if (other === undefined) kept.set(file.subband, file);
    else if (file.sizeBytes > other.sizeBytes) {
      kept.set(file.subband, file);
      doubled.push(other);
    } else doubled.push(file);
  }
  const files = [...kept.values()].sort((a, b) => a.subband - b.subband);
  return { firstStamp: first.stamp, firstStampMjd: first.stampMjd, files, doubled };
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

/** When an incomplete cluster is decided: the deadline after its first file was first seen. */
export function deadlineMjd(cluster: SubbandCluster, nowMjd: number, rules: DecisionRules): number {
  const seen = cluster.files.map((file) => file.firstSeenMjd ?? nowMjd);
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
