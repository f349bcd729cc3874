/** Running compute stages: for activities through `StageRunner`, for single commands through `runStageLocally`. */
export { pythonProgram } from './python-program.ts';
export { runStageLocally, type LocalRun } from './run-locally.ts';
export type { StageProgram } from './stage-process.ts';
export type {
  ProducedOutput,
  ProductPlan,
  StageHooks,
  StageLimits,
  StageOutcome,
  StageOwner,
  StageProgress,
  StageRequest,
  StageRunner,
} from './stage-runner.ts';
export { SupervisedStageRunner, type StageFolders, type StageRunnerOptions } from './supervised-stage-runner.ts';
