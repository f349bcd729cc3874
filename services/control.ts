/** Starts and stops the services of this home from a program that does not stay: `up --detach`, `down`, tests. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MeridianError } from '../domain/errors.ts';
import { CHECKOUT, loadConfig } from '../config/index.ts';
import type { HomePaths, MeridianConfig } from '../config/index.ts';
import { identify, isAlive } from '../activities/process/proc-table.ts';
import type { ProcessIdentity } from '../activities/process/proc-table.ts';
import { currentBuild, currentProgram } from './definitions.ts';
import { endProcess, isGone } from './end-process.ts';
import { findServiceProcess } from './find-process.ts';
import { ALREADY_SUPERVISED, takeHomeLock } from './home-lock.ts';
import { placeNote } from './postgres-place.ts';
import { SERVICE_NAMES, isUp } from './service.ts';
import type { ServiceName } from './service.ts';
import { readState, removeState } from './state-file.ts';
import type { SupervisorState } from './state-file.ts';
import { livingSupervisor } from './status.ts';

const LOOK_MS = 150;
const UP_LIMIT_MS = 240_000;
/** The slowest orderly stop: gateway 3 s, worker 21 s, Temporal 3 s, PostgreSQL 10 s (usually under 1 s). */
const STOP_LIMIT_MS = 45_000;
const HANDOVER_MS = 5000;
/** After so many failed starts in a row it is time to tell the user. */
const HOPELESS_FAILURES = 3;

