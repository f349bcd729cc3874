/**
 * Bringing the schema to this release's version. Run by itself: `DATABASE_URL=… node registry/migrate.ts`; with
 * `MERIDIAN_NVSS_LIST=FILE` it also loads that list of sources, once.
 *
 * Steps only go forward, each in a transaction of its own, one process at a time (advisory lock). The text of a step
 * that was applied is remembered by its hash: a release that disagrees with the database is refused.
 */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { MeridianError } from '../domain/errors.ts';
import { asRegistryError, clientConfig } from './connection.ts';
import { MIGRATIONS, type Migration } from './migrations/index.ts';

/** A version that was applied. */
export interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

export interface MigrationReport {
  /** Names of the steps that were applied now. */
  readonly applied: readonly string[];
  readonly version: number;
}

/** Anything that runs SQL: a client or a pool. */
type Queryable = Pick<pg.ClientBase, 'query'>;

const LOCK_KEY = `hashtext('meridian.migrations')`;

const LEDGER = `
create table if not exists schema_migrations (
  version integer primary key,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default now()
)`;

export const checksumOf = (migration: Migration): string => createHash('sha256').update(migration.sql).digest('hex');

/**
 * Apply what is missing.
 *
 * @throws MeridianError SCHEMA_VERSION when the database is newer than this release or was changed by hand;
 *   SERVICE_UNAVAILABLE when it does not answer.
 */
export async function migrateToLatest(
  databaseUrl: string,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<MigrationReport> {
  const client = new pg.Client(clientConfig({ databaseUrl, applicationName: 'meridian-migrate' }));
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`select pg_advisory_lock(${LOCK_KEY})`);
    await client.query(LEDGER);
    const known = await readApplied(client);
    const missing = missingSteps(known, migrations);
    for (const migration of missing) await applyStep(client, migration);
    return { applied: missing.map(({ name }) => name), version: migrations.length };
  } catch (error) {
    throw asRegistryError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Refuse a database with another schema than this release's; worker and gateway call it before they do anything.
 *
 * @throws MeridianError SCHEMA_VERSION saying which side is older.
 */
export async function assertSchemaVersion(
  connection: Queryable,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  let known: AppliedMigration[];
  try {
    known = await readApplied(connection);
  } catch (error) {
    if ((error as { code?: string }).code !== '42P01') throw asRegistryError(error);
    known = [];
  }
  const missing = missingSteps(known, migrations);
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(', ');
  throw refusal(`the database lacks the migrations ${names}; run \`meridian up\``, known, migrations);
}

async function readApplied(connection: Queryable): Promise<AppliedMigration[]> {
  const { rows } = await connection.query<AppliedMigration>(
    'select version, name, checksum from schema_migrations order by version',
  );
  return rows;
}

function missingSteps(known: readonly AppliedMigration[], migrations: readonly Migration[]): readonly Migration[] {
  if (known.length > migrations.length) {
    const message = `the database has schema version ${known.length}, this release knows ${migrations.length}; use the newer release`;
    throw refusal(message, known, migrations);
  }
  for (const [index, applied] of known.entries()) {
    const own = migrations[index];
    if (own === undefined || own.version !== applied.version || checksumOf(own) !== applied.checksum) {
      const message = `migration ${applied.version} (${applied.name}) of the database is not the one of this release`;
      throw refusal(message, known, migrations);
    }
  }
  return migrations.slice(known.length);
}

async function applyStep(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.sql);
    await client.query('insert into schema_migrations (version, name, checksum) values ($1, $2, $3)', [
      migration.version,
      migration.name,
      checksumOf(migration),
    ]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback').catch(() => undefined);
    throw cause;
  }
}

const refusal = (
  message: string,
  known: readonly AppliedMigration[],
  migrations: readonly Migration[],
): MeridianError =>
  new MeridianError('SCHEMA_VERSION', message, {
    database_version: known.length,
    release_version: migrations.length,
  });

async function main(): Promise<void> {
  const databaseUrl = process.env['DATABASE_URL'];
  if (databaseUrl === undefined || databaseUrl === '') {
    throw new MeridianError(
      'CONFIG_INVALID',
      'DATABASE_URL is not set; set it to postgres://user:password@host/database',
    );
  }
  const report = await migrateToLatest(databaseUrl);
  const what = report.applied.length === 0 ? 'nothing to do' : `applied ${report.applied.join(', ')}`;
  process.stdout.write(`schema version ${report.version}: ${what}\n`);
  const list = process.env['MERIDIAN_NVSS_LIST'];
  if (list !== undefined && list !== '') await loadList(databaseUrl, list);
}

async function loadList(databaseUrl: string, list: string): Promise<void> {
  const { loadShippedNvss } = await import('./catalog-shipped.ts');
  const loaded = await loadShippedNvss(databaseUrl, list);
  if (loaded === undefined) return;
  const { rowsLoaded, version, seconds } = loaded;
  process.stdout.write(`catalogue nvss version ${version}: ${rowsLoaded} sources in ${seconds.toFixed(1)} s\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error: unknown) => {
    const failure = error instanceof MeridianError ? `${error.code}: ${error.message}` : String(error);
    process.stderr.write(`${failure}\n`);
    process.exitCode = error instanceof MeridianError ? error.exitStatus : 1;
  });
}
