/** Databases for tests: a fresh one per test file, made from the migrated template. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import pg from 'pg';
import type { Registry } from '../../registry/index.ts';
import { sharedServerUrl, TEMPLATE_DATABASE } from './postgres-broker.ts';
import { openTestRegistry } from './test-registry.ts';

export { openTestRegistry } from './test-registry.ts';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** The first test to ask waits for a server to be made. */
const START_TIMEOUT_MS = 300_000;

/** Make a database; `empty` has no schema. */
export async function createTestDatabase(from: 'template' | 'empty' = 'template'): Promise<TestDatabase> {
  const server = await sharedServerUrl();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(server, `create database ${name}${from === 'template' ? ` template ${TEMPLATE_DATABASE}` : ''}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(server, `drop database if exists ${name} with (force)`) };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A database of this test file's own; call it at the top of the file. */
export function useTestDatabase(): () => TestDatabase {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
  }, START_TIMEOUT_MS);
  afterAll(() => database?.drop());
  return () => present(database);
}

/** A registry on a database of this test file's own; call it at the top of the file. */
export function useRegistry(database: () => TestDatabase = useTestDatabase()): () => Registry {
  let registry: Registry | undefined;
  beforeAll(() => {
    registry = openTestRegistry(database().url);
  });
  afterAll(() => registry?.close());
  return () => present(registry);
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it is there from beforeAll on');
  return value;
}
