/** `ese candidates | judge | replay` and `ese-detect`. */
import { Command, Option } from 'commander';
import { answerOf } from '../../api/client/client.ts';
import type { Schemas } from '../../api/client/client.ts';
import { EVENT_PRESETS, type EventPreset } from '../../domain/events/expectation.ts';
import { isoFromMjd } from '../../domain/time.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { runningGateway, startedGateway, withServer } from '../gateway/connect.ts';
import type { ServerOption } from '../gateway/connect.ts';
import { followJob, requireDone } from '../gateway/follow-job.ts';
import { controlBody, withControl } from '../options/control-options.ts';
import type { ControlOptions } from '../options/control-options.ts';
import { integerIn, numberIn } from '../options/parsers.ts';
import { fixed, percent } from '../output/format.ts';
import { table } from '../output/table.ts';

type Candidate = Schemas['Candidate'];

const STATUSES = ['active', 'investigated', 'dismissed'] as const;

const candidatesText = (candidates: readonly Candidate[]): string =>
  candidates.length === 0
    ? 'no candidate'
    : table(candidates, [
        { title: 'id', value: (row) => row.id },
        { title: 'source', value: (row) => `${row.name} (${row.source_id})` },
        { title: 'kind', value: (row) => row.kind },
        { title: 'σ', value: (row) => fixed(row.significance, 1), align: 'right' },
        { title: 'start (UTC)', value: (row) => isoFromMjd(row.start_mjd, 0).slice(0, 10) },
        { title: 'days', value: (row) => fixed(row.duration_days, 0), align: 'right' },
        { title: 'depth', value: (row) => `${percent(row.depth)} ± ${percent(row.depth_err)}`, align: 'right' },
        { title: 'nights', value: (row) => row.n_inside },
        { title: 'neighbours', value: (row) => row.neighbours.verdict },
        { title: 'status', value: (row) => row.status },
      ]);

interface ListOptions extends ServerOption {
  readonly minSigma?: number;
  readonly sourceId?: number;
  readonly status?: (typeof STATUSES)[number];
  readonly limit: number;
}

async function list(options: ListOptions, context: CommandContext): Promise<CommandResult> {
  const { client } = runningGateway(options, context);
  const { minSigma, sourceId, status, limit } = options;
  const query = {
    limit,
    ...(minSigma === undefined ? {} : { min_sigma: minSigma }),
    ...(sourceId === undefined ? {} : { source_id: sourceId }),
    ...(status === undefined ? {} : { status }),
  };
  const { items } = await answerOf(client.GET('/api/ese/candidates', { params: { query } }));
  return { document: { candidates: items }, text: candidatesText(items) };
}

interface JudgeOptions extends ControlOptions {
  readonly status: (typeof STATUSES)[number];
}

async function judge(options: JudgeOptions, context: CommandContext, args: readonly string[]): Promise<CommandResult> {
  const { client } = runningGateway(options, context);
  const request = {
    params: { path: { id: args[0] ?? '' } },
    body: { ...controlBody(options), status: options.status },
  };
  const candidate = await answerOf(client.POST('/api/ese/candidates/{id}/judge', request));
  return { document: candidate, text: candidatesText([candidate]) };
}

interface DetectOptions extends ServerOption {
  readonly sourceId?: number;
  readonly minSigma?: number;
  readonly preset: EventPreset;
  readonly wait: boolean;
}

interface Change {
  readonly change: 'appears' | 'disappears';
  readonly sourceId: number;
  readonly kind: string;
  readonly significance: number;
  readonly startMjd: number;
}

/** What the search ended with, as its workflow gives it. */
interface Found {
  readonly nSearched?: number;
  readonly nInsufficient?: number;
  readonly nCandidates?: number;
  readonly nNew?: number;
  readonly expectedFalseAlarms?: number;
  readonly changes?: readonly Change[];
}

const foundText = ({ nSearched = 0, nInsufficient = 0, nCandidates = 0, expectedFalseAlarms = 0 }: Found): string =>
  [
    `${nCandidates} found among ${nSearched} sources`,
    `${expectedFalseAlarms.toPrecision(2)} false alarms expected`,
    `${nInsufficient} sources with too few nights`,
  ].join(', ');

