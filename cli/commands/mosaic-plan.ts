/** `mosaic plan | build | validate`: choose tiles and check them, combine them, judge what came of it. */
import { hostname, userInfo } from 'node:os';
import { createWriteStream, mkdirSync, renameSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { Command, Option } from 'commander';
import { answerOf, errorOfProblem } from '../../api/client/client.ts';
import type { Schemas } from '../../api/client/client.ts';
import type { Check, QaSpec } from '../../domain/generated/stages.ts';
import { MeridianError } from '../../domain/errors.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { startedGateway, withServer } from '../gateway/connect.ts';
import type { Gateway, ServerOption } from '../gateway/connect.ts';
import { followJob, requireDone } from '../gateway/follow-job.ts';
import type { Job } from '../gateway/follow-job.ts';
import { integerIn, utcTime } from '../options/parsers.ts';
import { exitStatusForCode } from '../output/errors.ts';
import { duration, fixed, flux } from '../output/format.ts';
import { table } from '../output/table.ts';
import { existing } from '../stages/paths.ts';
import { requireFree } from '../stages/place-outputs.ts';
import { runStage } from '../stages/run-stage.ts';
import { getMosaic } from './mosaic-create.ts';

type Plan = Schemas['MosaicPlan'];

interface Asking extends ServerOption {
  readonly requestedBy: string;
}

interface PlanOptions extends Asking {
  readonly name: string;
  readonly since: string;
  readonly until: string;
  readonly method?: Plan['method'];
  readonly minTiles?: number;
  readonly quickLook?: boolean;
  readonly replace?: boolean;
}

const getPlan = (gateway: Gateway, name: string): Promise<Plan> =>
  answerOf(gateway.client.GET('/api/mosaic-plans/{name}', { params: { path: { name } } }));

async function plan(options: PlanOptions, context: CommandContext): Promise<CommandResult> {
  const gateway = await startedGateway(options, context);
  const body = {
    name: options.name,
    start_utc: options.since,
    end_utc: options.until,
    requested_by: options.requestedBy,
    ...(options.method === undefined ? {} : { method: options.method }),
    ...(options.minTiles === undefined ? {} : { min_tiles: options.minTiles }),
    quick_look: options.quickLook === true,
    replace: options.replace === true,
  };
  const recorded = await answerOf(gateway.client.POST('/api/mosaic-plans', { body }));
  return planResult(await awaitChecks(gateway, recorded, context));
}

/** The plan once its checks are done; a check that could not be made is the plan's failure. */
async function awaitChecks(gateway: Gateway, recorded: Plan, context: CommandContext): Promise<Plan> {
  if (recorded.check_job !== null) requireDone(await followJob(gateway, recorded.check_job.id, context));
  return getPlan(gateway, recorded.name);
}

const checksText = (checks: readonly Check[]): string =>
  checks.length === 0
    ? ''
    : table(checks, [
        { title: 'check', value: (row) => row.name },
        { title: 'verdict', value: (row) => row.verdict },
        { title: 'value', value: (row) => (row.value === null ? '-' : fixed(row.value, 4)), align: 'right' },
        { title: 'limit', value: (row) => row.limit },
        { title: '', value: (row) => row.message },
      ]);

function planResult(found: Plan): CommandResult {
  const tiles = table(found.tiles, [
    { title: 'tile', value: (row) => row.id },
    { title: 'group', value: (row) => row.group_id },
    { title: 'rms', value: (row) => flux(row.rms_jy), align: 'right' },
    { title: 'QA', value: (row) => row.qa.verdict },
  ]);
  const left = found.excluded.map(({ group_id: group, id, reason }) => `left out: ${group ?? id}: ${reason}`);
  const text = [`plan ${found.name} (${found.method}): ${found.verdict}`, tiles, ...left, checksText(found.checks)];
  return { document: found, text: text.join('\n'), exitStatus: exitOf(found.verdict) };
}

/** A verdict `fail` is an answer too, with the exit status of a failed QA. */
const exitOf = (verdict: string): number => (verdict === 'fail' ? exitStatusForCode('QA_FAILED') : 0);

interface BuildOptions extends Asking {
  readonly name: string;
  readonly output?: string;
  readonly dryRun?: boolean;
  readonly ignoreValidation?: boolean;
  readonly overwrite?: boolean;
}

/** Maps of a mosaic and the ends of their file names. */
const MAPS = { mosaic: '', weight: '-weight', coverage: '-coverage' } as const;
type MapName = keyof typeof MAPS;

const mapPath = (output: string, map: MapName): string => `${resolve(output).replace(/\.fits$/i, '')}${MAPS[map]}.fits`;

async function build(options: BuildOptions, context: CommandContext): Promise<CommandResult> {
  const { output } = options;
  const maps = Object.keys(MAPS) as MapName[];
  if (output !== undefined) {
    requireFree(
      maps.map((map) => mapPath(output, map)),
      options.overwrite === true,
    );
  }
  const gateway = await startedGateway(options, context);
  const body = {
    dry_run: options.dryRun === true,
    ignore_validation: options.ignoreValidation === true,
    requested_by: options.requestedBy,
  };
  const params = { path: { name: options.name } };
  const asked = await answerOf(gateway.client.POST('/api/mosaic-plans/{name}/build', { params, body }));
  if (asked.job_id === null) {
    const time = asked.estimated_seconds === null ? 'unknown' : duration(asked.estimated_seconds);
    return { document: asked, text: `${asked.message}; time: ${time}` };
  }
  const job = await followJob(gateway, asked.job_id, context);
  requireDone(job);
  const mosaic = await getMosaic(gateway, productOf(job));
  const files: Partial<Record<MapName, string>> = {};
  for (const map of output === undefined ? [] : maps) {
    files[map] = await download(gateway, { id: mosaic.id, map }, mapPath(output ?? '', map));
  }
  const shown = [`mosaic ${mosaic.id}`, `rms ${flux(mosaic.rms_jy)}`, mosaic.fits ?? '', ...Object.values(files)];
  return { document: { ...mosaic, plan: options.name, output: files, checks: checksOf(job) }, text: shown.join('\n') };
}

const checksOf = (job: Job): readonly Check[] => (job.result as { checks?: readonly Check[] } | null)?.checks ?? [];

/** Product id of the mosaic that a job has built, or found built before. */
function productOf(job: Job): string {
  const { products } = (job.result ?? {}) as { products?: Readonly<Record<string, string>> };
  const id = products?.['mosaic'];
  if (id === undefined) throw new MeridianError('INTERNAL', `job ${job.id} names no mosaic`, { job_id: job.id });
  return id;
}

/** Fetches one map; a reader sees the whole file or none. */
async function download(
  { url }: Gateway,
  { id, map }: { readonly id: string; readonly map: MapName },
  to: string,
): Promise<string> {
  const response = await fetch(`${url}/api/mosaics/${id}/fits?map=${map}`);
  if (!response.ok || response.body === null) throw errorOfProblem(await response.json(), response.status);
  mkdirSync(dirname(to), { recursive: true });
  const draft = `${to}.${process.pid}.part`;
  await pipeline(Readable.fromWeb(response.body as ReadableStream<Uint8Array>), createWriteStream(draft));
  renameSync(draft, to);
  return to;
}

interface ValidateOptions extends Asking {
  readonly name?: string;
  readonly fits?: string;
  readonly weight?: string;
  readonly truth?: string;
  readonly findSources?: boolean;
}

async function validate(
  options: ValidateOptions,
  context: CommandContext,
  args: readonly string[],
): Promise<CommandResult> {
  const [id] = args;
  if ([id, options.name, options.fits].filter((given) => given !== undefined).length !== 1) {
    throw new MeridianError('REQUEST_INVALID', 'give one of: the id of a mosaic, --name of a plan, --fits of a file');
  }
  if (options.fits !== undefined) return validateFile(options.fits, options, context);
  const gateway = await startedGateway(options, context);
  if (options.name !== undefined)
    return planResult(await awaitChecks(gateway, await getPlan(gateway, options.name), context));
  const body = { find_sources: options.findSources === true, requested_by: options.requestedBy };
  const params = { path: { id: id ?? '' } };
  const asked = await answerOf(gateway.client.POST('/api/mosaics/{id}/validate', { params, body }));
  const job = await followJob(gateway, asked.job_id, context);
  requireDone(job);
  const checks = checksOf(job);
  const verdict = worst(checks);
  const text = `mosaic ${asked.id}: ${verdict}\n${checksText(checks)}`;
  return { document: { id: asked.id, job_id: job.id, verdict, checks }, text, exitStatus: exitOf(verdict) };
}

function worst(checks: readonly Check[]): Check['verdict'] {
  if (checks.some(({ verdict }) => verdict === 'fail')) return 'fail';
  return checks.some(({ verdict }) => verdict === 'warn') ? 'warn' : 'pass';
}

/** Judges a FITS file by the `qa` stage itself, without any service. */
function validateFile(fits: string, options: ValidateOptions, context: CommandContext): Promise<CommandResult> {
  const spec: QaSpec = {
    fits: existing('--fits', fits),
    kind: 'mosaic',
    find_sources: options.findSources === true,
    ...(options.weight === undefined ? {} : { weight_fits: existing('--weight', options.weight) }),
    ...(options.truth === undefined ? {} : { truth: existing('--truth', options.truth) }),
  };
  return runStage({ stage: 'qa', spec }, context, ({ result: { summary } }) =>
    Promise.resolve({
      document: { fits: spec.fits, ...summary },
      text: `${spec.fits}: ${summary.verdict}\n${checksText(summary.checks)}`,
      exitStatus: exitOf(summary.verdict),
    }),
  );
}

const asks = (command: Command): Command =>
  withServer(command).option(
    '--requested-by <who>',
    'recorded with the request',
    `${userInfo().username}@${hostname()}`,
  );

function planCommand(): Command {
  const command = new Command('plan')
    .description('choose the tiles of a time range, record them by name, and check that they agree')
    .requiredOption('--name <name>', 'of the plan')
    .requiredOption('--since <utc>', 'tiles from this time on', utcTime)
    .requiredOption('--until <utc>', 'tiles before this time', utcTime)
    .addOption(new Option('--method <method>', 'how they will be combined').choices(['mean', 'weighted', 'pbweighted']))
    .option('--min-tiles <n>', 'fewest tiles (default: 3)', integerIn({ min: 1, max: 500 }))
    .option('--quick-look', 'take quick-look tiles too')
    .option('--replace', 'replace the plan of this name');
  return runs<PlanOptions>(asks(command), plan);
}

function buildCommand(): Command {
  const command = new Command('build')
    .description('combine the tiles of a plan')
    .requiredOption('--name <name>', 'of the plan')
    .option('--output <file>', 'also write the mosaic here, with -weight and -coverage beside it')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--ignore-validation', 'go on with tiles that disagree')
    .option('--overwrite', 'replace files that are there');
  return runs<BuildOptions>(asks(command), build);
}

function validateCommand(): Command {
  const command = new Command('validate')
    .description('check the tiles of a plan (--name), a built mosaic (its id), or a FITS file (--fits)')
    .argument('[id]', 'mosaic')
    .option('--name <name>', 'plan')
    .option('--fits <file>', 'mosaic file, judged without any service')
    .option('--weight <file>', 'weight map of the file')
    .option('--truth <file>', 'truth.json of the simulator, instead of the catalogue')
    .option('--find-sources', 'also look for sources blindly');
  return runs<ValidateOptions>(asks(command), validate);
}

export const mosaicPlanCommands = (): Command[] => [planCommand(), buildCommand(), validateCommand()];
