/** Pause, resume and cancel of a running workflow. */
import { CancellationScope, condition, currentUpdateInfo, setHandler } from '@temporalio/workflow';
import {
  cancelUpdate,
  pauseUpdate,
  resumeUpdate,
  type ControlRequest,
  type RunState,
  type WorkflowStatus,
} from '../contracts/control.ts';
import { refuse } from './failures.ts';

export type ControlAction = 'pause' | 'resume' | 'cancel';

export interface ControlHooks {
  /** Writes who did what and why into the registry. */
  readonly record: (action: ControlAction, request: ControlRequest, requestId: string) => Promise<void>;
  readonly status: () => WorkflowStatus;
  /** Something visible changed. */
  readonly changed: () => void;
}

/** State of a run as people steer it. The handlers are installed by the constructor, before anything is awaited. */
export class RunControl {
  state: RunState = 'running';
  pausedBy: ControlRequest | null = null;
  cancelledBy: ControlRequest | null = null;
  private readonly hooks: ControlHooks;
  private readonly scope = new CancellationScope();

  constructor(hooks: ControlHooks) {
    this.hooks = hooks;
    setHandler(pauseUpdate, (request) => this.pause(request), {
      validator: (_request) => this.requireState('running'),
    });
    setHandler(resumeUpdate, (request) => this.resume(request), {
      validator: (_request) => this.requireState('paused'),
    });
    setHandler(cancelUpdate, (request) => this.cancel(request), { validator: (_request) => this.requireActive() });
  }

  /** Runs the work so that the update `cancel` can stop it. */
  cancellable<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.scope.run(work);
  }

  /** Waits while paused: called before each piece of work that should not begin then. */
  async gate(): Promise<void> {
    await condition(() => this.pausedBy === null);
  }

  private async pause(request: ControlRequest): Promise<WorkflowStatus> {
    this.state = 'paused';
    this.pausedBy = request;
    return this.recorded('pause', request);
  }

  private async resume(request: ControlRequest): Promise<WorkflowStatus> {
    this.state = 'running';
    this.pausedBy = null;
    return this.recorded('resume', request);
  }

  private async cancel(request: ControlRequest): Promise<WorkflowStatus> {
    this.state = 'cancelling';
    this.cancelledBy = request;
    this.pausedBy = null;
    const status = await this.recorded('cancel', request);
    this.scope.cancel();
    return status;
  }

  private async recorded(action: ControlAction, request: ControlRequest): Promise<WorkflowStatus> {
    this.hooks.changed();
    const requestId = currentUpdateInfo()?.id ?? '';
    await CancellationScope.nonCancellable(() => this.hooks.record(action, request, requestId));
    return this.hooks.status();
  }

  private requireState(state: RunState): void {
    if (this.state !== state) throw refuse(`the workflow is ${this.state}; this needs it to be ${state}`);
  }

  private requireActive(): void {
    if (this.state !== 'running' && this.state !== 'paused') throw refuse(`the workflow is ${this.state} already`);
  }
}
