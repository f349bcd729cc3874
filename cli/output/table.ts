/** Short tables of plain text. */

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | null | undefined;
  readonly align?: 'left' | 'right';
}

/** Renders rows below a line of titles; numbers are right-aligned by default. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) => columns.map((column) => cell(column.value(row))));
  const right = columns.map((column, index) =>
    column.align === undefined
      ? rows.length > 0 && rows.every((row) => typeof columns[index]?.value(row) === 'number')
      : column.align === 'right',
  );
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...cells.map((line) => (line[index] ?? '').length)),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) => (right[index] ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(columns.map((column) => column.title)), ...cells.map(line)].join('\n');
}

const cell = (value: string | number | null | undefined): string =>
  value === null || value === undefined ? '-' : String(value);

/** `name  value` lines. */
export function facts(pairs: readonly (readonly [string, string | number | null | undefined])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${cell(value)}`).join('\n');
}
