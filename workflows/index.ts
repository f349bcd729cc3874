/** Every workflow, under the name by which it is started: what the bundle holds. */
export { eseWorkflow } from './ese/ese.workflow.ts';
export { groupWorkflow } from './group/group.workflow.ts';
export { jobWorkflow } from './job/job.workflow.ts';
export { mosaicWorkflow } from './mosaic/mosaic.workflow.ts';
export { msWorkflow } from './ms/ms.workflow.ts';
export { plannerWorkflow } from './schedule/planner.workflow.ts';
export { photometryWorkflow } from './photometry/photometry.workflow.ts';
export { scanWorkflow } from './scan/scan.workflow.ts';
export { streamWorkflow } from './stream/stream.workflow.ts';
export { tileWorkflow } from './tile/tile.workflow.ts';
export { transitWorkflow } from './schedule/transit.workflow.ts';
