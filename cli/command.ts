/**
 * How every command runs: it is given its options and returns a document; only this file prints results and errors,
 * so that `--json` leaves exactly one document on stdout.
 */
import { Option } from 'commander';
import type { Command } from 'commander';
import { MeridianError } from '../domain/errors.ts';
import { EXIT_INTERRUPTED, asCliError, errorDocument, errorText, exitStatusForCode } from './output/errors.ts';
import { progressOn } from './output/progress.ts';
import type { ProgressSink } from './output/progress.ts';
import { placeText } from './stages/place-outputs.ts';

/** What a command found. */
export interface CommandResult {
  /** Printed by `--json`. */
  readonly document: object;
  /** Printed otherwise. */
  readonly text: string;
  /** Default 0: for commands whose answer can be "no". */
  readonly exitStatus?: number;
}

export interface CommandContext {
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly progress: ProgressSink;
  /** A line for people about what happens now; stderr. */
  readonly note: (line: string) => void;
  readonly json: boolean;
}

export type CommandAction<Options> = (
  options: Options,
  context: CommandContext,
  args: readonly string[],
) => Promise<CommandResult>;

/** Whether errors must be JSON, known before options are parsed. */
export const wantsJson = (argv: readonly string[]): boolean => {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? undefined : end).includes('--json');
};

export interface RunOptions {
  /** `--json FILE` writes the document into a file, and people read the text. */
  readonly jsonFile?: boolean;
}

/** Adds `--json` and runs the action with results and errors reported. */
export function runs<Options extends object>(
  command: Command,
  action: CommandAction<Options>,
  { jsonFile = false }: RunOptions = {},
): Command {
  const flag = jsonFile
    ? new Option('--json [file]', 'one JSON document on stdout and nothing else, or into a file')
    : new Option('--json', 'one JSON document on stdout, nothing else');
  return command.addOption(flag).action(async () => {
    const options = command.opts<Options & { json?: boolean | string }>();
    const file = typeof options.json === 'string' ? options.json : null;
    const json = options.json === true;
    const interrupt = new AbortController();
    const progress = progressOn(process.stderr);
    const onSignal = (): void => {
      if (interrupt.signal.aborted) process.exit(EXIT_INTERRUPTED);
      interrupt.abort(new MeridianError('CANCELLED', 'stopped by Ctrl-C'));
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
    const note = (line: string): void => {
      progress.finish();
      process.stderr.write(`${line}\n`);
    };
    try {
      const result = await action(options, { signal: interrupt.signal, progress, note, json }, command.args);
      progress.finish();
      if (file !== null) placeText(`${JSON.stringify(result.document, null, 2)}\n`, file, true);
      await print(json ? JSON.stringify(result.document, null, 2) : result.text);
      process.exitCode = result.exitStatus ?? 0;
    } catch (thrown) {
      progress.finish();
      if (file !== null) placeText(`${JSON.stringify(errorDocument(asCliError(thrown)), null, 2)}\n`, file, true);
      await reportError(thrown, json);
    } finally {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    }
  });
}

/** Prints an error the way it was asked for and sets the exit status. */
export async function reportError(thrown: unknown, json: boolean): Promise<void> {
  const error = asCliError(thrown);
  const debug = process.env['MERIDIAN_DEBUG'] === '1';
  if (json) await print(JSON.stringify(errorDocument(error), null, 2));
  if (!json || debug) process.stderr.write(`${errorText(error, debug)}\n`);
  process.exitCode = exitStatusForCode(error.code);
}

/** Writes to stdout and waits until it is out; a reader that went away (`| head`) is no error. */
async function print(text: string): Promise<void> {
  if (text === '') return;
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(`${text}\n`, (error) => {
      if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(error);
      else resolve();
    });
  });
}
