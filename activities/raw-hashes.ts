/** Content hashes of raw files: read once, then remembered in the registry. */
import { stat } from 'node:fs/promises';
import { MeridianError } from '../domain/errors.ts';
import type { Registry, SubbandFile } from '../registry/index.ts';
import { hashFile } from './store/content-hash.ts';

/**
 * SHA-256 of each file, in the order given.
 *
 * @throws MeridianError FILE_MISSING when a file has gone; INPUT_CHANGED when it is not the one that was looked at.
 */
export async function contentHashes(registry: Registry, files: readonly SubbandFile[]): Promise<string[]> {
  const hashes: string[] = [];
  for (const file of files) hashes.push(await contentHash(registry, file));
  return hashes;
}

async function contentHash(registry: Registry, file: SubbandFile): Promise<string> {
  await requireUnchanged(file);
  if (file.sha256 !== null) return file.sha256;
  const sha256 = await hashFile(file.path);
  await registry.subbandFiles.recordHash(file.id, sha256);
  return sha256;
}

async function requireUnchanged({ path, sizeBytes, modifiedAt }: SubbandFile): Promise<void> {
  const facts = await stat(path).catch(() => null);
  if (facts === null) throw new MeridianError('FILE_MISSING', `the file ${path} has gone`, { file: path });
  // Whole milliseconds, cut off as the look at the folder cuts them off; a `Date` would be rounded.
  if (facts.size === sizeBytes && Math.floor(facts.mtimeMs) === Date.parse(modifiedAt)) return;
  const message = `the file ${path} changed since it was looked at; look at the data root again`;
  throw new MeridianError('INPUT_CHANGED', message, { file: path });
}
