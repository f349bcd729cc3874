/** Every workflow, under the name by which it is started: what the bundle holds. */
export { jobWorkflow } from './job/job.workflow.ts';
export { mosaicWorkflow } from './mosaic/mosaic.workflow.ts';
export { msWorkflow } from './ms/ms.workflow.ts';
export { scanWorkflow } from './scan/scan.workflow.ts';
export { tileWorkflow } from './tile/tile.workflow.ts';