export interface UpRequest {
  readonly wanted: readonly ServiceName[];
  /** Whether what runs with other settings is replaced; what runs another program always is. */
  readonly settings: 'as_given' | 'as_running';
  readonly note: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes sure that a supervisor of this build runs the wanted services, and waits until all of them answer.
 *
 * @throws MeridianError SERVICE_UNAVAILABLE naming the services that do not come up, with their last words.
 */
export async function upDetached(request: UpRequest): Promise<void> {
  const { wanted, note, signal } = request;
  const config = loadConfig();
  const running = livingSupervisor(config);
  const fits = running && isAsAsked(running, config, request);
  if (running && !fits) {
    note('the supervisor runs another program, other settings or fewer services; a new one takes over');
    process.kill(running.supervisor.pid, 'SIGHUP');
    await isGone(running.supervisor, HANDOVER_MS);
  }
  const supervisor = fits ? running.supervisor : await spawnSupervisor([...wanted, ...(running?.wanted ?? [])]);
  await waitUntilUp(wanted, supervisor, { note, signal });
  const elsewhere = placeNote(config.paths);
  if (elsewhere && !running) note(elsewhere);
}

function isAsAsked(running: SupervisorState, config: MeridianConfig, { wanted, settings }: UpRequest): boolean {
  if (!wanted.every((name) => running.wanted.includes(name))) return false;
  if (settings === 'as_given') return running.build === currentBuild(config);
  return running.build?.startsWith(`${currentProgram()}+`) === true;
}

/** Starts the supervisor as a session of its own; resolves once it holds the lock and has written its state. */
async function spawnSupervisor(wanted: readonly ServiceName[]): Promise<ProcessIdentity> {
  const { paths } = loadConfig();
  mkdirSync(paths.logs, { recursive: true });
  const lastWords = join(paths.logs, 'supervisor-start.log');
  const output = openSync(lastWords, 'w', 0o640);
  const program = join(CHECKOUT, 'dist', 'services', 'main.js');
  const names = SERVICE_NAMES.filter((name) => wanted.includes(name));
  const child = spawn(process.execPath, ['--enable-source-maps', program, ...names], {
    cwd: CHECKOUT,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  child.unref();
  const deadline = performance.now() + HANDOVER_MS * 2;
  for (;;) {
    const state = livingSupervisor(loadConfig());
    if (state) return state.supervisor;
    const failed = child.exitCode !== null && child.exitCode !== ALREADY_SUPERVISED;
    if (failed || child.signalCode !== null) {
      const reason = readFileSync(lastWords, 'utf8').trim() || `the supervisor ended with status ${child.exitCode}`;
      throw new MeridianError('SERVICE_UNAVAILABLE', `the services cannot be started: ${reason}`);
    }
    // Somebody else's supervisor has the lock and is about to write its state.
    if (child.exitCode === ALREADY_SUPERVISED && performance.now() > deadline) {
      throw new MeridianError('CONFLICT', 'another supervisor of this home is starting or stopping; try again');
    }
    await sleep(LOOK_MS);
  }
}

async function waitUntilUp(
  wanted: readonly ServiceName[],
  supervisor: ProcessIdentity,
  { note, signal }: Pick<UpRequest, 'note' | 'signal'>,
): Promise<void> {
  const deadline = performance.now() + UP_LIMIT_MS;
  const { servicesFile, logs } = loadConfig().paths;
  const told = new Map<string, string>();
  for (;;) {
    const state = readState(servicesFile);
    const missing = wanted.filter((name) => !isUp(state?.health[name]?.health ?? 'stopped'));
    tellChanges(state, { wanted, told, note });
    if (state && missing.length === 0) return;
    signal?.throwIfAborted();
    if (!isAlive(supervisor)) {
      throw new MeridianError('SERVICE_UNAVAILABLE', `the supervisor ended; see ${logs}/supervisor.log`);
    }
    const hopeless = missing.some((name) => (state?.health[name]?.failures ?? 0) >= HOPELESS_FAILURES);
    if (hopeless || performance.now() > deadline) throw notUp(missing, state, logs);
    await sleep(LOOK_MS);
  }
}

interface Telling {
  readonly wanted: readonly ServiceName[];
  readonly told: Map<string, string>;
  readonly note: (text: string) => void;
}

/** A line for each service whose health changed since the last look. */
function tellChanges(state: SupervisorState | undefined, { wanted, told, note }: Telling): void {
  for (const name of wanted) {
    const seen = state?.health[name];
    if (!seen || told.get(name) === seen.health) continue;
    told.set(name, seen.health);
    if (seen.health !== 'stopped') note(`${name}: ${seen.health}${seen.detail ? ` (${seen.detail})` : ''}`);
  }
}

function notUp(missing: readonly ServiceName[], state: SupervisorState | undefined, logs: string): MeridianError {
  const lines = missing.map((name) => {
    const seen = state?.health[name];
    return `${name} is ${seen?.health ?? 'not started'}${seen?.detail ? `: ${seen.detail}` : ''} (log: ${logs}/${name}.log)`;
  });
  const message = `not everything came up; it is still being tried:\n  ${lines.join('\n  ')}`;
  return new MeridianError('SERVICE_UNAVAILABLE', message, { services: [...missing] });
}

/** Stops the supervisor and every service, also those whose supervisor is dead; resolves when all are gone. */
export async function downAll(note: (text: string) => void): Promise<'stopped' | 'nothing_ran'> {
  const config = loadConfig();
  const running = livingSupervisor(config);
  if (running) {
    note('stopping');
    process.kill(running.supervisor.pid, 'SIGTERM');
    if (!(await isGone(running.supervisor, STOP_LIMIT_MS))) await endProcess(running.supervisor, 'SIGTERM', 0);
  }
  const left = await stopRecorded(note);
  return running || left ? 'stopped' : 'nothing_ran';
}

/** Stops what a dead supervisor left running, in the same order; also what nothing is written down of any more. */
async function stopRecorded(note: (text: string) => void): Promise<boolean> {
  const { paths } = loadConfig();
  if (!existsSync(paths.home)) return false;
  const lock = await takeHomeLock(paths.home);
  if (!lock) {
    throw new MeridianError('CONFLICT', 'another supervisor has just been started; call ./meridian down again');
  }
  const left = SERVICE_NAMES.toReversed().flatMap((name) => {
    const identity = leftRunning(name, paths);
    return identity ? [{ name, identity }] : [];
  });
  for (const { name, identity } of left) {
    note(`stopping ${name}, which no supervisor looks after`);
    await endProcess(identity, name === 'postgres' ? 'SIGINT' : 'SIGTERM', name === 'worker' ? 21 : 10);
  }
  removeState(paths.servicesFile);
  await lock.release();
  return left.length > 0;
}

function leftRunning(name: ServiceName, paths: HomePaths): ProcessIdentity | undefined {
  const record = readState(paths.servicesFile)?.records.find((each) => each.name === name);
  if (record && isAlive(record.process)) return record.process;
  const found = findServiceProcess(name, paths);
  return found && identify(found.pid);
}
