/** `simulate`: raw files of a known sky, for trying things out. */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { shippedCalibrators } from '../../config/shipped-data.ts';
import { calibratorModel } from '../../domain/calibrators.ts';
import { MeridianError } from '../../domain/errors.ts';
import type { SimulateSpec, SimulateSummary } from '../../domain/generated/stages.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { addFieldOptions, fieldsFrom } from '../options/field-options.ts';
import { facts } from '../output/table.ts';
import { CORRUPTION_OPTIONS, SIMULATE_OPTIONS, SKY_OPTIONS } from '../specs/simulate-options.ts';
import { placeOutputs } from '../stages/place-outputs.ts';
import { runStage } from '../stages/run-stage.ts';
import type { FinishedStage } from '../stages/run-stage.ts';

interface Options {
  readonly output: string;
  readonly calibrator?: string;
  readonly perfect?: boolean;
  readonly overwrite?: boolean;
}

/** What a simulation left and where. */
export interface Simulated {
  readonly summary: SimulateSummary;
  readonly incoming: string;
  readonly truth: string;
  readonly gains: string | null;
}

const PERFECT = { bandpass: false, gains: false, delays: false, noise: false };

function specOf(options: Options): SimulateSpec {
  const { calibrator } = options;
  const values = options as unknown as Record<string, unknown>;
  const model = calibrator === undefined ? undefined : calibratorModel(shippedCalibrators().require(calibrator));
  const fields = fieldsFrom(SIMULATE_OPTIONS, values);
  if (model === undefined && (fields.start_utc === undefined || fields.pointing_dec_deg === undefined)) {
    throw new MeridianError('REQUEST_INVALID', 'give --calibrator, or --start and --dec', { field: 'calibrator' });
  }
  return {
    ...fields,
    ...(model === undefined ? {} : { calibrator: model }),
    sky: fieldsFrom(SKY_OPTIONS, values),
    corruption: { ...(options.perfect === true ? PERFECT : {}), ...fieldsFrom(CORRUPTION_OPTIONS, values) },
  };
}

/** Moves the files below `target`: raw files into it, truth and planted gains beside them. */
async function place(finished: FinishedStage<'simulate'>, target: string, overwrite: boolean): Promise<Simulated> {
  const incoming = finished.output('incoming') ?? '';
  const files = readdirSync(incoming).map((name) => ({ from: join(incoming, name), to: join(target, name) }));
  const beside = (role: string, name: string) => {
    const from = finished.output(role);
    return from === undefined ? [] : [{ from, to: join(target, name) }];
  };
  const gains = beside('gains', 'gains.npz');
  placeOutputs([...files, ...beside('truth', 'truth.json'), ...gains], overwrite);
  return Promise.resolve({
    summary: finished.result.summary,
    incoming: target,
    truth: join(target, 'truth.json'),
    gains: gains[0]?.to ?? null,
  });
}

/** Runs the simulator and puts its files into a folder. */
export function simulateInto(
  spec: SimulateSpec,
  target: { readonly folder: string; readonly overwrite: boolean },
  context: CommandContext,
): Promise<Simulated> {
  return runStage({ stage: 'simulate', spec }, context, (finished) => place(finished, target.folder, target.overwrite));
}

async function simulate(options: Options, context: CommandContext): Promise<CommandResult> {
  const target = { folder: resolve(options.output), overwrite: options.overwrite === true };
  const { summary, incoming, truth, gains } = await simulateInto(specOf(options), target, context);
  return {
    document: { ...summary, incoming, truth, gains },
    text: facts([
      ['files', summary.n_files],
      ['groups', summary.group_ids.join(' ')],
      ['calibrator', summary.calibrator],
      ['transit (UTC)', summary.transit_utc],
      ['declination', `${summary.pointing_dec_deg.toFixed(4)}°`],
      ['sources', summary.n_sources],
      ['folder', incoming],
      ['truth', truth],
    ]),
  };
}

export function simulateCommand(): Command {
  const command = new Command('simulate')
    .description('write raw subband files of a simulated sky, in the real layout, with their truth')
    .requiredOption('--output <folder>', 'where the files go')
    .option('--calibrator <name>', 'in the sky, its transit in the middle group')
    .option('--perfect', 'no bandpass, gains, delays or noise')
    .option('--overwrite', 'replace files that are there');
  addFieldOptions(command, SIMULATE_OPTIONS);
  addFieldOptions(command, SKY_OPTIONS);
  addFieldOptions(command, CORRUPTION_OPTIONS);
  return runs<Options>(command, simulate);
}
