/** State of a stream as people see and steer it. */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  ContinueAsNew,
  currentUpdateInfo,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { Calls } from '../common/calls.ts';
import { RunControl, type ControlAction } from '../common/control.ts';
import { asWorkflowFailure, describeFailure } from '../common/failures.ts';
import type { JobRows } from '../common/job-run.ts';
import { statusQuery, type ControlRequest, type FailureView, type WorkflowStatus } from '../contracts/control.ts';
import {
  reconfigureUpdate,
  streamQuery,
  type StreamCarried,
  type StreamInput,
  type StreamLook,
  type StreamResult,
  type StreamSettings,
  type StreamStatus,
} from '../contracts/stream.ts';

/** Handlers are installed by the constructor, before anything is awaited. */
export class StreamRun {
  readonly input: StreamInput;
  readonly rows: JobRows;
  readonly control: RunControl;
  maxInFlight: number;
  private readonly calls: Calls;
  private looks: number;
  private taken: number;
  private last: StreamLook | null;
  private failure: FailureView | null = null;

  constructor(input: StreamInput, calls: Calls) {
    this.input = input;
    this.calls = calls;
    this.rows = { jobId: input.jobId, mosaicGroupId: null };
    this.maxInFlight = input.maxInFlight;
    this.looks = input.carried?.looks ?? 0;
    this.taken = input.carried?.taken ?? 0;
    this.last = input.carried?.last ?? null;
    this.control = new RunControl({
      record: (action, request, requestId) => this.record(action, request, requestId),
      status: () => this.workflowStatus(),
      changed: () => this.show(),
    });
    const pausedBy = input.carried?.pausedBy ?? null;
    if (pausedBy !== null) {
      this.control.state = 'paused';
      this.control.pausedBy = pausedBy;
    }
    setHandler(statusQuery, () => this.workflowStatus());
    setHandler(streamQuery, () => this.status());
    setHandler(reconfigureUpdate, (settings) => this.reconfigure(settings));
    this.show();
  }

  found(look: StreamLook): void {
    this.looks += 1;
    this.taken += look.started.length;
    this.last = look;
    this.show();
  }

  carried(): StreamCarried {
    const { looks, taken, last } = this;
    return { pausedBy: this.control.pausedBy, looks, taken, last };
  }

  async end(state: 'done' | 'failed', failure: FailureView | null): Promise<StreamResult> {
    const { taken, last } = this;
    const result = { taken, stoppedBy: this.control.cancelledBy?.requestedBy ?? null, last };
    this.control.state = state;
    await CancellationScope.nonCancellable(async () => {
      await this.calls.registry('Recording the end of the stream').endJob({ ...this.rows, state, failure, result });
      await condition(allHandlersFinished);
    });
    return result;
  }

  async fail(error: unknown): Promise<never> {
    if (error instanceof ContinueAsNew) throw error;
    this.failure = describeFailure(error);
    await this.end('failed', this.failure);
    throw asWorkflowFailure(this.failure, error);
  }

  private async reconfigure(settings: StreamSettings): Promise<StreamStatus> {
    const { maxInFlight, ...request } = settings;
    this.maxInFlight = maxInFlight;
    this.show();
    await this.record('reconfigure', request, currentUpdateInfo()?.id ?? '');
    return this.status();
  }

  private record(action: ControlAction | 'reconfigure', request: ControlRequest, requestId: string): Promise<void> {
    return this.calls
      .registry(`Recording: ${action} by ${request.requestedBy}`)
      .recordControl({ ...this.rows, ...request, action, requestId });
  }

  private status(): StreamStatus {
    const { looks, taken, last, maxInFlight, control, input } = this;
    return { state: control.state, pausedBy: control.pausedBy, once: input.once, maxInFlight, looks, taken, last };
  }

  private workflowStatus(): WorkflowStatus {
    const { jobId } = this.rows;
    const { state, pausedBy } = this.control;
    return { state, jobId, phase: null, phases: [], pausedBy, failure: this.failure };
  }

  private show(): void {
    const { last, maxInFlight, control } = this;
    const paused = control.pausedBy === null ? '' : ` (paused by ${control.pausedBy.requestedBy})`;
    const lines = [`**Stream ${this.input.name}**${paused}, ${maxInFlight} groups at a time, ${this.taken} taken`];
    if (last !== null) {
      lines.push(`- in flight ${last.inFlight}, waiting ${last.waiting}, collecting ${last.collecting}`);
      lines.push(`- failed ${last.failed}, rejected ${last.rejected}, files set aside ${last.quarantined}`);
    }
    setCurrentDetails(lines.join('\n'));
  }
}
