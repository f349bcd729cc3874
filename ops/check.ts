/**
 * `npm run check`: everything that can be judged without running services, two at a time; `-- --without-tests` leaves the
 * unit tests to whoever runs all tests anyway.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { CHECKOUT, homeFolder, homePaths } from '../config/index.ts';

interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly cwd?: string;
  readonly test?: true;
}

const AT_ONCE = 2;
const SOURCES = ['domain', 'workflows', 'activities', 'registry', 'worker', 'api', 'cli', 'services', 'config'];
const python = homePaths(homeFolder()).python;
const compute = join(CHECKOUT, 'compute');
const bin = (name: string): string => join(CHECKOUT, 'node_modules', '.bin', name);

const CHECKS: readonly Check[] = [
  { name: 'eslint', command: [bin('eslint'), '.'] },
  { name: 'jest unit', command: ['npm', 'run', '--silent', 'test:unit'], test: true },
  { name: 'mypy', command: [python, '-m', 'mypy'], cwd: compute },
  { name: 'pytest', command: [python, '-m', 'pytest', '-q', '-m', 'not slow'], cwd: compute, test: true },
  { name: 'tsc', command: ['npm', 'run', '--silent', 'typecheck'] },
  { name: 'imports', command: [bin('depcruise'), '--config', '.dependency-cruiser.cjs', ...SOURCES] },
  { name: 'prettier', command: [bin('prettier'), '--check', '--log-level', 'warn', '.'] },
  { name: 'knip', command: [bin('knip')] },
  { name: 'ruff', command: [python, '-m', 'ruff', 'check', '.'], cwd: compute },
  { name: 'ruff format', command: [python, '-m', 'ruff', 'format', '--check', '.'], cwd: compute },
];

interface Outcome {
  readonly check: Check;
  readonly passed: boolean;
}

function run(check: Check): Promise<Outcome> {
  const [program, ...args] = check.command;
  const start = performance.now();
  const child = spawn(program, args, { cwd: check.cwd ?? CHECKOUT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return new Promise((resolve) => {
    const finish = (passed: boolean, more = ''): void => {
      const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
      console.log(`${passed ? 'ok    ' : 'FAILED'} ${seconds} s  ${check.name}`);
      if (!passed) console.log(`${(output + more).trimEnd().replaceAll(/^/gm, '    ')}\n`);
      resolve({ check, passed });
    };
    child.once('error', (error) => finish(false, error.message));
    child.once('close', (code) => finish(code === 0));
  });
}

/** Runs checks in the order of the list, the long ones first, so that the last ones fill the gaps. */
async function runAll(): Promise<Outcome[]> {
  const waiting = CHECKS.filter(({ test }) => !test || !process.argv.includes('--without-tests'));
  const outcomes: Outcome[] = [];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) outcomes.push(await run(next));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return outcomes;
}

const failed = (await runAll()).filter(({ passed }) => !passed);
console.log(failed.length === 0 ? 'all checks passed' : `failed: ${failed.map(({ check }) => check.name).join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
