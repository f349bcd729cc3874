// Builds dist/ from the TypeScript sources, and the workflow bundle in it, then swaps it in as a whole:
// a file deleted from the sources leaves nothing behind, and a failed build leaves the old dist/ as it was.
// Types are checked by `npm run check`, not here: set-up need not wait for it.
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const [stamp] = process.argv.slice(2);
const dist = join(root, 'dist');
const fresh = join(root, 'dist.new');
const previous = join(root, 'dist.old');

function run(...args) {
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

for (const folder of [fresh, previous]) rmSync(folder, { recursive: true, force: true });
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--noCheck', '--outDir', fresh);
const bundler = join(fresh, 'worker', 'bundle.js');
if (existsSync(bundler)) run(bundler);
if (stamp) writeFileSync(join(fresh, '.meridian-stamp'), stamp);

if (existsSync(dist)) renameSync(dist, previous);
renameSync(fresh, dist);
rmSync(previous, { recursive: true, force: true });
