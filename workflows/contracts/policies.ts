/** Time-outs and retries travel in the input, so that a changed default never alters a running workflow. */
export type { PolicySnapshot, StagePolicy } from '../../domain/stage-policies.ts';
