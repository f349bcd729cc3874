import type { Kysely, Selectable } from 'kysely';
import { sql } from 'kysely';
import { MeridianError } from '../domain/errors.ts';
import type { Check, QaSummary } from '../domain/generated/stages.ts';
import type { ProductState, QaState } from '../domain/states.ts';
import { json } from './connection.ts';
import type { MosaicMethod, MosaicPlansTable, MosaicsTable, MosaicTilesTable } from './schema/mosaics.ts';
import type { Database, JsonObject } from './schema/index.ts';

export type { MosaicMethod } from './schema/mosaics.ts';

/** A mosaic with the state of its product. */
export type Mosaic = Selectable<MosaicsTable> & { readonly qa: QaState; readonly state: ProductState };
export type MosaicTile = Selectable<MosaicTilesTable>;
export type MosaicPlan = Selectable<MosaicPlansTable>;

/** A recorded choice of tiles, to be built by name. */
export interface NewMosaicPlan {
  readonly name: string;
  readonly method: MosaicMethod;
  readonly startMjd: number | null;
  readonly endMjd: number | null;
  readonly tileIds: readonly string[];
  readonly checks: readonly Check[];
  readonly parameters: JsonObject;
  readonly requestedBy: string;
}

const UNIQUE_VIOLATION = '23505';

export class MosaicRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  find(id: string): Promise<Mosaic | undefined> {
    return this.#db
      .selectFrom('mosaics')
      .innerJoin('dataRegistry', 'dataRegistry.id', 'mosaics.id')
      .selectAll('mosaics')
      .select(['dataRegistry.qa', 'dataRegistry.state'])
      .where('mosaics.id', '=', id)
      .executeTakeFirst();
  }

  /** Tiles as they went in, in order of time. */
  tiles(mosaicId: string): Promise<MosaicTile[]> {
    return this.#db
      .selectFrom('mosaicTiles')
      .selectAll()
      .where('mosaicId', '=', mosaicId)
      .orderBy('position')
      .execute();
  }

  /** Record what QA measured, and the verdict (default: the report's); call it within a transaction. */
  async recordQa(id: string, report: QaSummary, verdict: QaState = report.verdict): Promise<void> {
    await this.#db
      .updateTable('mosaics')
      .set({
        qaReport: json(report as unknown as JsonObject),
        fluxRatio: report.flux_ratio,
        raOffsetArcsec: report.ra_offset_arcsec,
        decOffsetArcsec: report.dec_offset_arcsec,
      })
      .where('id', '=', id)
      .execute();
    await this.#db.updateTable('dataRegistry').set({ qa: verdict }).where('id', '=', id).execute();
  }

  /** @throws MeridianError CONFLICT when there is a plan of this name. */
  async createPlan(plan: NewMosaicPlan): Promise<MosaicPlan> {
    try {
      return await this.#db
        .insertInto('mosaicPlans')
        .values({ ...plan, tileIds: [...plan.tileIds], checks: json(plan.checks), parameters: json(plan.parameters) })
        .returningAll()
        .executeTakeFirstOrThrow();
    } catch (cause) {
      if ((cause as { code?: string }).code !== UNIQUE_VIOLATION) throw cause;
      const message = `there is a mosaic plan named "${plan.name}" already; take another name`;
      throw new MeridianError('CONFLICT', message, { name: plan.name }, { cause });
    }
  }

  findPlan(name: string): Promise<MosaicPlan | undefined> {
    return this.#db.selectFrom('mosaicPlans').selectAll().where('name', '=', name).executeTakeFirst();
  }

  /** Plans that still hold, newest first. */
  listPlans(): Promise<MosaicPlan[]> {
    return this.#db
      .selectFrom('mosaicPlans')
      .selectAll()
      .where('supersededAt', 'is', null)
      .orderBy('id', 'desc')
      .execute();
  }

  /** Put a plan aside and free its name for another one. */
  async supersedePlan(name: string): Promise<void> {
    await this.#db
      .updateTable('mosaicPlans')
      .set({ supersededAt: sql`now()`, name: sql`name || '~' || id` })
      .where('name', '=', name)
      .execute();
  }
}
