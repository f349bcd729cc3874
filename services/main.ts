/**
 * The supervisor as a program: `node dist/services/main.js [service…]`. TERM and INT stop everything in order; HUP ends
 * only the supervisor, for a newer one to take over.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadConfig } from '../config/index.ts';
import { ALREADY_SUPERVISED, takeHomeLock } from './home-lock.ts';
import type { HomeLock } from './home-lock.ts';
import { rotateLog } from './launch.ts';
import { SERVICE_NAMES } from './service.ts';
import type { ServiceName } from './service.ts';
import { Supervisor } from './supervisor.ts';

type NoteWriter = (text: string) => void;

/** JSON lines, as all logs. */
function logWriter(file: string): NoteWriter {
  rotateLog(file);
  mkdirSync(dirname(file), { recursive: true });
  return (text) => {
    const line = { time: new Date().toISOString(), name: 'supervisor', pid: process.pid, msg: text };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  };
}

/** Runs until told to stop; resolves when everything has stopped, or with `undefined` when a supervisor runs already. */
export async function supervise(wanted: readonly ServiceName[], note: NoteWriter): Promise<'stopped' | undefined> {
  const { paths } = loadConfig();
  mkdirSync(paths.run, { recursive: true });
  const lock = await takeHomeLock(paths.home);
  if (!lock) return undefined;
  const stopAsked = nextStopSignal();
  process.on('SIGHUP', () => process.exit(0));
  const supervisor = await Supervisor.start({ wanted, note });
  note(`supervisor started, pid ${process.pid}, services ${wanted.join(', ')}`);
  note(`${await stopAsked} received, stopping`);
  await stopAll(supervisor, lock);
  note('everything has stopped');
  return 'stopped';
}

async function stopAll(supervisor: Supervisor, lock: HomeLock): Promise<void> {
  await supervisor.stop();
  await lock.release();
}

function nextStopSignal(): Promise<NodeJS.Signals> {
  // The timer keeps the process alive; a second signal changes nothing, the stop is bounded in time.
  const alive = setInterval(() => undefined, 60_000);
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        clearInterval(alive);
        resolve(signal);
      });
    }
  });
}

async function main(): Promise<void> {
  const asked = process.argv.slice(2) as ServiceName[];
  const write = logWriter(join(loadConfig().paths.logs, 'supervisor.log'));
  try {
    const outcome = await supervise(asked.length > 0 ? asked : SERVICE_NAMES, write);
    process.exit(outcome === 'stopped' ? 0 : ALREADY_SUPERVISED);
  } catch (error) {
    write(`cannot start: ${(error as Error).message}`);
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
}

if (import.meta.main) await main();
