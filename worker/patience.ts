/** Waiting for services that are away: with growing pauses, and a word in the log each time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { MeridianError } from '../domain/errors.ts';
import type { WorkerLogger } from './logger.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

export interface Patience {
  readonly logger: WorkerLogger;
  /** Aborted when the worker is to stop. */
  readonly signal: AbortSignal;
  /** Which failures mean that the service is away; others are thrown. */
  readonly isAway: (error: unknown) => boolean;
}

/** Tries until it succeeds. */
export async function untilThere<Result>(
  what: string,
  attempt: () => Promise<Result>,
  { logger, signal, isAway }: Patience,
): Promise<Result> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted || !isAway(error)) throw error;
      logger.warn({ reason: (error as Error).message, retry_ms: pauseMs }, `${what} does not answer; trying again`);
      await sleep(pauseMs, undefined, { signal });
    }
  }
}

/** What the registry says when PostgreSQL is away. */
export const isServiceAway = (error: unknown): boolean =>
  error instanceof MeridianError && error.code === 'SERVICE_UNAVAILABLE';
