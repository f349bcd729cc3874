/** The `meridian` program: every command, loaded when it is asked for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { CHECKOUT } from '../config/paths.ts';
import { reportError, wantsJson } from './command.ts';

type Loaded = Promise<readonly Command[]>;

/** A command of its own, or a group of commands. */
interface Entry {
  readonly name: string;
  /** Of a group; a command describes itself. */
  readonly group?: string;
  readonly load: () => Loaded;
}

const one = (name: string, load: () => Promise<Command>): Entry => ({ name, load: async () => [await load()] });

/** In the order of the help. Each loads only what it needs: most of the time of a short command is loading. */
const ENTRIES: readonly Entry[] = [
  one('demo', async () => (await import('./commands/demo.ts')).demoCommand()),
  one('up', async () => (await import('./commands/up.ts')).upCommand()),
  one('down', async () => (await import('./commands/down.ts')).downCommand()),
  one('status', async () => (await import('./commands/status.ts')).statusCommand()),
  one('doctor', async () => (await import('./commands/doctor.ts')).doctorCommand()),
  one('config', async () => (await import('./commands/config.ts')).configCommand()),
  one('simulate', async () => (await import('./commands/simulate.ts')).simulateCommand()),
  one('inspect', async () => (await import('./commands/inspect.ts')).inspectCommand()),
  {
    name: 'convert',
    group: 'from raw files to measurement sets',
    load: async () => (await import('./commands/convert.ts')).convertCommands(),
  },
  {
    name: 'calibrate',
    group: 'solve, apply and flag; calibrators, their transits, and caltables',
    load: async () => [
      ...(await import('./commands/calibrate.ts')).calibrateCommands(),
      (await import('./commands/find-calibrators.ts')).findCalibratorsCommand(),
      (await import('./commands/list-transits.ts')).listTransitsCommand(),
      (await import('./commands/tables.ts')).tablesCommand(),
    ],
  },
  one('image', async () => (await import('./commands/image.ts')).imageCommand()),
  {
    name: 'mosaic',
    group: 'from tiles to mosaics',
    load: async () => [
      ...(await import('./commands/mosaic-plan.ts')).mosaicPlanCommands(),
      (await import('./commands/mosaic-create.ts')).mosaicCreateCommand(),
      ...(await import('./commands/mosaic.ts')).mosaicCommands(),
    ],
  },
  {
    name: 'photometry',
    group: 'fluxes at known positions',
    load: async () => [
      ...(await import('./commands/photometry.ts')).photometryCommands(),
      ...(await import('./commands/photometry-product.ts')).photometryProductCommands(),
    ],
  },
  {
    name: 'catalog',
    group: 'source catalogues: import, cross-match, search',
    load: async () => [
      ...(await import('./commands/catalog.ts')).catalogReadCommands(),
      ...(await import('./commands/catalog-import.ts')).catalogWriteCommands(),
    ],
  },
  one('variability', async () => (await import('./commands/variability.ts')).variabilityCommand()),
  {
    name: 'stream',
    group: 'groups of an incoming folder as they arrive',
    load: async () => [
      (await import('./commands/stream-inspect.ts')).streamInspectCommand(),
      ...(await import('./commands/stream.ts')).streamCommands(),
    ],
  },
  {
    name: 'schedule',
    group: 'transits of calibrators become mosaics by themselves',
    load: async () => (await import('./commands/schedule.ts')).scheduleCommands(),
  },
  {
    name: 'lightcurve',
    group: 'light curves of sources',
    load: async () => (await import('./commands/lightcurve.ts')).lightcurveCommands(),
  },
  {
    name: 'ese',
    group: 'candidates for scattering events',
    load: async () => (await import('./commands/ese.ts')).eseCommands(),
  },
  one('ese-detect', async () => (await import('./commands/ese.ts')).eseDetectCommand()),
  one('ledger', async () => (await import('./commands/ledger.ts')).ledgerCommand()),
  one('bench', async () => (await import('./commands/bench.ts')).benchCommand()),
  one('test', async () => (await import('./commands/test.ts')).testCommand()),
];

const productVersion = (): string =>
  (JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')) as { version: string }).version;

/** Mistakes in options are thrown, so that they are reported like any other error. */
function throwsMistakes(command: Command): Command {
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  command.commands.forEach(throwsMistakes);
  return command;
}

async function commandOf({ name, group, load }: Entry): Promise<Command> {
  const commands = await load();
  const [single] = commands;
  if (group === undefined && single !== undefined) return single;
  const parent = new Command(name).description(group ?? '');
  for (const command of commands) parent.addCommand(command);
  return parent;
}

/** The program with one of its commands, or with all of them when none of that name is there (help, mistakes). */
export async function createProgram(only?: string): Promise<Command> {
  const program = new Command('meridian')
    .description('From raw DSA-110 subbands to calibrated mosaics.')
    .version(productVersion(), '-V, --version')
    .showSuggestionAfterError();
  const asked = ENTRIES.filter(({ name }) => name === only);
  for (const entry of asked.length === 0 ? ENTRIES : asked) program.addCommand(await commandOf(entry));
  return throwsMistakes(program);
}

/** Help and version are printed by commander and are no errors. */
const isAnswered = (thrown: unknown): boolean => thrown instanceof CommanderError && thrown.exitCode === 0;

/** Runs the program; the exit status is left in `process.exitCode`. */
export async function main(argv: readonly string[]): Promise<void> {
  const json = wantsJson(argv);
  const program = await createProgram(argv[0]);
  if (argv.length === 0) {
    program.outputHelp();
    return;
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (thrown) {
    if (isAnswered(thrown)) return;
    await reportError(mistakeOf(thrown, program, argv), json);
  }
}

/** A group called without a command prints its help; the message of that says nothing. */
function mistakeOf(thrown: unknown, program: Command, argv: readonly string[]): unknown {
  if ((thrown as Error).message !== '(outputHelp)') return thrown;
  const parent = program.commands.find((command) => command.name() === argv[0]) ?? program;
  const names = parent.commands.map((command) => command.name()).join(', ');
  return new CommanderError(2, 'commander.help', `${parent.name()} needs a command: ${names}`);
}
