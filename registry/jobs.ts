/** Jobs: each names one workflow, and says how far it is. */
import { sql, type Kysely, type Selectable } from 'kysely';
import { MeridianError } from '../domain/errors.ts';
import type { JobState } from '../domain/states.ts';
import { json } from './connection.ts';
import { limitOf, pageOf, type Page, type PageRequest } from './paging.ts';
import type { JobPhasesTable, JobsTable } from './schema/jobs.ts';
import type { Database, JsonObject } from './schema/index.ts';

export type Job = Selectable<JobsTable>;
export type JobPhase = Selectable<JobPhasesTable>;

export interface JobRequest {
  readonly id: string;
  readonly type: string;
  readonly workflowId: string;
  /** Id of the request itself: sent twice, it gives the same job. */
  readonly requestId?: string;
  readonly parentId?: string;
  readonly parameters: JsonObject;
  readonly requestedBy: string;
  readonly priority: number;
  /** When an ended job begins again; default: after it failed or was cancelled. */
  readonly again?: 'after_failure' | 'after_any_end';
}

/** `made`: new; `begun_again`: the last run had failed or was cancelled; `found`: it is there already. */
export type RequestOutcome = 'made' | 'begun_again' | 'found';

export interface PhaseRecord {
  readonly name: string;
  /** Place in the list of phases, from 0. */
  readonly position: number;
  readonly state: JobState;
  readonly done: number;
  readonly total: number;
  readonly message: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

/** Where the stage is that runs now. */
export interface StageProgressRecord {
  readonly stage: string;
  /** 0 to 1 as the stage reports it; null: not known. */
  readonly fraction: number | null;
  readonly message: string;
  /** Amount of work (bytes read), for the estimate; 0: unknown. */
  readonly size?: number;
}

export interface JobQuery extends PageRequest {
  readonly status?: JobState;
  readonly type?: string;
}

const ENDED: readonly JobState[] = ['done', 'failed', 'cancelled'];

export class JobRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /**
   * The job of a workflow: made if there is none, begun again if its last run ended so that it may. Call it within
   * a transaction, before the workflow is started.
   *
   * @throws MeridianError IDEMPOTENCY_MISMATCH when the request id was used for another workflow.
   */
  async request({
    again: when = 'after_failure',
    ...request
  }: JobRequest): Promise<{ readonly job: Job; readonly outcome: RequestOutcome }> {
    await this.#requireSameRequest(request);
    const made = await this.#db
      .insertInto('jobs')
      .values({ ...request, parameters: json(request.parameters) })
      .onConflict((oc) => oc.column('workflowId').doNothing())
      .returningAll()
      .executeTakeFirst();
    if (made !== undefined) return { job: made, outcome: 'made' };
    const again = await this.#db
      .updateTable('jobs')
      .set({ status: 'pending', ...FRESH, parameters: json(request.parameters), requestedBy: request.requestedBy })
      .where('workflowId', '=', request.workflowId)
      .where('status', 'in', when === 'after_failure' ? ['failed', 'cancelled'] : ENDED)
      .returningAll()
      .executeTakeFirst();
    if (again !== undefined) {
      await this.#db.deleteFrom('jobPhases').where('jobId', '=', again.id).execute();
      return { job: again, outcome: 'begun_again' };
    }
    const known = await this.findByWorkflow(request.workflowId);
    if (known === undefined) throw new MeridianError('INTERNAL', `the job of ${request.workflowId} has gone`);
    return { job: known, outcome: 'found' };
  }

