/** Many rows as one document: a statement has at most 65535 parameters, a document as many rows as wanted. */

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** JSON text for `jsonb_populate_recordset`, with columns as the database names them. */
export function recordSet(rows: readonly object[]): string {
  const names = Object.keys(rows[0] ?? {}).map((name) => [name, snake(name)] as const);
  const records = rows as readonly Readonly<Record<string, unknown>>[];
  return JSON.stringify(records.map((row) => Object.fromEntries(names.map(([own, column]) => [column, row[own]]))));
}
