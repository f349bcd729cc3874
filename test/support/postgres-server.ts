/** A PostgreSQL of the tests' own: initialised, started, killed, started again, and gone at the end. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { homePaths, EMBEDDED_DATABASE } from '../../config/index.ts';
import { launch, type Launched } from '../../activities/process/launch.ts';
import { endTree } from '../../activities/process/process-tree.ts';
import { clearAfterKill, initialiseCluster, probePostgres, serverArguments } from '../../services/postgres.ts';
import { postgresPlace, recordedDataFolder } from '../../services/postgres-place.ts';

/** Tests kill processes, never the machine: what is written must leave the process, but need not reach the disk. */
const FAST = ['fsync=off', 'full_page_writes=off', 'shared_buffers=32MB'];

const START_SECONDS = 120;

export interface TestServer {
  /** Address of the maintenance database. */
  readonly url: string;
  /** End it as a crash does. */
  kill(): Promise<void>;
  /** Start it again after `kill`. */
  start(): Promise<void>;
  /** Stop it and remove its data. */
  stop(): Promise<void>;
}

/** Make a cluster and start its server; the server dies with this process. */
export async function startTestServer(): Promise<TestServer> {
  const home = mkdtempSync(join(tmpdir(), 'meridian-test-pg-'));
  const paths = homePaths(home);
  const place = postgresPlace(paths);
  initialiseCluster(paths, place);
  const port = await freePort();
  const password = readFileSync(paths.postgresPassword, 'utf8').trim();
  const url = `postgres://${EMBEDDED_DATABASE}:${password}@127.0.0.1:${port}/postgres`;
  let running: Launched | undefined;

  const start = async (): Promise<void> => {
    const server = [join(place.binFolder, 'postgres'), ...serverArguments(place.dataFolder, port)];
    const settings = FAST.flatMap((setting) => ['-c', setting]);
    running = await launch({
      command: [...asUser(place.user), ...server, ...settings] as [string, ...string[]],
      cwd: place.dataFolder,
      env: { PATH: '/usr/bin:/bin' },
      logPath: join(home, 'postgres.log'),
      niceness: 0,
    });
    await untilHealthy(url, join(home, 'postgres.log'));
  };
  const kill = async (): Promise<void> => {
    if (running === undefined) return;
    await endTree(running.tree, 0);
    running.dismissWatchdog();
    running = undefined;
    await clearAfterKill(place.dataFolder);
  };
  const stop = async (): Promise<void> => {
    await kill();
    const elsewhere = recordedDataFolder(paths);
    if (elsewhere !== undefined) rmSync(join(elsewhere, '..'), { recursive: true, force: true });
    rmSync(home, { recursive: true, force: true });
  };
  await start();
  return { url, kill, start, stop };
}

/** PostgreSQL refuses to run as root. The parent-death signal is lost with the user, hence asked for again. */
function asUser(user: { readonly uid: number; readonly gid: number } | undefined): string[] {
  if (user === undefined) return [];
  const ids = ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups'];
  return ['setpriv', ...ids, '--pdeathsig', 'KILL', '--'];
}

async function untilHealthy(url: string, log: string): Promise<void> {
  const deadline = Date.now() + START_SECONDS * 1000;
  for (;;) {
    const probe = await probePostgres(url);
    if (probe.health === 'healthy') return;
    if (Date.now() > deadline) throw new Error(`PostgreSQL did not start: ${tail(log)}`);
    await sleep(30);
  }
}

const tail = (file: string): string =>
  statSync(file).size === 0 ? 'no output' : readFileSync(file, 'utf8').split('\n').slice(-5).join('\n');

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
