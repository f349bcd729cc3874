/** How long stages took: what an estimate of the time left is made from. */
import type { Insertable, Kysely } from 'kysely';
import type { PastRun } from '../domain/eta.ts';
import type { StageDurationsTable } from './schema/products.ts';
import type { Database } from './schema/index.ts';

export type NewDuration = Omit<Insertable<StageDurationsTable>, 'id'>;

const HISTORY = 30;

export class DurationRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async record(duration: NewDuration): Promise<void> {
    await this.#db.insertInto('stageDurations').values(duration).execute();
  }

  /** The newest runs of a stage; their size is in bytes read. */
  async history(stage: string, limit = HISTORY): Promise<PastRun[]> {
    const rows = await this.#db
      .selectFrom('stageDurations')
      .select(['wallSeconds', 'inputBytes'])
      .where('stage', '=', stage)
      .orderBy('finishedAt', 'desc')
      .limit(limit)
      .execute();
    return rows.map(({ wallSeconds, inputBytes }) => ({ seconds: wallSeconds, size: inputBytes }));
  }
}
