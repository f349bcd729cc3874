/** What a stream has to do next, and how it stands: counted from groups and jobs, so that nothing depends on a cursor. */
import { sql, type Kysely } from 'kysely';
import type { Job } from './jobs.ts';
import type { Database } from './schema/index.ts';

export interface StreamCounts {
  readonly inFlight: number;
  readonly waiting: number;
  readonly collecting: number;
  readonly rejected: number;
  readonly failed: number;
  readonly quarantined: number;
  readonly newestMjd: number | null;
  readonly newestDoneMjd: number | null;
}

/** A decided group that nobody works on. */
export interface WaitingGroup {
  readonly id: string;
  readonly version: number;
  readonly midMjd: number;
  /** Its job is written, but the workflow has not begun. */
  readonly hasJob: boolean;
}

/** The workflow of a group; `groupWorkflowId` makes the same text. */
const WORKFLOW_ID = sql`'group/' || g.id || '/v' || g.version`;

/** Nobody works on it: no job, or one whose workflow never began (its start got lost with a worker or a server). */
const NOT_BEGUN = sql`(jobs.id is null or jobs.status = 'pending' or (jobs.status = 'failed' and jobs.run_id is null))`;

export class StreamWorkRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /**
   * Decided groups of a root that nobody works on: live ones before older ones, among them those in which a calibrator transits first (others wait for their
   * tables), then in order of time. A group whose job never began is among them: its start is asked for again.
   */
  async waiting(
    rootId: string,
    { limit, liveFromMjd }: { readonly limit: number; readonly liveFromMjd: number },
  ): Promise<WaitingGroup[]> {
    const { rows } = await sql<WaitingGroup>`
      select g.id, g.version, g.mid_mjd as "midMjd", (jobs.status is not distinct from 'pending') as "hasJob" from observation_groups g
        left join jobs on jobs.workflow_id = ${WORKFLOW_ID}
        where g.root_id = ${rootId} and g.superseded_at is null and g.state in ('complete', 'incomplete')
          and ${NOT_BEGUN}
        order by jobs.status is not distinct from 'pending' desc, g.mid_mjd >= ${liveFromMjd} desc, g.has_calibrator is true desc, g.mid_mjd
        limit ${limit}`.execute(this.#db);
    return rows;
  }

  /** Rejected groups whose sources have no reason in the ledger yet. */
  async unaccounted(rootId: string, limit: number): Promise<{ id: string; version: number; reason: string }[]> {
    const { rows } = await sql<{ id: string; version: number; reason: string }>`
      select id, version, coalesce(error_message, 'the group was rejected') as reason from observation_groups
        where root_id = ${rootId} and superseded_at is null and state = 'rejected' and accounted_at is null
        order by mid_mjd limit ${limit}`.execute(this.#db);
    return rows;
  }

  /** Jobs of groups that changed last, newest first. */
  recent(limit: number): Promise<Job[]> {
    return this.#db
      .selectFrom('jobs')
      .selectAll()
      .where('type', '=', 'group')
      .orderBy('updatedAt', 'desc')
      .limit(limit)
      .execute();
  }

  async counts(rootId: string): Promise<StreamCounts> {
    const { rows } = await sql<StreamCounts>`
      select
        (select count(*) from jobs where type = 'group' and status in ('pending', 'running')) as "inFlight",
        count(*) filter (where g.state in ('complete', 'incomplete') and ${NOT_BEGUN} and jobs.status is distinct from 'pending')
          as waiting,
        count(*) filter (where g.state = 'collecting') as collecting,
        count(*) filter (where g.state = 'rejected') as rejected,
        count(*) filter (where jobs.status = 'failed' and jobs.run_id is not null) as failed,
        (select count(*) from subband_files f where f.root_id = ${rootId} and f.state = 'quarantined' and f.gone_at is null)
          as quarantined,
        max(g.end_mjd) as "newestMjd",
        max(g.end_mjd) filter (where jobs.status = 'done') as "newestDoneMjd"
      from observation_groups g left join jobs on jobs.workflow_id = ${WORKFLOW_ID}
      where g.root_id = ${rootId} and g.superseded_at is null`.execute(this.#db);
    const [counts] = rows;
    if (counts === undefined) throw new Error('an aggregate gives one row');
    return counts;
  }
}
