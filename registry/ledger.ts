/** The ledger: every expected measurement with a value or a reason, added up. */
import { sql, type Kysely } from 'kysely';
import type { MeasurementStatus, Series } from '../domain/states.ts';
import type { Database } from './schema/index.ts';

export interface LedgerQuery {
  readonly series: Series;
  readonly by: 'epoch' | 'source';
  readonly fromMjd?: number;
  readonly toMjd?: number;
  readonly limit: number;
}

/** How many rows of an epoch or a source have one status and reason. */
export interface LedgerEntry {
  readonly key: string;
  readonly status: MeasurementStatus;
  readonly reason: string | null;
  readonly jobId: string | null;
  readonly count: number;
}

/** Newest epochs, or first sources. */
export class LedgerRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Entries of the newest epochs, or of the sources with the smallest ids; reasons without numbers that differ by row. */
  async entries(query: LedgerQuery): Promise<LedgerEntry[]> {
    const key = query.by === 'epoch' ? sql`epoch` : sql`source_id::text`;
    const order = query.by === 'epoch' ? sql`max(mid_mjd) desc` : sql`min(source_id)`;
    const { rows } = await sql<LedgerEntry>`
      with chosen as (select ${key} as key from photometry where ${this.#where(query)}
          group by 1 order by ${order} limit ${query.limit})
      select ${key} as key, status, ${KIND_OF_REASON} as reason, case when status = 'measured' then null else job_id end as "jobId",
          count(*) as count
        from photometry where ${this.#where(query)} and ${key} in (select key from chosen)
        group by 1, 2, 3, 4 order by 1, 2, 3`.execute(this.#db);
    return rows;
  }

  /** Sums over everything in the range. */
  async totals(query: Omit<LedgerQuery, 'by' | 'limit'>): Promise<{ status: MeasurementStatus; count: number }[]> {
    const { rows } = await sql<{ status: MeasurementStatus; count: number }>`
      select status, count(*) as count from photometry where ${this.#where(query)} group by 1 order by 1`.execute(
      this.#db,
    );
    return rows;
  }

  /**
   * Groups that were decided and have no row at all although their work has ended: what was expected of them is lost.
   * A group that is still under way is not among them.
   */
  async unexplained({ fromMjd, toMjd }: Pick<LedgerQuery, 'fromMjd' | 'toMjd'>): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from observation_groups g
        left join jobs on jobs.workflow_id = 'group/' || g.id || '/v' || g.version
        where g.superseded_at is null and g.accounted_at is null and g.pointing_dec_deg is not null
          and g.mid_mjd >= ${fromMjd ?? Number.NEGATIVE_INFINITY} and g.mid_mjd < ${toMjd ?? Number.POSITIVE_INFINITY}
          and (g.state = 'rejected' or jobs.status in ('done', 'failed', 'cancelled'))
          and not exists (select from photometry p where p.series = 'tile' and p.epoch = g.id and p.superseded_at is null)
          and not exists (select from photometry_runs r join images i on i.id = r.product_id where i.group_id = g.id)`.execute(
      this.#db,
    );
    return rows[0]?.count ?? 0;
  }

  #where({ series, fromMjd, toMjd }: Pick<LedgerQuery, 'series' | 'fromMjd' | 'toMjd'>) {
    return sql`series = ${series} and superseded_at is null and mid_mjd >= ${fromMjd ?? Number.NEGATIVE_INFINITY}
      and mid_mjd < ${toMjd ?? Number.POSITIVE_INFINITY}`;
  }
}

/** `the primary beam is 0.27 there` is one reason, whatever the number. */
const KIND_OF_REASON = sql`regexp_replace(reason, '\\m\\d+(\\.\\d+)?\\M', 'N', 'g')`;
