// Builds dist/ from the TypeScript sources, and the workflow bundle in it, then swaps it in as a whole:
// a file deleted from the sources leaves nothing behind, and a failed build leaves the old dist/ as it was.
// Each file is translated by itself: types are checked by `npm run check`, set-up need not wait for that.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import ts from 'typescript';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const [stamp] = process.argv.slice(2);
const dist = join(root, 'dist');
// Its own folders: two builds at a time must not write into one another.
const fresh = join(root, `dist.new.${process.pid}`);
const previous = join(root, `dist.old.${process.pid}`);

const configFile = join(root, 'tsconfig.build.json');
const { options, fileNames, errors } = ts.getParsedCommandLineOfConfigFile(
  configFile,
  {},
  {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
      throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
    },
  },
);
const problems = [...errors];
// A file by itself cannot be seen to be ESM; package.json says that all are.
const compilerOptions = { ...options, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };

function translate(file) {
  const target = join(fresh, relative(root, file)).replace(/\.ts$/, '.js');
  const output = ts.transpileModule(readFileSync(file, 'utf8'), {
    compilerOptions,
    fileName: file,
    reportDiagnostics: true,
  });
  problems.push(...output.diagnostics);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, output.outputText);
  writeFileSync(`${target}.map`, output.sourceMapText);
}

process.on('exit', () => {
  for (const folder of [fresh, previous]) rmSync(folder, { recursive: true, force: true });
});
for (const file of fileNames) translate(file);
// Data that a module reads from beside itself.
for (const folder of new Set(fileNames.map((file) => relative(root, file).split('/')[0]))) {
  for (const name of readdirSync(join(root, folder), { recursive: true })) {
    if (name.endsWith('.json')) copyFileSync(join(root, folder, name), join(fresh, folder, name));
  }
}

if (problems.length > 0) {
  const host = { getCurrentDirectory: () => root, getCanonicalFileName: (name) => name, getNewLine: () => '\n' };
  process.stderr.write(ts.formatDiagnostics(problems, host));
  process.exit(1);
}

// The worker as one file: loading kysely and zod module by module is a fifth of its start. What brings native code, or
// finds files beside its own, stays outside.
const worker = join(fresh, 'worker', 'worker-process.js');
if (existsSync(worker)) {
  await esbuild.build({
    entryPoints: [worker],
    outfile: worker,
    allowOverwrite: true,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    external: ['@temporalio/*', 'pino', 'pg-native'],
    // CommonJS packages in it ask for Node's own modules by `require`.
    banner: {
      js: "import { createRequire as meridianRequire } from 'node:module';\nconst require = meridianRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
}

const bundler = join(fresh, 'worker', 'bundle.js');
if (existsSync(bundler)) {
  const { status, error } = spawnSync(process.execPath, [bundler], { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) {
    process.stderr.write(`error: ${basename(bundler)} could not bundle the workflows\n`);
    process.exit(1);
  }
}
if (stamp) writeFileSync(join(fresh, '.meridian-stamp'), stamp);

if (existsSync(dist)) renameSync(dist, previous);
renameSync(fresh, dist);
