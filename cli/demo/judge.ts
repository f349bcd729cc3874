/** The demo's mosaic against the truth of its simulation. */
import type { Check, QaSpec, QaSummary } from '../../domain/generated/stages.ts';
import { MeridianError } from '../../domain/errors.ts';
import type { CommandContext } from '../command.ts';
import type { Mosaic } from '../commands/mosaic-create.ts';
import { placeOutputs } from '../stages/place-outputs.ts';
import { runStage } from '../stages/run-stage.ts';

/** What the comparison found. */
export interface Judgement {
  readonly summary: QaSummary;
  /** Checks beyond their limits. */
  readonly failures: readonly Check[];
}

/** Compares flux scale, positions, completeness and reliability with what was put into the sky. */
export async function judgeMosaic(
  mosaic: Mosaic,
  files: { readonly truth: string; readonly picture: string },
  context: CommandContext,
): Promise<Judgement> {
  if (mosaic.fits === null) throw new MeridianError('QA_FAILED', `mosaic ${mosaic.id} has no file`);
  const spec: QaSpec = {
    fits: mosaic.fits,
    weight_fits: mosaic.weight,
    pb_fits: mosaic.pb,
    kind: 'mosaic',
    truth: files.truth,
    find_sources: true,
  };
  return runStage({ stage: 'qa', spec }, context, ({ result: { summary }, output }) => {
    const picture = output('picture');
    if (picture !== undefined) placeOutputs([{ from: picture, to: files.picture }], true);
    return Promise.resolve({ summary, failures: summary.checks.filter(({ verdict }) => verdict === 'fail') });
  });
}
