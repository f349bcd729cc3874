/** The mosaic: eleven phases (`domain/phases.ts`) from a window of time to a published product. */
import { defineQuery } from '@temporalio/workflow';
import type { MosaicTarget } from '../../domain/mosaic-target.ts';
import type { QaState } from '../../domain/states.ts';
import type { PolicySnapshot } from './policies.ts';
import type { MosaicRecipe } from './recipes.ts';

export type { MosaicTarget } from '../../domain/mosaic-target.ts';

export const MOSAIC_WORKFLOW = 'mosaicWorkflow';

/** A group and the version of its file list. */
export interface GroupRef {
  readonly groupId: string;
  readonly version: number;
}

export interface MosaicInput {
  readonly jobId: string;
  /** Id of the row in `mosaic_groups`. */
  readonly mosaicGroupId: string;
  readonly target: MosaicTarget;
  /** Groups in the window, in order of time, as the service found them; phase 1 verifies. */
  readonly groups: readonly GroupRef[];
  readonly recipe: MosaicRecipe;
  /** What the product is called; part of its file names. */
  readonly name: string;
  readonly requestedBy: string;
  readonly priority: number;
  readonly policies: PolicySnapshot;
}

export interface MosaicResult {
  /** Product id: the row in `mosaics`. */
  readonly mosaicId: string;
  readonly mosaicGroupId: string;
  readonly qa: QaState;
  /** Product ids of the tiles that are in it. */
  readonly tileIds: readonly string[];
  readonly caltableIds: readonly string[];
}

/** A group that the mosaic works on. */
export interface PlannedGroup extends GroupRef {
  readonly midMjd: number;
  /** Product id of the measurement set that is there already, else null. */
  readonly msId: string | null;
  /** Whether it becomes a tile of the mosaic; the calibrator's group may lie outside the window. */
  readonly isTile: boolean;
}

/** Something that was left out, and why. */
export interface Exclusion {
  readonly groupId: string;
  /** Code of `domain/errors.ts`. */
  readonly code: string;
  readonly reason: string;
}

/** What the mosaic will do, from phase 2 on. */
export interface MosaicPlan {
  /** In order of time. */
  readonly groups: readonly PlannedGroup[];
  /** Apparent declination of the pointing, degrees. */
  readonly decDeg: number;
  readonly calibrator: string;
  /** Group in which the calibrator transits: solved there, and its tile gives the others beam, cell and size. */
  readonly calibratorGroupId: string;
  readonly transitMjd: number;
  /** Caltables that are valid already; empty: they will be solved. */
  readonly caltableIds: readonly string[];
  readonly excluded: readonly Exclusion[];
}

/** The plan; null before phase 2 has made it. */
export const planQuery = defineQuery<MosaicPlan | null>('plan');
