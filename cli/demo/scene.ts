/** What the demo observes: a transit of 3C286 over the real NVSS sky. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { shippedCalibrators } from '../../config/shipped-data.ts';
import { calibratorModel } from '../../domain/calibrators.ts';
import { STAGE_VERSIONS } from '../../domain/generated/stages.ts';
import type { SimulateSpec } from '../../domain/generated/stages.ts';
import { hashOf } from '../../domain/ids.ts';
import type { Json } from '../../domain/ids.ts';
import type { CommandContext } from '../command.ts';
import { simulateInto } from '../commands/simulate.ts';
import type { CreateMosaicBody } from '../specs/mosaic-options.ts';
import { placeText } from '../stages/place-outputs.ts';

export const DEMO_CALIBRATOR = '3C286';
/** A fixed night, so that a second demo finds what the first has made. */
const NIGHT_UTC = '2026-01-25T12:00:00';

export interface Scene {
  /** Folder below `MERIDIAN_HOME/demo`. */
  readonly name: 'quick' | 'full';
  readonly simulation: SimulateSpec;
  readonly request: CreateMosaicBody;
}

function sceneOf(name: Scene['name'], simulation: SimulateSpec, image: NonNullable<CreateMosaicBody['image']>): Scene {
  const calibrator = calibratorModel(shippedCalibrators().require(DEMO_CALIBRATOR));
  return {
    name,
    simulation: { calibrator, near_utc: NIGHT_UTC, seed: 1, ...simulation },
    request: { calibrator: DEMO_CALIBRATOR, requested_by: 'demo', image },
  };
}

/**
 * 40 antennas, 64 channels, five groups. The images are a little coarser than the standard, to be quick: to the same
 * 20 % of the beam, with 4.8 pixels across its minor axis, and the longest baselines just fit.
 */
export const quickScene = (): Scene =>
  sceneOf('quick', { n_groups: 5, n_antennas: 40, channels_per_subband: 4 }, { imsize_px: 1800, cell_arcsec: 8.2 });

/** The whole array: 96 antennas, 768 channels, three groups; size and cell of the images follow from the array. */
export const fullScene = (): Scene => sceneOf('full', { n_groups: 3, channels_per_subband: 48 }, {});

export interface SceneFiles {
  readonly incoming: string;
  readonly truth: string;
  /** Whether an earlier demo had written them. */
  readonly reused: boolean;
}

/** The raw files of a scene: those of an earlier demo if they are of the same scene, else simulated now. */
export async function ensureRawFiles(scene: Scene, folder: string, context: CommandContext): Promise<SceneFiles> {
  const incoming = join(folder, 'incoming');
  const marker = join(folder, 'simulation.json');
  const truth = join(incoming, 'truth.json');
  const identity = hashOf({ spec: scene.simulation as unknown as Json, version: STAGE_VERSIONS.simulate });
  if (identityIn(marker) === identity && existsSync(truth)) return { incoming, truth, reused: true };
  rmSync(folder, { recursive: true, force: true });
  const { summary } = await simulateInto(scene.simulation, { folder: incoming, overwrite: true }, context);
  // Written last: without it the files are not taken for whole.
  placeText(JSON.stringify({ identity, ...summary }, null, 2), marker, true);
  return { incoming, truth, reused: false };
}

function identityIn(marker: string): string | null {
  try {
    return (JSON.parse(readFileSync(marker, 'utf8')) as { identity?: string }).identity ?? null;
  } catch {
    return null;
  }
}
