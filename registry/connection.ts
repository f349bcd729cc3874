/** The pool of connections to PostgreSQL and the typed view of it. */
import { CamelCasePlugin, Kysely, PostgresDialect, sql, type RawBuilder } from 'kysely';
import pg from 'pg';
import { MeridianError } from '../domain/errors.ts';
import type { Database } from './schema/index.ts';

/** What a process that uses the registry says about itself. */
export interface ConnectionOptions {
  readonly databaseUrl: string;
  /** Shown in `pg_stat_activity`: `meridian-worker`, `meridian-gateway`. */
  readonly applicationName: string;
  /** Slots of the process and a few more; default 10. */
  readonly maxConnections?: number;
  /** Told about errors of idle connections: the server went away, say. They are replaced by themselves. */
  readonly onIdleError?: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 5000;
const STATEMENT_TIMEOUT_MS = 30_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 20_000;

const INT8 = 20;
const TIMESTAMPTZ = 1184;

/** `bigint` as number (sizes and counters stay far below 2^53), `timestamptz` as ISO 8601 with Z. */
function parserOf(oid: number, format?: 'text' | 'binary'): unknown {
  if (oid === INT8) return Number;
  if (oid === TIMESTAMPTZ) return (text: string) => new Date(text).toISOString();
  return pg.types.getTypeParser(oid, format as 'text');
}

/** Settings of every connection, pooled or not. */
export const clientConfig = (options: ConnectionOptions): pg.ClientConfig => ({
  connectionString: options.databaseUrl,
  application_name: options.applicationName,
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  keepAlive: true,
  types: { getTypeParser: parserOf } as pg.CustomTypesConfig,
});

/** Open a pool. It connects when it is first used, so a process may start before its database. */
export function openPool(options: ConnectionOptions): pg.Pool {
  const pool = new pg.Pool({
    ...clientConfig(options),
    max: options.maxConnections ?? 10,
    idleTimeoutMillis: 60_000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
  });
  // A connection that breaks is an event, idle or in use; an event without a listener ends the process.
  pool.on('error', (error) => options.onIdleError?.(error));
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** The typed view of a pool. Keys inside `jsonb` documents are left as they are. */
export const openDatabase = (pool: pg.Pool): Kysely<Database> =>
  new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });

/** A value for a `jsonb` column; without it an array would be taken for a PostgreSQL array. */
export const json = <T>(value: T): RawBuilder<T> => sql<T>`${JSON.stringify(value)}::jsonb`;

/** SQLSTATE classes and codes of a server that is away or going: connection, operator intervention, resources, system. */
const AWAY_STATES = /^(08|57P0|53|58)/;
const AWAY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT']);
const AWAY_WORDS =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

/** Whether an error of a query says that the server is away, rather than that the query is wrong. */
export function isServerAway(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, syscall, message, errors } = error as Readonly<Record<string, unknown>>;
  // A socket of the server that is not there; of a file it would mean something else.
  if (code === 'ENOENT' && syscall === 'connect') return true;
  if (typeof code === 'string' && (AWAY_STATES.test(code) || AWAY_CODES.has(code))) return true;
  if (typeof message === 'string' && AWAY_WORDS.test(message)) return true;
  return Array.isArray(errors) && errors.some(isServerAway);
}

/** Give an error of a query its code: SERVICE_UNAVAILABLE while the server is away; others are left as they are. */
export function asRegistryError(error: unknown): unknown {
  if (error instanceof MeridianError || !isServerAway(error)) return error;
  const reason = (error as Error).message || 'no connection';
  return new MeridianError(
    'SERVICE_UNAVAILABLE',
    `PostgreSQL does not answer: ${reason}`,
    { service: 'postgres' },
    {
      cause: error,
    },
  );
}
