/** Groups of a folder of raw files: what each is, by its file names and headers, and whether a calibrator transits. */
import { shippedCalibrators } from '../../config/shipped-data.ts';
import { calibratorRefusal, sightCalibrator } from '../../domain/calibrator-choice.ts';
import { judgeHeaders, readInspected } from '../../domain/group-headers.ts';
import type { GroupHeaderVerdict, SubbandHeader } from '../../domain/group-headers.ts';
import { DEFAULT_DECISION_RULES, decideGroup } from '../../domain/grouping.ts';
import type { Clustering, SubbandCluster } from '../../domain/grouping.ts';
import type { InspectedFile } from '../../domain/generated/stages.ts';
import { mjdFromIso, mjdFromUnixMs } from '../../domain/time.ts';
import { utcText } from '../../api/contracts/common.ts';
import type { CommandContext } from '../command.ts';
import { inspectPaths } from './inspect-paths.ts';

export interface TimeWindow {
  readonly startTime?: string;
  readonly endTime?: string;
}

export interface CalibratorQuestion {
  readonly name: string;
  readonly decToleranceDeg: number;
}

/** One group as it was found. */
export interface CheckedGroup {
  /** Group id from the headers; null when no header could be read. */
  readonly id: string | null;
  readonly first_stamp: string;
  readonly state: 'complete' | 'incomplete' | 'rejected';
  readonly subbands: readonly number[];
  readonly missing: readonly number[];
  readonly start_utc: string | null;
  readonly pointing_dec_deg: number | null;
  readonly files: readonly string[];
  /** Why it is not complete and good. */
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
  readonly calibrator: CalibratorAnswer | null;
}

/** Whether the group is one to solve this calibrator on. */
export interface CalibratorAnswer {
  readonly name: string;
  readonly transit_utc: string;
  readonly transit_mjd: number;
  readonly inside: boolean;
  readonly dec_offset_deg: number;
  readonly beam: number;
  readonly usable: boolean;
  readonly reason: string | null;
}

/** Clusters whose first stamp lies in [start, end). */
export function clustersBetween({ clusters }: Clustering, { startTime, endTime }: TimeWindow): SubbandCluster[] {
  const from = startTime === undefined ? -Infinity : mjdFromIso(startTime);
  const to = endTime === undefined ? Infinity : mjdFromIso(endTime);
  return clusters.filter(({ firstStampMjd }) => firstStampMjd >= from && firstStampMjd < to);
}

/** Reads the headers of all files, in one process, and judges each group. */
export async function checkGroups(
  clusters: readonly SubbandCluster[],
  question: CalibratorQuestion | undefined,
  context: CommandContext,
): Promise<CheckedGroup[]> {
  if (clusters.length === 0) return [];
  const paths = clusters.flatMap(({ files, doubled }) => [...files, ...doubled].map(({ path }) => path));
  const inspected = new Map((await inspectPaths(paths, context)).map((file) => [file.path, file]));
  return clusters.map((cluster) => checkGroup(cluster, inspected, question));
}

function checkGroup(
  cluster: SubbandCluster,
  inspected: ReadonlyMap<string, InspectedFile>,
  question: CalibratorQuestion | undefined,
): CheckedGroup {
  const members = [...cluster.files, ...cluster.doubled];
  const rules = { ...DEFAULT_DECISION_RULES, once: true, doubled: 'reject' } as const;
  const { state, subbands, missing, reason } = decideGroup(cluster, mjdFromUnixMs(Date.now()), rules);
  const read = members.flatMap(({ path }) => inspected.get(path) ?? []).map(readInspected);
  const headers = read.filter((file): file is SubbandHeader => !('reason' in file));
  const verdict = headers.length === 0 ? null : judgeHeaders(headers);
  const unusable = read.flatMap((file) => ('reason' in file ? [{ code: file.code, message: file.reason }] : []));
  const faults = [...unusable, ...(verdict?.reasons ?? [])];
  const spoilt = verdict === null || faults.length > 0 || state === 'rejected';
  return {
    ...headerFacts(verdict),
    first_stamp: cluster.firstStamp,
    state: spoilt ? 'rejected' : state === 'complete' ? 'complete' : 'incomplete',
    subbands,
    missing,
    files: members.map(({ path }) => path),
    reasons: reason === null ? faults : [...faults, reason],
    calibrator: verdict === null || question === undefined ? null : answer(question, verdict),
  };
}

const headerFacts = (verdict: GroupHeaderVerdict | null) =>
  verdict === null
    ? { id: null, start_utc: null, pointing_dec_deg: null }
    : { id: verdict.id, start_utc: utcText(verdict.startMjd), pointing_dec_deg: verdict.pointingDecDeg };

function answer({ name, decToleranceDeg }: CalibratorQuestion, group: GroupHeaderVerdict): CalibratorAnswer | null {
  const sighting = sightCalibrator(shippedCalibrators().require(name), group);
  if (sighting === null) return null;
  const { transit, transitInside, beam, calibrator } = sighting;
  const decOffset = transit.apparent.decDeg - group.pointingDecDeg;
  const far = Math.abs(decOffset) > decToleranceDeg;
  const offset = `${calibrator.name} passes ${Math.abs(decOffset).toFixed(2)}° from the pointing; ${decToleranceDeg}° is allowed`;
  const reason = calibratorRefusal(sighting)?.message ?? (far ? offset : null);
  return {
    name: calibrator.name,
    transit_utc: utcText(transit.mjd),
    transit_mjd: transit.mjd,
    inside: transitInside,
    dec_offset_deg: decOffset,
    beam,
    usable: reason === null,
    reason,
  };
}
