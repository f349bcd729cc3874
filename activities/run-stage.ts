/** A compute stage within an activity: owner, limits, progress, events, and how often it may fail. */
import { Context } from '@temporalio/activity';
import type { StageName } from '../domain/generated/stages.ts';
import { ERROR_RULES, MeridianError } from '../domain/errors.ts';
import { attemptLimit, GRACE_SECONDS } from '../domain/stage-policies.ts';
import type { NewEvent } from '../registry/index.ts';
import { sayInHeartbeat } from './activity-progress.ts';
import { stageSignal } from './cancellation.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { asApplicationFailure, asMeridianError } from './failures.ts';
import { stageLimits } from './stage-limits.ts';
import type {
  ProducedOutput,
  StageOutcome,
  StageOwner,
  StageProgress,
  StageRequest,
} from './stage-runner/stage-runner.ts';

/** Rows of progress are written this often at most. */
const PROGRESS_INTERVAL_MS = 1500;

export interface StageCall<S extends StageName> extends Omit<StageRequest<S>, 'owner' | 'limits'> {
  /** Jobs that are told how far it is. */
  readonly jobIds: readonly string[];
  /** Something that the activity's own stage needs and that was made before: nothing is told of finding it again. */
  readonly isPrerequisite?: boolean;
  readonly groupId?: string;
  /** Bytes the stage reads: for the estimate of its duration, and of what it writes. */
  readonly inputBytes: number;
}

type StageDependencies = Pick<ActivityDependencies, 'registry' | 'stages' | 'compute'>;

/**
 * Runs a stage, or takes the result of an earlier run.
 *
 * @throws ApplicationFailure with the stage's code; not retryable once it has failed with it as often as the code allows
 */
export async function runStage<S extends StageName>(
  dependencies: StageDependencies,
  call: StageCall<S>,
): Promise<StageOutcome<S>> {
  const run = new StageRun(dependencies, call);
  return run.run();
}

/**
 * One output of a stage.
 *
 * @throws MeridianError OUTPUT_CORRUPT when the stage did not leave it
 */
export function outputOf(products: Readonly<Record<string, ProducedOutput>>, role: string): ProducedOutput {
  const output = products[role];
  if (output === undefined) throw new MeridianError('OUTPUT_CORRUPT', `the stage left no output ${role}`, { role });
  return output;
}

class StageRun<S extends StageName> {
  private readonly dependencies: StageDependencies;
  private readonly call: StageCall<S>;
  private readonly context = Context.current();
  private lastProgressMs = 0;
  private started = false;

  constructor(dependencies: StageDependencies, call: StageCall<S>) {
    this.dependencies = dependencies;
    this.call = call;
  }

  async run(): Promise<StageOutcome<S>> {
    const { stage, unit, spec, inputHashes, products, inputBytes } = this.call;
    const request = { stage, unit, spec, inputHashes, products };
    try {
      const outcome = await this.dependencies.stages.run(
        { ...request, owner: this.owner(), limits: this.limits(inputBytes) },
        { signal: stageSignal(this.context), onProgress: (progress) => this.report(progress) },
      );
      await this.tellDone(outcome);
      return outcome;
    } catch (error) {
      throw await this.failureOf(error);
    }
  }

  private owner(): StageOwner {
    const { workflowExecution, attempt } = this.context.info;
    const [jobId] = this.call.jobIds;
    return {
      workflowId: workflowExecution?.workflowId ?? '',
      runId: workflowExecution?.runId ?? '',
      attempt,
      ...(jobId === undefined ? {} : { jobId }),
      ...(this.call.groupId === undefined ? {} : { groupId: this.call.groupId }),
    };
  }

  private limits(inputBytes: number) {
    const { attempt, startToCloseTimeoutMs } = this.context.info;
    return stageLimits({
      stage: this.call.stage,
      attempt,
      wallSeconds: Math.max(startToCloseTimeoutMs / 1000 - GRACE_SECONDS, 1),
      writesBytes: inputBytes,
      worker: this.dependencies.compute,
    });
  }

