/** Units of shared work, a measurement set or a tile each, and the products they ended with. */
import type { Kysely } from 'kysely';
import { isPresent } from './queries/present.ts';
import type { Database } from './schema/index.ts';

/**
 * Several units may have one product: files that were copied to another data root make a new version of their group, and
 * the stages find what they have made of the same content before.
 */
export class UnitRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Record what a unit ended with; a later run of it counts. */
  async record(workflowId: string, productId: string): Promise<void> {
    await this.#db
      .insertInto('unitProducts')
      .values({ workflowId, productId })
      .onConflict((conflict) => conflict.column('workflowId').doUpdateSet({ productId }))
      .execute();
  }

  /** Id of the product of a unit; undefined when it never ended, or the product was superseded or lost its files. */
  async productOf(workflowId: string): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('unitProducts')
      .innerJoin('dataRegistry', 'dataRegistry.id', 'unitProducts.productId')
      .select('unitProducts.productId')
      .where('workflowId', '=', workflowId)
      .where(isPresent)
      .executeTakeFirst();
    return row?.productId;
  }
}
