/** Who steers something and why: recorded with what is done. */
import { hostname, userInfo } from 'node:os';
import type { Command } from 'commander';
import { withServer } from '../gateway/connect.ts';
import type { ServerOption } from '../gateway/connect.ts';

export interface ControlOptions extends ServerOption {
  readonly reason: string;
  readonly requestedBy: string;
}

/** Adds `--reason`, `--requested-by` and `--server`. */
export const withControl = (command: Command): Command =>
  withServer(
    command
      .requiredOption('--reason <text>', 'recorded with who asked')
      .option('--requested-by <who>', 'who asks', `${userInfo().username}@${hostname()}`),
  );

/** The body of a request that steers something. */
export const controlBody = ({ reason, requestedBy }: ControlOptions) => ({ reason, requested_by: requestedBy });
