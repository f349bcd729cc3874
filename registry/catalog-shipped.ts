/** The NVSS list that comes with the product, loaded once per version of it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type pg from 'pg';
import { MeridianError } from '../domain/errors.ts';
import { inCatalogTransaction, loadCatalog, type CatalogReport, type TableColumn } from './catalog-load.ts';
import type { ImportOrigin } from './schema/catalogs.ts';

/** What the columns of the list are: `ra_deg,dec_deg,flux_1400mhz_jy,crowding`; its fluxes are peaks. */
const COLUMNS: readonly TableColumn[] = ['ra_deg', 'dec_deg', 'flux_jy', 'crowding'];

/**
 * Load the shipped list as the catalogue `nvss`, unless it is loaded or the user has imported another.
 *
 * @param path the list, CSV, gzipped
 * @returns undefined when there was nothing to do
 * @throws MeridianError CATALOG_MISSING when the list is not there.
 */
export async function loadShippedNvss(databaseUrl: string, path: string): Promise<CatalogReport | undefined> {
  const sha256 = hashOf(path);
  return await inCatalogTransaction(databaseUrl, 'nvss', async (client) => {
    const shipped = await shippedVersion(client);
    if (shipped === 'users_own' || shipped === sha256) return undefined;
    return await loadCatalog(client, {
      catalog: 'nvss',
      mode: 'replace',
      origin: 'shipped',
      file: { name: basename(path), sha256 },
      table: { path, sha256, columns: COLUMNS, fluxKind: 'peak' },
      rowsRead: null,
      rejected: {},
      parameters: {},
      requestedBy: 'meridian',
    });
  });
}

function hashOf(path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch (cause) {
    const message = `the NVSS list that comes with the product cannot be read at ${path}`;
    throw new MeridianError('CATALOG_MISSING', message, { file: path }, { cause });
  }
}

/** Hash of the shipped list that is loaded, null when there is none. */
async function shippedVersion(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ origin: ImportOrigin; tableSha256: string | null }>(
    `select origin, table_sha256 as "tableSha256" from catalog_imports
     where catalog = 'nvss' and mode = 'replace' order by version desc limit 1`,
  );
  const [latest] = rows;
  if (latest === undefined) return null;
  return latest.origin === 'shipped' ? latest.tableSha256 : 'users_own';
}
