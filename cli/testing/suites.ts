/** The test suites and how each is run: a program that writes a report, and how to count what the report says. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../../config/index.ts';

export interface SuiteCount {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface SuiteRun {
  readonly python: string;
  readonly env: NodeJS.ProcessEnv;
  /** Folder for reports. */
  readonly reports: string;
  /** Also what is slow. */
  readonly all: boolean;
  readonly signal: AbortSignal;
}

export interface Suite {
  readonly name: string;
  /** Runs it, output to stderr; gives the counts. */
  run(run: SuiteRun): Promise<SuiteCount>;
}

/** Folders of `test/` that one jest run takes together; the later ones start services and have the machine alone. */
const JEST_SUITES: readonly { name: string; folders: readonly string[]; workers: number; onlyWithAll?: true }[] = [
  { name: 'unit', folders: ['unit'], workers: 2 },
  { name: 'workflow', folders: ['activities', 'workflow', 'replay'], workers: 2 },
  { name: 'integration', folders: ['integration'], workers: 1 },
  { name: 'fault', folders: ['fault'], workers: 1 },
  { name: 'e2e', folders: ['e2e'], workers: 1 },
  { name: 'slow', folders: ['slow'], workers: 1, onlyWithAll: true },
];

/** A suite that ended without a readable report counts as one failure. */
const BROKEN: SuiteCount = { passed: 0, failed: 1, skipped: 0 };

/** Suites that exist in this checkout, in the order of running. */
export function testSuites(all: boolean): readonly Suite[] {
  const jest = JEST_SUITES.filter(({ onlyWithAll }) => all || !onlyWithAll).flatMap(({ name, folders, workers }) => {
    const present = folders.filter((folder) => existsSync(join(CHECKOUT, 'test', folder)));
    return present.length === 0 ? [] : [jestSuite(name, present, workers)];
  });
  return [...jest, pythonSuite()];
}

function execute(command: readonly [string, ...string[]], cwd: string, { env, signal }: SuiteRun): Promise<number> {
  const [program, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, signal, stdio: ['ignore', 2, 2] });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function jestSuite(name: string, folders: readonly string[], workers: number): Suite {
  return {
    name,
    async run(run) {
      const report = join(run.reports, `jest-${name}.json`);
      const jest = join(CHECKOUT, 'node_modules', 'jest', 'bin', 'jest.js');
      const options = workers === 1 ? ['--runInBand'] : [`--maxWorkers=${workers}`];
      const paths = folders.map((folder) => `test/${folder}/`);
      const status = await execute(
        [process.execPath, '--experimental-vm-modules', jest, ...options, '--json', `--outputFile=${report}`, ...paths],
        CHECKOUT,
        { ...run, env: { ...run.env, NODE_NO_WARNINGS: '1' } },
      );
      return countJest(report, status);
    },
  };
}

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  /** Files that could not be loaded: they hold tests that were not even counted. */
  readonly numRuntimeErrorTestSuites: number;
}

/** Counts of a jest report; a run that failed for another reason than a test counts as a failure too. */
export function countJest(report: string, status: number): SuiteCount {
  if (!existsSync(report)) return BROKEN;
  const seen = JSON.parse(readFileSync(report, 'utf8')) as JestReport;
  const failed = seen.numFailedTests + seen.numRuntimeErrorTestSuites;
  return {
    passed: seen.numPassedTests,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: seen.numPendingTests + seen.numTodoTests,
  };
}

function pythonSuite(): Suite {
  return {
    name: 'python',
    async run(run) {
      const report = join(run.reports, 'pytest.xml');
      const choice = run.all ? [] : ['-m', 'not slow'];
      const compute = join(CHECKOUT, 'compute');
      const status = await execute([run.python, '-m', 'pytest', '-q', `--junitxml=${report}`, ...choice], compute, run);
      return countJunit(report, status);
    },
  };
}

/** Counts of a JUnit report as pytest writes it. */
export function countJunit(report: string, status: number): SuiteCount {
  if (!existsSync(report)) return BROKEN;
  const head = /<testsuite [^>]*>/.exec(readFileSync(report, 'utf8'))?.[0] ?? '';
  const count = (name: string): number => Number(new RegExp(` ${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const failed = count('failures') + count('errors');
  const skipped = count('skipped');
  return {
    passed: count('tests') - failed - skipped,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped,
  };
}
