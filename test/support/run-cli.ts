/** Runs the `meridian` program as a user does, from its sources. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { CHECKOUT } from '../../config/index.ts';

export interface CliRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Told the pid as soon as it runs. */
  readonly onStart?: (pid: number) => void;
}

export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(CHECKOUT, 'cli', 'main.ts'), ...args], {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
    if (child.pid !== undefined) options.onStart?.(child.pid);
  });
}

/** The one document on stdout; fails when there is anything else. */
export const documentOf = (run: CliRun): Record<string, unknown> => JSON.parse(run.stdout) as Record<string, unknown>;
