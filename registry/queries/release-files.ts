/** Giving up the files of products that were only steps on a way. */
import { sql } from 'kysely';
import type { Repositories } from '../registry.ts';

/**
 * Mark the files of a product as gone, unless a stage that reads them runs at this moment. The caller then removes
 * them; whoever needs them again has them made again.
 *
 * @returns whether the files may be removed now
 */
export async function releaseFiles({ db }: Pick<Repositories, 'db'>, productId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update data_registry product set files_missing_at = now()
      where product.id = ${productId} and product.files_missing_at is null and product.state = 'staging'
        and not exists (
          select 1 from effects, product_files file
            where effects.state = 'running' and file.product_id = product.id
              and effects.input_hashes @> array[file.sha256])`.execute(db);
  return (numAffectedRows ?? 0n) > 0n;
}
