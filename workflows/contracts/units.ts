/**
 * Shared units: work that several workflows may ask for and that is done once.
 *
 * Whoever needs a unit joins its workflow and leaves it again when cancelled; a unit that nobody wants any more
 * cancels itself.
 */
import { defineQuery, defineUpdate } from '@temporalio/workflow';

/** The workflow that needs the unit, and its job. */
export interface UnitRequester {
  readonly workflowId: string;
  readonly jobId: string;
}

/** Adds a requester. Refused (CONFLICT) while the unit is being cancelled. */
export const joinUpdate = defineUpdate<void, [UnitRequester]>('join');

/** Takes a requester away; the last one to leave cancels the unit. Leaving twice, or without joining, does nothing. */
export const leaveUpdate = defineUpdate<void, [UnitRequester]>('leave');

/** Workflows that wait for this unit. */
export const requestersQuery = defineQuery<readonly string[]>('requesters');
