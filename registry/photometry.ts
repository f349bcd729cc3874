/** Measurements: one row per expected source, series, epoch and version. */
import { sql, type Kysely, type Selectable } from 'kysely';
import type { Series } from '../domain/states.ts';
import { recordSet } from './records.ts';
import type { PhotometryTable } from './schema/photometry.ts';
import type { Database } from './schema/index.ts';

export type Measurement = Selectable<PhotometryTable>;

/** A row to write: its version and whether it is superseded follow. */
export type NewMeasurement = Omit<Measurement, 'version' | 'supersededAt' | 'supersededReason' | 'createdAt'>;

/** What a source was in the nights around a time. */
export interface Baseline {
  readonly baselineJy: number;
  readonly baselineErrJy: number;
  readonly baselineNights: number;
}

/** Nights this far to both sides make a baseline. */
const BASELINE_DAYS = 60;
const OWN_NIGHT_DAYS = 0.5;

export interface EpochRows {
  readonly series: Series;
  readonly epoch: string;
  /** All of this series and epoch, each source once. */
  readonly rows: readonly NewMeasurement[];
  /** Why rows that are there already give way. */
  readonly reason: string;
}

const COLUMNS = [
  'source_id', 'series', 'epoch', 'version', 'strip_id', 'night', 'mid_mjd', 'status', 'reason', 'flux_jy', 'flux_err_jy',
  'rms_jy', 'background_jy', 'sigma_add_jy', 'systematic_err_jy', 'normalized_flux_jy', 'normalized_flux_err_jy',
  'norm_factor', 'norm_factor_err', 'norm_version', 'pb', 'nu_eff_hz', 'n_tiles', 'tier', 'flags', 'group_id',
  'product_id', 'run_id', 'job_id', 'caltable_id',
] as const; // prettier-ignore

export class PhotometryRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /**
   * Write rows; current rows of the same sources in the same series and epoch are superseded, not removed. Call it within
   * a transaction.
   */
  async replace(epochs: readonly EpochRows[]): Promise<void> {
    const filled = epochs.filter(({ rows }) => rows.length > 0);
    for (const mjd of new Set(filled.flatMap(({ rows }) => rows.map(({ midMjd }) => Math.floor(midMjd / 100) * 100)))) {
      await sql`select photometry_partition(${mjd}::float8)`.execute(this.#db);
    }
    // In one order, so that two that write the same epochs do not wait for each other for ever.
    const ordered = [...filled].sort((a, b) => (lockOf(a) < lockOf(b) ? -1 : 1));
    for (const epoch of ordered) {
      await sql`select pg_advisory_xact_lock(hashtextextended(${lockOf(epoch)}, 0))`.execute(this.#db);
      await this.#supersede(epoch);
      await this.#insert(epoch);
    }
  }

  async #supersede({ series, epoch, rows, reason }: EpochRows): Promise<void> {
    await this.#db
      .updateTable('photometry')
      .set({ supersededAt: sql`now()`, supersededReason: reason })
      .where('series', '=', series)
      .where('epoch', '=', epoch)
      .where('supersededAt', 'is', null)
      .where('sourceId', '=', sql<number>`any(${rows.map(({ sourceId }) => sourceId)}::bigint[])`)
      .execute();
  }

  async #insert({ series, epoch, rows }: EpochRows): Promise<void> {
    const { rows: found } = await sql<{ version: number | null }>`
      select max(version) as version from photometry where series = ${series} and epoch = ${epoch}`.execute(this.#db);
    const version = (found[0]?.version ?? 0) + 1;
    const columns = sql.join(COLUMNS.map((name) => sql.ref(name)));
    await sql`
      insert into photometry (${columns})
        select ${columns} from jsonb_populate_recordset(null::photometry, ${recordSet(rows.map((row) => ({ ...row, version })))}::jsonb)`.execute(
      this.#db,
    );
  }

  /** Current rows of an epoch, in the order of their sources. */
  ofEpoch(series: Series, epoch: string): Promise<Measurement[]> {
    return this.#current().where('series', '=', series).where('epoch', '=', epoch).orderBy('sourceId').execute();
  }

  /** Current rows that a run wrote. */
  ofRun(runId: string): Promise<Measurement[]> {
    return this.#current().where('runId', '=', runId).where('series', '!=', 'night').orderBy('sourceId').execute();
  }

  /** Current tile rows of sources in one strip around a time: those a night's points are made of. */
  tilesAround(around: {
    readonly stripId: number;
    readonly sourceIds: readonly number[];
    readonly fromMjd: number;
    readonly toMjd: number;
  }): Promise<Measurement[]> {
    return this.#current()
      .where('series', '=', 'tile')
      .where('stripId', '=', around.stripId)
      .where('midMjd', '>=', around.fromMjd)
      .where('midMjd', '<', around.toMjd)
      .where('sourceId', '=', sql<number>`any(${[...around.sourceIds]}::bigint[])`)
      .orderBy('midMjd')
      .execute();
  }

  /**
   * Weighted means of sources over the nights around a time, that time's own night left out. The window bounds the cost:
   * it does not grow with the length of the light curves.
   */
  async baselines(of: {
    readonly series: 'night' | 'mosaic';
    readonly stripId: number;
    readonly sourceIds: readonly number[];
    readonly aroundMjd: number;
  }): Promise<Map<number, Baseline>> {
    const { rows } = await sql<Baseline & { sourceId: number }>`
      select source_id as "sourceId", count(*) as "baselineNights",
          sum(flux / err ^ 2) / sum(1 / err ^ 2) as "baselineJy", 1 / sqrt(sum(1 / err ^ 2)) as "baselineErrJy"
        from (select source_id, coalesce(normalized_flux_jy, flux_jy) as flux,
              coalesce(normalized_flux_err_jy, flux_err_jy) as err
            from photometry
            where strip_id = ${of.stripId} and series = ${of.series} and superseded_at is null and status = 'measured'
              and source_id = any(${[...of.sourceIds]}::bigint[])
              and mid_mjd between ${of.aroundMjd - BASELINE_DAYS} and ${of.aroundMjd + BASELINE_DAYS}
              and abs(mid_mjd - ${of.aroundMjd}) > ${OWN_NIGHT_DAYS}
              and not flags && array['quick_look', 'own_calibration', 'calibrator']) points
        where err > 0 group by source_id`.execute(this.#db);
    return new Map(rows.map(({ sourceId, ...baseline }) => [sourceId, baseline]));
  }

  /** Current rows of a source in the order of time; `allVersions`: superseded ones too. */
  lightCurve(sourceId: number, series: Series, { allVersions = false } = {}): Promise<Measurement[]> {
    return this.#db
      .selectFrom('photometry')
      .selectAll()
      .where('sourceId', '=', sourceId)
      .where('series', '=', series)
      .$if(!allVersions, (q) => q.where('supersededAt', 'is', null))
      .orderBy('midMjd')
      .orderBy('version')
      .execute();
  }

  #current() {
    return this.#db.selectFrom('photometry').selectAll().where('supersededAt', 'is', null);
  }
}

const lockOf = ({ series, epoch }: EpochRows): string => `photometry/${series}/${epoch}`;
