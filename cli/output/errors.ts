/** Errors as the user sees them, and the exit status each kind has. */
import { CommanderError } from 'commander';
import { ERROR_RULES, MeridianError, exitStatusOf } from '../../domain/errors.ts';
import type { ErrorCode } from '../../domain/errors.ts';

/** Status when a service that the command needs does not answer. */
export const EXIT_SERVICES = 5;
/** Status after Ctrl-C, as shells have it. */
export const EXIT_INTERRUPTED = 130;

/** Exit status for a code: 2 bad input, 3 tool failed, 4 resources, 5 services, 1 anything else. */
export function exitStatusForCode(code: ErrorCode): number {
  if (code === 'SERVICE_UNAVAILABLE' || code === 'SCHEMA_VERSION') return EXIT_SERVICES;
  return code === 'CANCELLED' ? EXIT_INTERRUPTED : exitStatusOf(code);
}

/** What `--json` prints instead of a result. */
export interface ErrorDocument {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly advice: string;
    readonly context: Readonly<Record<string, unknown>>;
  };
}

const SYSTEM_CODES: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'FILE_MISSING',
  EACCES: 'FILE_UNREADABLE',
  EPERM: 'FILE_UNREADABLE',
  EISDIR: 'FILE_UNREADABLE',
  ENOSPC: 'DISK_FULL',
  ENOMEM: 'OUT_OF_MEMORY',
};

/** Our error for anything thrown: option errors of commander, system errors, our own. */
export function asCliError(thrown: unknown): MeridianError {
  if (thrown instanceof MeridianError) return thrown;
  if (thrown instanceof CommanderError) {
    return new MeridianError('REQUEST_INVALID', thrown.message.replace(/^error: /, ''), {}, { cause: thrown });
  }
  if (!(thrown instanceof Error)) return new MeridianError('INTERNAL', String(thrown), {}, { cause: thrown });
  const { code, path } = thrown as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : SYSTEM_CODES[code];
  if (known === undefined) return new MeridianError('INTERNAL', thrown.message, {}, { cause: thrown });
  return new MeridianError(known, thrown.message, path === undefined ? {} : { file: path }, { cause: thrown });
}

export const errorDocument = (error: MeridianError): ErrorDocument => ({
  error: { code: error.code, message: error.message, advice: ERROR_RULES[error.code].advice, context: error.context },
});

/** Lines for people; the stack only when asked for, or when it is our fault. */
export function errorText(error: MeridianError, debug: boolean): string {
  const lines = [`meridian: ${error.message}`, `  ${error.advice} (${error.code})`];
  if (debug)
    lines.push(
      String(error.stack),
      ...(error.cause instanceof Error ? [`caused by ${String(error.cause.stack)}`] : []),
    );
  else if (error.code === 'INTERNAL') lines.push('  MERIDIAN_DEBUG=1 shows where it happened.');
  return lines.join('\n');
}
