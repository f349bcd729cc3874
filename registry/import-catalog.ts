/**
 * Loads a table as a catalogue, or builds `master`: `DATABASE_URL=… node registry/import-catalog.ts REQUEST.json`.
 * The request is a `CatalogRequest`; the report is one JSON document on stdout, an error one on stderr.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MeridianError } from '../domain/errors.ts';
import { inCatalogTransaction, loadCatalog, type CatalogLoad, type CatalogReport } from './catalog-load.ts';
import { buildMaster, type MasterReport, type MasterRequest } from './catalog-master.ts';

export type CatalogRequest =
  { readonly kind: 'load'; readonly load: CatalogLoad } | { readonly kind: 'master'; readonly master: MasterRequest };

/** Do what a request says. */
export function importCatalog(databaseUrl: string, request: CatalogRequest): Promise<CatalogReport | MasterReport> {
  return request.kind === 'load'
    ? inCatalogTransaction(databaseUrl, request.load.catalog, (client) => loadCatalog(client, request.load))
    : inCatalogTransaction(databaseUrl, 'master', (client) => buildMaster(client, request.master));
}

async function main(): Promise<void> {
  const databaseUrl = process.env['DATABASE_URL'];
  const [file] = process.argv.slice(2);
  if (databaseUrl === undefined || file === undefined) {
    throw new MeridianError('CONFIG_INVALID', 'give DATABASE_URL and the file of the request');
  }
  const request = JSON.parse(readFileSync(file, 'utf8')) as CatalogRequest;
  process.stdout.write(`${JSON.stringify(await importCatalog(databaseUrl, request))}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error: unknown) => {
    const failure = error instanceof MeridianError ? error : new MeridianError('INTERNAL', String(error));
    process.stderr.write(`${JSON.stringify(failure)}\n`);
    process.exitCode = failure.exitStatus;
  });
}
