import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import {
  isAlive,
  livingProcesses,
  readArguments,
  type ProcessIdentity,
} from '../../../activities/process/proc-table.ts';
import type { TestHome } from '../../../cli/testing/test-home.ts';
import { loadConfig, readPorts } from '../../../config/index.ts';
import { recordedDataFolder } from '../../../services/postgres-place.ts';
import { isFree } from '../../../services/ports.ts';
import { readState } from '../../../services/state-file.ts';
import type { ProcessStatus, ServicesStatus } from '../../../services/status.ts';
import { SEARCH_ATTRIBUTE_KEYS } from '../../../workflows/contracts/search-attributes.ts';
import { eventually } from '../../support/eventually.ts';
import { meridian, meridianHomes } from '../../support/meridian.ts';

const DATA_SERVICES = ['--services', 'postgres,temporal'];
const LIMIT_MS = 180_000;

const newHome = meridianHomes();

async function up(home: TestHome): Promise<ServicesStatus> {
  const run = await meridian(['up', '--detach', '--json', ...DATA_SERVICES], home);
  if (run.status !== 0) throw new Error(`up ended with ${run.status}: ${run.stderr}${run.stdout}`);
  return JSON.parse(run.stdout) as ServicesStatus;
}

async function statusOf(home: TestHome): Promise<ServicesStatus> {
  return JSON.parse((await meridian(['status', '--json'], home)).stdout) as ServicesStatus;
}

function named(status: ServicesStatus, name: string): ProcessStatus {
  const found = status.processes.find((each) => each.name === name);
  if (!found) throw new Error(`status lists no ${name}`);
  return found;
}

function pidOf(status: ServicesStatus, name: string): number {
  const { pid } = named(status, name);
  if (pid === null) throw new Error(`${name} does not run`);
  return pid;
}

