/**
 * One PostgreSQL per run of jest: it belongs to jest's main process, which starts it when the first test asks (over a
 * socket) and stops it at the end. It holds a template database with the present schema.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrateToLatest } from '../../registry/migrate.ts';
import { startTestServer, type TestServer } from './postgres-server.ts';

const SOCKET_VARIABLE = 'MERIDIAN_TEST_POSTGRES';
export const TEMPLATE_DATABASE = 'meridian_template';

/** Runs in jest's main process, before all tests. */
export class PostgresBroker {
  readonly #folder = mkdtempSync(join(tmpdir(), 'meridian-test-run-'));
  readonly #server: Server;
  #postgres: Promise<TestServer> | undefined;

  constructor() {
    this.#server = createServer((socket) => {
      this.#postgres ??= startWithTemplate();
      this.#postgres.then(
        ({ url }) => socket.end(url),
        (error: Error) => socket.end(`error ${error.message}`),
      );
    });
    const socket = join(this.#folder, 'postgres.sock');
    this.#server.listen(socket);
    process.env[SOCKET_VARIABLE] = socket;
  }

  async stop(): Promise<void> {
    this.#server.close();
    const postgres = await this.#postgres?.catch(() => undefined);
    await postgres?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function startWithTemplate(): Promise<TestServer> {
  const server = await startTestServer();
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(`create database ${TEMPLATE_DATABASE}`);
  await client.end();
  const template = new URL(server.url);
  template.pathname = `/${TEMPLATE_DATABASE}`;
  await migrateToLatest(template.href);
  return server;
}

/** Runs in a test: address of the maintenance database of this run's server. */
export async function sharedServerUrl(): Promise<string> {
  const socket = process.env[SOCKET_VARIABLE];
  if (socket === undefined) throw new Error(`${SOCKET_VARIABLE} is not set: run the tests with jest`);
  const answer = await text(createConnection(socket));
  if (answer.startsWith('error ')) throw new Error(`PostgreSQL of the tests: ${answer.slice('error '.length)}`);
  return answer;
}
