/** What lies below a data root. */
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isQuarantined, readListedFile } from '../../domain/subband-files.ts';
import { MeridianError } from '../../domain/errors.ts';
import type { FoundFile } from '../../registry/subband-files.ts';

const RAW_FILE = /\.hdf5$/i;

/**
 * Raw files below a folder, at any depth; links are not followed, so that nothing outside the root is read.
 *
 * @throws MeridianError FILE_MISSING or FILE_UNREADABLE when the folder itself cannot be listed.
 */
export async function listRawFiles(root: string): Promise<FoundFile[]> {
  const paths = await rawFilesBelow(root);
  const found = await Promise.all(paths.map((path) => describe(root, path)));
  return found.filter((file): file is FoundFile => file !== null);
}

async function rawFilesBelow(root: string): Promise<string[]> {
  try {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && RAW_FILE.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const message = missing ? `there is no folder ${root}` : `the folder ${root} cannot be listed`;
    throw new MeridianError(missing ? 'FILE_MISSING' : 'FILE_UNREADABLE', message, { path: root }, { cause });
  }
}

/** Size, time and what the name tells; null for a file that vanished meanwhile. */
async function describe(root: string, path: string): Promise<FoundFile | null> {
  const facts = await stat(path).catch(() => null);
  if (facts === null) return null;
  const named = readListedFile({ path, sizeBytes: facts.size });
  const known = isQuarantined(named) ? null : named;
  return {
    relativePath: relative(root, path),
    sizeBytes: facts.size,
    modifiedAt: facts.mtime.toISOString(),
    stampMjd: known?.stampMjd ?? null,
    subband: known?.subband ?? null,
  };
}
