/**
 * Runs the services of one home. It may die at any moment: services are sessions of their own and their identities are
 * written down, so that the next supervisor adopts them.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { existsSync, mkdirSync } from 'node:fs';
import { loadConfig } from '../config/index.ts';
import type { HomePaths, MeridianConfig, Ports } from '../config/index.ts';
import { identify, isAlive } from '../activities/process/proc-table.ts';
import { currentBuild, serviceDefinitions } from './definitions.ts';
import { findServiceProcess } from './find-process.ts';
import { ManagedService } from './managed-service.ts';
import { choosePorts } from './ports.ts';
import type { ServiceName, ServiceRecord } from './service.ts';
import { readState, writeJsonFile } from './state-file.ts';
import type { SupervisorState } from './state-file.ts';

const READY_LOOK_MS = 100;
const STATE_LOOK_MS = 2000;

export interface SupervisorOptions {
  readonly wanted: readonly ServiceName[];
  /** Told what happens, a line each. */
  readonly note: (text: string) => void;
}

export class Supervisor {
  private readonly services: readonly ManagedService[];
  private readonly config: MeridianConfig;
  private readonly wanted: readonly ServiceName[];
  private readonly build: string;
  private readonly startedAt = new Date().toISOString();
  private writing = true;

  private constructor(services: readonly ManagedService[], config: MeridianConfig, wanted: readonly ServiceName[]) {
    this.services = services;
    this.config = config;
    this.build = currentBuild(config);
    this.wanted = wanted;
  }

  /** Adopts or starts the wanted services and keeps them running; returns at once. Call with the home's lock held. */
  static async start({ wanted, note }: SupervisorOptions): Promise<Supervisor> {
    const { paths, requestedPorts } = loadConfig();
    for (const folder of [paths.run, paths.logs]) mkdirSync(folder, { recursive: true });
    const previous = readState(paths.servicesFile)?.records ?? [];
    const { ports, notes } = await choosePorts({
      file: paths.portsFile,
      requested: requestedPorts,
      inUseByUs: portsInUse(paths, previous),
    });
    notes.forEach(note);
    // Addresses follow from the ports that were chosen just now.
    const config = loadConfig();
    const inputs = { config, ports, note: (service: ServiceName, text: string) => note(`${service}: ${text}`) };
    const services = serviceDefinitions(inputs, wanted).map((definition) => new ManagedService(definition, note));
    const supervisor = new Supervisor(services, config, wanted);
    for (const service of services) service.onChange = () => supervisor.write();
    supervisor.write();
    supervisor.run(previous);
    supervisor.keepState();
    return supervisor;
  }

  private run(previous: readonly ServiceRecord[]): void {
    for (const service of this.services) {
      const record = previous.find(({ name }) => name === service.definition.name);
      service.run(record, (signal) => this.needsAreUp(service, signal));
    }
  }

  /** The state file is how others find us: it comes back when somebody clears the folder. */
  private keepState(): void {
    const { servicesFile } = this.config.paths;
    setInterval(() => {
      if (!existsSync(servicesFile)) this.write();
    }, STATE_LOOK_MS).unref();
  }

  private async needsAreUp(service: ManagedService, signal: AbortSignal): Promise<void> {
    const needed = this.services.filter(({ definition }) => service.definition.needs.includes(definition.name));
    while (!needed.every((need) => need.isUp)) await sleep(READY_LOOK_MS, undefined, { signal });
  }

  /** Ends the services one after the other, those that need others first. */
  async stop(): Promise<void> {
    for (const service of this.services.toReversed()) await service.stop();
    this.write();
    this.writing = false;
  }

  private write(): void {
    if (!this.writing) return;
    const state: SupervisorState = {
      supervisor: identify(process.pid)!,
      build: this.build,
      startedAt: this.startedAt,
      wanted: this.wanted,
      records: this.services.map(({ record }) => record).filter((record) => record !== undefined),
      health: Object.fromEntries(this.services.map(({ definition, seen }) => [definition.name, seen])),
    };
    writeJsonFile(this.config.paths.servicesFile, state);
  }
}

/** Ports on which services that we are going to adopt listen. */
function portsInUse(paths: HomePaths, records: readonly ServiceRecord[]): Set<keyof Ports> {
  const alive = new Set(records.filter((record) => isAlive(record.process)).map(({ name }) => name));
  if (findServiceProcess('postgres', paths)) alive.add('postgres');
  const inUse = new Set<keyof Ports>();
  if (alive.has('postgres')) inUse.add('postgres');
  if (alive.has('temporal')) inUse.add('temporal').add('temporal_ui');
  if (alive.has('gateway')) inUse.add('gateway');
  return inUse;
}
