/** What runs for this home, seen from outside: right also when the supervisor is dead. */
import { isAlive } from '../activities/process/proc-table.ts';
import { loadConfig } from '../config/index.ts';
import type { MeridianConfig } from '../config/index.ts';
import { probeGateway, probeWorker } from './probes.ts';
import { probePostgres } from './postgres.ts';
import { SERVICE_NAMES, isUp } from './service.ts';
import type { Health, Probe, ServiceName, ServiceRecord } from './service.ts';
import { readState } from './state-file.ts';
import type { SupervisorState } from './state-file.ts';
import { probeTemporal } from './temporal.ts';

export interface ProcessStatus {
  readonly name: ServiceName | 'supervisor';
  /** Null when it does not run, or is not ours. */
  readonly pid: number | null;
  readonly kind: 'embedded' | 'external';
  readonly address: string | null;
  readonly health: Health;
  /** Why it is not healthy. */
  readonly detail: string | null;
  readonly since: string | null;
  readonly restarts: number;
  readonly version: string | null;
  /** Of the worker: hash of its workflow bundle. */
  readonly bundle_hash: string | null;
  readonly running_activities: number | null;
  readonly log: string;
}

export interface ServicesStatus {
  readonly home: string;
  /** Every wanted service is healthy, and a supervisor looks after them. */
  readonly healthy: boolean;
  readonly running: boolean;
  readonly gateway_url: string | null;
  readonly api_docs_url: string | null;
  readonly temporal_ui_url: string | null;
  readonly processes: readonly ProcessStatus[];
}

/** Looks at the supervisor and every service now. */
export async function servicesStatus(): Promise<ServicesStatus> {
  const config = loadConfig();
  const state = readState(config.paths.servicesFile);
  const services = await Promise.all(SERVICE_NAMES.map((name) => serviceStatus(name, config, state)));
  const supervisor = supervisorStatus(config, state);
  const wanted = new Set<string>(state?.wanted ?? SERVICE_NAMES);
  const { ports, gatewayUrl } = config;
  return {
    home: config.paths.home,
    healthy:
      supervisor.health === 'healthy' && services.every((each) => !wanted.has(each.name) || each.health === 'healthy'),
    running: services.some(({ pid }) => pid !== null) || supervisor.pid !== null,
    gateway_url: gatewayUrl ?? null,
    api_docs_url: gatewayUrl ? `${gatewayUrl}/api/docs` : null,
    temporal_ui_url: ports && config.temporal.server === 'embedded' ? `http://127.0.0.1:${ports.temporal_ui}` : null,
    processes: [supervisor, ...services],
  };
}

/** The supervisor's own record if it is alive. */
export function livingSupervisor(config: MeridianConfig): SupervisorState | undefined {
  const state = readState(config.paths.servicesFile);
  return state && isAlive(state.supervisor) ? state : undefined;
}

function supervisorStatus(config: MeridianConfig, state: SupervisorState | undefined): ProcessStatus {
  const alive = state !== undefined && isAlive(state.supervisor);
  return {
    name: 'supervisor',
    pid: alive ? state.supervisor.pid : null,
    kind: 'embedded',
    address: null,
    health: alive ? 'healthy' : 'stopped',
    detail: alive ? null : 'nobody restarts what dies; call ./meridian up',
    since: alive ? state.startedAt : null,
    restarts: 0,
    version: state?.build ?? null,
    bundle_hash: null,
    running_activities: null,
    log: `${config.paths.logs}/supervisor.log`,
  };
}

async function serviceStatus(
  name: ServiceName,
  config: MeridianConfig,
  state: SupervisorState | undefined,
): Promise<ProcessStatus> {
  const kind = isExternal(name, config) ? 'external' : 'embedded';
  const record = state?.records.find((each) => each.name === name);
  const alive = record !== undefined && isAlive(record.process);
  const address = addressOf(name, config, record);
  const probe = kind === 'external' || alive ? await probeOf(name, config) : stoppedProbe(name, state);
  return {
    name,
    pid: alive ? record.process.pid : null,
    kind,
    address,
    health: probe.health,
    detail: probe.detail ?? null,
    since: alive ? record.since : null,
    restarts: alive ? record.restarts : 0,
    version: probe.version ?? null,
    bundle_hash: stringFact(probe, 'bundle_hash'),
    running_activities: numberFact(probe, 'running_activities'),
    log: `${config.paths.logs}/${name}.log`,
  };
}

const isExternal = (name: ServiceName, config: MeridianConfig): boolean =>
  (name === 'postgres' && config.database === 'external') ||
  (name === 'temporal' && config.temporal.server === 'external');

function addressOf(name: ServiceName, config: MeridianConfig, record: ServiceRecord | undefined): string | null {
  if (name === 'temporal') return config.temporal.address ?? null;
  // Host and port only: the URL may hold a password.
  if (name === 'postgres') return config.databaseUrl ? new URL(config.databaseUrl).host : null;
  return record?.address ?? null;
}

/** A service without a process: what the supervisor last said of it, if a supervisor is at work. */
function stoppedProbe(name: ServiceName, state: SupervisorState | undefined): Probe {
  const last = state && isAlive(state.supervisor) ? state.health[name] : undefined;
  if (!last || isUp(last.health)) return { health: 'stopped' };
  return { health: last.health, ...(last.detail === undefined ? {} : { detail: last.detail }) };
}

function probeOf(name: ServiceName, config: MeridianConfig): Promise<Probe> {
  switch (name) {
    case 'postgres':
      return config.databaseUrl ? probePostgres(config.databaseUrl) : Promise.resolve({ health: 'starting' });
    case 'temporal':
      return config.temporal.address ? probeTemporal(config.temporal.address) : Promise.resolve({ health: 'starting' });
    case 'worker':
      return Promise.resolve(probeWorker(config.paths.workerReport));
    case 'gateway':
      return probeGateway(new URL(config.gatewayUrl ?? 'http://127.0.0.1').host);
  }
}

function stringFact(probe: Probe, name: string): string | null {
  const fact = probe.facts?.[name];
  return typeof fact === 'string' ? fact : null;
}

function numberFact(probe: Probe, name: string): number | null {
  const fact = probe.facts?.[name];
  return typeof fact === 'number' ? fact : null;
}
