/** The folder of one attempt: scratch while it runs, its logs kept when it is over. */
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MeridianError } from '../../domain/errors.ts';
import { bootId, identify, isAlive, pidNamespace, type ProcessIdentity } from '../process/proc-table.ts';
import { LOG_FILES } from './stage-process.ts';

export interface WorkFolder {
  readonly workdir: string;
  /** Where the logs of this attempt are kept. */
  readonly logFolder: string;
}

/** Written into a work folder: whose it is, so that it is known when nobody's. */
interface OwnerDocument {
  readonly worker: ProcessIdentity;
  readonly pid_namespace: string;
  readonly log_folder: string;
}

const OWNER_FILE = 'owner.json';

/** Paths for a new attempt; nothing is made yet. */
export function newWorkFolder(folders: { readonly work: string; readonly logs: string }, stage: string): WorkFolder {
  const name = `${stage}-${randomUUID()}`;
  const day = new Date().toISOString().slice(0, 10);
  return { workdir: join(folders.work, name), logFolder: join(folders.logs, 'stages', day, name) };
}

/** Make the folder, and say in it whose it is. */
export async function makeWorkFolder({ workdir, logFolder }: WorkFolder): Promise<void> {
  const worker = identify(process.pid);
  if (worker === undefined) throw new MeridianError('INTERNAL', 'this process is not in /proc');
  await mkdir(workdir, { recursive: true });
  const owner: OwnerDocument = { worker, pid_namespace: pidNamespace(), log_folder: logFolder };
  await writeFile(join(workdir, OWNER_FILE), JSON.stringify(owner));
}

/**
 * Remove work folders whose worker is dead, at once, and those that say nothing of their worker once they are old. Their
 * logs are kept.
 *
 * @returns absolute paths of what was removed.
 */
export async function sweepWorkFolders(work: string, olderThanHours: number): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await readdir(work).catch((): string[] => [])) {
    const workdir = join(work, name);
    const owner = await readOwner(workdir);
    if (!(await isLeftOver(workdir, owner, olderThanHours))) continue;
    if (owner === undefined) await rm(workdir, { recursive: true, force: true });
    else await clearWorkFolder({ workdir, logFolder: owner.log_folder });
    removed.push(workdir);
  }
  return removed;
}

async function isLeftOver(workdir: string, owner: OwnerDocument | undefined, olderThanHours: number): Promise<boolean> {
  if (owner?.pid_namespace === pidNamespace() && owner.worker.bootId === bootId()) {
    return !isAlive(owner.worker);
  }
  const facts = await stat(workdir).catch(() => undefined);
  return facts !== undefined && Date.now() - facts.mtimeMs > olderThanHours * 3_600_000;
}

async function readOwner(workdir: string): Promise<OwnerDocument | undefined> {
  try {
    return JSON.parse(await readFile(join(workdir, OWNER_FILE), 'utf8')) as OwnerDocument;
  } catch {
    return undefined;
  }
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
