/** How a component is looked for: a program and what it says of its version. */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** What `doctor` says of one component. */
export interface Finding {
  readonly component: string;
  /** `warning`: Meridian works without it, or soon will not; `error`: something will fail. */
  readonly status: 'ok' | 'warning' | 'error';
  readonly version: string | null;
  readonly path: string | null;
  readonly detail: string | null;
  /** How to mend it; null when there is nothing to mend. */
  readonly mend: string | null;
}

const VERSION_MS = 20_000;

/** First program of these names on the PATH. */
export function onPath(names: readonly string[], env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface ProgramCheck {
  readonly component: string;
  readonly path: string | undefined;
  readonly args: readonly string[];
  /** First group is the version. */
  readonly pattern: RegExp;
  readonly whenMissing: { readonly status: 'warning' | 'error'; readonly detail: string };
  readonly mend: string;
}

/** Runs a program for its version; a program that is there and does not run is an error. */
export async function checkProgram(check: ProgramCheck): Promise<Finding> {
  const { component, path, mend, whenMissing } = check;
  if (path === undefined) return { component, ...whenMissing, version: null, path: null, mend };
  try {
    const { stdout, stderr } = await promisify(execFile)(path, [...check.args], { timeout: VERSION_MS });
    const version = check.pattern.exec(stdout + stderr)?.[1] ?? 'unknown';
    return { component, status: 'ok', version, path, detail: null, mend: null };
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    const detail = `does not run: ${stderr?.trim().split('\n').at(-1) || message}`;
    return { component, status: 'error', version: null, path, detail, mend };
  }
}

export const ok = (component: string, version: string | null, path?: string): Finding => ({
  component,
  status: 'ok',
  version,
  path: path ?? null,
  detail: null,
  mend: null,
});
