/** From a request to the work: recipe, identity, rows and start of a mosaic. The same for whoever asks. */
import { STAGE_VERSIONS } from '../../domain/generated/stages.ts';
import { hash8Of, type Json } from '../../domain/ids.ts';
import type { ResolvedTarget, TargetRequest } from '../../domain/mosaic-target.ts';
import type { GroupRef, MosaicInput } from './mosaic.ts';
import type { PolicySnapshot } from './policies.ts';
import type { MosaicMethod, MosaicRecipe } from './recipes.ts';
import { mosaicStart, mosaicWorkflowId, type StartRequest } from './start.ts';

/** A mosaic as it is asked for: the fields of `POST /api/mosaics/create`. */
export interface MosaicRequest extends TargetRequest {
  readonly method: MosaicMethod;
  readonly backend: MosaicRecipe['backend'];
  readonly ignore_validation: boolean;
  /** Options of the stages `convert` and `image`. */
  readonly convert: Readonly<Record<string, unknown>>;
  readonly image: Readonly<Record<string, unknown>>;
  readonly name?: string | undefined;
}

/** What a request was found to be made of. */
export interface FoundTarget extends ResolvedTarget {
  /** Groups with the version of their file list, in order of time. */
  readonly groups: readonly GroupRef[];
}

/** Stages whose results go into a mosaic: a new version of one makes a new mosaic. */
const STAGES = ['convert', 'flag', 'solve', 'apply', 'image', 'mosaic', 'qa'] as const;

/** How the mosaic is made. */
const recipeOf = (request: MosaicRequest): MosaicRecipe => ({
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
function mosaicName(request: MosaicRequest, { target }: ResolvedTarget): string {
  if (request.name !== undefined) return fileSafe(request.name);
  const minute = (utc: string): string => `${utc.slice(0, 13)}h${utc.slice(14, 16)}m`;
  return target.kind === 'transit'
    ? fileSafe(`${target.calibrator}_${minute(target.transitUtc)}`)
    : fileSafe(`window_${minute(target.startUtc)}_${minute(target.endUtc)}`);
}

export interface MosaicAskedBy {
  readonly actor: string;
  readonly priority: number;
  readonly policies: PolicySnapshot;
}

/** The rows that a request is written down as, before anything starts. */
export interface MosaicRequestRows {
  readonly workflowId: string;
  readonly name: string;
  readonly found: FoundTarget;
  readonly method: MosaicMethod;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly requestedBy: string;
  readonly priority: number;
}

export interface MosaicWork {
  readonly rows: MosaicRequestRows;
  /** How to start the workflow for the rows that were made. */
  start(ids: { readonly jobId: string; readonly mosaicGroupId: string }, prefix: string): StartRequest<MosaicInput>;
}

/** What a request comes to: the same request for the same groups has the same workflow id. */
export function mosaicWork(request: MosaicRequest, found: FoundTarget, by: MosaicAskedBy): MosaicWork {
  const hash8 = requestHash8(request, found.groups);
  const { target, groups } = found;
  const { actor: requestedBy, priority, policies } = by;
  const name = mosaicName(request, found);
  const parameters = { ...request };
  const workflowId = mosaicWorkflowId(target, hash8);
  const recipe = recipeOf(request);
  return {
    rows: { workflowId, name, found, method: request.method, parameters, requestedBy, priority },
    start: (ids, prefix) =>
      mosaicStart({ ...ids, target, groups, recipe, name, requestedBy, priority, policies }, hash8, prefix),
  };
}
