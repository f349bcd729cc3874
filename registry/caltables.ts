import type { Kysely, Selectable } from 'kysely';
import type { ProductState, QaState } from '../domain/states.ts';
import { limitOf, pageOf, type Page, type PageRequest } from './paging.ts';
import type { CaltablesTable, CaltableStatus, CaltableType } from './schema/science.ts';
import { isPresent } from './queries/present.ts';
import type { Database } from './schema/index.ts';

export type { CaltableStatus, CaltableType } from './schema/science.ts';

/** A caltable with the state of its product. */
export type Caltable = Selectable<CaltablesTable> & { readonly qa: QaState; readonly state: ProductState };

/** Tables of one solve, in the order in which they are applied. */
export interface CaltableSet {
  readonly setId: string;
  readonly tables: readonly Caltable[];
}

export interface CaltableQuery extends PageRequest {
  readonly calibrator?: string;
  readonly type?: CaltableType;
}

export interface ActiveAt {
  readonly mjd: number;
  /** Apparent declination of the pointing, degrees; tables of any declination when left out. */
  readonly decDeg?: number;
  /** Largest difference of declination, degrees. */
  readonly toleranceDeg?: number;
}

const DEFAULT_TOLERANCE_DEG = 1;

export class CaltableRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  find(id: string): Promise<Caltable | undefined> {
    return this.#rows().where('caltables.id', '=', id).executeTakeFirst();
  }

  /** In the order in which they are applied. */
  async findMany(ids: readonly string[]): Promise<Caltable[]> {
    if (ids.length === 0) return [];
    return await this.#rows().where('caltables.id', 'in', ids).orderBy('position').orderBy('caltables.id').execute();
  }

  /** Newest first. */
  async list(query: CaltableQuery = {}): Promise<Page<Caltable>> {
    const limit = limitOf(query);
    const rows = await this.#rows()
      .$if(query.calibrator !== undefined, (q) => q.where('calibrator', '=', query.calibrator as string))
      .$if(query.type !== undefined, (q) => q.where('type', '=', query.type as CaltableType))
      .$if(query.cursor !== undefined, (q) => q.where('caltables.id', '<', query.cursor as string))
      .orderBy('caltables.id', 'desc')
      .limit(limit + 1)
      .execute();
    return pageOf(rows, limit, (row) => row.id);
  }

  /**
   * Sets that are valid at a time: active, not failed by QA, files there. Which of them to take is decided elsewhere.
   */
  async activeAt(at: ActiveAt): Promise<CaltableSet[]> {
    const tolerance = at.toleranceDeg ?? DEFAULT_TOLERANCE_DEG;
    const rows = await this.#usable()
      .where('validStartMjd', '<=', at.mjd)
      .where('validEndMjd', '>=', at.mjd)
      .$if(at.decDeg !== undefined, (q) =>
        q
          .where('pointingDecDeg', '>=', (at.decDeg as number) - tolerance)
          .where('pointingDecDeg', '<=', (at.decDeg as number) + tolerance),
      )
      .orderBy('transitMjd')
      .orderBy('position')
      .execute();
    return setsOf(rows);
  }

  /** Usable sets that were solved on a measurement set. */
  async ofMeasurementSet(msId: string): Promise<CaltableSet[]> {
    return setsOf(await this.#usable().where('msId', '=', msId).orderBy('caltables.id').orderBy('position').execute());
  }

  /** Set aside, or take back, the tables of a set. */
  async setStatus(setId: string, status: CaltableStatus): Promise<void> {
    await this.#db.updateTable('caltables').set({ status }).where('setId', '=', setId).execute();
  }

  #rows() {
    return this.#db
      .selectFrom('caltables')
      .innerJoin('dataRegistry', 'dataRegistry.id', 'caltables.id')
      .selectAll('caltables')
      .select(['dataRegistry.qa', 'dataRegistry.state']);
  }

  #usable() {
    return this.#rows()
      .where('caltables.status', '=', 'active')
      .where('dataRegistry.qa', '<>', 'fail')
      .where(isPresent);
  }
}

function setsOf(rows: readonly Caltable[]): CaltableSet[] {
  const sets = new Map<string, Caltable[]>();
  for (const row of rows) sets.set(row.setId, [...(sets.get(row.setId) ?? []), row]);
  return [...sets].map(([setId, tables]) => ({ setId, tables: tables.sort((a, b) => a.position - b.position) }));
}
