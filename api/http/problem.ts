/** Errors as RFC 9457 problem details. */
import { HttpException } from '@nestjs/common';
import { ERROR_RULES, MeridianError, isErrorCode } from '../../domain/errors.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import { asRegistryError } from '../../registry/index.ts';
import type { Problem } from '../contracts/common.ts';

/** Seconds after which asking again makes sense, where it does at all. */
const RETRY_AFTER_SECONDS = 5;

/** Also errors of other realms and errors made without `Error` (those of Fastify). */
const isErrorLike = (thrown: unknown): thrown is Error =>
  typeof thrown === 'object' && thrown !== null && typeof (thrown as { message?: unknown }).message === 'string';

const title = (code: ErrorCode): string => {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const codeOf = (error: unknown): string | number | undefined =>
  typeof error === 'object' && error !== null && 'code' in error
    ? (error as { code?: string | number }).code
    : undefined;

const GRPC_UNAVAILABLE: ReadonlySet<number> = new Set([4, 8, 14]);

/** The code that a workflow or activity failed with: the innermost failure has it. */
function fromFailure(error: Error, fallback: ErrorCode): MeridianError {
  for (let cause = error.cause; isErrorLike(cause); cause = cause.cause) {
    const { type } = cause as Error & { type?: string };
    if (type !== undefined && isErrorCode(type)) return new MeridianError(type, cause.message, {}, { cause: error });
  }
  return new MeridianError(
    fallback,
    (error.cause as Error | undefined)?.message ?? error.message,
    {},
    { cause: error },
  );
}

/** Errors of the Temporal client, recognised by name so that the client need not be loaded to map an error. */
function fromTemporal(error: Error): MeridianError | null {
  const options = { cause: error };
  if (error.name === 'WorkflowNotFoundError') {
    return new MeridianError('WORKFLOW_CLOSED', 'the workflow has ended or does not exist', {}, options);
  }
  if (error.name === 'WorkflowUpdateFailedError') return fromFailure(error, 'CONFLICT');
  if (error.name === 'WorkflowFailedError') return fromFailure(error, 'INTERNAL');
  const grpc = codeOf(error) ?? codeOf(error.cause);
  const away =
    error.name === 'WorkflowUpdateRPCTimeoutOrCancelledError' ||
    (typeof grpc === 'number' && GRPC_UNAVAILABLE.has(grpc));
  if (!away) return null;
  return new MeridianError(
    'SERVICE_UNAVAILABLE',
    'Temporal does not answer; nothing was started',
    { service: 'temporal' },
    options,
  );
}

const statusOf = (error: unknown): number | undefined => {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
};

/** Errors of the HTTP layer: unknown route, bad JSON, body too large. */
function fromHttp(error: Error, status: number): MeridianError {
  const code: ErrorCode =
    status === 404
      ? 'NOT_FOUND'
      : status === 503
        ? 'SERVICE_UNAVAILABLE'
        : status >= 500
          ? 'INTERNAL'
          : 'REQUEST_INVALID';
  return new MeridianError(code, error.message, {}, { cause: error });
}

/** Our error for anything that was thrown; what is not recognised is INTERNAL, and its text stays in the log. */
export function asMeridianError(error: unknown): MeridianError {
  if (error instanceof MeridianError) return error;
  if (!isErrorLike(error)) return new MeridianError('INTERNAL', 'the gateway failed', {}, { cause: error });
  const status = statusOf(error);
  if (status !== undefined) return fromHttp(error, status);
  const temporal = fromTemporal(error);
  if (temporal !== null) return temporal;
  const registry = asRegistryError(error);
  if (registry instanceof MeridianError) return registry;
  return new MeridianError('INTERNAL', 'the gateway failed; its log says more', {}, { cause: error });
}

/** The problem document of an error, for the path that was asked for. */
export function problemOf(thrown: unknown, instance: string): Problem {
  const error = asMeridianError(thrown);
  const rule = ERROR_RULES[error.code];
  const status = statusOf(thrown) ?? rule.httpStatus;
  return {
    type: `urn:meridian:problem:${error.code.toLowerCase()}`,
    title: title(error.code),
    status,
    code: error.code,
    detail: error.message,
    advice: rule.advice,
    instance,
    context: { ...error.context },
    ...(status === 503 ? { retry_after_seconds: RETRY_AFTER_SECONDS } : {}),
  };
}