  /** Carries progress into the next heartbeat, and now and then into the rows of the jobs. */
  private report({ fraction, message, pid }: StageProgress): void {
    const { stage, jobIds, inputBytes } = this.call;
    sayInHeartbeat({ stage, fraction, message, pid });
    // What waits for cores says nothing of its jobs: others of theirs are at work.
    if (pid === 0) return;
    this.tellStarted();
    if (Date.now() - this.lastProgressMs < PROGRESS_INTERVAL_MS) return;
    this.lastProgressMs = Date.now();
    const { jobs } = this.dependencies.registry;
    const progress = { stage, fraction, message, size: inputBytes };
    for (const jobId of jobIds) {
      jobs.recordStage(jobId, progress).catch((error: unknown) => this.context.log.debug('no progress row', { error }));
    }
  }

  /** Once there is a process: an earlier result that is taken, or a wait for cores, is no start. */
  private tellStarted(): void {
    if (this.started) return;
    this.started = true;
    const { stage, unit } = this.call;
    const { attempt } = this.context.info;
    const message = `${stage} of ${unit}${attempt > 1 ? `, attempt ${attempt}` : ''}`;
    this.tell('stage.started', message, { attempt }).catch((error: unknown) =>
      this.context.log.debug('no event of the start', { error }),
    );
  }

  private async tellDone({ reused, result }: StageOutcome<S>): Promise<void> {
    const { stage, unit, isPrerequisite } = this.call;
    if (reused && isPrerequisite === true) return;
    const took = `${result.wall_seconds.toFixed(1)} s`;
    const message = reused ? `${stage} of ${unit} was done before` : `${stage} of ${unit} took ${took}`;
    await this.tell('stage.done', message, { reused, wall_seconds: result.wall_seconds });
    for (const warning of reused ? [] : result.warnings) await this.tell('stage.warning', warning, {});
  }

  private async failureOf(error: unknown): Promise<unknown> {
    if (this.context.cancellationSignal.aborted) return this.context.cancellationSignal.reason ?? error;
    const known = asMeridianError(error);
    const failures = await this.failuresSoFar(known.code);
    const failure = asApplicationFailure(known, Math.max(failures - 1, 0));
    const advice = ERROR_RULES[known.code].advice;
    const again = failures < attemptLimit(known.code);
    await this.tell('stage.failed', `${known.message}${again ? ' It is tried again.' : ` ${advice}`}`, {
      code: known.code,
    }).catch((reason: unknown) => this.context.log.warn('the failure could not be written down', { error: reason }));
    return failure;
  }

  /** How often this run of the workflow met this failure of this stage, the present one included. */
  private async failuresSoFar(code: string): Promise<number> {
    const { workflowExecution, attempt } = this.context.info;
    try {
      const attempts = await this.dependencies.registry.effects.attempts({
        workflowIds: [workflowExecution?.workflowId ?? ''],
      });
      const same = attempts.filter(
        (row) =>
          row.runId === workflowExecution?.runId &&
          row.stage === this.call.stage &&
          row.unit === this.call.unit &&
          row.errorCode === code,
      );
      return Math.max(same.length, 1);
    } catch {
      return attempt;
    }
  }

  private async tell(kind: string, message: string, payload: Record<string, string | number | boolean>): Promise<void> {
    const { stage, unit, groupId, jobIds } = this.call;
    const workflowId = this.context.info.workflowExecution?.workflowId ?? null;
    const event: NewEvent = {
      kind,
      stage,
      message,
      workflowId,
      groupId: groupId ?? null,
      payload: { unit, ...payload },
    };
    const told: NewEvent[] = jobIds.length === 0 ? [event] : jobIds.map((jobId) => ({ ...event, jobId }));
    await this.dependencies.registry.events.append(...told);
  }
}
