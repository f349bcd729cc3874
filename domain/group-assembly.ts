/**
 * Groups out of files and their headers: stamps bring files together, then their data decide.
 *
 * Siblings are files whose data start within 120 s of each other (groups are at least 309 s apart), and they must then
 * agree to 0.1 s. A stamp is the clock of whoever wrote the file: after a step of that clock the files of one group
 * carry the stamps of two, or of its neighbour, and their data bring them back together.
 */
import { judgeHeaders, timesAgree, DECLINATION_TOLERANCE_DEG } from './group-headers.ts';
import type { GroupHeaderVerdict, SubbandHeader } from './group-headers.ts';
import {
  areNear,
  byStamp,
  CLUSTER_TOLERANCE_SECONDS,
  clusterInTime,
  clusterOf,
  deadlineMjd,
  decideGroup,
  filesByStamp,
  largerFirst,
  type DecisionRules,
  type GroupDecision,
  type Preference,
} from './grouping.ts';
import { median } from './eta.ts';
import { baseName, type ListedFile, type QuarantinedFile, type SubbandFile } from './subband-files.ts';
import { SECONDS_PER_DAY } from './time.ts';

export interface FileWithHeader extends ListedFile {
  /** Null while nobody could look into it: its group goes on collecting. */
  readonly header: SubbandHeader | null;
}

export interface AssembledGroup extends Omit<GroupDecision, 'quarantined'> {
  /** Start of the data; the first stamp while no header is known. */
  readonly id: string;
  readonly firstStamp: string;
  /** What the headers say; null while none is known. */
  readonly verdict: GroupHeaderVerdict | null;
  /** One of each subband, in order of subbands. */
  readonly files: readonly SubbandFile[];
  /** Second files of a subband, where these spoil the group instead of being set aside. */
  readonly doubled: readonly SubbandFile[];
  /** Until when it waits for missing files. */
  readonly deadlineMjd: number;
  /** First stamp of another group with the same data, one of which is too many; null as a rule. */
  readonly copyOf: string | null;
}

export interface Assembly {
  /** In order of time. */
  readonly groups: readonly AssembledGroup[];
  readonly quarantined: readonly QuarantinedFile[];
}

/** Files of one stamp cluster whose data belong together. */
interface Block {
  readonly members: readonly SubbandFile[];
  /** When their data start; null while no header is known. */
  readonly startMjd: number | null;
  /** When the data start of those that have the same stamps and are more; null for these themselves. */
  readonly siblingsStartMjd: number | null;
}

type Headers = ReadonlyMap<string, SubbandHeader>;

/**
 * Assemble groups and decide each. The order of the files does not matter.
 *
 * A second file of a subband, a stranger by name, content or time, and a file without bytes are set aside with the
 * reason and keep no group from being decided.
 *
 * @param nowMjd UTC; decides whether a deadline is over
 */
export function assembleGroups(files: readonly FileWithHeader[], nowMjd: number, rules: DecisionRules): Assembly {
  const headers = new Map(files.flatMap(({ path, header }) => (header === null ? [] : [[path, header] as const])));
  const { clusters, quarantined } = filesByStamp(files);
  const blocks = joinBlocks(
    clusters.flatMap((members) => blocksOf(members, headers)),
    rules.minimumSubbands,
  );
  const groups: AssembledGroup[] = [];
  const setAside: QuarantinedFile[] = [...quarantined];
  for (const block of blocks) {
    const judged = judgeBlock(block, headers, { nowMjd, rules });
    if (isStray(block, judged.group, rules)) setAside.push(...strayFiles(block));
    else {
      groups.push(judged.group);
      setAside.push(...judged.setAside);
    }
  }
  return { groups: copiesNamed(groups.sort((a, b) => startOf(a) - startOf(b))), quarantined: setAside };
}

const startOf = ({ verdict, files }: AssembledGroup): number => verdict?.startMjd ?? files[0]?.stampMjd ?? 0;

