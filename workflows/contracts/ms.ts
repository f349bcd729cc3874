/** The measurement-set unit: convert, flag, check, commit. */
import type { PolicySnapshot } from './policies.ts';
import type { MsRecipe } from './recipes.ts';

export const MS_WORKFLOW = 'msWorkflow';

export interface MsInput {
  readonly groupId: string;
  /** Version of the group's file list. */
  readonly groupVersion: number;
  readonly recipe: MsRecipe;
  readonly minSubbands: number;
  readonly priority: number;
  readonly policies: PolicySnapshot;
}

export interface MsResult {
  /** Product id of the flagged measurement set. */
  readonly msId: string;
  readonly groupId: string;
}
