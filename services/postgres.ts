/** The embedded PostgreSQL: initialise, start, look at, recover after a kill. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { MeridianError } from '../domain/errors.ts';
import { EMBEDDED_DATABASE } from '../config/index.ts';
import type { HomePaths } from '../config/index.ts';
import { isDead, readProcess } from '../activities/process/proc-table.ts';
import type { FoundProcess } from './service.ts';
import { makeOwnedFolder, recordDataFolder } from './postgres-place.ts';
import type { PostgresPlace } from './postgres-place.ts';
import type { Probe } from './service.ts';

const CONNECT_MS = 3000;
/** "the database system is starting up" and "… is shutting down". */
const CANNOT_CONNECT_NOW = '57P03';
const ORPHANS_WAIT_MS = 10_000;

/** Makes the cluster if there is none: in a draft folder that is renamed, so that an interrupted one is never used. */
export function initialiseCluster(paths: HomePaths, place: PostgresPlace): void {
  if (existsSync(join(place.dataFolder, 'PG_VERSION'))) return;
  const draft = `${place.dataFolder}.new`;
  const passwordFile = `${place.dataFolder}.password`;
  rmSync(draft, { recursive: true, force: true });
  makeOwnedFolder(draft, place.user);
  const password = randomBytes(24).toString('base64url');
  writeFileSync(paths.postgresPassword, `${password}\n`, { mode: 0o600 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (place.user) chownSync(passwordFile, place.user.uid, place.user.gid);
  const args = ['-D', draft, '-U', EMBEDDED_DATABASE, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const made = spawnSync(join(place.binFolder, 'initdb'), [...args, ...locale, '--no-instructions'], {
    ...place.user,
    cwd: dirname(place.binFolder),
    encoding: 'utf8',
  });
  rmSync(passwordFile, { force: true });
  if (made.status !== 0) {
    const reason = made.error?.message ?? made.stderr.trim().split('\n').at(-1);
    throw new MeridianError('SERVICE_UNAVAILABLE', `PostgreSQL could not be initialised: ${reason}`, { path: draft });
  }
  renameSync(draft, place.dataFolder);
  recordDataFolder(paths, place.dataFolder);
}

/** The postmaster that serves this data folder, undefined if none does. */
export function runningPostmaster(dataFolder: string): FoundProcess | undefined {
  // Lines of postmaster.pid: 1 pid, 4 port.
  const [pid, , , port] = pidFileLines(dataFolder);
  if (!Number(pid) || !holdsFolder(Number(pid), dataFolder)) return undefined;
  return { pid: Number(pid), address: `127.0.0.1:${port}` };
}

function pidFileLines(dataFolder: string): string[] {
  try {
    return readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** Every PostgreSQL process works in its data folder; a number used again by another program does not. */
function holdsFolder(pid: number, dataFolder: string): boolean {
  const entry = readProcess(pid);
  if (!entry || isDead(entry)) return false;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataFolder);
  } catch {
    return false;
  }
}

function processesIn(dataFolder: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && holdsFolder(pid, dataFolder));
}

/**
 * Clears what a killed postmaster left: waits until the last of its backends is gone, then removes a pid file that names
 * a dead process. (PostgreSQL takes a zombie for a living postmaster and would refuse to start for as long as it stays.)
 *
 * @throws MeridianError SERVICE_UNAVAILABLE when backends do not end.
 */
export async function clearAfterKill(dataFolder: string): Promise<void> {
  const deadline = performance.now() + ORPHANS_WAIT_MS;
  let left = processesIn(dataFolder);
  while (left.length > 0) {
    if (performance.now() > deadline) {
      const message = `PostgreSQL processes ${left.join(', ')} of a server that was killed do not end; end them by hand`;
      throw new MeridianError('SERVICE_UNAVAILABLE', message, { pids: left });
    }
    await sleep(100);
    left = processesIn(dataFolder);
  }
  rmSync(join(dataFolder, 'postmaster.pid'), { force: true });
}

/** Arguments of the server: reached over 127.0.0.1 with a password, by nothing else. */
export const serverArguments = (dataFolder: string, port: number): string[] => [
  ...['-D', dataFolder, '-p', String(port)],
  ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
  ...['-c', 'max_connections=200', '-c', 'cluster_name=meridian'],
];

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: CONNECT_MS,
    application_name: 'meridian-supervisor',
  });
  // An error after the connection was lost must not end the supervisor.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** One look at a PostgreSQL server. */
export async function probePostgres(url: string): Promise<Probe> {
  try {
    const { rows } = await withClient(url, (client) =>
      client.query<{ version: string }>(`select current_setting('server_version') as version`),
    );
    return { health: 'healthy', version: rows[0]?.version ?? 'unknown' };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === CANNOT_CONNECT_NOW) return { health: 'starting', detail: message };
    return { health: 'unhealthy', detail: message || String(code) };
  }
}

/** Address of the database that every server has, for when ours is not there yet. */
export function maintenanceUrl(url: string): string {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  return maintenance.href;
}

/** Makes our database in the embedded server if it is not there. */
export async function ensureDatabase(url: string): Promise<void> {
  await withClient(maintenanceUrl(url), async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [EMBEDDED_DATABASE]);
    if (rowCount === 0) await client.query(`create database ${EMBEDDED_DATABASE}`);
  });
}
