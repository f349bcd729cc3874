/** The embedded Temporal server, and what our namespace needs on any server. */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import { msToTs } from '@temporalio/common/lib/time.js';
import { MeridianError } from '../domain/errors.ts';
import { SEARCH_ATTRIBUTE_KEYS } from '../workflows/contracts/search-attributes.ts';
import type { HomePaths, Ports } from '../config/index.ts';
import { temporalDatabase } from './find-process.ts';
import type { Probe } from './service.ts';

const CONNECT_TIMEOUT = '3s';
const RETENTION = '90 days';
const GRPC_NOT_FOUND = 5;
const PREPARE_WAIT_MS = 30_000;

/** The `temporal` program: one on the PATH goes before the one that set-up installed. */
export function findTemporalProgram(paths: HomePaths, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = [...(env['PATH'] ?? '').split(delimiter).filter(Boolean), join(paths.tools, 'bin')];
  return folders.map((folder) => join(folder, 'temporal')).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return existsSync(path);
  } catch {
    return false;
  }
}

/** Arguments of the embedded server. */
export const devServerArguments = (paths: HomePaths, ports: Ports): string[] => [
  ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(ports.temporal)],
  ...['--ui-port', String(ports.temporal_ui), '--ui-disable-news-fetch', '--log-level', 'warn', '--log-format', 'json'],
  ...['--db-filename', temporalDatabase(paths)],
  ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'],
  // The default of 20 makes every sequential step wait 50 ms; our load is small.
  ...['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=200'],
];

async function withConnection<T>(address: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: CONNECT_TIMEOUT });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** One look at a Temporal server. */
export async function probeTemporal(address: string): Promise<Probe> {
  try {
    const info = await withConnection(address, (connection) => connection.workflowService.getSystemInfo({}));
    return { health: 'healthy', version: info.serverVersion };
  } catch (error) {
    return { health: 'unhealthy', detail: (error as Error).message };
  }
}

/**
 * Makes sure of the namespace, its retention of 90 days and our search attributes. Safe to repeat.
 *
 * @throws MeridianError SERVICE_UNAVAILABLE when the server refuses, or does not know the attributes in time.
 */
export async function prepareNamespace(address: string, namespace: string): Promise<void> {
  try {
    await withConnection(address, async (connection) => {
      await ensureNamespace(connection, namespace);
      await ensureSearchAttributes(connection, namespace);
    });
  } catch (cause) {
    if (cause instanceof MeridianError) throw cause;
    const message = `Temporal at ${address} could not be prepared: ${(cause as Error).message}`;
    throw new MeridianError('SERVICE_UNAVAILABLE', message, { address, namespace }, { cause });
  }
}

async function ensureNamespace(connection: Connection, namespace: string): Promise<void> {
  const { workflowService } = connection;
  const workflowExecutionRetentionTtl = msToTs(RETENTION);
  try {
    await workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl } });
  } catch (error) {
    if ((error as { code?: number }).code !== GRPC_NOT_FOUND) throw error;
    await workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: workflowExecutionRetentionTtl,
    });
    // The server's own caches learn of a new namespace some seconds later.
    await until(`know namespace ${namespace}`, () => isKnown(connection, namespace));
  }
}

async function isKnown(connection: Connection, namespace: string): Promise<boolean> {
  try {
    await missingAttributes(connection, namespace);
    return true;
  } catch (error) {
    if ((error as { code?: number }).code === GRPC_NOT_FOUND) return false;
    throw error;
  }
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PREPARE_WAIT_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) {
      const message = `Temporal does not ${what} after ${PREPARE_WAIT_MS / 1000} s`;
      throw new MeridianError('SERVICE_UNAVAILABLE', message);
    }
    await sleep(200);
  }
}

async function missingAttributes({ operatorService }: Connection, namespace: string) {
  const known = await operatorService.listSearchAttributes({ namespace });
  return SEARCH_ATTRIBUTE_KEYS.filter((key) => !(key.name in known.customAttributes));
}

/** Adds attributes the server does not list; the flag of `start-dev` is ignored on an existing database. */
async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const missing = await missingAttributes(connection, namespace);
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(
    missing.map((key) => [key.name, encodeSearchAttributeIndexedValueType(key.type)!]),
  );
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  await until('list our search attributes', async () => (await missingAttributes(connection, namespace)).length === 0);
}
