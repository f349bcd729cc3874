/** `calibrate solve | apply | flag`: from a raw measurement set to a calibrated one. */
import { basename, dirname, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { shippedCalibrators } from '../../config/shipped-data.ts';
import { calibratorModel, requireSuitable } from '../../domain/calibrators.ts';
import { MeridianError } from '../../domain/errors.ts';
import type { ApplyTable, Check, FlagStep, FlagSummary, SolveSummary } from '../../domain/generated/stages.ts';
import { mjdFromIso } from '../../domain/time.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { addFieldOptions, fieldsFrom } from '../options/field-options.ts';
import { listOf, text, utcTime } from '../options/parsers.ts';
import { fixed, flux, percent } from '../output/format.ts';
import { facts, table } from '../output/table.ts';
import { FLAG_MODES, FLAG_OPTIONS, SOLVE_OPTIONS } from '../specs/calibrate-options.ts';
import { existing } from '../stages/paths.ts';
import { placeOutputs, requireFree } from '../stages/place-outputs.ts';
import { runStage } from '../stages/run-stage.ts';

interface SolveOptions {
  readonly ms: string;
  readonly calibrator: string;
  readonly output?: string;
  readonly transit?: string;
  readonly existingTables?: readonly string[];
  readonly force?: boolean;
  readonly overwrite?: boolean;
}

/** `obs.ms` → `obs`, in the same folder. */
const prefixOf = (ms: string): string => join(dirname(ms), basename(ms).replace(/\.ms\/?$/i, ''));

const tablePath = (prefix: string, type: string): string => `${prefix}.${type.toLowerCase()}cal`;

async function solve(options: SolveOptions, context: CommandContext): Promise<CommandResult> {
  const ms = existing('--ms', options.ms);
  const fields = fieldsFrom(SOLVE_OPTIONS, options as unknown as Record<string, unknown>);
  const calibrator = shippedCalibrators().require(options.calibrator);
  requireSuitable(calibrator, options.force === true);
  const prefix = resolve(options.output ?? prefixOf(ms));
  const types = fields.types ?? ['K', 'B', 'G'];
  requireFree(
    types.map((type) => tablePath(prefix, type)),
    options.overwrite === true,
  );
  const spec = {
    ms,
    calibrator: calibratorModel(calibrator),
    existing_tables: (options.existingTables ?? []).map((path) => existing('--existing-tables', path)),
    ...(options.transit === undefined ? {} : { transit_mjd: mjdFromIso(options.transit) }),
    ...fields,
  };
  return runStage({ stage: 'solve', spec }, context, async ({ result: { summary }, output }) => {
    const placed = summary.tables.map(({ type, role }) => ({
      type,
      from: output(role) ?? '',
      to: tablePath(prefix, type),
    }));
    placeOutputs(placed, options.overwrite === true);
    const tables = summary.tables.map((each) => ({ ...each, path: tablePath(prefix, each.type) }));
    return Promise.resolve({ document: { ...summary, tables }, text: solveText(summary, prefix) });
  });
}

const solveText = (summary: SolveSummary, prefix: string): string =>
  [
    facts([
      ['calibrator', `${summary.calibrator}, ${flux(summary.apparent_flux_jy)} through the beam`],
      ['verdict', summary.verdict],
      ['refant', summary.refant],
      ['corrected / model', fixed(summary.corrected_over_model_amplitude, 4)],
      ['phase rms', `${fixed(summary.corrected_phase_rms_deg, 2)}°`],
    ]),
    table(summary.tables, [
      { title: 'table', value: (row) => tablePath(prefix, row.type) },
      { title: 'solutions', value: (row) => row.n_solutions },
      { title: 'flagged', value: (row) => percent(row.flagged_fraction), align: 'right' },
      { title: 'SNR', value: (row) => fixed(row.median_snr, 0), align: 'right' },
    ]),
    checksText(summary.checks),
  ].join('\n');

/** The checks that did not pass. */
const checksText = (checks: readonly Check[]): string =>
  checks
    .filter(({ verdict }) => verdict === 'warn' || verdict === 'fail')
    .map(({ verdict, message }) => `${verdict}: ${message}`)
    .join('\n');

interface ApplyOptions {
  readonly ms: string;
  readonly tables: readonly string[];
  readonly output: string;
  readonly interp?: 'nearest' | 'linear';
  readonly overwrite?: boolean;
}

const TYPED = /^([KBG])[:=](.+)$/i;
const SUFFIX = /[._](k|b|bp|g|2g)(cal)?$/i;

/** `K:path`, or a path whose end tells the type: `obs.kcal`, `obs_bpcal`. */
function applyTable(word: string, interp: ApplyOptions['interp']): ApplyTable {
  const typed = TYPED.exec(word);
  const path = existing('--tables', typed?.[2] ?? word);
  const letter = typed?.[1] ?? SUFFIX.exec(basename(path))?.[1]?.replace(/^2/, '').charAt(0);
  if (letter === undefined) {
    const message = `--tables: the name of ${path} does not tell its type; write K:${path}, B:… or G:…`;
    throw new MeridianError('REQUEST_INVALID', message, { field: 'tables', file: path });
  }
  return { path, type: letter.toUpperCase() as ApplyTable['type'], ...(interp === undefined ? {} : { interp }) };
}

async function apply(options: ApplyOptions, context: CommandContext): Promise<CommandResult> {
  const ms = existing('--ms', options.ms);
  const target = resolve(options.output);
  const order = ['K', 'B', 'G'];
  const tables = options.tables
    .map((word) => applyTable(word, options.interp))
    .sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type));
  requireFree([target], options.overwrite === true);
  return runStage({ stage: 'apply', spec: { ms, tables } }, context, async ({ result: { summary }, output }) => {
    placeOutputs([{ from: output('ms') ?? '', to: target }], options.overwrite === true);
    const shown = facts([
      ['calibrated', target],
      ['tables', tables.map(({ type }) => type).join(' ')],
      ['changed', percent(summary.changed_fraction)],
      ['amplitude ratio', fixed(summary.amplitude_ratio, 4)],
      ['flagged', percent(summary.flagged_fraction_after)],
    ]);
    return Promise.resolve({ document: { ...summary, ms_path: target }, text: shown });
  });
}

