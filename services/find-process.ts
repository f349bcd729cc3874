/** Finds a running service that no record names (its record was deleted, or it was started by hand). */
import { hasVariable, livingProcesses, readArguments } from '../activities/process/proc-table.ts';

/** A running process and the address it listens at, if that can be told. */
export interface FoundProcess {
  readonly pid: number;
  readonly address: string | undefined;
}

/** Value that follows a flag. */
const valueOf = (args: readonly string[], flag: string): string | undefined => {
  const index = args.indexOf(flag);
  return index === -1 ? undefined : args[index + 1];
};

/** The Temporal server that has this database file open. */
export function findTemporal(databaseFile: string): FoundProcess | undefined {
  for (const { pid } of livingProcesses()) {
    const args = readArguments(pid);
    if (valueOf(args, '--db-filename') === databaseFile)
      return { pid, address: `127.0.0.1:${valueOf(args, '--port')}` };
  }
  return undefined;
}

/** One of our own programs, running for this home. */
export function findProgram(program: string, home: string): FoundProcess | undefined {
  const found = livingProcesses().find(
    ({ pid }) => readArguments(pid).includes(program) && hasVariable(pid, 'MERIDIAN_HOME', home),
  );
  return found && { pid: found.pid, address: undefined };
}
