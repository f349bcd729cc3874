/** Waiting for a job of the gateway, with its progress shown. */
import { errorOfProblem } from '../../api/client/client.ts';
import type { Schemas } from '../../api/client/client.ts';
import { followEvents } from '../../api/client/event-stream.ts';
import type { ServerEvent } from '../../api/client/event-stream.ts';
import { MeridianError } from '../../domain/errors.ts';
import type { CommandContext } from '../command.ts';
import type { Gateway } from './connect.ts';

export type Job = Schemas['Job'];

/** A restart of every service takes less. */
const PATIENCE_SECONDS = 300;

/**
 * Follows a job to its end, over restarts of the gateway.
 *
 * @throws MeridianError CANCELLED after Ctrl-C, saying that the job goes on.
 */
export async function followJob(gateway: Gateway, jobId: string, context: CommandContext): Promise<Job> {
  const isLast = ({ event }: ServerEvent): boolean => event === 'outcome';
  const url = `${gateway.url}/api/jobs/${jobId}/logs`;
  try {
    for await (const event of followEvents(url, {
      signal: context.signal,
      isLast,
      patienceSeconds: PATIENCE_SECONDS,
    })) {
      if (event.event === 'outcome') return JSON.parse(event.data) as Job;
      show(event, context);
    }
  } catch (error) {
    if (!context.signal.aborted) throw error;
    const message = `no longer waiting; the job ${jobId} goes on`;
    throw new MeridianError('CANCELLED', message, { job_id: jobId }, { cause: error });
  }
  throw new MeridianError('INTERNAL', `the log of job ${jobId} ended without an outcome`);
}

/** Warnings and failures are lines; all else is in the progress. */
function show({ event, data }: ServerEvent, { progress, note }: CommandContext): void {
  if (event === 'progress') {
    const state = JSON.parse(data) as Schemas['JobProgress'];
    const message = state.message ?? '';
    progress.update({ fraction: state.progress, step: state.phase, message, etaSeconds: state.eta_seconds });
  } else if (event.endsWith('.failed') || event.endsWith('.warning')) {
    note((JSON.parse(data) as Schemas['JobEvent']).message ?? event);
  }
}

/** @throws MeridianError the job's own failure, or CANCELLED */
export function requireDone(job: Job): void {
  if (job.status === 'done') return;
  const { code, message } = job.error ?? { code: 'CANCELLED', message: `job ${job.id} was ${job.status}` };
  throw errorOfProblem({ code, detail: message, context: { job_id: job.id, status: job.status } }, 500);
}
