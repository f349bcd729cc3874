/** Log lines of the worker: JSON on stdout, one per line; the supervisor keeps them in a file. */
import { pino, type Logger as PinoLogger } from 'pino';
import type { Logger, LogLevel, LogMetadata } from '@temporalio/worker';

export type WorkerLogger = PinoLogger;

export const createLogger = (level: string): WorkerLogger =>
  pino({
    level,
    base: { service: 'worker', pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
  });

const LEVELS: Readonly<Record<LogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'>> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

/** Fields that the SDK adds and our own lines have under other names, or that help nobody. */
const LEFT_OUT = new Set([
  'namespace',
  'taskToken',
  'workflowId',
  'runId',
  'workflowRunId',
  'workflowType',
  'activityId',
  'activityType',
  'isLocal',
  'sdkComponent',
]);

/** Each of our workers has either workflows or activities: nothing to be warned of. */
const OF_NO_INTEREST = /^No (workflows|activities|Nexus services) registered/;

/** The SDK's logger, writing through ours. */
export function sdkLogger(logger: WorkerLogger): Logger {
  const log = (level: LogLevel, message: string, metadata?: LogMetadata): void => {
    if (!OF_NO_INTEREST.test(message)) logger[LEVELS[level]](fieldsOf(metadata), message);
  };
  return {
    log,
    trace: (message, metadata) => log('TRACE', message, metadata),
    debug: (message, metadata) => log('DEBUG', message, metadata),
    info: (message, metadata) => log('INFO', message, metadata),
    warn: (message, metadata) => log('WARN', message, metadata),
    error: (message, metadata) => log('ERROR', message, metadata),
  };
}

function fieldsOf(metadata: LogMetadata = {}): Record<string, unknown> {
  const { workflowId, runId, workflowRunId, taskQueue, error, ...rest } = metadata as Record<string, unknown>;
  const run = runId ?? workflowRunId;
  const kept = Object.entries(rest).filter(([name, value]) => !LEFT_OUT.has(name) && value !== undefined);
  return {
    ...(workflowId === undefined ? {} : { workflow_id: workflowId }),
    ...(run === undefined ? {} : { run_id: run }),
    ...(taskQueue === undefined ? {} : { task_queue: taskQueue }),
    ...Object.fromEntries(kept),
    ...(error === undefined ? {} : { err: error }),
  };
}
