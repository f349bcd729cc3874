/** The `meridian` program: every command, and what they have in common. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { CHECKOUT } from '../config/index.ts';
import { reportError, wantsJson } from './command.ts';
import { calibrateCommands } from './commands/calibrate.ts';
import { configCommand } from './commands/config.ts';
import { convertCommands } from './commands/convert.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { downCommand } from './commands/down.ts';
import { findCalibratorsCommand } from './commands/find-calibrators.ts';
import { imageCommand } from './commands/image.ts';
import { inspectCommand } from './commands/inspect.ts';
import { listTransitsCommand } from './commands/list-transits.ts';
import { mosaicCommands } from './commands/mosaic.ts';
import { mosaicCreateCommand } from './commands/mosaic-create.ts';
import { mosaicPlanCommands } from './commands/mosaic-plan.ts';
import { photometryCommands } from './commands/photometry.ts';
import { simulateCommand } from './commands/simulate.ts';
import { statusCommand } from './commands/status.ts';
import { tablesCommand } from './commands/tables.ts';
import { testCommand } from './commands/test.ts';
import { upCommand } from './commands/up.ts';

/** A command that only holds others. */
function group(name: string, description: string, commands: readonly Command[]): Command {
  const parent = new Command(name).description(description);
  for (const command of commands) parent.addCommand(command);
  return parent;
}

const productVersion = (): string =>
  (JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')) as { version: string }).version;

/** Mistakes in options are thrown, so that they are reported like any other error. */
function throwsMistakes(command: Command): Command {
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  command.commands.forEach(throwsMistakes);
  return command;
}

/** All commands. */
export function createProgram(): Command {
  const program = new Command('meridian')
    .description('From raw DSA-110 subbands to calibrated mosaics.')
    .version(productVersion(), '-V, --version')
    .showSuggestionAfterError();
  const commands = [
    demoCommand(),
    upCommand(),
    downCommand(),
    statusCommand(),
    doctorCommand(),
    configCommand(),
    simulateCommand(),
    inspectCommand(),
    group('convert', 'from raw files to measurement sets', convertCommands()),
    group('calibrate', 'solve, apply and flag; calibrators and their transits', [
      ...calibrateCommands(),
      findCalibratorsCommand(),
      listTransitsCommand(),
      tablesCommand(),
    ]),
    imageCommand(),
    group('mosaic', 'from tiles to mosaics', [...mosaicPlanCommands(), mosaicCreateCommand(), ...mosaicCommands()]),
    group('photometry', 'fluxes at known positions', photometryCommands()),
    testCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  return throwsMistakes(program);
}

/** Help and version are printed by commander and are no errors. */
const isAnswered = (thrown: unknown): boolean => thrown instanceof CommanderError && thrown.exitCode === 0;

/** Runs the program; the exit status is left in `process.exitCode`. */
export async function main(argv: readonly string[]): Promise<void> {
  const json = wantsJson(argv);
  const program = createProgram();
  if (argv.length === 0) {
    program.outputHelp();
    return;
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (thrown) {
    if (isAnswered(thrown)) return;
    const message = (thrown as Error).message;
    // A group called without a command prints its help; say so instead of "(outputHelp)".
    const cause =
      message === '(outputHelp)' ? new CommanderError(2, 'commander.help', missingCommand(program, argv)) : thrown;
    await reportError(cause, json);
  }
}

function missingCommand(program: Command, argv: readonly string[]): string {
  const parent = program.commands.find((command) => command.name() === argv[0]) ?? program;
  return `${parent.name()} needs a command: ${parent.commands.map((command) => command.name()).join(', ')}`;
}