/** Says of each group whether another has the same data: one that was decided, or else the one before it. */
function copiesNamed(groups: readonly AssembledGroup[]): AssembledGroup[] {
  const isDecided = ({ files }: AssembledGroup): boolean => files.some((file) => file.isDecided === true);
  const firstOf = new Map<string, AssembledGroup>();
  for (const group of groups.filter(isDecided)) if (!firstOf.has(group.id)) firstOf.set(group.id, group);
  for (const group of groups) if (!firstOf.has(group.id)) firstOf.set(group.id, group);
  return groups.map((group) => {
    const first = firstOf.get(group.id);
    return first === undefined || first === group ? group : { ...group, copyOf: first.firstStamp };
  });
}

/** Cuts a stamp cluster where its data do not start together; a file not looked into stays with the most. */
function blocksOf(members: readonly SubbandFile[], headers: Headers): Block[] {
  const start = (file: SubbandFile): number => headers.get(file.path)?.startMjd ?? 0;
  const known = members.filter(({ path }) => headers.has(path)).sort((a, b) => start(a) - start(b));
  const unknown = members.filter(({ path }) => !headers.has(path));
  const parts = clusterInTime(known, start).sort((a, b) => subbandCount(b) - subbandCount(a));
  const [most, ...rest] = parts;
  if (most === undefined) return [{ members, startMjd: null, siblingsStartMjd: null }];
  const startMjd = median(most.map(start));
  return [
    { members: [...most, ...unknown], startMjd, siblingsStartMjd: null },
    ...rest.map((part) => ({ members: part, startMjd: median(part.map(start)), siblingsStartMjd: startMjd })),
  ];
}

const subbandCount = (members: readonly SubbandFile[]): number => new Set(members.map(({ subband }) => subband)).size;

/**
 * Joins blocks whose data start together, whatever their stamps. Two that are of use each by itself stay two: these
 * are copies of a whole group, or data whose time stands still.
 */
function joinBlocks(blocks: readonly Block[], minimumSubbands: number): Block[] {
  const isWhole = ({ members }: Block): boolean => subbandCount(members) >= minimumSubbands;
  const joined = new JoinedBlocks();
  for (const block of blocks) if (isWhole(block)) joined.add(block);
  for (const block of blocks) if (!isWhole(block)) joined.join(block);
  return joined.blocks;
}

class JoinedBlocks {
  readonly blocks: Block[] = [];
  /** Places of blocks by when their data start, in steps of the tolerance: near ones are in neighbouring steps. */
  readonly #byStart = new Map<number, number[]>();

  add(block: Block): void {
    const step = stepOf(block.startMjd);
    if (step !== null) this.#byStart.set(step, [...(this.#byStart.get(step) ?? []), this.blocks.length]);
    this.blocks.push(block);
  }

  /** Joins a block to that with the same data whose stamps are nearest; it stands alone if there is none. */
  join(block: Block): void {
    const place = this.#placesNear(block).sort((a, b) => this.#distance(a, block) - this.#distance(b, block))[0];
    const other = place === undefined ? undefined : this.blocks[place];
    if (place === undefined || other === undefined) this.add(block);
    else this.blocks[place] = joinedBlock(other, block);
  }

  #placesNear({ startMjd }: Block): number[] {
    const step = stepOf(startMjd);
    if (startMjd === null || step === null) return [];
    const places = [step - 1, step, step + 1].flatMap((near) => this.#byStart.get(near) ?? []);
    return places.filter((place) => areNear(this.blocks[place]?.startMjd ?? Infinity, startMjd));
  }

  #distance(place: number, block: Block): number {
    const other = this.blocks[place];
    return other === undefined ? Infinity : Math.abs(stampOf(other) - stampOf(block));
  }
}

const stepOf = (mjd: number | null): number | null =>
  mjd === null ? null : Math.floor((mjd * SECONDS_PER_DAY) / CLUSTER_TOLERANCE_SECONDS);

const stampOf = ({ members }: Block): number => members[0]?.stampMjd ?? 0;

