/** Databases for tests: a fresh one per test file, made from the migrated template. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import pg from 'pg';
import { openRegistry, type Registry } from '../../registry/index.ts';
import { sharedServerUrl, TEMPLATE_DATABASE } from './postgres-broker.ts';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

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

/** A registry on a database of this test file's own; call it at the top of the file or of a `describe`. */
export function useRegistry(): () => Registry {
  let database: TestDatabase | undefined;
  let registry: Registry | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
    registry = openRegistry({
      databaseUrl: database.url,
      applicationName: 'meridian-test',
      storeRoots: { store: '/store', published: '/published' },
    });
  });
  afterAll(async () => {
    await registry?.close();
    await database?.drop();
  });
  return () => {
    if (registry === undefined) throw new Error('the registry is there from beforeAll on');
    return registry;
  };
}
