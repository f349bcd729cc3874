/** Starts a service so that it outlives the supervisor: own session, output to a file, nothing shared but that. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { MeridianError } from '../domain/errors.ts';

const ROTATE_BYTES = 20 * 1024 ** 2;
const KEPT_LOGS = 3;

/** Moves a large log aside (`x.log.1` is the newest of the kept ones). */
export function rotateLog(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file) || statSync(file).size < ROTATE_BYTES) return;
  for (let index = KEPT_LOGS - 1; index >= 1; index -= 1) {
    if (existsSync(`${file}.${index}`)) renameSync(`${file}.${index}`, `${file}.${index + 1}`);
  }
  renameSync(file, `${file}.1`);
}

export interface ServiceLaunch {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Run as this user (only root can ask for it). */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** Told how the process ended, while this supervisor lives. */
  readonly onExit?: (outcome: string) => void;
}

/** Starts the process; resolves with its pid once it runs. */
export function launchService(launch: ServiceLaunch): Promise<number> {
  rotateLog(launch.logFile);
  const log = openSync(launch.logFile, 'a', 0o640);
  const child = spawn(launch.command, launch.args, {
    cwd: launch.cwd,
    env: launch.env,
    detached: true,
    stdio: ['ignore', log, log],
    ...(launch.user ?? {}),
  });
  closeSync(log);
  child.unref();
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new MeridianError('TOOL_MISSING', `cannot start ${launch.command}: ${cause.message}`, {}, { cause }));
    });
    child.once('exit', (code, signal) => launch.onExit?.(signal ? `ended by ${signal}` : `ended with status ${code}`));
    child.once('spawn', () => resolve(child.pid as number));
  });
}
