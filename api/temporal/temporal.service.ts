/** The one way to Temporal: a lazy connection, so that the gateway starts and answers while the server is away. */
import { Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Client, Connection } from '@temporalio/client';
import type { ScheduleClient, WorkflowHandle } from '@temporalio/client';
import type { PolicySnapshot } from '../../workflows/contracts/policies.ts';
import { taskQueue } from '../../workflows/contracts/queues.ts';
import type { QueueName } from '../../workflows/contracts/queues.ts';
import type { StartRequest } from '../../workflows/contracts/start.ts';
import { GatewayOptions } from '../runtime/options.ts';

/** Longest wait for the server: a caller hears of its absence instead of hanging. */
const DEADLINE_MS = 5_000;
/** A server that came back is noticed within this time. */
const LONGEST_BACKOFF_MS = 2_000;
/** Updates wait for a worker. */
const UPDATE_DEADLINE_MS = 10_000;

/** `running`: started now or before; `finished`: it succeeded before and its product is there. */
export type StartOutcome = 'running' | 'finished';

@Injectable()
export class TemporalService implements OnApplicationShutdown {
  readonly queuePrefix: string;
  /** Time-outs and retries that travel in the input of workflows. */
  readonly stagePolicies: PolicySnapshot;
  private readonly connection: Connection;
  private readonly client: Client;
  private readonly namespace: string;

  constructor(options: GatewayOptions) {
    this.queuePrefix = options.temporal.queuePrefix;
    this.stagePolicies = options.stagePolicies;
    this.namespace = options.temporal.namespace;
    this.connection = Connection.lazy({
      address: options.temporal.address,
      connectTimeout: DEADLINE_MS,
      // No retries behind the caller's back: it is told at once. (Those of the SDK outlive a closed connection.)
      interceptors: [],
      channelArgs: { 'grpc.initial_reconnect_backoff_ms': 200, 'grpc.max_reconnect_backoff_ms': LONGEST_BACKOFF_MS },
    });
    this.client = new Client({ connection: this.connection, namespace: options.temporal.namespace });
  }

  /**
   * Starts a workflow, or finds the one that runs or has succeeded under the same id.
   */
  async start<Input>(request: StartRequest<Input>): Promise<StartOutcome> {
    try {
      await this.within(DEADLINE_MS, () => this.client.workflow.start(request.workflowType, request.options));
      return 'running';
    } catch (error) {
      if ((error as Error).name === 'WorkflowExecutionAlreadyStartedError') return 'finished';
      throw error;
    }
  }

  /** Runs a short workflow and gives its result. */
  async runShort<Input, Result>(request: StartRequest<Input>, deadlineMs: number): Promise<Result> {
    const begin = () => this.client.workflow.start(request.workflowType, request.options);
    const handle = await this.within(DEADLINE_MS, begin);
    return this.within(deadlineMs, () => handle.result() as Promise<Result>);
  }

  handle(workflowId: string): WorkflowHandle {
    return this.client.workflow.getHandle(workflowId);
  }

  /** Sends an update and waits for its answer. */
  update<Result, Argument>(
    workflowId: string,
    definition: Parameters<WorkflowHandle['executeUpdate']>[0] | { name: string },
    call: { readonly updateId: string; readonly argument: Argument },
  ): Promise<Result> {
    const name = typeof definition === 'string' ? definition : definition.name;
    const options = { args: [call.argument] as [Argument], updateId: call.updateId };
    return this.within(UPDATE_DEADLINE_MS, () =>
      this.handle(workflowId).executeUpdate<Result, [Argument]>(name, options),
    );
  }

  /** Asks a running workflow something; null when no worker answers in time. */
  async query<Result>(workflowId: string, name: string, deadlineMs = 2_000): Promise<Result | null> {
    try {
      return await this.within(deadlineMs, () => this.handle(workflowId).query<Result>(name));
    } catch {
      return null;
    }
  }

  /** Makes, describes or changes Temporal Schedules. */
  schedules<Result>(work: (schedules: ScheduleClient) => Promise<Result>): Promise<Result> {
    return this.within(DEADLINE_MS, () => work(this.client.schedule));
  }

  /** Milliseconds the server took to answer. */
  async ping(deadlineMs: number): Promise<number> {
    const started = performance.now();
    await this.within(deadlineMs, () => this.connection.workflowService.getSystemInfo({}));
    return performance.now() - started;
  }

  /** Workers that polled a queue within the last minute. */
  async pollers(queue: QueueName, deadlineMs: number): Promise<number> {
    const described = await this.within(deadlineMs, () =>
      this.connection.workflowService.describeTaskQueue({
        namespace: this.namespace,
        taskQueue: { name: taskQueue(this.queuePrefix, queue) },
        taskQueueType: 1,
      }),
    );
    return described.pollers?.length ?? 0;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connection.close();
  }

  private within<Result>(deadlineMs: number, call: () => Promise<Result>): Promise<Result> {
    return this.connection.withDeadline(Date.now() + deadlineMs, call);
  }
}
