/** Workflow ids: made in `domain/ids.ts`, here for those who start or look up workflows. */
export {
  hash8Of,
  jobWorkflowId,
  msWorkflowId,
  tileWorkflowId,
  transitMosaicWorkflowId,
  windowMosaicWorkflowId,
} from '../../domain/ids.ts';

/** A look at one data root, or at all of them. */
export const scanWorkflowId = (rootId: string | null): string => `scan/${rootId ?? 'all'}`;
