/** The four services of a home: how each is started, looked at and prepared. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MeridianError } from '../domain/errors.ts';
import { CHECKOUT, loadConfig } from '../config/index.ts';
import { SHIPPED_NVSS } from '../config/shipped-data.ts';
import type { MeridianConfig, Ports } from '../config/index.ts';
import { programOf } from './find-process.ts';
import { launchService } from './launch.ts';
import { placeNote, postgresPlace } from './postgres-place.ts';
import {
  clearAfterKill,
  ensureDatabase,
  initialiseCluster,
  maintenanceUrl,
  probePostgres,
  serverArguments,
} from './postgres.ts';
import { probeGateway, probeWorker } from './probes.ts';
import { SERVICE_NAMES } from './service.ts';
import type { ServiceDefinition, ServiceName } from './service.ts';
import { devServerArguments, findTemporalProgram, prepareNamespace, probeTemporal } from './temporal.ts';

const MIGRATION_LIMIT_MS = 300_000;

export interface DefinitionInputs {
  readonly config: MeridianConfig;
  readonly ports: Ports;
  /** Told how a process that we started ended, and where data lie when that is not where one would look. */
  readonly note: (service: ServiceName, text: string) => void;
}

const logOf = (config: MeridianConfig, name: string): string => join(config.paths.logs, `${name}.log`);
const nothingToPrepare = (): Promise<void> => Promise.resolve();

/** First digits of the hash of the sources that `dist/` was built from. */
export function currentProgram(): string {
  const stamp = join(CHECKOUT, 'dist', '.meridian-stamp');
  return existsSync(stamp) ? readFileSync(stamp, 'utf8').trim().slice(0, 12) : 'unknown';
}

