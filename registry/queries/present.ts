import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Database } from '../schema/index.ts';

/** Of products: neither superseded nor withdrawn, and their files are there. */
export const isPresent = (product: ExpressionBuilder<Database, 'dataRegistry'>): Expression<SqlBool> =>
  product.and([
    product('dataRegistry.supersededBy', 'is', null),
    product('dataRegistry.filesMissingAt', 'is', null),
    product('dataRegistry.state', '<>', 'withdrawn'),
  ]);
