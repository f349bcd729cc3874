/** Loads catalogues into the registry of this home, by the registry's own program. */
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CHECKOUT, loadConfig } from '../../config/index.ts';
import { isErrorCode, MeridianError } from '../../domain/errors.ts';
import type { ErrorContext } from '../../domain/errors.ts';
import { upDetached } from '../../services/control.ts';
import { SERVICE_NAMES } from '../../services/service.ts';
import { livingSupervisor } from '../../services/status.ts';
import type { CommandContext } from '../command.ts';

/** The program beside this one: sources run sources, `dist/` runs `dist/`. */
const PROGRAM = fileURLToPath(new URL(`../../registry/import-catalog${extname(import.meta.url)}`, import.meta.url));

/** Makes sure that the database of this home runs. */
export async function ensureDatabase(context: CommandContext): Promise<void> {
  const config = loadConfig();
  if (config.database === 'external' || livingSupervisor(config) !== undefined) return;
  context.note('starting the services');
  await upDetached({
    wanted: SERVICE_NAMES,
    settings: 'as_running',
    note: context.note,
    signal: context.signal,
  });
}

/**
 * Has the registry do what a request says; see `CatalogRequest` of registry/import-catalog.ts.
 *
 * @throws MeridianError of the registry.
 */
export async function importCatalog<Report>(request: object, context: CommandContext): Promise<Report> {
  const { databaseUrl, paths } = loadConfig();
  if (databaseUrl === undefined) {
    throw new MeridianError('SERVICE_UNAVAILABLE', 'there is no database yet; start it with: meridian up --detach');
  }
  const folder = join(paths.work, 'local');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `catalog-request-${process.pid}.json`);
  try {
    writeFileSync(file, JSON.stringify(request));
    const env = { ...process.env, DATABASE_URL: databaseUrl };
    const { signal } = context;
    const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, file], { env, cwd: CHECKOUT, signal });
    return JSON.parse(stdout) as Report;
  } catch (error) {
    throw asImportError(error, context);
  } finally {
    rmSync(file, { force: true });
  }
}

interface Said {
  readonly code: string;
  readonly message: string;
  readonly context: ErrorContext;
}

function asImportError(error: unknown, { signal }: CommandContext): unknown {
  if (signal.aborted) return signal.reason;
  const said = lastDocument((error as { stderr?: string }).stderr ?? '');
  if (said === null || !isErrorCode(said.code)) return error;
  return new MeridianError(said.code, said.message, said.context, { cause: error });
}

function lastDocument(text: string): Said | null {
  try {
    return JSON.parse(text.trim().split('\n').at(-1) ?? '') as Said;
  } catch {
    return null;
  }
}
