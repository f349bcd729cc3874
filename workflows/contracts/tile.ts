/** The tile unit: apply, image, check, register. */
import type { PolicySnapshot } from './policies.ts';
import type { ImageRecipe } from './recipes.ts';

export const TILE_WORKFLOW = 'tileWorkflow';

export interface TileInput {
  readonly groupId: string;
  readonly groupVersion: number;
  /** Product id of the measurement set. */
  readonly msId: string;
  /** Product ids of the caltables, in the order in which they are applied; empty: image without calibration. */
  readonly caltableIds: readonly string[];
  /** Options of the image stage, with the common beam where there is one. */
  readonly recipe: ImageRecipe;
  /** Subtracted with its drifting beam before cleaning and restored after it. */
  readonly calibrator: string | null;
  readonly priority: number;
  readonly policies: PolicySnapshot;
}

export interface TileResult {
  /** Id of the row in `images`: the tile. */
  readonly tileId: string;
  readonly groupId: string;
  readonly qa: QaState;
  /** Beam the tile is restored with. */
  readonly beam: { readonly bmaj_arcsec: number; readonly bmin_arcsec: number; readonly bpa_deg: number };
}

export type QaState = 'pass' | 'warn' | 'fail' | 'not_evaluated';
