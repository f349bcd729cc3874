/** The tile unit: apply, image, check, register. */
import type { QaState } from '../../domain/states.ts';
import type { PhotometryConfig } from './photometry.ts';
import type { PolicySnapshot } from './policies.ts';
import type { ImageRecipe, TileForm } from './recipes.ts';

export const TILE_WORKFLOW = 'tileWorkflow';

export interface TileInput {
  readonly groupId: string;
  readonly groupVersion: number;
  /** Product id of the measurement set. */
  readonly msId: string;
  /** Product ids of the caltables, in the order in which they are applied; empty: image without calibration. */
  readonly caltableIds: readonly string[];
  readonly recipe: ImageRecipe;
  /** Subtracted with its drifting beam before cleaning and restored after it. */
  readonly calibrator: string | null;
  /** Photometry of the tile; null: none, left out: the automatic one. No part of what the tile is. */
  readonly photometry?: PhotometryConfig | null;
  readonly priority: number;
  readonly policies: PolicySnapshot;
}

export interface TileResult {
  /** Product id: the row in `images`. */
  readonly tileId: string;
  readonly groupId: string;
  readonly qa: QaState;
  /** What the other tiles of a mosaic take over from this one. */
  readonly form: TileForm;
}
