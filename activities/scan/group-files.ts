/** From accepted files to observation groups in the registry. */
import {
  DEFAULT_DECISION_RULES,
  clusterFiles,
  decideGroup,
  type DecisionRules,
  type SubbandCluster,
} from '../../domain/grouping.ts';
import { judgeHeaders, type GroupHeaderVerdict } from '../../domain/group-headers.ts';
import { hashOf } from '../../domain/ids.ts';
import { SUBBANDS_PER_GROUP } from '../../domain/subband-files.ts';
import type { GroupDecision } from '../../registry/groups.ts';
import type { SubbandFile } from '../../registry/subband-files.ts';

/**
 * How a scan that somebody asked for decides: at once, for nothing says that more will come; and a group with two files
 * of one subband is refused, for nobody can tell which one is right.
 */
export const SCAN_RULES: DecisionRules = { ...DEFAULT_DECISION_RULES, once: true, doubled: 'reject' };

/** Groups of the accepted files of one root, as the registry takes them. */
export function decideGroups(files: readonly SubbandFile[], nowMjd: number, rules = SCAN_RULES): GroupDecision[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const { clusters } = clusterFiles(files.map(({ path, sizeBytes }) => ({ path, sizeBytes })));
  return clusters.flatMap((cluster) => decisionOf(cluster, { byPath, nowMjd, rules }) ?? []);
}

interface Facts {
  readonly byPath: ReadonlyMap<string, SubbandFile>;
  readonly nowMjd: number;
  readonly rules: DecisionRules;
}

function decisionOf(cluster: SubbandCluster, { byPath, nowMjd, rules }: Facts): GroupDecision | null {
  const members = [...cluster.files, ...cluster.doubled].flatMap(({ path }) => byPath.get(path) ?? []);
  const headers = members.flatMap((file) => headerOf(file) ?? []);
  const first = members[0];
  if (first === undefined || headers.length === 0) return null;
  const verdict = judgeHeaders(headers);
  const decided = decideGroup(cluster, nowMjd, rules);
  const spoilt = decided.reason?.code === 'GROUP_SUBBAND_DOUBLED' ? decided.reason : (verdict.reasons[0] ?? null);
  const reason = spoilt ?? (decided.state === 'rejected' ? decided.reason : null);
  return {
    ...placeOf(verdict),
    rootId: first.rootId,
    state: spoilt === null ? decided.state : 'rejected',
    tier: spoilt === null ? decided.tier : null,
    error: reason,
    filesHash: hashOf(members.map((file) => [file.relativePath, file.sizeBytes, file.modifiedAt])),
    fileIds: members.map((file) => file.id),
    expectedSubbands: SUBBANDS_PER_GROUP,
    presentSubbands: decided.subbands,
    missingSubbands: decided.missing,
    deadlineAt: null,
  };
}

const placeOf = ({ id, startMjd, midMjd, endMjd, pointingDecDeg }: GroupHeaderVerdict) => ({
  id,
  startMjd,
  midMjd,
  endMjd,
  pointingDecDeg,
});

/** The header of a file; null when it lacks what grouping needs (a file of another telescope). */
function headerOf(file: SubbandFile) {
  const { startMjd, endMjd, pointingDecDeg, freqMinHz, freqMaxHz, channelWidthHz, nTimes, nBlts, subband } = file;
  if (startMjd === null || endMjd === null || pointingDecDeg === null || subband === null) return null;
  if (freqMinHz === null || freqMaxHz === null || channelWidthHz === null) return null;
  if (nTimes === null || nBlts === null) return null;
  return {
    path: file.path,
    subband,
    startMjd,
    endMjd,
    nTimes,
    nBaselines: nBlts / nTimes,
    pointingDecDeg,
    freqMinHz,
    freqMaxHz,
    channelWidthHz: Math.abs(channelWidthHz),
  };
}
