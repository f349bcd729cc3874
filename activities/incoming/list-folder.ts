/** What lies below a folder of raw files. */
import { lstat, readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Dirent } from 'node:fs';
import { MeridianError } from '../../domain/errors.ts';
import type { QuarantinedFile } from '../../domain/subband-files.ts';

export interface FolderFile {
  readonly path: string;
  /** Below the folder that was listed. */
  readonly relativePath: string;
  readonly sizeBytes: number;
  /** Unix time. */
  readonly modifiedMs: number;
}

export interface FolderListing {
  readonly files: readonly FolderFile[];
  /** Folders that cannot be listed, and links that lead nowhere. */
  readonly quarantined: readonly QuarantinedFile[];
}

export interface ListingRules {
  /** Whether files of other names in the folder itself are told; below it there may be anything else. */
  readonly strangers: 'listed' | 'passed_over';
  /** Whether links to files are read: what they lead to may lie outside the folder. */
  readonly links: 'followed' | 'passed_over';
  /** What is known of a file and need not be asked of the file system again. */
  readonly reuse?: (path: string) => FolderFile | undefined;
}

const RAW_FILE = /\.hdf5$/i;
/** Copying programs keep what they are writing under such names. */
const HIDDEN = /^\./;
/** Asked of the file system at a time. */
const FILES_AT_ONCE = 256;

/**
 * Raw files below a folder, at any depth; hidden files and folders are passed over, and links to folders too.
 *
 * @throws MeridianError FILE_MISSING or FILE_UNREADABLE when the folder itself cannot be listed.
 */
export async function listFolder(root: string, rules: ListingRules): Promise<FolderListing> {
  const walk = new FolderWalk(root, rules);
  await walk.enter(root);
  const files: FolderFile[] = [];
  for (let first = 0; first < walk.paths.length; first += FILES_AT_ONCE) {
    const batch = walk.paths.slice(first, first + FILES_AT_ONCE);
    const described = await Promise.all(batch.map((path) => walk.describe(path)));
    files.push(...described.filter((file) => file !== null));
  }
  return { files, quarantined: walk.quarantined };
}

class FolderWalk {
  readonly paths: string[] = [];
  readonly quarantined: QuarantinedFile[] = [];
  private readonly root: string;
  private readonly rules: ListingRules;

  constructor(root: string, rules: ListingRules) {
    this.root = root;
    this.rules = rules;
  }

  async enter(folder: string): Promise<void> {
    for (const entry of await this.entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (HIDDEN.test(entry.name)) continue;
      if (entry.isDirectory() && RAW_FILE.test(entry.name)) {
        this.quarantined.push({ path, code: 'FILE_FOREIGN', reason: `"${entry.name}" is a folder` });
      } else if (entry.isDirectory()) await this.enter(path);
      else if (this.isWanted(entry, folder)) this.paths.push(path);
    }
  }

  private isWanted(entry: Dirent, folder: string): boolean {
    if (entry.isSymbolicLink() && this.rules.links === 'passed_over') return false;
    if (RAW_FILE.test(entry.name)) return true;
    return this.rules.strangers === 'listed' && folder === this.root;
  }

  private async entriesOf(folder: string): Promise<Dirent[]> {
    try {
      return await readdir(folder, { withFileTypes: true });
    } catch (cause) {
      if (folder === this.root) throw unlistable(folder, cause as NodeJS.ErrnoException);
      // A folder below that went away meanwhile is no news.
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') {
        const reason = `the folder cannot be listed: ${(cause as Error).message}`;
        this.quarantined.push({ path: folder, code: 'FILE_UNREADABLE', reason });
      }
      return [];
    }
  }

  /** Size and time; null for a file that vanished meanwhile. */
  async describe(path: string): Promise<FolderFile | null> {
    const known = this.rules.reuse?.(path);
    if (known !== undefined) return known;
    try {
      const { size, mtimeMs } = await stat(path);
      return { path, relativePath: relative(this.root, path), sizeBytes: size, modifiedMs: Math.floor(mtimeMs) };
    } catch (cause) {
      const isThere = await lstat(path).catch(() => null);
      if (isThere !== null) {
        const reason = `it cannot be looked at: ${(cause as Error).message}`;
        this.quarantined.push({ path, code: 'FILE_UNREADABLE', reason });
      }
      return null;
    }
  }
}

function unlistable(folder: string, cause: NodeJS.ErrnoException): MeridianError {
  const context = { file: folder };
  if (cause.code === 'ENOENT')
    return new MeridianError('FILE_MISSING', `there is no folder ${folder}`, context, { cause });
  const why = cause.code === 'ENOTDIR' ? 'is no folder' : 'cannot be listed by this account';
  return new MeridianError('FILE_UNREADABLE', `${folder} ${why}`, context, { cause });
}