const foundDocument = (jobId: string, found: Found) => ({
  job_id: jobId,
  n_searched: found.nSearched ?? 0,
  n_insufficient: found.nInsufficient ?? 0,
  n_candidates: found.nCandidates ?? 0,
  n_new: found.nNew ?? 0,
  expected_false_alarms: found.expectedFalseAlarms ?? 0,
});

const searchBody = ({ sourceId, minSigma, preset }: DetectOptions) => ({
  preset,
  ...(sourceId === undefined ? {} : { source_id: sourceId }),
  ...(minSigma === undefined ? {} : { min_sigma: minSigma }),
});

async function detect(options: DetectOptions, context: CommandContext): Promise<CommandResult> {
  const gateway = await startedGateway(options, context);
  const { sourceId } = options;
  const asked = await answerOf(gateway.client.POST('/api/jobs/ese-detect', { body: searchBody(options) }));
  if (!options.wait) return { document: asked, text: `job ${asked.job_id}` };
  const job = await followJob(gateway, asked.job_id, context);
  requireDone(job);
  const found = (job.result ?? {}) as Found;
  const query = { limit: 100, ...(sourceId === undefined ? {} : { source_id: sourceId }) };
  const { items } = await answerOf(gateway.client.GET('/api/ese/candidates', { params: { query } }));
  return {
    document: { ...foundDocument(asked.job_id, found), candidates: items },
    text: `${foundText(found)}\n${candidatesText(items)}`,
  };
}

async function replay(options: DetectOptions, context: CommandContext): Promise<CommandResult> {
  const gateway = await startedGateway(options, context);
  const body = { ...searchBody(options), replay: true };
  const asked = await answerOf(gateway.client.POST('/api/jobs/ese-detect', { body }));
  const job = await followJob(gateway, asked.job_id, context);
  requireDone(job);
  const found = (job.result ?? {}) as Found;
  const changes = (found.changes ?? []).map(({ sourceId, startMjd, ...rest }) => ({
    source_id: sourceId,
    start_mjd: startMjd,
    ...rest,
  }));
  const shown = table(changes, [
    { title: 'change', value: (row) => row.change },
    { title: 'source', value: (row) => row.source_id },
    { title: 'kind', value: (row) => row.kind },
    { title: 'σ', value: (row) => fixed(row.significance, 1), align: 'right' },
    { title: 'start (UTC)', value: (row) => isoFromMjd(row.start_mjd, 0).slice(0, 10) },
  ]);
  return {
    document: { ...foundDocument(asked.job_id, found), changes },
    text: `${foundText(found)}\n${changes.length === 0 ? 'nothing would change' : shown}`,
  };
}

const withThreshold = (command: Command): Command =>
  withServer(command)
    .option('--source-id <id>', 'only this source', integerIn({ min: 1, max: Number.MAX_SAFE_INTEGER }))
    .option('--min-sigma <sigma>', 'threshold, instead of a preset', numberIn({ min: 0.1, max: 100 }))
    .addOption(
      new Option('--preset <preset>', 'expected false alarms: 0.01, 0.1, 1')
        .choices(Object.keys(EVENT_PRESETS))
        .default('moderate'),
    );

export const eseCommands = (): Command[] => [
  runs<ListOptions>(
    withServer(new Command('candidates').description('candidates, most significant first'))
      .option('--min-sigma <sigma>', 'significance of at least', numberIn({ min: 0, max: 100 }))
      .option('--source-id <id>', 'of this source', integerIn({ min: 1, max: Number.MAX_SAFE_INTEGER }))
      .addOption(new Option('--status <status>', 'in this status').choices([...STATUSES]))
      .option('--limit <n>', 'at most', integerIn({ min: 1, max: 1000 }), 50),
    list,
  ),
  runs<JudgeOptions>(
    withControl(
      new Command('judge')
        .description('say what a candidate turned out to be')
        .argument('<id>', 'candidate')
        .addOption(new Option('--status <status>', 'what it is').choices([...STATUSES]).makeOptionMandatory()),
    ),
    judge,
  ),
  runs<DetectOptions>(
    withThreshold(new Command('replay').description('what another threshold would change; no candidate is touched')),
    replay,
  ),
];

export const eseDetectCommand = (): Command =>
  runs<DetectOptions>(
    withThreshold(new Command('ese-detect').description('search the light curves for extreme scattering events'))
      .option('--recompute', 'take all nights (always done; for old scripts)')
      .option('--no-wait', 'ask for it and return'),
    detect,
  );
