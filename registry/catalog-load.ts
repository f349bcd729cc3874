/**
 * Loading a catalogue: its rows are copied into a temporary table, matched with the sources that are known, and become
 * the present version of the catalogue. All of it is one transaction; one catalogue is loaded at a time.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { CATALOGS, type CatalogName, type FluxKind } from '../domain/catalogs.ts';
import { MeridianError } from '../domain/errors.ts';
import { matchKnownSources, nameNewSources } from './catalog-match.ts';
import { asRegistryError, clientConfig } from './connection.ts';
import type { ImportMode, ImportOrigin } from './schema/catalogs.ts';
import type { JsonObject } from './schema/index.ts';

/** Columns that a table to load may have; `flux_jy` and the position it must have. */
const TABLE_COLUMNS = [
  'catalog_id', 'ra_deg', 'dec_deg', 'flux_jy', 'flux_kind', 'peak_flux_jy', 'flux_err_jy', 'freq_hz',
  'maj_arcsec', 'min_arcsec', 'pa_deg', 'spectral_index', 'crowding', 'resolved',
] as const; // prettier-ignore

export type TableColumn = (typeof TABLE_COLUMNS)[number];

/** A CSV file with a header line; a name that ends in `.gz` is gzipped. */
export interface CatalogTable {
  readonly path: string;
  readonly sha256: string;
  /** In the order of the file; default: what its header line says. */
  readonly columns?: readonly TableColumn[];
  /** Of every row, where the file has no such column. */
  readonly fluxKind?: FluxKind;
}

export interface CatalogLoad {
  readonly catalog: Exclude<CatalogName, 'master'>;
  readonly mode: ImportMode;
  readonly origin: ImportOrigin;
  /** The file that the table was made of. */
  readonly file: { readonly name: string; readonly sha256: string } | null;
  readonly table: CatalogTable;
  readonly rowsRead: number | null;
  readonly rejected: Readonly<Record<string, number>>;
  readonly parameters: JsonObject;
  readonly requestedBy: string;
}

/** What an import did. */
export interface CatalogReport {
  readonly catalog: CatalogName;
  readonly version: number;
  readonly rowsLoaded: number;
  /** Rows of the catalogue after it. */
  readonly rowsCurrent: number;
  readonly sourcesNew: number;
  readonly sourcesKnown: number;
  readonly seconds: number;
}

/** The name by which `sources` and `catalog_sources` know an import. */
export interface StartedImport {
  readonly id: number;
  readonly version: number;
}

/**
 * Run work in a transaction that no other loading of the same catalogue overlaps. Large catalogues take minutes:
 * there is no time limit on statements.
 *
 * @throws MeridianError SERVICE_UNAVAILABLE when the server goes away.
 */
export async function inCatalogTransaction<T>(
  databaseUrl: string,
  catalog: CatalogName,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(clientConfig({ databaseUrl, applicationName: 'meridian-catalog' }));
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('begin');
    await client.query(`set local work_mem = '${WORK_MEMORY}'`);
    await client.query(`select pg_advisory_xact_lock(hashtext('meridian.catalog'), hashtext($1))`, [catalog]);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    throw asRegistryError(error);
  } finally {
    // What was not committed is rolled back when the connection ends.
    await client.end().catch(() => undefined);
  }
}

/**
 * Load a table as a version of a catalogue. Known sources keep their ids: they are found by the catalogue's own name of
 * a row, then by position. Rows of earlier versions are superseded, never deleted.
 *
 * @throws MeridianError CATALOG_INVALID when the table does not hold what its columns say.
 */
export async function loadCatalog(client: pg.Client, load: CatalogLoad): Promise<CatalogReport> {
  try {
    return await loadRows(client, load);
  } catch (cause) {
    if (!BAD_DATA.test((cause as { code?: string }).code ?? '')) throw cause;
    const { path } = load.table;
    const message = `${path} is no table of a catalogue: ${(cause as Error).message}`;
    throw new MeridianError('CATALOG_INVALID', message, { file: path }, { cause });
  }
}

