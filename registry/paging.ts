/** Pages of rows whose ids sort by time: the cursor is the id of the last row. */

export interface PageRequest {
  /** Rows in a page; default 50. */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

export interface Page<Row> {
  readonly items: readonly Row[];
  /** Null: this is the last page. */
  readonly nextCursor: string | null;
}

const DEFAULT_LIMIT = 50;

export const limitOf = (request: PageRequest): number => request.limit ?? DEFAULT_LIMIT;

/** A page of at most `limit` rows from a query for one row more. */
export function pageOf<Row>(rows: readonly Row[], limit: number, idOf: (row: Row) => string): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? idOf(last) : null };
}
