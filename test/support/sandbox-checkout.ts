/** A copy of the checkout whose node, npm and python are what a test says, to see what the launcher makes of them. */
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT, homeFolder, homePaths } from '../../config/index.ts';

const SOURCES = ['domain', 'workflows', 'activities', 'registry', 'worker', 'api', 'cli', 'services', 'config'];
const FILES = [
  'meridian',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'ops/bootstrap',
];
const COMPUTE_FILES = ['compute/pyproject.toml', 'compute/uv.lock'];

export interface Sandbox {
  readonly checkout: string;
  /** Environment with a PATH that holds only the test's programs and the system's. */
  readonly env: NodeJS.ProcessEnv;
  /** Puts a shell script before all other programs of that name. */
  program(name: string, script: string): void;
  /** How often a program made by `program` was called with these words in its arguments. */
  calls(name: string, words: string): number;
}

/** A checkout with tools and Python environment in place, and without node_modules and dist. */
export function sandboxCheckout(folder: string): Sandbox {
  // Users have blanks in their paths.
  const checkout = join(folder, 'check out');
  const bin = join(folder, 'bin');
  const home = join(folder, 'my home');
  for (const made of [bin, home, join(folder, 'user'), join(folder, 'calls'), join(checkout, 'compute')]) {
    mkdirSync(made, { recursive: true });
  }
  for (const name of [...SOURCES, ...FILES, ...COMPUTE_FILES]) {
    cpSync(join(CHECKOUT, name), join(checkout, name), { recursive: true });
  }
  const installed = homePaths(homeFolder());
  symlinkSync(installed.tools, join(home, 'tools'));
  symlinkSync(installed.venv, join(home, 'venv'));
  const env = {
    HOME: join(folder, 'user'),
    PATH: `${bin}:/usr/bin:/bin:/usr/sbin:/sbin`,
    MERIDIAN_HOME: home,
    MERIDIAN_APT: 'no',
  };
  const callsFile = (name: string): string => join(folder, 'calls', name);
  return {
    checkout,
    env,
    program(name, script) {
      const path = join(bin, name);
      writeFileSync(callsFile(name), '');
      writeFileSync(path, `#!/bin/sh\necho "$*" >>'${callsFile(name)}'\n${script}\n`);
      chmodSync(path, 0o755);
    },
    calls(name, words) {
      return readFileSync(callsFile(name), 'utf8')
        .split('\n')
        .filter((line) => line.includes(words)).length;
    },
  };
}

/** A node and an npm as a user has them; `npm ci` takes a second and gives the packages of the real checkout. */
export function addNodeAndNpm(sandbox: Sandbox): void {
  sandbox.program('node', 'echo v20.0.0');
  const modules = join(CHECKOUT, 'node_modules');
  sandbox.program(
    'npm',
    `[ "$1" = ci ] || { echo 10.0.0; exit; }\nsleep 1\nmkdir node_modules\nln -s '${modules}'/* '${modules}/.bin' node_modules/`,
  );
}
