/** Running statistics of sources: what one more night adds to, whatever the number of nights before. */
import { sql, type Kysely, type Selectable } from 'kysely';
import { recordSet } from './records.ts';
import type { VariabilityStatsTable } from './schema/variability.ts';
import type { Database } from './schema/index.ts';

export type SourceStatistics = Omit<Selectable<VariabilityStatsTable>, 'updatedAt'>;

/** A night of a source that statistics and searches use. */
export interface NightPoint {
  readonly sourceId: number;
  readonly night: number;
  readonly mjd: number;
  readonly fluxJy: number;
  readonly fluxErrJy: number;
  readonly pb: number | null;
}

const COLUMNS = [
  'source_id', 'strip_id', 'n', 'n_errors', 'reference_flux_jy', 'min_flux_jy', 'max_flux_jy', 'sum_d', 'sum_d2', 'sum_w',
  'sum_wd', 'sum_wd2', 'sum_var', 'sum_var2', 'sum_var3', 'newest_night', 'newest_mjd', 'newest_flux_jy',
  'newest_flux_err_jy', 'vs_max', 'm_at_vs_max',
] as const; // prettier-ignore

/** Wider than the radius in which neighbours are looked for. */
const NEIGHBOURHOOD_DEG = 1.5;
const BEAM_NIGHTS = 20;

/** Nights that count: a value, all subbands, not the set the calibration was solved on. */
const USABLE = sql`superseded_at is null and series = 'night' and status = 'measured'
  and not flags && array['quick_look', 'calibrator']`;

export class VariabilityStatsRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async findMany(stripId: number, sourceIds: readonly number[]): Promise<Map<number, SourceStatistics>> {
    const rows = await this.#db
      .selectFrom('variabilityStats')
      .selectAll()
      .where('stripId', '=', stripId)
      .where('sourceId', '=', sql<number>`any(${[...sourceIds]}::bigint[])`)
      .execute();
    return new Map(rows.map((row) => [row.sourceId, row]));
  }

  /** Of every strip in which the source was seen. */
  ofSource(sourceId: number): Promise<SourceStatistics[]> {
    return this.#db
      .selectFrom('variabilityStats')
      .selectAll()
      .where('sourceId', '=', sourceId)
      .orderBy('stripId')
      .execute();
  }

  /** Write statistics, whatever was there. */
  async save(rows: readonly SourceStatistics[]): Promise<void> {
    if (rows.length === 0) return;
    const columns = sql.join(COLUMNS.map((name) => sql.ref(name)));
    const updates = sql.join(COLUMNS.slice(2).map((name) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`));
    await sql`
      insert into variability_stats (${columns})
        select ${columns} from jsonb_populate_recordset(null::variability_stats, ${recordSet(rows)}::jsonb)
        on conflict (source_id, strip_id) do update set ${updates}, updated_at = now()`.execute(this.#db);
  }

  /** Strips with nights, and their sources; of one source or of all. */
  async strips(sourceId: number | null): Promise<{ stripId: number; sourceIds: number[]; newestMjd: number }[]> {
    const only = sourceId === null ? sql`` : sql`where source_id = ${sourceId}`;
    const { rows } = await sql<{ stripId: number; sourceIds: string[]; newestMjd: number }>`
      select strip_id as "stripId", array_agg(source_id order by source_id) as "sourceIds", max(newest_mjd) as "newestMjd"
        from variability_stats ${only} group by strip_id order by strip_id`.execute(this.#db);
    return rows.map((row) => ({ ...row, sourceIds: row.sourceIds.map(Number) }));
  }

  /** Sources of a strip within a degree or so of one of them, with the mean beam of their last nights. */
  async neighbourhood(
    stripId: number,
    sourceId: number,
  ): Promise<{ sourceId: number; raDeg: number; decDeg: number; beam: number }[]> {
    const { rows } = await sql<{ sourceId: number; raDeg: number; decDeg: number; beam: number }>`
      with target as (select ra_deg, dec_deg from sources where id = ${sourceId})
      select s.id as "sourceId", s.ra_deg as "raDeg", s.dec_deg as "decDeg", p.beam
        from target, sources s join variability_stats v on v.source_id = s.id and v.strip_id = ${stripId}
        cross join lateral (select avg(pb) as beam from (select pb from photometry
            where source_id = s.id and strip_id = ${stripId} and ${USABLE}
            order by mid_mjd desc limit ${BEAM_NIGHTS}) last) p
        where abs(s.dec_deg - target.dec_deg) <= ${NEIGHBOURHOOD_DEG} and p.beam is not null
          and abs(mod((s.ra_deg - target.ra_deg + 540)::numeric, 360) - 180) * cos(radians(target.dec_deg))
            <= ${NEIGHBOURHOOD_DEG}`.execute(this.#db);
    return rows;
  }

  /** Keep the largest pair of each source. */
  async keepPairs(
    stripId: number,
    pairs: ReadonlyMap<number, { readonly vsMax: number; readonly mAtVsMax: number | null }>,
  ): Promise<void> {
    if (pairs.size === 0) return;
    const rows = [...pairs].map(([sourceId, pair]) => ({ sourceId, ...pair }));
    await sql`
      update variability_stats v set vs_max = p.vs_max, m_at_vs_max = p.m_at_vs_max
        from jsonb_to_recordset(${recordSet(rows)}::jsonb)
          as p (source_id bigint, vs_max double precision, m_at_vs_max double precision)
        where v.source_id = p.source_id and v.strip_id = ${stripId}`.execute(this.#db);
  }

  /**
   * Nights of sources in the order of source and time.
   *
   * @param of.fromMjd bounds the cost of a search for something new; default: all nights
   */
  async nights(of: {
    readonly stripId: number;
    readonly sourceIds?: readonly number[];
    readonly fromMjd?: number;
  }): Promise<NightPoint[]> {
    const { stripId, sourceIds, fromMjd = Number.NEGATIVE_INFINITY } = of;
    const only = sourceIds === undefined ? sql`` : sql`and source_id = any(${[...sourceIds]}::bigint[])`;
    const { rows } = await sql<NightPoint>`
      select source_id as "sourceId", night, mid_mjd as mjd, coalesce(normalized_flux_jy, flux_jy) as "fluxJy",
          coalesce(normalized_flux_err_jy, flux_err_jy) as "fluxErrJy", pb
        from photometry where strip_id = ${stripId} and ${USABLE} and mid_mjd >= ${fromMjd} ${only}
        order by source_id, mid_mjd`.execute(this.#db);
    return rows;
  }
}
