/** One transit of a calibrator: waits for its window and groups, asks for the mosaic, ends with it or with a reason. */
import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { TransitLook } from '../../activities/interfaces.ts';
import { isOpen } from '../../domain/schedule/transit-states.ts';
import { Calls } from '../common/calls.ts';
import { asWorkflowFailure, describeFailure } from '../common/failures.ts';
import type { TransitInput, TransitResult } from '../contracts/schedule.ts';
import { TransitRun } from './transit-run.ts';

export async function transitWorkflow(input: TransitInput): Promise<TransitResult> {
  const calls = new Calls(input.policies);
  const run = new TransitRun(input, calls);
  try {
    await work(run, calls);
  } catch (error) {
    await CancellationScope.nonCancellable(() => fail(run, calls, error));
    throw isCancellation(error) ? error : asWorkflowFailure(describeFailure(error), error);
  }
  return run.end();
}

async function work(run: TransitRun, calls: Calls): Promise<void> {
  const { key, policies, priority } = run.input;
  const begun = await calls.registry('Reading the plan').beginTransit(key);
  run.found(begun);
  let asked = begun.asked;
  if (isOpen(begun.state)) {
    const verdict = await waitForGroups(run, calls);
    if (verdict === null) return;
    if (verdict.kind === 'missed') return settle(run, calls, { state: 'missed', ...verdict });
    run.asking(verdict.remark);
    const answer = await calls
      .registry('Asking for the mosaic', 'plan')
      .askForTransitMosaic({ key, policies, priority, remark: verdict.remark });
    if (answer.kind === 'missed') return settle(run, calls, { state: 'missed', ...answer });
    asked = answer;
  }
  if (asked === null) return;
  run.awaiting(asked);
  const { mosaicId, failure } = await calls.wait('Waiting for the mosaic').awaitMosaic(asked);
  const end =
    failure === null ? { state: 'done' as const, code: null, message: null } : { state: 'failed' as const, ...failure };
  await settle(run, calls, { ...end, mosaicId });
}

type Verdict = Exclude<TransitLook, { readonly kind: 'wait' }>;

/** @returns null when the transit was struck off meanwhile */
async function waitForGroups(run: TransitRun, calls: Calls): Promise<Verdict | null> {
  let nextMs = run.closesMs;
  while (run.struckBy === null) {
    const { changes } = run;
    const waitMs = nextMs - Date.now();
    if (waitMs > 0) await condition(() => run.changes !== changes, waitMs);
    const look = run.changes === changes ? await lookAround(run, calls) : null;
    // What was seen before a move says nothing about the times after it.
    if (look === null || run.changes !== changes) {
      nextMs = run.closesMs;
      continue;
    }
    if (look.kind !== 'wait') return look;
    run.waits(look.reason);
    nextMs = Date.parse(look.until);
  }
  return null;
}

/** Where no stream watches the folders, they are read before anything is waited for or given up. */
async function lookAround(run: TransitRun, calls: Calls): Promise<TransitLook> {
  const { key, policies } = run.input;
  const first = await calls.registry('Looking whether the groups are there', 'plan').lookAtTransit(key);
  if (first.kind === 'ask' || !first.unwatched) return first;
  const scan = { requestId: `${key.calibrator}/${key.transitNumber}`, rootId: null, requestedBy: 'schedule', policies };
  await calls.compute('inspect', 'Looking for late files').scanDataRoots(scan);
  return calls.registry('Looking whether the groups are there now', 'plan').lookAtTransit(key);
}

interface End {
  readonly state: 'done' | 'failed' | 'missed' | 'struck';
  readonly code: string | null;
  readonly message: string | null;
  readonly mosaicId?: string | null;
}

async function settle(run: TransitRun, calls: Calls, { state, code, message, mosaicId = null }: End): Promise<void> {
  await calls
    .registry(`Recording: ${state}`)
    .endTransit({ key: run.input.key, state, code, reason: message, mosaicId });
  run.settled({ state, reason: message, mosaicId });
}

async function fail(run: TransitRun, calls: Calls, error: unknown): Promise<void> {
  const cancelled = { code: 'CANCELLED', message: 'cancelled in Temporal' };
  const failure = isCancellation(error) ? cancelled : describeFailure(error);
  const state = isCancellation(error) && isOpen(run.state) ? 'struck' : 'failed';
  await settle(run, calls, { state, ...failure });
  await run.end();
}