const joinedBlock = (one: Block, other: Block): Block => ({
  members: [...one.members, ...other.members].sort(byStamp),
  startMjd: one.startMjd,
  // Where one of them is the most of its stamps, the whole is no stranger.
  siblingsStartMjd: other.siblingsStartMjd === null ? null : one.siblingsStartMjd,
});

interface Judged {
  readonly group: AssembledGroup;
  readonly setAside: readonly QuarantinedFile[];
}

function judgeBlock(
  { members }: Block,
  headers: Headers,
  { nowMjd, rules }: { readonly nowMjd: number; readonly rules: DecisionRules },
): Judged {
  const cluster = clusterOf(members, bestFirst(members, headers));
  const { quarantined, ...decision } = decideGroup(cluster, nowMjd, rules);
  const spoils = rules.doubled === 'reject';
  const used = spoils ? [...cluster.files, ...cluster.doubled] : cluster.files;
  const read = used.flatMap(({ path }) => headers.get(path) ?? []);
  const verdict = read.length === 0 ? null : judgeHeaders(read);
  const unread = used.length > read.length;
  const group = {
    id: verdict?.id ?? cluster.firstStamp,
    firstStamp: cluster.firstStamp,
    verdict,
    files: cluster.files,
    doubled: spoils ? cluster.doubled : [],
    deadlineMjd: deadlineMjd(cluster, nowMjd, rules),
    copyOf: null,
    ...(unread ? { ...decision, ...COLLECTING } : confirmed(decision, verdict)),
  };
  return { group, setAside: spoils ? [] : quarantined };
}

const COLLECTING = { state: 'collecting', tier: null, reason: null } as const;

type Decision = Omit<GroupDecision, 'quarantined'>;

/** The decision by number of subbands, unless the headers disagree. */
function confirmed(decision: Decision, verdict: GroupHeaderVerdict | null): Decision {
  const [fault] = verdict?.reasons ?? [];
  const isDoubled = decision.reason?.code === 'GROUP_SUBBAND_DOUBLED';
  if (decision.state === 'collecting' || isDoubled || fault === undefined) return decision;
  return { ...decision, state: 'rejected', tier: null, reason: fault };
}

/** Of two files of a subband: what was decided stays, then what agrees with its siblings, then the larger. */
function bestFirst(members: readonly SubbandFile[], headers: Headers): Preference {
  const read = members.flatMap(({ path }) => headers.get(path) ?? []);
  const middle = {
    startMjd: median(read.map(({ startMjd }) => startMjd)),
    endMjd: median(read.map(({ endMjd }) => endMjd)),
    pointingDecDeg: median(read.map(({ pointingDecDeg }) => pointingDecDeg)),
  };
  const agrees = ({ path }: SubbandFile): number => {
    const header = headers.get(path);
    if (header === undefined || !timesAgree(header, middle)) return 0;
    return Number(Math.abs(header.pointingDecDeg - middle.pointingDecDeg) <= DECLINATION_TOLERANCE_DEG);
  };
  return (a, b) =>
    Number(b.isDecided ?? false) - Number(a.isDecided ?? false) || agrees(b) - agrees(a) || largerFirst(a, b);
}

/** Whether a few files carry the stamps of others and have data of a time of which there is nothing else. */
const isStray = ({ siblingsStartMjd }: Block, group: AssembledGroup, { minimumSubbands }: DecisionRules): boolean =>
  siblingsStartMjd !== null && group.state === 'rejected' && group.files.length < minimumSubbands;

function strayFiles({ members, startMjd, siblingsStartMjd }: Block): QuarantinedFile[] {
  const seconds = Math.abs((startMjd ?? 0) - (siblingsStartMjd ?? 0)) * SECONDS_PER_DAY;
  return members.map(({ path }) => ({
    path,
    code: 'GROUP_TIMES_DIFFER',
    reason: `the data of "${baseName(path)}" start ${seconds.toFixed(0)} s from those of the files with its stamp`,
  }));
}
