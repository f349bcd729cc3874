/** What workflows with a job row have in common: steering, phases, and how they begin and end in the registry. */
import { allHandlersFinished, CancellationScope, condition, isCancellation, setHandler } from '@temporalio/workflow';
import { statusQuery, type ControlRequest, type FailureView, type WorkflowStatus } from '../contracts/control.ts';
import { cancelSelf } from './cancel-self.ts';
import type { Calls } from './calls.ts';
import { RunControl, type ControlAction } from './control.ts';
import { asWorkflowFailure, describeFailure } from './failures.ts';
import type { PhaseBoard, PhaseProgress } from './phase-board.ts';

/** Rows that this run keeps in step. */
export interface JobRows {
  readonly jobId: string;
  /** Row in `mosaic_groups`; null for a job without one. */
  readonly mosaicGroupId: string | null;
}

export interface JobRunParts {
  readonly rows: JobRows;
  readonly calls: Calls;
  readonly board: PhaseBoard;
}

/** A run that people asked for and may steer. */
export class JobRun {
  readonly control: RunControl;
  private readonly parts: JobRunParts;
  private failure: FailureView | null = null;

  constructor(parts: JobRunParts) {
    this.parts = parts;
    setHandler(statusQuery, () => this.status());
    this.control = new RunControl({
      record: (action, request, requestId) => this.recordControl(action, request, requestId),
      status: () => this.status(),
      changed: () => this.showControl(),
    });
  }

  /** Does the work between the two ends of the job row; failures get their code, a cancellation cleans up. */
  async run<Result extends object>(work: () => Promise<Result>): Promise<Result> {
    const { rows, calls } = this.parts;
    try {
      const result = await this.control.cancellable(async () => {
        await calls.registry('Marking the job as running').beginJob(rows);
        return work();
      });
      this.control.state = 'done';
      await CancellationScope.nonCancellable(() =>
        calls
          .registry('Marking the job as done')
          .endJob({ ...rows, state: 'done', failure: null, result: result ?? null }),
      );
      await condition(allHandlersFinished);
      return result;
    } catch (error) {
      return await this.end(error);
    }
  }

  /**
   * One phase: not begun while paused, written into the registry at both ends.
   *
   * @param name id of the phase on the board
   */
  async phase<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const { board } = this.parts;
    await this.control.gate();
    board.begin(name);
    await this.recordPhase(name);
    try {
      const result = await work();
      board.end(name, 'done');
      await this.recordPhase(name);
      return result;
    } catch (error) {
      board.end(name, isCancellation(error) ? 'cancelled' : 'failed');
      await CancellationScope.nonCancellable(() => this.recordPhase(name));
      throw error;
    }
  }

  /** What the present phase is or was about; written down with its end. */
  say(name: string, message: string): void {
    const phase = this.parts.board.list.find((candidate) => candidate.name === name);
    this.parts.board.report(name, { done: phase?.done ?? 0, total: phase?.total ?? 0, message });
  }

  /** How far the present phase is. */
  async report(name: string, progress: PhaseProgress): Promise<void> {
    this.parts.board.report(name, progress);
    await this.recordPhase(name);
  }

  private async recordPhase(name: string): Promise<void> {
    const { board, calls, rows } = this.parts;
    const phase = board.list.find((candidate) => candidate.name === name);
    if (phase === undefined) return;
    await calls.registry(`Phase ${name}: ${phase.state}`).recordPhase({ ...rows, changed: name, phases: board.list });
  }

  private async end(error: unknown): Promise<never> {
    const { calls, rows } = this.parts;
    const cancelled = isCancellation(error);
    const failure = cancelled ? this.cancellation() : describeFailure(error);
    this.failure = failure;
    const state = cancelled ? 'cancelled' : 'failed';
    await CancellationScope.nonCancellable(async () => {
      await calls.registry(`Marking the job as ${state}`).endJob({ ...rows, state, failure, result: null });
      this.control.state = state;
      await condition(allHandlersFinished);
    });
    if (!cancelled) throw asWorkflowFailure(failure, error);
    await cancelSelf(calls);
    throw error;
  }

  private cancellation(): FailureView {
    const by = this.control.cancelledBy;
    const message = by === null ? 'cancelled in Temporal' : `cancelled by ${by.requestedBy}: ${by.reason}`;
    return { code: 'CANCELLED', message };
  }

  private async recordControl(action: ControlAction, request: ControlRequest, requestId: string): Promise<void> {
    const { calls, rows } = this.parts;
    await calls
      .registry(`Recording: ${action} by ${request.requestedBy}`)
      .recordControl({ ...rows, ...request, action, requestId });
  }

  private showControl(): void {
    const { pausedBy, cancelledBy } = this.control;
    const line = (verb: string, by: ControlRequest): string => `${verb} by ${by.requestedBy}: ${by.reason}`;
    if (cancelledBy !== null) this.parts.board.say(line('Being cancelled, asked', cancelledBy));
    else this.parts.board.say(pausedBy === null ? '' : line('Paused', pausedBy));
  }

  private status(): WorkflowStatus {
    const { board, rows } = this.parts;
    return {
      state: this.control.state,
      jobId: rows.jobId,
      phase: board.current?.name ?? null,
      phases: board.list,
      pausedBy: this.control.pausedBy,
      failure: this.failure,
    };
  }
}
