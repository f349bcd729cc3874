/**
 * The stream. One activity at a time looks into the folder and starts group workflows while places are free; all that
 * counts is in the registry, so nothing is lost between two looks, two runs or two workers.
 */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  sleep,
} from '@temporalio/workflow';
import { Calls } from '../common/calls.ts';
import type { StreamInput, StreamResult } from '../contracts/stream.ts';
import { StreamRun } from './stream-run.ts';

const PAUSE_BETWEEN_LOOKS_MS = 1000;

export async function streamWorkflow(input: StreamInput): Promise<StreamResult> {
  const calls = new Calls(input.policies);
  const run = new StreamRun(input, calls);
  try {
    if (input.carried === null) await calls.registry('Marking the stream as running').beginJob(run.rows);
    const ended = await run.control.cancellable(() => look(run, calls));
    if (!ended) {
      await condition(allHandlersFinished);
      return await continueAsNew<typeof streamWorkflow>({
        ...input,
        maxInFlight: run.maxInFlight,
        carried: run.carried(),
      });
    }
    return await run.end('done', null);
  } catch (error) {
    // Being stopped is how a stream ends; it is no failure.
    if (isCancellation(error) && run.control.cancelledBy !== null) return run.end('done', null);
    return run.fail(error);
  }
}

/** @returns whether the stream has ended; false: it goes on as a new run */
async function look(run: StreamRun, calls: Calls): Promise<boolean> {
  const { rootId, once, recipe, jobId, looksPerRun, policies } = run.input;
  for (let count = 0; count < looksPerRun; count += 1) {
    await run.control.gate();
    const found = await unlessPaused(run, () =>
      calls
        .wait(`Looking for groups, ${run.maxInFlight} at a time`)
        .takeGroups({ jobId, rootId, once, maxInFlight: run.maxInFlight, recipe, policies }),
    );
    if (found === null) continue;
    run.found(found);
    if (once && found.inFlight + found.waiting + found.collecting === 0) return true;
    await sleep(PAUSE_BETWEEN_LOOKS_MS);
  }
  return false;
}

/** A look takes up to a minute: a pause ends it at once, and then it found nothing. */
async function unlessPaused<Found>(run: StreamRun, work: () => Promise<Found>): Promise<Found | null> {
  const scope = new CancellationScope();
  const looking = scope.run(work);
  // The end of the stream cancels this waiting too; that is nothing to be told of.
  void condition(() => run.control.pausedBy !== null).then(
    () => scope.cancel(),
    () => undefined,
  );
  try {
    return await looking;
  } catch (error) {
    if (isCancellation(error) && run.control.pausedBy !== null) return null;
    throw error;
  }
}
