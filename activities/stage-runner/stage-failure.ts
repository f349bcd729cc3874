/** Why a stage ended without a result, as one of our codes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOfExitStatus, isErrorCode, MeridianError, type ErrorContext } from '../../domain/errors.ts';
import type { StageName } from '../../domain/generated/stages.ts';
import type { ProcessReport } from '../process/supervise.ts';

/** The shell's statuses for a program that cannot be run and one that is not there. */
const CANNOT_START = new Set([126, 127]);
const TAIL_LINES = 3;

interface FailureDocument {
  readonly code: string;
  readonly message: string;
  readonly context: ErrorContext;
}

/**
 * What the stage says of itself in `failure.json` comes first; then a limit that was reached, the kernel's counters,
 * its exit status and its signal. A tool that the OOM killer took fails for want of memory, whatever the stage thinks.
 */
export async function stageFailure(
  stage: StageName,
  workdir: string,
  ended: ProcessReport & { readonly limitSeconds: number },
): Promise<MeridianError> {
  const own = await readFailure(workdir);
  const context = { stage, exit_code: ended.exitCode, signal: ended.signal };
  if (ended.ending === 'timed_out') {
    const message = `${stage} was stopped after its limit of ${ended.limitSeconds} s`;
    return new MeridianError('TOOL_TIMED_OUT', message, { ...context, limit_seconds: ended.limitSeconds });
  }
  if (ended.oomKilled && (ended.signal === 'SIGKILL' || wasKilled(own))) {
    const message = `the kernel ended ${stage} for want of memory; give the worker more, or make a smaller image`;
    return new MeridianError('OUT_OF_MEMORY', message, context);
  }
  if (own !== undefined) {
    const code = isErrorCode(own.code) ? own.code : 'INTERNAL';
    return new MeridianError(code, own.message, { ...own.context, stage });
  }
  const last = await lastWords(workdir);
  if (ended.signal !== null) {
    return new MeridianError('TOOL_FAILED', `${stage} was ended by ${ended.signal}${last}`, context);
  }
  const status = ended.exitCode ?? 1;
  if (CANNOT_START.has(status))
    return new MeridianError('TOOL_MISSING', `${stage} could not be started${last}`, context);
  return new MeridianError(codeOfExitStatus(status), `${stage} ended with status ${status}${last}`, context);
}

/** Whether the stage says that a tool of its own was ended by KILL. */
const wasKilled = (own: FailureDocument | undefined): boolean =>
  own?.code === 'TOOL_FAILED' && (own.context['exit_code'] === -9 || own.context['exit_code'] === 137);

async function readFailure(workdir: string): Promise<FailureDocument | undefined> {
  try {
    const document = JSON.parse(await readFile(join(workdir, 'failure.json'), 'utf8')) as Partial<FailureDocument>;
    if (typeof document.code !== 'string' || typeof document.message !== 'string') return undefined;
    return { code: document.code, message: document.message, context: document.context ?? {} };
  } catch {
    return undefined;
  }
}

async function lastWords(workdir: string): Promise<string> {
  const text = await readFile(join(workdir, 'stage.log'), 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.length === 0 ? '' : `: ${lines.slice(-TAIL_LINES).join(' | ')}`;
}
