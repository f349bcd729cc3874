import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { contentHashes } from '../../../activities/raw-hashes.ts';
import type { Registry, SubbandFile } from '../../../registry/index.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-test-'));
  path = join(folder, '2026-01-25T12:58:19_sb00.hdf5');
  writeFileSync(path, 'data');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The hash is known, so that the registry is not asked. */
const hashesOf = (modifiedAt: string): Promise<string[]> => {
  const file = { path, sizeBytes: 4, modifiedAt, sha256: 'known' } as SubbandFile;
  return contentHashes({} as Registry, [file]);
};

it('takes a file for the one that was looked at, whatever the fraction of the millisecond of its time', async () => {
  utimesSync(path, 1000, 1_769_345_899.640_6);
  await expect(hashesOf('2026-01-25T12:58:19.640Z')).resolves.toEqual(['known']);
});

it('refuses a file that is another one now, naming it', async () => {
  utimesSync(path, 1000, 1_769_345_900);
  await expect(hashesOf('2026-01-25T12:58:19.640Z')).rejects.toMatchObject({
    code: 'INPUT_CHANGED',
    context: { file: path },
  });
});