interface FlagOptions {
  readonly ms: string;
  readonly output?: string;
  readonly flagType?: readonly FlagStep['mode'][];
  readonly overwrite?: boolean;
}

async function flag(options: FlagOptions, context: CommandContext): Promise<CommandResult> {
  const ms = existing('--ms', options.ms);
  const overwrite = options.overwrite === true;
  if (options.output === undefined && !overwrite) {
    throw new MeridianError('REQUEST_INVALID', 'give --output, or --overwrite to replace the measurement set itself');
  }
  const target = resolve(options.output ?? ms);
  const fields = fieldsFrom(FLAG_OPTIONS, options as unknown as Record<string, unknown>);
  const steps = options.flagType?.map((mode) => ({ ...fields, mode }));
  requireFree([target], overwrite);
  const spec = { ms, ...(steps === undefined ? {} : { steps }) };
  return runStage({ stage: 'flag', spec }, context, async ({ result: { summary }, output }) => {
    placeOutputs([{ from: output('ms') ?? '', to: target }], overwrite);
    return Promise.resolve({ document: { ...summary, ms_path: target }, text: flagText(summary, target) });
  });
}

const flagText = (summary: FlagSummary, target: string): string =>
  facts([
    ['flagged', `${percent(summary.flagged_fraction_before)} before, ${percent(summary.flagged_fraction_after)} after`],
    ...Object.entries(summary.flagged_by_step).map(([step, share]) => [`  ${step}`, percent(share)] as const),
    ['dead antennas', summary.dead_antennas.join(' ') || 'none'],
    ['measurement set', target],
  ]);

function solveCommand(): Command {
  const command = new Command('solve')
    .description('solve delay (K), bandpass (B) and gain (G) on the measurement set in which a calibrator transits')
    .requiredOption('--ms <folder>', 'measurement set')
    .requiredOption('--calibrator <name>', 'any name of the VLA list')
    .option('--output <prefix>', 'tables are <prefix>.kcal, .bcal, .gcal (default: beside the measurement set)')
    .option('--transit <utc>', 'time of the transit (default: computed)', utcTime)
    .option('--existing-tables <list>', 'tables to use as they are; their types are not solved again', listOf(text))
    .option('--overwrite', 'replace tables that are there');
  return runs<SolveOptions>(addFieldOptions(command, SOLVE_OPTIONS), solve);
}

function applyCommand(): Command {
  const command = new Command('apply')
    .description('apply tables, K then B then G, to a copy of a measurement set')
    .requiredOption('--ms <folder>', 'measurement set')
    .requiredOption('--tables <list>', 'tables: obs.kcal,obs.bcal,obs.gcal or K:path,B:path', listOf(text))
    .requiredOption('--output <ms>', 'calibrated measurement set to write')
    .addOption(new Option('--interp <how>', 'between solutions in time').choices(['nearest', 'linear']))
    .option('--overwrite', 'replace it if it is there');
  return runs<ApplyOptions>(command, apply);
}

function flagCommand(): Command {
  const command = new Command('flag')
    .description('flag a copy of a measurement set')
    .requiredOption('--ms <folder>', 'measurement set')
    .option('--output <ms>', 'flagged measurement set to write')
    .addOption(
      new Option('--flag-type <types...>', 'steps, in this order (default: zeros shadow rfi)').choices(FLAG_MODES),
    )
    .option('--overwrite', 'replace what is there; without --output the measurement set itself');
  return runs<FlagOptions>(addFieldOptions(command, FLAG_OPTIONS), flag);
}

export const calibrateCommands = (): Command[] => [solveCommand(), applyCommand(), flagCommand()];
