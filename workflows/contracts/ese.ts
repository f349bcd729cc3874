/** A search for scattering events in light curves that are there. */
import type { EventPreset } from '../../domain/events/expectation.ts';
import type { PolicySnapshot } from './policies.ts';

export const ESE_WORKFLOW = 'eseWorkflow';

export interface EseInput {
  readonly jobId: string;
  /** Only this source; null: all. */
  readonly sourceId: number | null;
  /** Null: the preset decides. */
  readonly minSigma: number | null;
  readonly preset: EventPreset;
  /** Only say what would change. */
  readonly replay?: boolean;
  readonly priority: number;
  readonly policies: PolicySnapshot;
}
