/** `image`: one measurement set into a primary-beam-corrected image. */
import { basename, dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { shippedCalibrators } from '../../config/shipped-data.ts';
import { calibratorModel } from '../../domain/calibrators.ts';
import { MeridianError } from '../../domain/errors.ts';
import type { ImageSummary } from '../../domain/generated/stages.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { addFieldOptions, fieldsFrom } from '../options/field-options.ts';
import { fixed, flux } from '../output/format.ts';
import { facts } from '../output/table.ts';
import { IMAGE_OPTIONS } from '../specs/image-options.ts';
import { existing } from '../stages/paths.ts';
import { placeOutputs, requireFree } from '../stages/place-outputs.ts';
import { runStage } from '../stages/run-stage.ts';

interface Options {
  readonly ms: string;
  readonly imagename: string;
  readonly calibrator?: string;
  readonly overwrite?: boolean;
}

/** Outputs in the order in which people look for them. */
const ROLES = ['image_pb', 'image', 'pb', 'residual', 'psf', 'picture'] as const;

async function image(options: Options, context: CommandContext): Promise<CommandResult> {
  const ms = existing('--ms', options.ms);
  const target = resolve(options.imagename);
  const name = basename(target).replace(/\.fits$/i, '');
  if (!/^[A-Za-z0-9][A-Za-z0-9+._:-]*$/.test(name)) {
    const message = `--imagename: "${name}" may hold letters, digits and + . _ : - only`;
    throw new MeridianError('REQUEST_INVALID', message, { field: 'imagename' });
  }
  const calibrator = options.calibrator === undefined ? undefined : shippedCalibrators().require(options.calibrator);
  const overwrite = options.overwrite === true;
  requireFree([join(dirname(target), `${name}.png`)], overwrite);
  const spec = {
    ms,
    name,
    ...(calibrator === undefined ? {} : { calibrator: calibratorModel(calibrator) }),
    ...fieldsFrom(IMAGE_OPTIONS, options as unknown as Record<string, unknown>),
  };
  return runStage({ stage: 'image', spec }, context, async ({ result: { summary }, output }) => {
    const placed = ROLES.flatMap((role) => {
      const from = output(role);
      return from === undefined ? [] : [{ role, from, to: join(dirname(target), basename(from)) }];
    });
    placeOutputs(placed, overwrite);
    const files = Object.fromEntries(placed.map(({ role, to }) => [role, to]));
    return Promise.resolve({ document: { ...summary, files }, text: imageText(summary, Object.values(files)) });
  });
}

const imageText = (summary: ImageSummary, files: readonly string[]): string =>
  [
    facts([
      ['tool', summary.backend],
      ['size', `${summary.imsize_px} px of ${fixed(summary.cell_arcsec, 2)}″`],
      [
        'beam',
        `${fixed(summary.beam.bmaj_arcsec, 1)}″ × ${fixed(summary.beam.bmin_arcsec, 1)}″, ${fixed(summary.beam.bpa_deg, 0)}°`,
      ],
      ['rms', flux(summary.rms_jy)],
      ['peak', flux(summary.peak_jy)],
      ['minimum / peak', `${fixed(summary.min_over_peak * 100, 2)} %`],
      ['residual peak', flux(summary.residual_peak_jy)],
      ['primary beam', summary.pb_corrected ? summary.beam_model : 'not corrected'],
    ]),
    ...summary.checks
      .filter(({ verdict }) => verdict !== 'pass')
      .map(({ verdict, message }) => `${verdict}: ${message}`),
    ...files,
  ].join('\n');

export function imageCommand(): Command {
  const command = new Command('image')
    .description('image a calibrated measurement set: FITS with and without primary-beam correction, and a picture')
    .requiredOption('--ms <folder>', 'calibrated measurement set')
    .requiredOption('--imagename <prefix>', 'folder and first part of the file names')
    .option('--calibrator <name>', 'bright calibrator in the field: subtracted with its drifting beam and restored')
    .option('--overwrite', 'replace files that are there');
  return runs<Options>(addFieldOptions(command, IMAGE_OPTIONS), image);
}
