/** The mosaic: eleven phases from a window of time to a published product. */
import { defineQuery } from '@temporalio/workflow';
import type { PolicySnapshot } from './policies.ts';
import type { MosaicRecipe } from './recipes.ts';
import type { QaState } from './tile.ts';

export const MOSAIC_WORKFLOW = 'mosaicWorkflow';

/** What the mosaic is centred on. Times are data; the key of a transit is its number. */
export type MosaicTarget =
  | {
      readonly kind: 'transit';
      readonly calibrator: string;
      readonly transitNumber: number;
      readonly transitUtc: string;
      readonly transitMjd: number;
      readonly startMjd: number;
      readonly endMjd: number;
      readonly timespanMinutes: number;
    }
  | {
      readonly kind: 'window';
      readonly startUtc: string;
      readonly endUtc: string;
      readonly startMjd: number;
      readonly endMjd: number;
    };

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
  /** Id of the row in `mosaics`: the product. */
  readonly mosaicId: string;
  readonly mosaicGroupId: string;
  readonly qa: QaState;
  readonly tileIds: readonly string[];
  readonly caltableIds: readonly string[];
}

/** A tile of the plan. */
export interface PlannedTile {
  readonly groupId: string;
  readonly version: number;
  readonly startUtc: string;
  readonly midMjd: number;
  /** Set when the measurement set is there already. */
  readonly msId: string | null;
  readonly subbands: number;
}

/** What the mosaic will do, from phase 2 on; null before. */
export interface MosaicPlan {
  readonly tiles: readonly PlannedTile[];
  readonly decDeg: number;
  readonly calibrator: string;
  /** Group in which the calibrator transits: solved there, and the tile that gives the common beam. */
  readonly calibratorGroupId: string;
  readonly transitMjd: number;
  /** Caltables that are valid already; empty: they will be solved. */
  readonly caltableIds: readonly string[];
  /** Groups left out, each with the reason. */
  readonly excluded: readonly { readonly groupId: string; readonly code: string; readonly reason: string }[];
}

export const planQuery = defineQuery<MosaicPlan | null>('plan');
