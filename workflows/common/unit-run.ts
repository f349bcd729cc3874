/** What the shared units (a measurement set, a tile) have in common: who waits for them, and how they end. */
import { allHandlersFinished, CancellationScope, condition, isCancellation, setHandler } from '@temporalio/workflow';
import { statusQuery, type FailureView, type RunState, type WorkflowStatus } from '../contracts/control.ts';
import { joinUpdate, leaveUpdate, requestersQuery } from '../contracts/units.ts';
import { cancelSelf } from './cancel-self.ts';
import type { Calls } from './calls.ts';
import { asWorkflowFailure, describeFailure, refuse } from './failures.ts';
import type { PhaseBoard } from './phase-board.ts';

/** How the end of a unit that did not succeed is written down. */
export type RecordUnitEnd = (state: 'failed' | 'cancelled', failure: FailureView) => Promise<void>;

/**
 * A running unit. Requesters join and leave by update; the last one to leave cancels it. A unit that was started by
 * hand has no requester and goes on until it is done or cancelled.
 */
export class UnitRun {
  private state: RunState = 'running';
  private failure: FailureView | null = null;
  /** Job of each workflow that waits for this unit. */
  private readonly requesters = new Map<string, string>();
  private readonly scope = new CancellationScope();
  private readonly board: PhaseBoard;
  private readonly calls: Calls;

  constructor(board: PhaseBoard, calls: Calls) {
    this.board = board;
    this.calls = calls;
    setHandler(statusQuery, () => this.status());
    setHandler(requestersQuery, () => [...this.requesters.keys()]);
    setHandler(joinUpdate, ({ workflowId, jobId }) => void this.requesters.set(workflowId, jobId), {
      validator: (_requester) => this.requireRunning(),
    });
    setHandler(leaveUpdate, ({ workflowId }) => this.leave(workflowId));
  }

  /** Jobs that wait for this unit. */
  get jobIds(): string[] {
    return [...new Set(this.requesters.values())];
  }

  /** Does the work; a failure or a cancellation is recorded before the workflow ends with it. */
  async run<Result>(work: () => Promise<Result>, recordEnd: RecordUnitEnd): Promise<Result> {
    try {
      const result = await this.scope.run(work);
      this.state = 'done';
      await condition(allHandlersFinished);
      return result;
    } catch (error) {
      return await this.end(error, recordEnd);
    }
  }

  /** One phase, shown while it runs. */
  async phase<Result>(name: string, message: string, work: () => Promise<Result>): Promise<Result> {
    this.board.begin(name);
    this.board.report(name, { done: 0, total: 0, message });
    try {
      const result = await work();
      this.board.end(name, 'done');
      return result;
    } catch (error) {
      this.board.end(name, isCancellation(error) ? 'cancelled' : 'failed');
      throw error;
    }
  }

  private async end(error: unknown, recordEnd: RecordUnitEnd): Promise<never> {
    const cancelled = isCancellation(error);
    this.failure = cancelled ? { code: 'CANCELLED', message: 'nobody waits for it any more' } : describeFailure(error);
    const { failure } = this;
    this.state = cancelled ? 'cancelled' : 'failed';
    await CancellationScope.nonCancellable(async () => {
      await recordEnd(cancelled ? 'cancelled' : 'failed', failure);
      await condition(allHandlersFinished);
    });
    if (!cancelled) throw asWorkflowFailure(failure, error);
    await cancelSelf(this.calls);
    throw error;
  }

  private leave(workflowId: string): void {
    if (!this.requesters.delete(workflowId) || this.requesters.size > 0) return;
    if (this.state !== 'running') return;
    this.state = 'cancelling';
    this.scope.cancel();
  }

  private requireRunning(): void {
    if (this.state !== 'running') throw refuse(`this unit is ${this.state}; ask again when it has ended`);
  }

  private status(): WorkflowStatus {
    return {
      state: this.state,
      jobId: null,
      phase: this.board.current?.name ?? null,
      phases: this.board.list,
      pausedBy: null,
      failure: this.failure,
    };
  }
}