async function loadRows(client: pg.Client, load: CatalogLoad): Promise<CatalogReport> {
  const started = performance.now();
  await client.query(incomingTable(load));
  const rowsLoaded = await copyTable(client, load.table);
  await client.query('analyze incoming');
  await matchKnownSources(client, load.catalog);
  const sourcesNew = await nameNewSources(client);
  const begun = await beginImport(client, { ...load, rowsRead: load.rowsRead ?? rowsLoaded });
  await client.query(NEW_SOURCES, [load.catalog, begun.id]);
  await client.query(KNOWN_SOURCES, [begun.id]);
  await client.query(load.mode === 'replace' ? SUPERSEDE_ALL : SUPERSEDE_SAME, [load.catalog, begun.id]);
  await client.query(NEW_ROWS, [load.catalog, begun.id]);
  const rowsCurrent = await endImport(client, begun, { catalog: load.catalog, rowsLoaded, sourcesNew });
  const seconds = (performance.now() - started) / 1000;
  const { catalog } = load;
  const sourcesKnown = rowsLoaded - sourcesNew;
  return { catalog, version: begun.version, rowsLoaded, rowsCurrent, sourcesNew, sourcesKnown, seconds };
}

/** Record that an import begins; its counts follow with `endImport`. */
export async function beginImport(
  client: pg.Client,
  load: Omit<CatalogLoad, 'table' | 'catalog' | 'rowsRead'> & {
    readonly catalog: CatalogName;
    readonly rowsRead: number;
    readonly table: Pick<CatalogTable, 'sha256'> | null;
  },
): Promise<StartedImport> {
  const { rows } = await client.query<StartedImport>(
    `insert into catalog_imports (catalog, version, mode, origin, file_name, file_sha256, table_sha256, rows_read,
       rejected, parameters, requested_by)
     select $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10
       from catalog_imports where catalog = $1
     returning id, version`,
    [
      load.catalog,
      load.mode,
      load.origin,
      load.file?.name ?? null,
      load.file?.sha256 ?? null,
      load.table?.sha256 ?? null,
      load.rowsRead,
      JSON.stringify(load.rejected),
      JSON.stringify(load.parameters),
      load.requestedBy,
    ],
  );
  return onlyRow(rows);
}

/** Record what an import did; returns how many rows the catalogue has now. */
export async function endImport(
  client: pg.Client,
  { id }: StartedImport,
  counts: { readonly catalog: CatalogName; readonly rowsLoaded: number; readonly sourcesNew: number },
): Promise<number> {
  const { rows } = await client.query<{ rowsCurrent: number }>(
    `update catalog_imports set rows_loaded = $2, sources_new = $3,
       rows_current = (select count(*) from catalog_sources where catalog = $4 and superseded_by is null)
     where id = $1 returning rows_current as "rowsCurrent"`,
    [id, counts.rowsLoaded, counts.sourcesNew, counts.catalog],
  );
  return onlyRow(rows).rowsCurrent;
}

function onlyRow<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error('a statement that returns one row returned none');
  return row;
}

const opened = (path: string): Readable =>
  path.endsWith('.gz') ? createReadStream(path).pipe(createGunzip()) : createReadStream(path);

/** For sorting millions of rows. */
const WORK_MEMORY = '128MB';

/** SQLSTATE classes of data that do not fit: text where a number belongs, a place outside the sky. */
const BAD_DATA = /^(22|23)/;

async function copyTable(client: pg.Client, { path, columns: named }: CatalogTable): Promise<number> {
  const columns = named ?? (await headerOf(path));
  const copy = client.query(copyFrom(`copy incoming (${columns.join(', ')}) from stdin (format csv, header)`));
  await pipeline(opened(path), copy);
  return copy.rowCount;
}

const isTableColumn = (name: string): name is TableColumn => (TABLE_COLUMNS as readonly string[]).includes(name);

