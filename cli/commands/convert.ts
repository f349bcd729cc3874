/** `convert single | groups | validate`: from raw files to measurement sets. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { MeridianError } from '../../domain/errors.ts';
import type { ConvertSpec, ConvertSummary } from '../../domain/generated/stages.ts';
import { SUBBANDS_PER_GROUP } from '../../domain/subband-files.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { addFieldOptions, fieldsFrom } from '../options/field-options.ts';
import { numberIn, utcTime } from '../options/parsers.ts';
import { asCliError, exitStatusForCode } from '../output/errors.ts';
import { bytes, fixed, shorten } from '../output/format.ts';
import { facts, table } from '../output/table.ts';
import { CONVERT_OPTIONS, GROUP_OPTIONS } from '../specs/convert-options.ts';
import { checkGroups, clustersBetween } from '../stages/group-check.ts';
import type { CheckedGroup } from '../stages/group-check.ts';
import { listIncoming } from '../stages/incoming.ts';
import { existing, existingFolder } from '../stages/paths.ts';
import { placeOutputs, requireFree } from '../stages/place-outputs.ts';
import { runStage } from '../stages/run-stage.ts';

interface Overwriting {
  readonly overwrite?: boolean;
}

interface SingleOptions extends Overwriting {
  readonly input: string;
  readonly output: string;
}

interface WindowOptions {
  readonly inputDir: string;
  readonly startTime?: string;
  readonly endTime?: string;
}

interface GroupsOptions extends WindowOptions, Overwriting {
  readonly outputDir: string;
}

interface ValidateOptions extends WindowOptions {
  readonly validateCalibrator?: string;
  readonly decToleranceDeg: number;
}

/** Where the measurement set goes. */
interface Target {
  readonly ms: string;
  readonly overwrite: boolean;
}

/** Runs `convert` and puts the measurement set in its place. */
function convertTo({ ms, overwrite }: Target, spec: ConvertSpec, context: CommandContext): Promise<ConvertSummary> {
  requireFree([ms], overwrite);
  return runStage({ stage: 'convert', spec }, context, async ({ result, output }) => {
    placeOutputs([{ from: output('ms') ?? '', to: ms }], overwrite);
    return Promise.resolve(result.summary);
  });
}

const RAW = /\.(hdf5|h5|uvh5)$/i;

/** A file as it is; of a folder all its raw files. */
function rawFiles(input: string): string[] {
  const path = existing('--input', input);
  if (!statSync(path).isDirectory()) return [path];
  const files = readdirSync(path).filter((name) => RAW.test(name));
  if (files.length === 0)
    throw new MeridianError('FILE_MISSING', `--input: ${path} holds no UVH5 files`, { file: path });
  return files.sort().map((name) => join(path, name));
}

async function single(options: SingleOptions, context: CommandContext): Promise<CommandResult> {
  const ms = resolve(options.output);
  const fields = fieldsFrom(CONVERT_OPTIONS, options as unknown as Record<string, unknown>);
  const spec = { files: rawFiles(options.input), ...fields };
  const summary = await convertTo({ ms, overwrite: options.overwrite === true }, spec, context);
  return { document: { ...summary, ms_path: ms }, text: msText(ms, summary) };
}

const msText = (path: string, { ms, n_files, raw_bytes }: ConvertSummary): string =>
  facts([
    ['measurement set', path],
    ['from', `${n_files} files, ${bytes(raw_bytes)}`],
    ['telescope', ms.telescope_name],
    ['start (UTC)', ms.start_utc],
    ['phase centre', `${fixed(ms.phase_ra_deg, 4)}° ${fixed(ms.phase_dec_deg, 4)}°`],
    ['channels', `${ms.n_channels} of ${fixed(ms.channel_width_hz / 1e3, 1)} kHz`],
    ['times', ms.n_times],
    ['antennas', ms.n_antennas],
    ['flagged', `${fixed(ms.flagged_fraction * 100, 1)} %`],
  ]);

