/** The folder of one attempt: scratch while it runs, its logs kept when it is over. */
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MeridianError } from '../../domain/errors.ts';
import { LOG_FILES } from './stage-process.ts';

export interface WorkFolder {
  readonly workdir: string;
  /** Where the logs of this attempt are kept. */
  readonly logFolder: string;
}

/** Paths for a new attempt; nothing is made yet. */
export function newWorkFolder(folders: { readonly work: string; readonly logs: string }, stage: string): WorkFolder {
  const name = `${stage}-${randomUUID()}`;
  const day = new Date().toISOString().slice(0, 10);
  return { workdir: join(folders.work, name), logFolder: join(folders.logs, 'stages', day, name) };
}

/** Keep what the attempt said, the logs of its tools included, and remove the rest; never fails because of a log. */
export async function clearWorkFolder({ workdir, logFolder }: WorkFolder): Promise<void> {
  const found = await readdir(workdir, { recursive: true }).catch((): string[] => []);
  const logs = found.filter((path) => path.endsWith('.log'));
  for (const path of new Set([...LOG_FILES, ...logs])) await keep(join(workdir, path), join(logFolder, path));
  await rm(workdir, { recursive: true, force: true });
}

/** Not every attempt has every file, and a full disk takes none: the attempt's own failure is what counts. */
async function keep(from: string, to: string): Promise<void> {
  try {
    await mkdir(dirname(to), { recursive: true });
    await copyFile(from, to);
  } catch {
    return;
  }
}

/** The same failure, naming log files where they are kept. */
export const withKeptLogs = (error: MeridianError, { workdir, logFolder }: WorkFolder): MeridianError =>
  new MeridianError(
    error.code,
    error.message.replaceAll(workdir, logFolder),
    { ...error.context, log_folder: logFolder },
    { cause: error.cause },
  );
