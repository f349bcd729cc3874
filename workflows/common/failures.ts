/** What went wrong, out of the layers in which Temporal wraps it. */
import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import type { ErrorCode } from '../../domain/errors.ts';
import type { FailureView } from '../contracts/control.ts';

/** Code and sentence of a failure, for people and for the registry. */
export function describeFailure(error: unknown): FailureView {
  if (error instanceof ActivityFailure) {
    const { cause } = error;
    if (cause instanceof TimeoutFailure) {
      return { code: 'TOOL_TIMED_OUT', message: `${error.activityType} did not end in its time: ${cause.message}` };
    }
    return describeFailure(cause ?? new Error(error.message));
  }
  if (error instanceof ApplicationFailure) {
    return { code: error.type ?? 'INTERNAL', message: error.message };
  }
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) };
}

/** The failure a workflow ends with: the code is its type, so whoever waits for it can tell. */
export const asWorkflowFailure = (failure: FailureView, cause: unknown): ApplicationFailure =>
  ApplicationFailure.create({
    type: failure.code,
    message: failure.message,
    nonRetryable: true,
    ...(cause instanceof Error ? { cause } : {}),
  });

/** Refuses an update because of the state the workflow is in. */
export const refuse = (message: string): ApplicationFailure =>
  ApplicationFailure.create({ type: 'CONFLICT' satisfies ErrorCode, message, nonRetryable: true });
