/** Workflow ids: made in `domain/ids.ts`, here for those who start or look up workflows. */
export {
  eseWorkflowId,
  groupWorkflowId,
  hash8Of,
  jobWorkflowId,
  msWorkflowId,
  photometryWorkflowId,
  streamWorkflowId,
  tileWorkflowId,
  transitMosaicWorkflowId,
  transitWorkflowId,
  windowMosaicWorkflowId,
} from '../../domain/ids.ts';

/** A look at the data roots, asked for once. */
export const scanWorkflowId = (requestId: string): string => `scan/${requestId}`;
