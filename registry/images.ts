import type { Kysely, Selectable } from 'kysely';
import type { QaSummary } from '../domain/generated/stages.ts';
import type { ProductState, QaState } from '../domain/states.ts';
import { json } from './connection.ts';
import type { ImagesTable } from './schema/science.ts';
import { isPresent } from './queries/present.ts';
import type { Database, JsonObject } from './schema/index.ts';

/** A tile with the state of its product. */
export type Image = Selectable<ImagesTable> & { readonly qa: QaState; readonly state: ProductState };

/** Tiles. Rows whose product was superseded, withdrawn or lost its files are not found, except by id. */
export class ImageRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  find(id: string): Promise<Image | undefined> {
    return this.#rows().where('images.id', '=', id).executeTakeFirst();
  }

  /** In order of time. */
  async findMany(ids: readonly string[]): Promise<Image[]> {
    if (ids.length === 0) return [];
    return await this.#rows().where('images.id', 'in', ids).orderBy('midMjd').execute();
  }

  /** Present tiles whose middle lies in a range of time, in order of time. */
  list(range: { readonly fromMjd: number; readonly toMjd: number }): Promise<Image[]> {
    return this.#present()
      .where('midMjd', '>=', range.fromMjd)
      .where('midMjd', '<', range.toMjd)
      .orderBy('midMjd')
      .execute();
  }

  /** Record what QA measured, and the verdict (default: the report's); call it within a transaction. */
  async recordQa(id: string, report: QaSummary, verdict: QaState = report.verdict): Promise<void> {
    await this.#db
      .updateTable('images')
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

  #rows() {
    return this.#db
      .selectFrom('images')
      .innerJoin('dataRegistry', 'dataRegistry.id', 'images.id')
      .selectAll('images')
      .select(['dataRegistry.qa', 'dataRegistry.state']);
  }

  #present() {
    return this.#rows().where(isPresent);
  }
}
