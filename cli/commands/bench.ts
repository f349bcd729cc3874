/** `bench`: time and memory of the stages and of orchestration, in a home of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { CHECKOUT, loadConfig } from '../../config/index.ts';
import { MeridianError } from '../../domain/errors.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { integerIn } from '../options/parsers.ts';
import { makeTestHome, removeTestHome } from '../testing/test-home.ts';

interface Options {
  readonly scale: string;
  readonly pairs: number;
  readonly only?: string;
  readonly save?: boolean;
}

async function bench(options: Options, { signal, note }: CommandContext): Promise<CommandResult> {
  const { paths } = loadConfig();
  const home = makeTestHome(paths);
  const output = join(home.paths.home, 'bench.json');
  const args = [
    join(CHECKOUT, 'test', 'bench', 'main.ts'),
    ...['--scale', options.scale, '--pairs', String(options.pairs), '--output', output],
    ...(options.only === undefined ? [] : ['--only', options.only]),
    ...(options.save === true ? ['--save'] : []),
  ];
  const env = { ...home.env, MERIDIAN_BENCH_DATA: join(paths.home, 'bench') };
  note(`benchmark in ${home.paths.home}; raw files are kept in ${join(paths.home, 'bench')}`);
  try {
    const child = spawn(process.execPath, ['--no-warnings', ...args], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      signal,
    });
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const [status] = (await once(child, 'close')) as [number | null];
    if (text === '') throw new MeridianError('TOOL_FAILED', `the benchmark ended with status ${status} and no figures`);
    const document = JSON.parse(readFileSync(output, 'utf8')) as object;
    return { document, text: text.trimEnd(), exitStatus: status === 0 ? 0 : 1 };
  } finally {
    removeTestHome(home);
  }
}

export function benchCommand(): Command {
  const command = new Command('bench')
    .description('measure time and memory beside their limits: exit status 1 if one is missed')
    .addOption(new Option('--scale <scale>', 'size of the array').choices(['full', 'small']).default('full'))
    .option('--pairs <n>', 'interleaved pairs of a comparison', integerIn({ min: 1, max: 50 }), 5)
    .option('--only <parts>', 'some of orchestration,convert,tile')
    .option('--save', 'keep the report in docs/benchmarks');
  return runs<Options>(command, bench);
}
