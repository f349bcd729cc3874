/** Photometry of products: what was asked for, and what came of it. */
import { sql, type Kysely, type Selectable } from 'kysely';
import { MeridianError } from '../domain/errors.ts';
import { json } from './connection.ts';
import type { NormFactorsTable, PhotometryRunsTable } from './schema/photometry.ts';
import type { Database, JsonObject } from './schema/index.ts';

export type PhotometryRun = Selectable<PhotometryRunsTable>;
export type NewNormFactor = Omit<Selectable<NormFactorsTable>, 'createdAt'>;

export interface NewPhotometryRun {
  readonly workflowId: string;
  readonly jobId: string;
  readonly productId: string;
  readonly series: 'tile' | 'mosaic';
  readonly config: JsonObject;
}

export class PhotometryRunRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /**
   * The run of a workflow, made if there is none; the product (and the mosaic group of a mosaic) names its job from then
   * on. Call it within a transaction, after the job was requested.
   */
  async request(run: NewPhotometryRun): Promise<PhotometryRun> {
    const made = await this.#db
      .insertInto('photometryRuns')
      .values({ ...run, config: json(run.config) })
      .onConflict((oc) => oc.column('workflowId').doUpdateSet({ jobId: run.jobId }))
      .returningAll()
      .executeTakeFirstOrThrow();
    await sql`
      update data_registry set photometry_job_id = jobs.id,
          photometry_status = case jobs.status when 'done' then 'completed' when 'cancelled' then 'failed' else jobs.status end
        from jobs where jobs.id = ${run.jobId} and data_registry.id = ${run.productId}`.execute(this.#db);
    await this.#db
      .updateTable('mosaicGroups')
      .set({ photometryJobId: run.jobId })
      .where('mosaicId', '=', run.productId)
      .execute();
    return made;
  }

  /** @throws MeridianError NOT_FOUND */
  async require(id: string): Promise<PhotometryRun> {
    const run = await this.#db.selectFrom('photometryRuns').selectAll().where('id', '=', id).executeTakeFirst();
    if (run !== undefined) return run;
    throw new MeridianError('NOT_FOUND', `there is no photometry run ${id}`, { run_id: id });
  }

  /** Runs of a product, newest first. */
  ofProduct(productId: string): Promise<PhotometryRun[]> {
    return this.#db
      .selectFrom('photometryRuns')
      .selectAll()
      .where('productId', '=', productId)
      .orderBy('id', 'desc')
      .execute();
  }

  /**
   * Record that the rows of a run are written; call it in the transaction that writes them.
   *
   * @returns false when they were written before: a retried activity has nothing to do
   */
  async recorded(
    id: string,
    facts: {
      readonly photometryProductId: string | null;
      readonly nSources: number;
      readonly nMeasured: number;
      readonly nReferences: number;
      readonly summary: JsonObject;
    },
  ): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('photometryRuns')
      .set({ ...facts, summary: json(facts.summary), recordedAt: sql`now()` })
      .where('id', '=', id)
      .where('recordedAt', 'is', null)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** How references scattered in the last epochs of a strip before a time, newest first. */
  scatterBefore(of: {
    readonly stripId: number;
    readonly series: 'tile' | 'mosaic';
    readonly midMjd: number;
    readonly limit: number;
  }): Promise<{ rawScatter: number; normalizedScatter: number }[]> {
    return this.#db
      .selectFrom('normFactors')
      .select(['rawScatter', 'normalizedScatter'])
      .where('stripId', '=', of.stripId)
      .where('series', '=', of.series)
      .where('midMjd', '<', of.midMjd)
      .orderBy('midMjd', 'desc')
      .limit(of.limit)
      .execute();
  }

  /** Sources that made the newest flux scale of a strip. */
  async latestReferences(stripId: number): Promise<number[]> {
    const row = await this.#db
      .selectFrom('normFactors')
      .select('referenceIds')
      .where('stripId', '=', stripId)
      .orderBy('midMjd', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.referenceIds ?? [];
  }

  /** Keep the flux scale of an epoch; frozen: the same version again changes nothing. */
  async keepFactor(factor: NewNormFactor): Promise<void> {
    await this.#db
      .insertInto('normFactors')
      .values({ ...factor, referenceIds: [...factor.referenceIds] })
      .onConflict((oc) => oc.columns(['runId', 'version']).doNothing())
      .execute();
  }
}
