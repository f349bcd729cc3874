import { sql, type Kysely, type Selectable } from 'kysely';
import type { MeasurementSetsTable, MsStage } from './schema/science.ts';
import { isPresent } from './queries/present.ts';
import type { Database } from './schema/index.ts';
import type { ProductState, QaState } from '../domain/states.ts';

export type { MsStage } from './schema/science.ts';

/** A measurement set with the state of its product. */
export type MeasurementSet = Selectable<MeasurementSetsTable> & {
  readonly qa: QaState;
  readonly state: ProductState;
};

/** Measurement sets. Rows whose product was superseded, withdrawn or lost its files are not found, except by id. */
export class MeasurementSetRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  find(id: string): Promise<MeasurementSet | undefined> {
    return this.#rows().where('measurementSets.id', '=', id).executeTakeFirst();
  }

  /** Present ones whose middle lies in a range of time, in order of time. */
  list(range: {
    readonly fromMjd: number;
    readonly toMjd: number;
    readonly stage?: MsStage;
  }): Promise<MeasurementSet[]> {
    return this.#present()
      .where('midMjd', '>=', range.fromMjd)
      .where('midMjd', '<', range.toMjd)
      .$if(range.stage !== undefined, (q) => q.where('measurementSets.stage', '=', range.stage as MsStage))
      .orderBy('midMjd')
      .execute();
  }

  /** Mark one as what everybody starts from: it was checked and is never changed again. */
  async commit(id: string): Promise<void> {
    await this.#db
      .updateTable('measurementSets')
      .set({ committedAt: sql`coalesce(committed_at, now())` })
      .where('id', '=', id)
      .execute();
  }

  #rows() {
    return this.#db
      .selectFrom('measurementSets')
      .innerJoin('dataRegistry', 'dataRegistry.id', 'measurementSets.id')
      .selectAll('measurementSets')
      .select(['dataRegistry.qa', 'dataRegistry.state']);
  }

  #present() {
    return this.#rows().where(isPresent);
  }
}