interface GroupOutcome {
  readonly id: string;
  readonly status: 'converted' | 'present' | 'failed' | 'skipped';
  readonly ms: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

async function groups(options: GroupsOptions, context: CommandContext): Promise<CommandResult> {
  const values = options as unknown as Record<string, unknown>;
  const fields = { ...fieldsFrom(CONVERT_OPTIONS, values), ...fieldsFrom(GROUP_OPTIONS, values) };
  const found = await findGroups(options, context);
  const outcomes: GroupOutcome[] = [];
  for (const group of found) {
    context.note(`group ${group.id ?? group.first_stamp} (${outcomes.length + 1} of ${found.length})`);
    outcomes.push(await convertGroup(group, { fields, options }, context));
  }
  const count = (status: GroupOutcome['status']): number => outcomes.filter((each) => each.status === status).length;
  const worst = outcomes.find(({ status }) => status === 'failed')?.error?.code;
  return {
    document: {
      groups: outcomes,
      converted: count('converted'),
      present: count('present'),
      skipped: count('skipped'),
      failed: count('failed'),
    },
    text: outcomesText(outcomes),
    exitStatus: worst === undefined ? 0 : exitStatusForCode(worst as 'INTERNAL'),
  };
}

/** Every group of the window, judged. */
async function findGroups(options: WindowOptions, context: CommandContext): Promise<CheckedGroup[]> {
  const folder = existingFolder('--input-dir', options.inputDir);
  const clusters = clustersBetween(await listIncoming(folder), options);
  if (clusters.length === 0) {
    const message = `--input-dir: ${folder} holds no subband files of these times`;
    throw new MeridianError('WINDOW_EMPTY', message, { file: folder });
  }
  return checkGroups(clusters, undefined, context);
}

async function convertGroup(
  group: CheckedGroup,
  { fields, options }: { readonly fields: Partial<ConvertSpec>; readonly options: GroupsOptions },
  context: CommandContext,
): Promise<GroupOutcome> {
  const id = group.id ?? group.first_stamp;
  const enough = group.subbands.length >= (fields.min_subbands ?? SUBBANDS_PER_GROUP);
  if (group.state === 'rejected' || !enough) {
    const error = group.reasons[0] ?? { code: 'GROUP_INCOMPLETE', message: `${group.subbands.length} subbands` };
    return { id, status: group.state === 'rejected' ? 'failed' : 'skipped', ms: null, error };
  }
  const ms = resolve(options.outputDir, `${id}.ms`);
  if (existsSync(ms) && options.overwrite !== true) return { id, status: 'present', ms, error: null };
  try {
    const spec = { files: group.files, expected_subbands: SUBBANDS_PER_GROUP, ...fields };
    await convertTo({ ms, overwrite: options.overwrite === true }, spec, context);
    return { id, status: 'converted', ms, error: null };
  } catch (thrown) {
    if (context.signal.aborted) throw thrown;
    const { code, message } = asCliError(thrown);
    return { id, status: 'failed', ms: null, error: { code, message } };
  }
}

const outcomesText = (outcomes: readonly GroupOutcome[]): string =>
  table(outcomes, [
    { title: 'group', value: (row) => row.id },
    { title: 'status', value: (row) => row.status },
    { title: '', value: (row) => row.ms ?? row.error?.message },
  ]);

async function validate(options: ValidateOptions, context: CommandContext): Promise<CommandResult> {
  const folder = existingFolder('--input-dir', options.inputDir);
  const listing = await listIncoming(folder);
  const { validateCalibrator: name, decToleranceDeg } = options;
  const question = name === undefined ? undefined : { name, decToleranceDeg };
  const checked = await checkGroups(clustersBetween(listing, options), question, context);
  const complete = checked.filter(({ state }) => state === 'complete');
  const withCalibrator = checked.filter(({ calibrator }) => calibrator?.usable === true);
  const valid =
    checked.length > 0 && complete.length === checked.length && (name === undefined || withCalibrator.length > 0);
  return {
    document: {
      valid,
      groups: checked,
      quarantined: listing.quarantined.map(({ path, code, reason }) => ({ file: path, code, reason })),
      n_complete: complete.length,
      calibrator: name === undefined ? null : { name, groups: withCalibrator.map(({ id }) => id) },
    },
    text: validationText(checked, listing.quarantined),
    exitStatus: valid ? 0 : 2,
  };
}

function validationText(
  groupsFound: readonly CheckedGroup[],
  quarantined: readonly { readonly path: string; readonly reason: string }[],
): string {
  if (groupsFound.length === 0) return 'There is no group of subband files of these times.';
  const rows = table(groupsFound, [
    { title: 'group', value: (row) => row.id ?? row.first_stamp },
    { title: 'state', value: (row) => row.state },
    { title: 'subbands', value: (row) => row.subbands.length },
    { title: 'Dec', value: (row) => (row.pointing_dec_deg === null ? null : `${fixed(row.pointing_dec_deg, 3)}°`) },
    { title: 'calibrator', value: (row) => calibratorText(row) },
    { title: '', value: (row) => shorten(row.reasons.map(({ message }) => message).join('; ')) },
  ]);
  return [rows, ...quarantined.map(({ path, reason }) => `set aside: ${path}: ${reason}`)].join('\n');
}

const calibratorText = ({ calibrator }: CheckedGroup): string =>
  calibrator === null ? '' : calibrator.usable ? `transits at ${calibrator.transit_utc}` : (calibrator.reason ?? '');

const withWindow = (command: Command): Command =>
  command
    .requiredOption('--input-dir <folder>', 'folder with subband files')
    .option('--start-time <utc>', 'groups from this time on', utcTime)
    .option('--end-time <utc>', 'groups before this time', utcTime);

function singleCommand(): Command {
  const command = new Command('single')
    .description('one UVH5 file, or a folder of loose files of one observation, into one measurement set')
    .requiredOption('--input <path>', 'file or folder')
    .requiredOption('--output <ms>', 'measurement set to write')
    .option('--overwrite', 'replace it if it is there');
  return runs<SingleOptions>(addFieldOptions(command, CONVERT_OPTIONS), single);
}

function groupsCommand(): Command {
  const command = withWindow(new Command('groups').description('every complete group of a time range'))
    .requiredOption('--output-dir <folder>', 'where the measurement sets go: <group>.ms')
    .option('--overwrite', 'convert again what is there');
  addFieldOptions(command, CONVERT_OPTIONS);
  return runs<GroupsOptions>(addFieldOptions(command, GROUP_OPTIONS), groups);
}

function validateCommand(): Command {
  const command = withWindow(
    new Command('validate').description('check files without converting: exit status 2 if not valid'),
  )
    .option('--validate-calibrator <name>', 'also ask whether it transits in one of the groups')
    .option('--dec-tolerance-deg <deg>', 'largest distance from the pointing', numberIn({ min: 0 }), 2);
  return runs<ValidateOptions>(command, validate);
}

export const convertCommands = (): Command[] => [singleCommand(), groupsCommand(), validateCommand()];
