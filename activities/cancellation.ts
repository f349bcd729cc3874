/** Why an activity has to stop, as the supervisor of processes understands it. */
import type { Context } from '@temporalio/activity';
import { AttemptLost } from './process/attempt-lost.ts';

/**
 * A signal for work that a next attempt may take over.
 *
 * It aborts with `AttemptLost` when the attempt timed out: the server gave it up, but the work is still wanted and the
 * next attempt comes to this worker too. Every other reason ends the work: somebody cancelled, the workflow is gone, or
 * this worker stops (its processes end with it).
 */
export function stageSignal(context: Context): AbortSignal {
  const controller = new AbortController();
  const { cancellationSignal } = context;
  const abort = (): void => {
    const lost = context.cancellationDetails?.timedOut === true;
    controller.abort(lost ? new AttemptLost('the attempt timed out') : cancellationSignal.reason);
  };
  if (cancellationSignal.aborted) abort();
  else cancellationSignal.addEventListener('abort', abort, { once: true });
  return controller.signal;
}