  async #requireSameRequest(request: JobRequest): Promise<void> {
    if (request.requestId === undefined) return;
    const used = await this.#db
      .selectFrom('jobs')
      .select('workflowId')
      .where('requestId', '=', request.requestId)
      .executeTakeFirst();
    if (used === undefined || used.workflowId === request.workflowId) return;
    const message = `the request id ${request.requestId} was used for ${used.workflowId}; use a new one`;
    throw new MeridianError('IDEMPOTENCY_MISMATCH', message, { request_id: request.requestId });
  }

  find(id: string): Promise<Job | undefined> {
    return this.#db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** @throws MeridianError NOT_FOUND */
  async require(id: string): Promise<Job> {
    const job = await this.find(id);
    if (job === undefined) throw new MeridianError('NOT_FOUND', `there is no job ${id}`, { job_id: id });
    return job;
  }

  findByWorkflow(workflowId: string): Promise<Job | undefined> {
    return this.#db.selectFrom('jobs').selectAll().where('workflowId', '=', workflowId).executeTakeFirst();
  }

  /** Newest first. */
  async list(query: JobQuery = {}): Promise<Page<Job>> {
    const limit = limitOf(query);
    const rows = await this.#db
      .selectFrom('jobs')
      .selectAll()
      .$if(query.status !== undefined, (q) => q.where('status', '=', query.status as JobState))
      .$if(query.type !== undefined, (q) => q.where('type', '=', query.type as string))
      .$if(query.cursor !== undefined, (q) => q.where('id', '<', query.cursor as string))
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    return pageOf(rows, limit, (row) => row.id);
  }

  /** Jobs that have not ended and did not change for some seconds: what a reconciler compares with Temporal. */
  listUnsettled(quietSeconds: number): Promise<Job[]> {
    return this.#db
      .selectFrom('jobs')
      .selectAll()
      .where('status', 'in', ['pending', 'running'])
      .where('updatedAt', '<', sql<string>`now() - make_interval(secs => ${quietSeconds})`)
      .orderBy('id')
      .execute();
  }

  /** A run of the workflow has begun. */
  async begin(id: string, runId: string): Promise<void> {
    await this.#db
      .updateTable('jobs')
      .set({ status: 'running', runId, startedAt: sql`coalesce(started_at, now())` })
      .where('id', '=', id)
      .where('status', 'in', ['pending', 'running'])
      .execute();
  }

  /** Record phases; the job's progress follows: each phase counts the same, the running one by its units. */
  async recordPhases(id: string, phases: readonly PhaseRecord[]): Promise<void> {
    if (phases.length === 0) return;
    await this.#db
      .insertInto('jobPhases')
      .values(phases.map((phase) => ({ ...phase, jobId: id })))
      .onConflict((oc) =>
        oc.columns(['jobId', 'name']).doUpdateSet({
          position: sql`excluded.position`,
          state: sql`excluded.state`,
          done: sql`excluded.done`,
          total: sql`excluded.total`,
          message: sql`excluded.message`,
          startedAt: sql`excluded.started_at`,
          endedAt: sql`excluded.ended_at`,
        }),
      )
      .execute();
    // What the phase before said is not said of this one.
    await sql`
      with running as
        (select name, message from job_phases where job_id = ${id} and state = 'running' order by position limit 1)
      update jobs set
        phase = (select name from running),
        message = coalesce(nullif((select message from running), ''),
          case when phase is distinct from (select name from running) then '' else message end),
        progress = (select avg(case when state = 'done' then 1
            when state = 'running' and total > 0 then least(done::float / total, 1) else 0 end)
          from job_phases where job_id = ${id})
      where id = ${id} and status in ('pending', 'running')`.execute(this.#db);
  }

  /** In order. */
  phases(id: string): Promise<JobPhase[]> {
    return this.#db.selectFrom('jobPhases').selectAll().where('jobId', '=', id).orderBy('position').execute();
  }

  /** Record how far the present stage is. */
  async recordStage(id: string, progress: StageProgressRecord): Promise<void> {
    await this.#db
      .updateTable('jobs')
      .set({
        stageStartedAt: sql`case when stage is not distinct from ${progress.stage} then coalesce(stage_started_at, now())
          else now() end`,
        stage: progress.stage,
        stageFraction: progress.fraction,
        message: progress.message,
        ...(progress.size === undefined ? {} : { stageSize: progress.size }),
      })
      .where('id', '=', id)
      .where('status', '=', 'running')
      .execute();
  }

  async recordPause(id: string, by: { readonly requestedBy: string; readonly reason: string }): Promise<void> {
    await this.#db
      .updateTable('jobs')
      .set({ pausedBy: by.requestedBy, pausedReason: by.reason, pausedAt: sql`coalesce(paused_at, now())` })
      .where('id', '=', id)
      .where('status', 'in', ['pending', 'running'])
      .execute();
  }

  async recordResume(id: string): Promise<void> {
    await this.#db.updateTable('jobs').set(UNPAUSED).where('id', '=', id).execute();
  }

  /** End a job; nothing changes when it has ended already. */
  async end(
    id: string,
    end: {
      readonly status: 'done' | 'failed' | 'cancelled';
      readonly error?: { readonly code: string; readonly message: string } | null;
      readonly result?: JsonObject;
    },
  ): Promise<void> {
    await this.#db
      .updateTable('jobs')
      .set({
        ...UNPAUSED,
        status: end.status,
        errorCode: end.error?.code ?? null,
        errorMessage: end.error?.message ?? null,
        finishedAt: sql`now()`,
        stage: null,
        stageFraction: null,
        stageStartedAt: null,
        ...(end.result === undefined ? {} : { result: json(end.result) }),
        ...(end.status === 'done' ? { progress: 1, phase: null } : {}),
      })
      .where('id', '=', id)
      .where('status', 'not in', ENDED)
      .execute();
  }
}

const UNPAUSED = { pausedBy: null, pausedReason: null, pausedAt: null } as const;

/** A job before its first run. */
const FRESH = {
  ...UNPAUSED,
  runId: null,
  progress: 0,
  phase: null,
  stage: null,
  stageFraction: null,
  stageStartedAt: null,
  message: null,
  errorCode: null,
  errorMessage: null,
  result: null,
  startedAt: null,
  finishedAt: null,
} as const;
