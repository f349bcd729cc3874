/** What Temporal is told when an activity fails: our code as the type, retryable or not by the one table. */
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { isGrpcServiceError } from '@temporalio/client';
import { MeridianError, type ErrorCode } from '../domain/errors.ts';
import { attemptLimit } from '../domain/stage-policies.ts';
import { isServerAway } from '../registry/index.ts';

/** Seconds until work whose service is away is tried again: a restart takes about one. */
const SERVICE_RETRY = '2s';

const DISK_CODES = new Set(['ENOSPC', 'EDQUOT']);

/** The same failure with one of our codes; one that has none is INTERNAL. */
export function asMeridianError(error: unknown): MeridianError {
  if (error instanceof MeridianError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  return new MeridianError(codeOf(cause), cause.message, {}, { cause });
}

function codeOf(error: Error): ErrorCode {
  const code = (error as { code?: unknown }).code;
  if (isGrpcServiceError(error) || isServerAway(error)) return 'SERVICE_UNAVAILABLE';
  return typeof code === 'string' && DISK_CODES.has(code) ? 'DISK_FULL' : 'INTERNAL';
}

/**
 * The failure for Temporal.
 *
 * @param failedBefore how often the same work failed with the same code before
 */
export function asApplicationFailure(error: unknown, failedBefore: number): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const known = asMeridianError(error);
  return ApplicationFailure.create({
    type: known.code,
    message: known.message,
    nonRetryable: failedBefore + 1 >= attemptLimit(known.code),
    details: [known.context],
    ...(known.code === 'SERVICE_UNAVAILABLE' ? { nextRetryDelay: SERVICE_RETRY } : {}),
    cause: known,
  });
}

/** Whether an activity ended because it was told to. */
export const isCancelled = (error: unknown): boolean => error instanceof CancelledFailure;
