/** Workflow ids: made in `domain/ids.ts`, here for those who start or look up workflows. */
export {
  hash8Of,
  jobWorkflowId,
  msWorkflowId,
  tileWorkflowId,
  transitMosaicWorkflowId,
  windowMosaicWorkflowId,
} from '../../domain/ids.ts';

/** A look at the data roots, asked for once. */
export const scanWorkflowId = (requestId: string): string => `scan/${requestId}`;
