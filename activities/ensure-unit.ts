/** `ensureUnit`: one measurement set or tile, made once however many ask for it. */
import { Context } from '@temporalio/activity';
import {
  type Client,
  WithStartWorkflowOperation,
  WorkflowFailedError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { isErrorCode, MeridianError } from '../domain/errors.ts';
import { MS_WORKFLOW } from '../workflows/contracts/ms.ts';
import { taskQueue } from '../workflows/contracts/queues.ts';
import { groupIdKey, jobTypeKey } from '../workflows/contracts/search-attributes.ts';
import { TILE_WORKFLOW } from '../workflows/contracts/tile.ts';
import { joinUpdate, leaveUpdate, type UnitRequester } from '../workflows/contracts/units.ts';
import type { UnitActivities, UnitProduct, UnitRequest } from './interfaces.ts';

/** What is known of units outside Temporal. */
export interface UnitLookup {
  /** The unit's product, when it was made before and its files are there. */
  find(request: UnitRequest): Promise<UnitProduct | null>;
  /** Business key of the unit. */
  workflowIdOf(request: UnitRequest): Promise<string>;
}

export interface UnitDependencies {
  readonly client: Client;
  readonly queuePrefix: string;
  readonly units: UnitLookup;
}

/** Statuses of a workflow that ended without a result. */
const ENDED_BADLY: ReadonlySet<string> = new Set(['FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT']);

export function createUnitActivities(dependencies: UnitDependencies): UnitActivities {
  const { client, units } = dependencies;
  return {
    async cancelThisWorkflow() {
      const execution = Context.current().info.workflowExecution;
      if (execution === undefined) return;
      await client.workflow.getHandle(execution.workflowId, execution.runId).cancel();
    },

    async ensureUnit(request) {
      const present = await units.find(request);
      if (present !== null) return present;
      const workflowId = await units.workflowIdOf(request);
      const ask = new UnitAsk(dependencies, request, workflowId);
      await ask.rethrowEarlierFailure();
      const runId = await ask.join();
      await ask.awaitEnd(runId);
      const made = await units.find(request);
      if (made !== null) return made;
      throw new MeridianError('OUTPUT_CORRUPT', `${workflowId} ended well, but its product is not registered`, {
        unit: workflowId,
      });
    },
  };
}

/** One activity's way to a unit's workflow. */
class UnitAsk {
  private readonly client: Client;
  private readonly queuePrefix: string;
  private readonly request: UnitRequest;
  private readonly workflowId: string;
  private readonly context = Context.current();
  private readonly requester: UnitRequester;

  constructor({ client, queuePrefix }: UnitDependencies, request: UnitRequest, workflowId: string) {
    this.client = client;
    this.queuePrefix = queuePrefix;
    this.request = request;
    this.workflowId = workflowId;
    this.requester = {
      workflowId: this.context.info.workflowExecution?.workflowId ?? workflowId,
      jobId: request.jobId,
    };
  }

  /**
   * A later attempt must not start again what failed while an earlier one waited for it: that is a failure of this very
   * ask.
   */
  async rethrowEarlierFailure(): Promise<void> {
    const { attempt, scheduledTimestampMs } = this.context.info;
    if (attempt === 1) return;
    const handle = this.client.workflow.getHandle(this.workflowId);
    const described = await handle.describe().catch(() => null);
    if (described === null || !ENDED_BADLY.has(described.status.name)) return;
    if ((described.closeTime?.getTime() ?? 0) < scheduledTimestampMs) return;
    await this.awaitEnd(described.runId);
  }

  /** Starts the unit's workflow or joins the running one; its run id. */
  async join(): Promise<string> {
    const { info } = this.context;
    const start = new WithStartWorkflowOperation(this.request.kind === 'ms' ? MS_WORKFLOW : TILE_WORKFLOW, {
      workflowId: this.workflowId,
      taskQueue: taskQueue(this.queuePrefix, 'orchestrate'),
      args: [this.request.input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes: [
        { key: jobTypeKey, value: this.request.kind },
        { key: groupIdKey, value: this.request.input.groupId },
      ],
      staticSummary: `${this.request.kind === 'ms' ? 'Measurement set' : 'Tile'} of ${this.request.input.groupId}`,
      priority: { priorityKey: this.request.input.priority },
    });
    const updateId = `join-${info.workflowExecution?.runId ?? ''}-${info.activityId}-${info.attempt}`;
    try {
      return await this.whileWanted(async () => {
        const update = await this.client.workflow.startUpdateWithStart(joinUpdate, {
          args: [this.requester],
          updateId,
          waitForStage: 'ACCEPTED',
          startWorkflowOperation: start,
        });
        await update.result();
        return update.workflowRunId ?? '';
      });
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError) throw this.closing();
      throw error;
    }
  }

  /**
   * Waits until the unit's workflow has ended.
   *
   * @throws MeridianError with the code of the unit's failure.
   */
  async awaitEnd(runId: string): Promise<void> {
    const handle = this.client.workflow.getHandle(this.workflowId, runId, { followRuns: false });
    try {
      await this.whileWanted(() => handle.result());
    } catch (error) {
      if (error instanceof WorkflowFailedError) throw this.failureOf(error);
      throw error;
    }
  }

  /** Stops waiting when the activity is cancelled, and takes its requester off the unit where that was asked for. */
  private async whileWanted<Result>(call: () => Promise<Result>): Promise<Result> {
    const { cancellationSignal } = this.context;
    try {
      return await this.client.withAbortSignal(cancellationSignal, call);
    } catch (error) {
      if (!cancellationSignal.aborted) throw error;
      const why = this.context.cancellationDetails;
      if (why?.cancelRequested === true || why?.notFound === true) await this.leave();
      throw cancellationSignal.reason;
    }
  }

  private async leave(): Promise<void> {
    const handle = this.client.workflow.getHandle(this.workflowId);
    try {
      await handle.executeUpdate(leaveUpdate, { args: [this.requester] });
    } catch (error) {
      this.context.log.info('the unit had ended before it could be left', { unit: this.workflowId, error });
    }
  }

  private closing(): MeridianError {
    const message = `${this.workflowId} is ending; it is asked for again in a moment`;
    return new MeridianError('SERVICE_UNAVAILABLE', message, { unit: this.workflowId });
  }

  private failureOf({ cause, message }: WorkflowFailedError): Error {
    const context = { unit: this.workflowId };
    if (cause instanceof ApplicationFailure) {
      const code = cause.type ?? '';
      return new MeridianError(isErrorCode(code) ? code : 'INTERNAL', cause.message, context);
    }
    if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure) {
      return new MeridianError('CANCELLED', `${this.workflowId} was stopped by somebody: ${cause.message}`, context);
    }
    if (cause instanceof TimeoutFailure) return new MeridianError('TOOL_TIMED_OUT', cause.message, context);
    return new MeridianError('INTERNAL', message, context);
  }
}