async function query(home: TestHome, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: loadConfig({ env: home.env }).databaseUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function withTemporal<T>(home: TestHome, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: loadConfig({ env: home.env }).temporal.address! });
  try {
    return await work(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

const identities = (home: TestHome): ProcessIdentity[] =>
  (readState(home.paths.servicesFile)?.records ?? []).map((record) => record.process);

/** Kills a service and waits until the supervisor has it healthy again, as another process. */
async function killAndAwait(home: TestHome, name: string): Promise<ServicesStatus> {
  const before = pidOf(await statusOf(home), name);
  process.kill(before, 'SIGKILL');
  let after: ServicesStatus | undefined;
  await eventually(
    `${name} runs again`,
    async () => {
      after = await statusOf(home);
      const seen = named(after, name);
      return seen.pid !== null && seen.pid !== before && seen.health === 'healthy';
    },
    60,
  );
  return after!;
}

describe('the services of a home', () => {
  it(
    'come up prepared: database migrated, history kept 90 days, search attributes known',
    async () => {
      const home = newHome();

      const status = await up(home);

      expect(named(status, 'postgres')).toMatchObject({
        health: 'healthy',
        kind: 'embedded',
        version: expect.stringMatching(/^18/),
      });
      expect(named(status, 'temporal')).toMatchObject({
        health: 'healthy',
        address: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      });
      expect(named(status, 'worker')).toMatchObject({ health: 'stopped', pid: null });
      expect(await query(home, 'select version from schema_migrations')).not.toHaveLength(0);
      await withTemporal(home, async ({ connection }) => {
        const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
        expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(90 * 86_400);
        const { customAttributes } = await (connection as Connection).operatorService.listSearchAttributes({
          namespace: 'default',
        });
        expect(Object.keys(customAttributes)).toEqual(
          expect.arrayContaining(SEARCH_ATTRIBUTE_KEYS.map(({ name }) => name)),
        );
      });
    },
    LIMIT_MS,
  );

  it(
    'survive kill -9 of PostgreSQL and of Temporal with what they knew',
    async () => {
      const home = newHome();
      await up(home);
      await query(home, 'create table kept (value integer)');
      await query(home, 'insert into kept values (42)');
      await withTemporal(home, (client) => client.workflow.start('none', { workflowId: 'kept', taskQueue: 'nobody' }));

      const afterPostgres = await killAndAwait(home, 'postgres');
      const afterTemporal = await killAndAwait(home, 'temporal');

      expect(named(afterPostgres, 'postgres').restarts).toBe(1);
      expect(named(afterTemporal, 'temporal').restarts).toBe(1);
      expect(await query(home, 'select value from kept')).toEqual([{ value: 42 }]);
      const description = await withTemporal(home, (client) => client.workflow.getHandle('kept').describe());
      expect(description.status.name).toBe('RUNNING');
    },
    LIMIT_MS,
  );

  it(
    'outlive their supervisor and are adopted by the next one',
    async () => {
      const home = newHome();
      const first = await up(home);
      process.kill(pidOf(first, 'supervisor'), 'SIGKILL');
      await eventually(
        'the supervisor is gone',
        async () => named(await statusOf(home), 'supervisor').health === 'stopped',
      );
      const orphaned = await statusOf(home);

      const second = await up(home);

      expect(orphaned).toMatchObject({ healthy: false, running: true });
      expect(named(orphaned, 'postgres').health).toBe('healthy');
      expect(pidOf(second, 'supervisor')).not.toBe(pidOf(first, 'supervisor'));
      for (const name of ['postgres', 'temporal']) expect(pidOf(second, name)).toBe(pidOf(first, name));
      await killAndAwait(home, 'temporal');
    },
    LIMIT_MS,
  );

  it(
    'are never run twice, even when nothing is written down of them any more',
    async () => {
      const home = newHome();
      const first = await up(home);
      process.kill(pidOf(first, 'supervisor'), 'SIGKILL');
      rmSync(home.paths.run, { recursive: true });

      const second = await up(home);

      const servers = livingProcesses().filter(({ pid }) =>
        readArguments(pid).includes(`${home.paths.temporal}/temporal.db`),
      );
      expect(servers.map(({ pid }) => pid)).toEqual([pidOf(second, 'temporal')]);
      expect(named(second, 'postgres').health).toBe('healthy');
    },
    LIMIT_MS,
  );

  it(
    'get one supervisor from two calls of up at once',
    async () => {
      const home = newHome();

      const [one, two] = await Promise.all([up(home), up(home)]);

      expect(pidOf(one, 'supervisor')).toBe(pidOf(two, 'supervisor'));
      expect(pidOf(one, 'postgres')).toBe(pidOf(two, 'postgres'));
    },
    LIMIT_MS,
  );
});

describe('down', () => {
  it(
    'leaves no process and no port, with or without a supervisor',
    async () => {
      const home = newHome();
      await up(home);
      const first = identities(home);
      const down = await meridian(['down', '--json'], home);
      const status = await up(home);
      const second = identities(home);
      process.kill(pidOf(status, 'supervisor'), 'SIGKILL');

      const downAgain = await meridian(['down', '--json'], home);
      const nothing = await meridian(['down', '--json'], home);

      expect([down, downAgain, nothing].map(({ stdout }) => JSON.parse(stdout) as unknown)).toEqual([
        { status: 'stopped' },
        { status: 'stopped' },
        { status: 'nothing_ran' },
      ]);
      expect([...first, ...second].filter(isAlive)).toEqual([]);
      const ports = Object.values(readPorts(home.paths.portsFile)!);
      expect(await Promise.all(ports.map(isFree))).toEqual(ports.map(() => true));
    },
    LIMIT_MS,
  );
});

describe('down without anything written down', () => {
  it(
    'still finds and stops what runs for this home',
    async () => {
      const home = newHome();
      const status = await up(home);
      const running = identities(home);
      process.kill(pidOf(status, 'supervisor'), 'SIGKILL');
      rmSync(home.paths.run, { recursive: true });

      const down = await meridian(['down', '--json'], home);

      expect(JSON.parse(down.stdout)).toEqual({ status: 'stopped' });
      expect(running.filter(isAlive)).toEqual([]);
    },
    LIMIT_MS,
  );
});

describe('ports', () => {
  const listen = (port: number): Promise<Server> =>
    new Promise((resolve, reject) => {
      const server = createServer();
      server.once('error', reject).listen({ port, host: '127.0.0.1' }, () => resolve(server));
    });

  it(
    'stay the same from one start to the next, and give way to another program',
    async () => {
      const home = newHome();
      await up(home);
      const first = readPorts(home.paths.portsFile)!;
      await meridian(['down'], home);
      await up(home);
      const second = readPorts(home.paths.portsFile)!;
      await meridian(['down'], home);
      const other = await listen(first.postgres);

      const status = await up(home);

      other.close();
      expect(second).toEqual(first);
      const moved = readPorts(home.paths.portsFile)!;
      expect(moved).toEqual({ ...first, postgres: moved.postgres });
      expect(moved.postgres).not.toBe(first.postgres);
      expect(named(status, 'postgres').health).toBe('healthy');
      expect(readFileSync(`${home.paths.logs}/supervisor.log`, 'utf8')).toContain('is in use by another program');
    },
    LIMIT_MS,
  );

  it(
    'that the configuration asks for are an error when they are taken',
    async () => {
      const home = newHome();
      const other = await listen(0);
      const { port } = other.address() as { port: number };

      const env = { ...home.env, MERIDIAN_PORTS_GATEWAY: String(port) };
      const run = await meridian(['up', '--detach', '--json', ...DATA_SERVICES], { env });

      other.close();
      expect(run.status).toBe(5);
      expect(run.stdout).toContain(`ports.gateway: ${port} is in use by another program`);
    },
    LIMIT_MS,
  );
});

describe('the database folder', () => {
  it(
    'lies where the user of PostgreSQL can reach it, and up says so when that is outside the home',
    async () => {
      const home = newHome();
      chmodSync(home.paths.home, 0o700);

      const run = await meridian(['up', '--detach', ...DATA_SERVICES], home);

      const folder = recordedDataFolder(home.paths)!;
      // Only root runs PostgreSQL as somebody else.
      const outside = process.getuid?.() === 0;
      expect(run.status).toBe(0);
      expect(folder.startsWith('/var/lib/meridian/')).toBe(outside);
      expect(run.stderr.includes(`its data are in ${folder}`)).toBe(outside);
      expect(await query(home, 'select 1 as one')).toEqual([{ one: 1 }]);
    },
    LIMIT_MS,
  );

  it(
    'that has gone is an error, not an empty database',
    async () => {
      const home = newHome();
      await up(home);
      await meridian(['down'], home);
      const folder = recordedDataFolder(home.paths)!;
      rmSync(folder, { recursive: true });

      const run = await meridian(['up', '--detach', ...DATA_SERVICES], home);

      expect(run.status).toBe(5);
      expect(run.stderr).toContain(`the database folder ${folder} is gone`);
      expect(existsSync(dirname(folder))).toBe(true);
    },
    LIMIT_MS,
  );
});