async function headerOf(path: string): Promise<TableColumn[]> {
  const source = opened(path);
  for await (const line of createInterface({ input: source })) {
    source.destroy();
    const names = line.split(',');
    if (names.every(isTableColumn)) return names;
    const message = `${path} has the columns ${line}; those of a table to load are ${TABLE_COLUMNS.join(', ')}`;
    throw new MeridianError('CATALOG_INVALID', message, { file: path });
  }
  throw new MeridianError('CATALOG_INVALID', `${path} is empty`, { file: path });
}

/** Each row is a new source with an id of its own, until it is found to be a known one. */
function incomingTable({ catalog, table }: CatalogLoad): string {
  const { prefix, nameDecimals, freqHz } = CATALOGS[catalog];
  return `
create temporary table incoming (
  source_id bigint not null default nextval(pg_get_serial_sequence('sources', 'id')),
  is_new boolean not null default true,
  name text collate "C" generated always as
    (iau_name('${prefix}', ra_deg, dec_deg, ${nameDecimals.ra}, ${nameDecimals.dec})) stored,
  suffix text not null default '',
  catalog_id text,
  ra_deg double precision not null,
  dec_deg double precision not null,
  flux_jy double precision not null,
  flux_kind text not null${table.fluxKind === undefined ? '' : ` default '${table.fluxKind}'`},
  peak_flux_jy double precision,
  flux_err_jy double precision,
  freq_hz double precision not null default ${freqHz},
  maj_arcsec real,
  min_arcsec real,
  pa_deg real,
  spectral_index double precision,
  crowding smallint,
  resolved boolean
) on commit drop`;
}

const FLUX_AT_1400_MHZ = `
  incoming.flux_jy * power(1.4e9 / incoming.freq_hz, coalesce(incoming.spectral_index, -0.7))`;

const NEW_SOURCES = `
insert into sources (id, name, catalog, catalog_id, ra_deg, dec_deg, flux_jy, flux_kind, spectral_index, crowding,
  resolved, first_import_id, last_import_id)
overriding system value
select source_id, name || suffix, $1, catalog_id, ra_deg, dec_deg, ${FLUX_AT_1400_MHZ}, flux_kind, spectral_index, crowding,
  resolved, $2, $2
from incoming where is_new order by source_id`;

/** The newest version is the best known place and flux; what it does not say stays. */
const KNOWN_SOURCES = `
update sources set
  catalog_id = coalesce(sources.catalog_id, incoming.catalog_id),
  ra_deg = incoming.ra_deg, dec_deg = incoming.dec_deg,
  flux_jy = ${FLUX_AT_1400_MHZ}, flux_kind = incoming.flux_kind,
  spectral_index = coalesce(incoming.spectral_index, sources.spectral_index),
  crowding = coalesce(incoming.crowding, sources.crowding),
  resolved = coalesce(incoming.resolved, sources.resolved),
  last_import_id = $1
from incoming where incoming.source_id = sources.id and not incoming.is_new`;

const SUPERSEDE_ALL = `update catalog_sources set superseded_by = $2 where catalog = $1 and superseded_by is null`;

const SUPERSEDE_SAME = `
update catalog_sources listed set superseded_by = $2 from incoming
where listed.source_id = incoming.source_id and listed.catalog = $1 and listed.superseded_by is null`;

/** In the order of the index, so that neighbours in the sky are neighbours on the disk. */
const NEW_ROWS = `
insert into catalog_sources (import_id, source_id, catalog, catalog_id, ra_deg, dec_deg, flux_jy, flux_kind,
  peak_flux_jy, flux_err_jy, freq_hz, maj_arcsec, min_arcsec, pa_deg, spectral_index, crowding, resolved)
select $2, source_id, $1, catalog_id, ra_deg, dec_deg, flux_jy, flux_kind,
  peak_flux_jy, flux_err_jy, freq_hz, maj_arcsec, min_arcsec, pa_deg, spectral_index, crowding, resolved
from incoming order by sky_zone(dec_deg), ra_deg`;
