/** `stream inspect`: which groups an incoming folder holds, and what is set aside; nothing runs and nothing changes. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { MeridianError } from '../../domain/errors.ts';
import { gapsBetween } from '../../domain/gaps.ts';
import type { AssembledGroup, Assembly } from '../../domain/group-assembly.ts';
import { GROUP_STATES, statesOf, type GroupState } from '../../domain/states.ts';
import { baseName, type SubbandFile } from '../../domain/subband-files.ts';
import { isoFromMjd, mjdFromIso, SECONDS_PER_DAY } from '../../domain/time.ts';
import { utcText } from '../../api/contracts/common.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { utcTime } from '../options/parsers.ts';
import { duration, shorten } from '../output/format.ts';
import { table } from '../output/table.ts';
import { groupsOfFolder, groupsOfInventoryFile } from '../stages/incoming-groups.ts';
import { existingFolder } from '../stages/paths.ts';

interface Options {
  readonly incoming?: string;
  readonly inventory?: string;
  readonly since?: string;
  readonly until?: string;
}

async function inspect(options: Options, context: CommandContext): Promise<CommandResult> {
  const { incoming, inventory, since, until } = options;
  const window = {
    ...(since === undefined ? {} : { startTime: since }),
    ...(until === undefined ? {} : { endTime: until }),
  };
  if ((incoming === undefined) === (inventory === undefined)) {
    throw new MeridianError('REQUEST_INVALID', 'give one of: --incoming with a folder, --inventory with a CSV file');
  }
  const found =
    incoming === undefined
      ? groupsOfInventoryFile(resolve(inventory ?? ''), window)
      : await groupsOfFolder(existingFolder('--incoming', incoming), window, context);
  const document = documentOf(found);
  return { document, text: textOf(document) };
}

interface GroupView {
  readonly id: string;
  readonly state: GroupState;
  readonly tier: AssembledGroup['tier'];
  readonly subbands: readonly number[];
  readonly missing: readonly number[];
  readonly stamps: readonly string[];
  readonly files: readonly string[];
  readonly start_utc: string | null;
  readonly pointing_dec_deg: number | null;
  readonly reason: string | null;
  readonly code: string | null;
}

const view = (group: AssembledGroup): GroupView => ({
  id: group.id,
  state: group.state,
  tier: group.tier,
  subbands: group.subbands,
  missing: group.missing,
  stamps: group.files.map(({ stamp }) => stamp),
  files: group.files.map(({ path }) => path),
  start_utc: group.verdict === null ? null : utcText(group.verdict.startMjd),
  pointing_dec_deg: group.verdict?.pointingDecDeg ?? null,
  reason: reasonOf(group),
  code: group.reason?.code ?? null,
});

function reasonOf({ reason, state, copyOf }: AssembledGroup): string | null {
  if (reason !== null) return reason.message;
  if (state === 'collecting') return 'a file of it is being written to';
  return copyOf === null ? null : `the same data are there with the stamp ${copyOf}`;
}

const startOf = ({ verdict, files }: AssembledGroup): number =>
  verdict?.startMjd ?? Math.min(...files.map((file: SubbandFile) => file.stampMjd));

function documentOf({ groups, quarantined }: Assembly) {
  const counts = Object.fromEntries(
    statesOf(GROUP_STATES).map((state) => [state, groups.filter((group) => group.state === state).length]),
  ) as Record<GroupState, number>;
  return {
    groups: groups.map(view),
    quarantined: quarantined.map(({ path, reason, code }) => ({ file: path, reason, code })),
    gaps: gapsBetween(groups.map(startOf)).map(({ afterMjd, untilMjd, seconds }) => ({
      after_utc: `${isoFromMjd(afterMjd, 0)}Z`,
      until_utc: `${isoFromMjd(untilMjd, 0)}Z`,
      seconds: Math.round(seconds),
    })),
    counts: { ...counts, quarantined: quarantined.length },
  };
}

type Document = ReturnType<typeof documentOf>;

/** Lines of one kind that people read through. */
const MOST_LINES = 20;

function textOf({ groups, quarantined, gaps, counts }: Document): string {
  const total = statesOf(GROUP_STATES)
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${state}`);
  const rows = table(groups, [
    { title: 'group', value: (row) => row.id },
    { title: 'state', value: (row) => row.state },
    { title: 'subbands', value: (row) => row.subbands.length },
    { title: 'stamps over', value: (row) => `${spreadSeconds(row.stamps)} s`, align: 'right' },
    { title: 'Dec', value: (row) => row.pointing_dec_deg?.toFixed(3) },
    { title: '', value: (row) => shorten(row.reason ?? '') },
  ]);
  return [
    ...(groups.length === 0 ? [] : [rows, '']),
    ...some(quarantined.map(({ file, reason }) => `set aside: ${baseName(file)}: ${reason}`)),
    ...some(gaps.map((gap) => `gap of ${duration(gap.seconds)}: ${gap.after_utc} to ${gap.until_utc}`)),
    `${groups.length} groups${total.length === 0 ? '' : `: ${total.join(', ')}`}; ${counts.quarantined} files set aside`,
  ].join('\n');
}

const some = (lines: readonly string[]): readonly string[] =>
  lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES), `… and ${lines.length - MOST_LINES} more; --json shows all`];

/** From the first to the last stamp. */
function spreadSeconds(stamps: readonly string[]): number {
  const mjds = stamps.map(mjdFromIso);
  return Math.round((Math.max(...mjds) - Math.min(...mjds)) * SECONDS_PER_DAY);
}

export function streamInspectCommand(): Command {
  const command = new Command('inspect')
    .description('show the groups of an incoming folder, decided at once, and what is set aside; nothing is started')
    .option('--incoming <folder>', 'folder with subband files, sub-folders included')
    .option('--inventory <file>', 'instead of a folder: CSV with timestamp, n_subbands_found, size_bytes')
    .option('--since <utc>', 'groups from this time on', utcTime)
    .option('--until <utc>', 'groups before this time', utcTime);
  return runs<Options>(command, inspect);
}
