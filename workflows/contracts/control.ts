/** How people steer a running workflow: updates that say who and why, and the answer to "where is it?". */
import { defineQuery, defineUpdate } from '@temporalio/workflow';

/** Who asks and why; recorded in `events`. The update's id is the id of the request. */
export interface ControlRequest {
  readonly requestedBy: string;
  readonly reason: string;
}

export type RunState = 'running' | 'paused' | 'cancelling' | 'done' | 'failed' | 'cancelled';

export type PhaseState = 'pending' | 'running' | 'done' | 'failed' | 'cancelled';

/** One phase of a workflow, as the query `status` shows it. */
export interface PhaseStatus {
  readonly name: string;
  readonly state: PhaseState;
  /** Units of work in this phase: 3 of 5 tiles, say. */
  readonly done: number;
  readonly total: number;
  /** What happens now, in words. */
  readonly message: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

/** A failure as it is shown: code of `domain/errors.ts`, one sentence. */
export interface FailureView {
  readonly code: string;
  readonly message: string;
}

/** Where a workflow is. Progress within a stage and its ETA are in the registry, not here. */
export interface WorkflowStatus {
  readonly state: RunState;
  readonly jobId: string | null;
  /** Name of the present phase; null before the first and after the last. */
  readonly phase: string | null;
  readonly phases: readonly PhaseStatus[];
  /** Who paused it and why; null when it is not paused. */
  readonly pausedBy: ControlRequest | null;
  readonly failure: FailureView | null;
}

export const statusQuery = defineQuery<WorkflowStatus>('status');

/** Stop before the next phase; what runs is finished first. Refused (CONFLICT) when paused or no longer running. */
export const pauseUpdate = defineUpdate<WorkflowStatus, [ControlRequest]>('pause');

/** Go on. Refused (CONFLICT) when not paused. */
export const resumeUpdate = defineUpdate<WorkflowStatus, [ControlRequest]>('resume');

/** Stop and clean up; units that others asked for go on. Refused (CONFLICT) when it is ending already. */
export const cancelUpdate = defineUpdate<WorkflowStatus, [ControlRequest]>('cancel');
