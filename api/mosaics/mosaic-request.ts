/** From a request to the work: recipe, identity and input of the workflow. */
import type { z } from 'zod';
import { STAGE_VERSIONS } from '../../domain/generated/stages.ts';
import { hash8Of } from '../../domain/ids.ts';
import type { Json } from '../../domain/ids.ts';
import type { CreateMosaic } from '../contracts/mosaics.ts';
import type { GroupRef } from '../../workflows/contracts/mosaic.ts';
import type { MosaicRecipe } from '../../workflows/contracts/recipes.ts';
import type { ResolvedTarget } from './resolve-target.ts';

export type MosaicRequest = z.output<typeof CreateMosaic>;

/** Stages whose results go into a mosaic: a new version of one makes a new mosaic. */
const STAGES = ['convert', 'flag', 'solve', 'apply', 'image', 'mosaic', 'qa'] as const;

/** How the mosaic is made. */
export const recipeOf = (request: MosaicRequest): MosaicRecipe => ({
  ms: { convert: request.convert as MosaicRecipe['ms']['convert'], flag: {} },
  image: request.image as MosaicRecipe['image'],
  method: request.method,
  backend: request.backend,
  minTiles: request.min_tiles,
  ignoreValidation: request.ignore_validation,
  forceCalibrator: request.force_calibrator,
  minSubbands: request.min_subbands,
});

/**
 * Tells requests of one transit or window apart: parameters, groups with the versions of their file lists, versions of
 * the stages. Times of a transit are left out: they move with a new Earth-orientation table.
 */
export function requestHash8(request: MosaicRequest, groups: readonly GroupRef[]): string {
  return hash8Of({
    timespan_minutes: request.calibrator === undefined ? null : request.timespan_minutes,
    recipe: recipeOf(request) as unknown as Json,
    name: request.name ?? null,
    groups: groups.map(({ groupId, version }) => `${groupId}/v${version}`),
    stages: Object.fromEntries(STAGES.map((stage) => [stage, STAGE_VERSIONS[stage]])),
  });
}

const fileSafe = (text: string): string => text.replace(/[^A-Za-z0-9+._-]/g, '_');

/** `3C286_2026-01-25T13h31m`: what files of the mosaic are called when nobody gave a name. */
export function mosaicName(request: MosaicRequest, { target }: ResolvedTarget): string {
  if (request.name !== undefined) return fileSafe(request.name);
  const minute = (utc: string): string => `${utc.slice(0, 13)}h${utc.slice(14, 16)}m`;
  return target.kind === 'transit'
    ? fileSafe(`${target.calibrator}_${minute(target.transitUtc)}`)
    : fileSafe(`window_${minute(target.startUtc)}_${minute(target.endUtc)}`);
}
