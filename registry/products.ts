/** Words of the registry of products. */

/** What a product is; also the first folder of its path in the store. */
export type ProductKind =
  'ms' | 'calib_ms' | 'caltable' | 'image' | 'mosaic' | 'photometry' | 'qa' | 'catalog' | 'simulation' | 'misc';

export type ProductState = 'staging' | 'publishing' | 'published' | 'withdrawn';

export type QaState = 'pass' | 'warn' | 'fail' | 'not_evaluated';

/** A row of the table that describes a kind of product; its id is the product's. */
export type ProductRow =
  | { readonly table: 'measurement_sets'; readonly values: Readonly<Record<string, unknown>> }
  | { readonly table: 'caltables'; readonly values: Readonly<Record<string, unknown>> }
  | { readonly table: 'images'; readonly values: Readonly<Record<string, unknown>> }
  | { readonly table: 'mosaics'; readonly values: Readonly<Record<string, unknown>> };
