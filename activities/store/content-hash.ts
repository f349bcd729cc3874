/** Content hashes of files and folders, the same as `compute/meridian_compute/hashing.py` computes. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** casacore writes `table.lock` whenever a table is opened: not content. */
const LOCK_FILE_NAMES: ReadonlySet<string> = new Set(['table.lock']);

const CHUNK_BYTES = 1024 * 1024;

export interface Content {
  readonly kind: 'file' | 'folder';
  /** Of a folder: the sum of its content files. */
  readonly sizeBytes: number;
  /** SHA-256, hexadecimal; of a folder over the sorted lines `<relative path>\t<size>\t<sha256>\n` of its files. */
  readonly sha256: string;
}

/** SHA-256 of a file's bytes, hexadecimal. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: CHUNK_BYTES }), hash);
  return hash.digest('hex');
}

/** Relative paths of the files of a folder that count as content, in order of their UTF-8 bytes. */
export async function contentFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  await collect(folder, '', found);
  return found.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** Links to files are followed, links to folders are not: as Python's `rglob` and `is_file` do. */
async function collect(folder: string, prefix: string, found: string[]): Promise<void> {
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
    const relative = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) await collect(folder, relative, found);
    else if (!LOCK_FILE_NAMES.has(entry.name) && (entry.isFile() || (await isFile(join(folder, relative))))) {
      found.push(relative);
    }
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );

/** Read a file or folder as a whole and describe it. */
export async function describeContent(path: string): Promise<Content> {
  const facts = await stat(path);
  if (facts.isFile()) return { kind: 'file', sizeBytes: facts.size, sha256: await hashFile(path) };
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for (const relative of await contentFiles(path)) {
    const { size } = await stat(join(path, relative));
    sizeBytes += size;
    hash.update(`${relative}\t${size}\t${await hashFile(join(path, relative))}\n`);
  }
  return { kind: 'folder', sizeBytes, sha256: hash.digest('hex') };
}

/** Kind and size without reading the contents; undefined when there is nothing at this path. */
export async function measureContent(path: string): Promise<Omit<Content, 'sha256'> | undefined> {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined) return undefined;
  if (facts.isFile()) return { kind: 'file', sizeBytes: facts.size };
  let sizeBytes = 0;
  for (const relative of await contentFiles(path)) sizeBytes += (await stat(join(path, relative))).size;
  return { kind: 'folder', sizeBytes };
}
