/** Around every activity: heartbeats from a timer, log fields, and failures with our codes. */
import type { Context } from '@temporalio/activity';
import type {
  ActivityExecuteInput,
  ActivityInboundCallsInterceptor,
  ActivityInterceptors,
  ActivityOutboundCallsInterceptor,
  GetLogAttributesInput,
  Next,
} from '@temporalio/worker';
import { heartbeatDetails } from '../activities/activity-progress.ts';
import { asApplicationFailure, isCancelled } from '../activities/failures.ts';
import { HEARTBEAT_INTERVAL_SECONDS } from '../domain/stage-policies.ts';

/** Fields of an activity's input that its log lines carry, by their name in logs. */
const LOGGED_FIELDS = { jobId: 'job_id', groupId: 'group_id', stage: 'stage', productId: 'product_id' } as const;

/** Interceptors of one activity; given to every worker. */
export function activityInterceptors(context: Context): ActivityInterceptors {
  const activity = new InterceptedActivity(context);
  return { inbound: activity, outbound: activity };
}

class InterceptedActivity implements ActivityInboundCallsInterceptor, ActivityOutboundCallsInterceptor {
  private readonly context: Context;
  private fields: Readonly<Record<string, unknown>> = {};

  constructor(context: Context) {
    this.context = context;
  }

  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    const { context } = this;
    this.fields = loggedFields(input.args[0]);
    const beat = (): void => context.heartbeat(heartbeatDetails(context));
    const timer = setInterval(beat, HEARTBEAT_INTERVAL_SECONDS * 1000);
    const started = performance.now();
    try {
      const result = await next(input);
      context.log.debug('activity done', { wall_ms: Math.round(performance.now() - started) });
      return result;
    } catch (error) {
      throw this.failureOf(error);
    } finally {
      clearInterval(timer);
    }
  }

  getLogAttributes(
    input: GetLogAttributesInput,
    next: Next<ActivityOutboundCallsInterceptor, 'getLogAttributes'>,
  ): Record<string, unknown> {
    const { workflowExecution, activityType, attempt } = this.context.info;
    return next({
      ...input,
      workflow_id: workflowExecution?.workflowId,
      run_id: workflowExecution?.runId,
      activity: activityType,
      attempt,
      ...this.fields,
    });
  }

  private failureOf(error: unknown): unknown {
    const { cancellationSignal, info, log } = this.context;
    if (cancellationSignal.aborted || isCancelled(error)) return cancellationSignal.reason ?? error;
    const failure = asApplicationFailure(error, info.attempt - 1);
    const level = failure.type === 'INTERNAL' ? 'error' : 'warn';
    log[level](failure.message, {
      code: failure.type,
      retryable: failure.nonRetryable !== true,
      ...(level === 'error' ? { stack: (error as Error).stack } : {}),
    });
    return failure;
  }
}

function loggedFields(input: unknown): Record<string, unknown> {
  if (typeof input !== 'object' || input === null) return {};
  const { input: inner, ...own } = input as Record<string, unknown>;
  const all: Record<string, unknown> = { ...(typeof inner === 'object' ? inner : {}), ...own };
  const entries = Object.entries(LOGGED_FIELDS).flatMap(([field, name]) =>
    typeof all[field] === 'string' ? [[name, all[field]] as const] : [],
  );
  return Object.fromEntries(entries);
}
