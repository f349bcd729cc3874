/** Catalogues for tests: a few rows, loaded as the products' own are. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogName } from '../../domain/catalogs.ts';
import {
  inCatalogTransaction,
  loadCatalog,
  type CatalogLoad,
  type CatalogReport,
  type TableColumn,
} from '../../registry/catalog-load.ts';

export type CatalogLine = Readonly<Partial<Record<TableColumn, string | number | boolean | null>>>;

const cell = (value: string | number | boolean | null | undefined): string => (value == null ? '' : String(value));

export interface TestLoad extends Partial<Omit<CatalogLoad, 'table' | 'catalog'>> {
  readonly databaseUrl: string;
  readonly folder: string;
  readonly catalog: Exclude<CatalogName, 'master'>;
  readonly lines: readonly CatalogLine[];
}

let written = 0;

/** Loads lines as a catalogue; fluxes are integrated unless a line says otherwise. */
export async function loadLines({ databaseUrl, folder, catalog, lines, ...rest }: TestLoad): Promise<CatalogReport> {
  const columns = [...new Set(lines.flatMap((line) => Object.keys(line)))] as TableColumn[];
  const rows = lines.map((line) => columns.map((column) => cell(line[column])).join(','));
  const text = `${[columns.join(','), ...rows].join('\n')}\n`;
  const path = join(folder, `table-${(written += 1)}.csv`);
  writeFileSync(path, text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  return await inCatalogTransaction(databaseUrl, catalog, (client) =>
    loadCatalog(client, {
      catalog,
      mode: 'replace',
      origin: 'file',
      file: { name: 'table.csv', sha256 },
      table: { path, sha256, columns, fluxKind: 'integrated' },
      rowsRead: lines.length,
      rejected: {},
      parameters: {},
      requestedBy: 'jane',
      ...rest,
    }),
  );
}
