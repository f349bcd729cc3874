/** One group of the stream: measurement set, solve where a calibrator transits, tables, tile. */
import type { QaState } from '../../domain/states.ts';
import type { PhotometryConfig } from './photometry.ts';
import type { PolicySnapshot } from './policies.ts';
import type { ImageRecipe, MsRecipe } from './recipes.ts';

export const GROUP_WORKFLOW = 'groupWorkflow';

/** How the groups of a stream are worked on. */
export interface GroupRecipe {
  readonly ms: MsRecipe;
  readonly image: ImageRecipe;
  readonly minSubbands: number;
  /** Photometry of the tile; null: none, left out: the automatic one. */
  readonly photometry?: PhotometryConfig | null;
  /** Image without calibration when no table serves a group. */
  readonly imageUncalibrated: boolean;
  /** How long a group waits for tables that are on their way. */
  readonly tableWaitSeconds: number;
}

export interface GroupInput {
  readonly jobId: string;
  readonly groupId: string;
  readonly version: number;
  readonly recipe: GroupRecipe;
  readonly priority: number;
  readonly policies: PolicySnapshot;
}

export interface GroupResult {
  readonly groupId: string;
  readonly msId: string;
  /** Caltables solved on transits in this group. */
  readonly solved: readonly string[];
  /** Null when no caltables served the group. */
  readonly tileId: string | null;
  readonly qa: QaState;
}
