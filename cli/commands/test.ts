/** `test`: every test of the product, in a home of its own, and a look at what they left behind. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { MeridianError } from '../../domain/errors.ts';
import { loadConfig } from '../../config/index.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { table } from '../output/table.ts';
import { leftovers, makeTestHome, removeTestHome } from '../testing/test-home.ts';
import { testSuites } from '../testing/suites.ts';
import type { Suite, SuiteCount } from '../testing/suites.ts';

interface Options {
  readonly all?: boolean;
}

interface SuiteResult extends SuiteCount {
  readonly suite: string;
  readonly seconds: number;
}

function chosenSuites(names: readonly string[], all: boolean): readonly Suite[] {
  const suites = testSuites(all);
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    const known = suites.map(({ name }) => name).join(', ');
    throw new MeridianError('REQUEST_INVALID', `no suite ${unknown.join(', ')}; there are ${known}`, {
      field: 'suites',
    });
  }
  return names.length === 0 ? suites : suites.filter(({ name }) => names.includes(name));
}

async function test(options: Options, context: CommandContext, names: readonly string[]): Promise<CommandResult> {
  const suites = chosenSuites(names, options.all === true);
  const { paths } = loadConfig();
  const testHome = makeTestHome(paths);
  const reports = join(testHome.paths.home, 'reports');
  mkdirSync(reports);
  const results: SuiteResult[] = [];
  try {
    for (const suite of suites) {
      context.note(`\n== ${suite.name}`);
      const start = performance.now();
      const run = {
        python: paths.python,
        env: testHome.env,
        reports,
        all: options.all === true,
        signal: context.signal,
      };
      const count = await suite.run(run);
      results.push({ suite: suite.name, ...count, seconds: Math.round((performance.now() - start) / 1000) });
    }
    return summary(results, leftovers(testHome));
  } finally {
    removeTestHome(testHome);
  }
}

function summary(results: readonly SuiteResult[], left: readonly { pid: number; command: string }[]): CommandResult {
  const total = (pick: (result: SuiteResult) => number): number => results.reduce((sum, each) => sum + pick(each), 0);
  const passed = total((each) => each.passed);
  // A process that outlives the tests is a fault like any other.
  const failed = total((each) => each.failed) + left.length;
  const skipped = total((each) => each.skipped);
  const text = [
    '',
    table(results, [
      { title: 'suite', value: (row) => row.suite },
      { title: 'passed', value: (row) => row.passed },
      { title: 'failed', value: (row) => row.failed },
      { title: 'skipped', value: (row) => row.skipped },
      { title: 'seconds', value: (row) => row.seconds },
    ]),
    ...left.map(({ pid, command }) => `left behind: ${pid} ${command.slice(0, 200)}`),
    `${passed} passed, ${failed} failed`,
  ].join('\n');
  const document = { passed, failed, skipped, suites: results, left_behind: left };
  return { document, text, exitStatus: failed === 0 ? 0 : 1 };
}

export function testCommand(): Command {
  const command = new Command('test')
    .description('run the tests in a home of their own; the last line counts them')
    .argument('[suites...]', 'only these: unit, workflow, integration, fault, e2e, python')
    .option('--all', 'also what takes long');
  return runs<Options>(command, test);
}
