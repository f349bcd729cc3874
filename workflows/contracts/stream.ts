/** The stream: watches an incoming folder and starts a workflow for every group that is decided. */
import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { ControlRequest, RunState } from './control.ts';
import type { GroupRecipe } from './group.ts';
import type { PolicySnapshot } from './policies.ts';

export const STREAM_WORKFLOW = 'streamWorkflow';

export interface StreamInput {
  readonly jobId: string;
  readonly name: string;
  /** The incoming folder: a data root. */
  readonly rootId: string;
  /** Take what is there, then stop; incomplete groups are decided at once. */
  readonly once: boolean;
  /** Groups that are worked on at the same time. */
  readonly maxInFlight: number;
  readonly recipe: GroupRecipe;
  /** Looks into the folder before the workflow continues as a new run. */
  readonly looksPerRun: number;
  readonly policies: PolicySnapshot;
  /** What the run before handed over; null in the first one. */
  readonly carried: StreamCarried | null;
}

export interface StreamCarried {
  readonly pausedBy: ControlRequest | null;
  readonly looks: number;
  readonly taken: number;
  readonly last: StreamLook | null;
}

/** What a look into the folder found. All of it is counted in the registry. */
export interface StreamLook {
  readonly at: string;
  /** Groups whose workflows were started by this look. */
  readonly started: readonly string[];
  readonly inFlight: number;
  /** Decided groups that wait for a place. */
  readonly waiting: number;
  /** Groups that wait for files. */
  readonly collecting: number;
  readonly rejected: number;
  readonly quarantined: number;
  /** Groups whose workflow failed: they are not tried again by themselves. */
  readonly failed: number;
  /** End of the newest data that was seen; null before the first. */
  readonly newestMjd: number | null;
  /** End of the newest data whose tile is done; null before the first. */
  readonly newestDoneMjd: number | null;
}

export interface StreamStatus {
  readonly state: RunState;
  readonly pausedBy: ControlRequest | null;
  readonly once: boolean;
  readonly maxInFlight: number;
  readonly looks: number;
  readonly taken: number;
  readonly last: StreamLook | null;
}

export interface StreamResult {
  readonly taken: number;
  readonly stoppedBy: string | null;
  readonly last: StreamLook | null;
}

export interface StreamSettings extends ControlRequest {
  readonly maxInFlight: number;
}

export const streamQuery = defineQuery<StreamStatus>('stream');

/** Change how many groups are worked on at the same time; holds from the next look on. */
export const reconfigureUpdate = defineUpdate<StreamStatus, [StreamSettings]>('reconfigure');
