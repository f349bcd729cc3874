/** Finds a running service that no record names (its record was deleted, or it was started by hand). */
import { join } from 'node:path';
import { CHECKOUT, type HomePaths } from '../config/index.ts';
import { hasVariable, livingProcesses, readArguments } from '../activities/process/proc-table.ts';
import { runningPostmaster } from './postgres.ts';
import { recordedDataFolder } from './postgres-place.ts';
import type { FoundProcess, ServiceName } from './service.ts';

/** Value that follows a flag. */
const valueOf = (args: readonly string[], flag: string): string | undefined => {
  const index = args.indexOf(flag);
  return index === -1 ? undefined : args[index + 1];
};

/** File that holds everything the embedded Temporal server knows. */
export const temporalDatabase = (paths: HomePaths): string => join(paths.temporal, 'temporal.db');

/** What worker and gateway are started from. */
export const programOf = (name: 'worker' | 'gateway'): string =>
  join(CHECKOUT, 'dist', name === 'worker' ? 'worker' : 'api', 'main.js');

function findTemporal(databaseFile: string): FoundProcess | undefined {
  for (const { pid } of livingProcesses()) {
    const args = readArguments(pid);
    if (valueOf(args, '--db-filename') === databaseFile)
      return { pid, address: `127.0.0.1:${valueOf(args, '--port')}` };
  }
  return undefined;
}

function findProgram(program: string, home: string): FoundProcess | undefined {
  const found = livingProcesses().find(
    ({ pid }) => readArguments(pid).includes(program) && hasVariable(pid, 'MERIDIAN_HOME', home),
  );
  return found && { pid: found.pid, address: undefined };
}

/** The running process of an embedded service of this home. */
export function findServiceProcess(name: ServiceName, paths: HomePaths): FoundProcess | undefined {
  switch (name) {
    case 'postgres': {
      const folder = recordedDataFolder(paths);
      return folder === undefined ? undefined : runningPostmaster(folder);
    }
    case 'temporal':
      return findTemporal(temporalDatabase(paths));
    case 'worker':
    case 'gateway':
      return findProgram(programOf(name), paths.home);
  }
}