/** Program and settings together: `<program>+<settings>`, so that `up` with other settings replaces what runs. */
export function currentBuild(config: MeridianConfig): string {
  const { settings, ports, stagePolicies, databaseUrl, temporal } = config;
  // Data roots only ever add up, in the registry.
  const values = settings.filter(({ name }) => name !== 'data_roots').map(({ name, value }) => [name, value]);
  const text = JSON.stringify([values, ports, stagePolicies, databaseUrl, temporal]);
  return `${currentProgram()}+${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}

/** The wanted services of this home, in the order of starting. */
export function serviceDefinitions(inputs: DefinitionInputs, wanted: readonly ServiceName[]): ServiceDefinition[] {
  const makers = { postgres, temporal, worker, gateway } satisfies Record<ServiceName, unknown>;
  return SERVICE_NAMES.filter((name) => wanted.includes(name)).map((name) => makers[name](inputs));
}

/** A service that is not ours to start or stop: it is only looked at and prepared. */
function external(
  name: ServiceName,
  rest: Pick<ServiceDefinition, 'address' | 'paths' | 'logFile' | 'probe' | 'prepare'>,
): ServiceDefinition {
  return {
    ...rest,
    name,
    kind: 'external',
    needs: [],
    build: undefined,
    start: () => Promise.reject(new MeridianError('INTERNAL', `${name} is not ours to start`)),
    stopSignal: 'SIGTERM',
    stopGraceSeconds: 0,
    startSeconds: Infinity,
    silentSeconds: Infinity,
  };
}

/**
 * Runs the migrations, and loads the NVSS list that comes with the product where it is not loaded yet: a program of their
 * own, so that the supervisor holds no registry code.
 */
async function migrate(): Promise<void> {
  const program = join(CHECKOUT, 'dist', 'registry', 'migrate.js');
  const { databaseUrl, loadNvss } = loadConfig();
  const list = loadNvss ? { MERIDIAN_NVSS_LIST: SHIPPED_NVSS } : {};
  const env = { ...process.env, DATABASE_URL: databaseUrl, ...list };
  try {
    await promisify(execFile)(process.execPath, [program], { env, cwd: CHECKOUT, timeout: MIGRATION_LIMIT_MS });
  } catch (cause) {
    const { stderr, message } = cause as { stderr?: string; message: string };
    const reason = stderr?.trim().split('\n').at(-1) ?? message;
    throw new MeridianError('SCHEMA_VERSION', `the database could not be migrated: ${reason}`, {}, { cause });
  }
}

function postgres({ config, ports, note }: DefinitionInputs): ServiceDefinition {
  const logFile = logOf(config, 'postgres');
  if (config.database === 'external') {
    const url = config.databaseUrl!;
    const address = new URL(url).host;
    return external('postgres', {
      address,
      paths: config.paths,
      logFile,
      probe: () => probePostgres(url),
      prepare: migrate,
    });
  }
  const { paths } = config;
  const place = postgresPlace(paths);
  const url = (): string => {
    const known = loadConfig().databaseUrl;
    if (known) return known;
    const message = `the password file ${paths.postgresPassword} is missing; restore it, the database cannot be opened without`;
    throw new MeridianError('SERVICE_UNAVAILABLE', message, { path: paths.postgresPassword });
  };
  return {
    name: 'postgres',
    kind: 'embedded',
    address: `127.0.0.1:${ports.postgres}`,
    paths,
    logFile,
    needs: [],
    build: undefined,
    async start() {
      initialiseCluster(paths, place);
      await clearAfterKill(place.dataFolder);
      return launchService({
        command: join(place.binFolder, 'postgres'),
        args: serverArguments(place.dataFolder, ports.postgres),
        cwd: place.dataFolder,
        env: process.env,
        logFile,
        user: place.user,
        onExit: (outcome) => note('postgres', outcome),
      });
    },
    // Before the first preparation our own database does not exist.
    probe: () => probePostgres(maintenanceUrl(url())),
    async prepare() {
      const elsewhere = placeNote(paths);
      if (elsewhere) note('postgres', elsewhere);
      await ensureDatabase(url());
      await migrate();
    },
    // INT is PostgreSQL's fast shutdown: sessions are ended, everything is written.
    stopSignal: 'SIGINT',
    stopGraceSeconds: 10,
    // Recovery after a crash may take long; it says "starting up" meanwhile.
    startSeconds: 300,
    silentSeconds: 120,
  };
}

function temporal({ config, ports, note }: DefinitionInputs): ServiceDefinition {
  const logFile = logOf(config, 'temporal');
  const { namespace } = config.temporal;
  const address = config.temporal.server === 'external' ? config.temporal.address! : `127.0.0.1:${ports.temporal}`;
  const probe = () => probeTemporal(address);
  const prepare = () => prepareNamespace(address, namespace);
  if (config.temporal.server === 'external') {
    return external('temporal', { address, paths: config.paths, logFile, probe, prepare });
  }
  return {
    name: 'temporal',
    kind: 'embedded',
    address,
    paths: config.paths,
    logFile,
    needs: [],
    build: undefined,
    start() {
      const command = findTemporalProgram(config.paths);
      if (!command) {
        const message = `there is no temporal program in ${config.paths.tools}/bin; call ./meridian to install it`;
        return Promise.reject(new MeridianError('TOOL_MISSING', message, { tool: 'temporal' }));
      }
      mkdirSync(config.paths.temporal, { recursive: true });
      return launchService({
        command,
        args: devServerArguments(config.paths, ports),
        cwd: config.paths.temporal,
        env: process.env,
        logFile,
        onExit: (outcome) => note('temporal', outcome),
      });
    },
    probe,
    prepare,
    stopSignal: 'SIGTERM',
    stopGraceSeconds: 3,
    startSeconds: 120,
    silentSeconds: 120,
  };
}

function nodeProgram(name: 'worker' | 'gateway', { config, note }: DefinitionInputs) {
  const logFile = logOf(config, name);
  const program = programOf(name);
  const start = (): Promise<number> =>
    launchService({
      command: process.execPath,
      args: ['--enable-source-maps', program],
      cwd: CHECKOUT,
      env: process.env,
      logFile,
      onExit: (outcome) => note(name, outcome),
    });
  return { name, kind: 'embedded', logFile, build: currentBuild(config), paths: config.paths, start } as const;
}

function worker(inputs: DefinitionInputs): ServiceDefinition {
  const { config } = inputs;
  const { address, namespace, queuePrefix } = config.temporal;
  return {
    ...nodeProgram('worker', inputs),
    address: `${address}/${namespace}/${queuePrefix}`,
    needs: ['postgres', 'temporal'],
    probe: () => Promise.resolve(probeWorker(config.paths.workerReport)),
    prepare: nothingToPrepare,
    stopSignal: 'SIGTERM',
    // Its own grace for running activities is 20 s.
    stopGraceSeconds: 21,
    startSeconds: 120,
    silentSeconds: 120,
  };
}

function gateway(inputs: DefinitionInputs): ServiceDefinition {
  const address = `127.0.0.1:${inputs.ports.gateway}`;
  return {
    ...nodeProgram('gateway', inputs),
    address,
    needs: ['postgres'],
    probe: () => probeGateway(address),
    prepare: nothingToPrepare,
    stopSignal: 'SIGTERM',
    stopGraceSeconds: 3,
    startSeconds: 120,
    silentSeconds: 120,
  };
}
