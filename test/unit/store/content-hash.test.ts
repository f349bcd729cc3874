import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { contentFiles, describeContent, measureContent } from '../../../activities/store/content-hash.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const temporaryFolder = temporaryFolders();
const HASHING = new URL('../../../compute/meridian_compute/hashing.py', import.meta.url).pathname;

/** What the compute package says of the same path. */
function inPython(path: string): { sha256: string; size: number } {
  const script = `import importlib.util, json, pathlib, sys
spec = importlib.util.spec_from_file_location('hashing', ${JSON.stringify(HASHING)})
hashing = importlib.util.module_from_spec(spec); spec.loader.exec_module(hashing)
path = pathlib.Path(sys.argv[1])
folder = path.is_dir()
print(json.dumps({'sha256': (hashing.hash_folder if folder else hashing.hash_file)(path),
  'size': hashing.folder_size_bytes(path) if folder else path.stat().st_size}))`;
  const { stdout, stderr, status } = spawnSync('python3', ['-c', script, path], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as { sha256: string; size: number };
}

function folderWith(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

it.each([
  ['an empty folder', {}],
  [
    'a measurement set with locks',
    { 'table.dat': 'x', 'table.lock': 'l', 'ANTENNA/table.dat': 'y', 'ANTENNA/table.lock': '' },
  ],
  [
    'names whose order depends on how they are compared',
    { 'a/b': '1', 'a-b': '2', 'a.b': '3', 'a/': '', B: '4', é: '5', '😀': '6', '\uffee': '7' },
  ],
  ['nested and empty files', { 'a/b/c/d': '', 'a/b/c': '' }],
])('hashes %s as the compute package does', async (_name, files) => {
  const present = Object.fromEntries(Object.entries(files).filter(([path]) => !path.endsWith('/') && path !== 'a/b/c'));
  const folder = folderWith(present);
  const { sha256, size } = inPython(folder);

  expect(await describeContent(folder)).toEqual({ kind: 'folder', sha256, sizeBytes: size });
  expect(await measureContent(folder)).toEqual({ kind: 'folder', sizeBytes: size });
});

it('treats links as the compute package does: those to files count, those to folders do not', async () => {
  const elsewhere = folderWith({ 'file.dat': 'target', 'sub/inner.dat': 'inner' });
  const folder = folderWith({ 'own.dat': 'own' });
  symlinkSync(join(elsewhere, 'file.dat'), join(folder, 'link.dat'));
  symlinkSync(join(elsewhere, 'sub'), join(folder, 'link-to-folder'));
  symlinkSync(join(elsewhere, 'nothing'), join(folder, 'broken'));

  expect(await contentFiles(folder)).toEqual(['link.dat', 'own.dat']);
  expect((await describeContent(folder)).sha256).toBe(inPython(folder).sha256);
});

it('hashes a file larger than one chunk as the compute package does', async () => {
  const folder = folderWith({ big: 'abc'.repeat(1_000_000) });
  const file = join(folder, 'big');
  const { sha256, size } = inPython(file);

  expect(await describeContent(file)).toEqual({ kind: 'file', sha256, sizeBytes: size });
});

it('says that there is nothing at a path', async () => {
  expect(await measureContent(join(temporaryFolder(), 'nothing'))).toBeUndefined();
});
