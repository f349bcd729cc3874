import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import pg from 'pg';
import { MIGRATIONS, type Migration } from '../../../registry/migrations/index.ts';
import { assertSchemaVersion, migrateToLatest } from '../../../registry/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase('empty');
}, 300_000);
afterEach(() => database.drop());

const withClient = async <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

const step = (version: number, sql: string): Migration => ({ version, name: `step ${version}`, sql });

it('makes the whole schema in an empty database, and nothing the second time', async () => {
  const first = await migrateToLatest(database.url);
  const second = await migrateToLatest(database.url);
  const tables = await withClient((client) =>
    client.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public'`,
    ),
  );

  expect(first).toEqual({ applied: MIGRATIONS.map(({ name }) => name), version: MIGRATIONS.length });
  expect(second).toEqual({ applied: [], version: MIGRATIONS.length });
  expect(tables.rows.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'data_registry',
      'data_relationships',
      'data_roots',
      'subband_files',
      'observation_groups',
    ]),
  );
  await withClient((client) => expect(assertSchemaVersion(client)).resolves.toBeUndefined());
});

it('is done once when several processes start at the same time', async () => {
  const reports = await Promise.all([1, 2, 3].map(() => migrateToLatest(database.url)));

  expect(reports.map(({ applied }) => applied.length).sort()).toEqual([0, 0, MIGRATIONS.length]);
});

it('leaves nothing of a step that fails, and goes on there later', async () => {
  const good = step(1, 'create table a (id integer)');
  const bad = step(2, 'create table b (id integer); select 1 / 0');
  await expect(migrateToLatest(database.url, [good, bad])).rejects.toThrow('division by zero');
  const mended = await migrateToLatest(database.url, [good, step(2, 'create table b (id integer)')]);

  expect(mended).toEqual({ applied: ['step 2'], version: 2 });
});

it('refuses a database whose steps are not those of this release', async () => {
  await migrateToLatest(database.url, [step(1, 'create table a (id integer)')]);

  await expect(migrateToLatest(database.url, [step(1, 'create table a (id bigint)')])).rejects.toMatchObject({
    code: 'SCHEMA_VERSION',
    message: expect.stringContaining('step 1'),
  });
});

it('refuses a database that is newer than this release', async () => {
  const steps = [step(1, 'create table a (id integer)'), step(2, 'create table b (id integer)')];
  await migrateToLatest(database.url, steps);

  await expect(migrateToLatest(database.url, steps.slice(0, 1))).rejects.toMatchObject({
    code: 'SCHEMA_VERSION',
    context: { database_version: 2, release_version: 1 },
  });
});

it('tells worker and gateway that the database is too old for them', async () => {
  await withClient(async (client) => {
    const refusal = { code: 'SCHEMA_VERSION', message: expect.stringContaining('meridian up') };
    await expect(assertSchemaVersion(client)).rejects.toMatchObject(refusal);
    await migrateToLatest(database.url, MIGRATIONS.slice(0, 1));
    await expect(assertSchemaVersion(client)).rejects.toMatchObject(refusal);
  });
});

it('says that the server does not answer', async () => {
  await expect(migrateToLatest('postgres://meridian@127.0.0.1:1/none')).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
});

it('runs by itself with DATABASE_URL', () => {
  const run = (url: string) =>
    spawnSync(process.execPath, ['registry/migrate.ts'], {
      env: { ...process.env, DATABASE_URL: url },
      encoding: 'utf8',
    });
  const good = run(database.url);
  const bad = run('');

  expect([good.status, good.stdout]).toEqual([
    0,
    expect.stringContaining(`schema version ${MIGRATIONS.length}: applied`),
  ]);
  expect([bad.status, bad.stderr]).toEqual([2, expect.stringContaining('DATABASE_URL is not set')]);
});

it('numbers its steps without gaps', () => {
  expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
});
