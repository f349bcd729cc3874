/** The gateway of this home, or of `--server`; started with everything it needs where a command needs it. */
import { Option } from 'commander';
import type { Command } from 'commander';
import { apiClient } from '../../api/client/client.ts';
import type { ApiClient } from '../../api/client/client.ts';
import { loadConfig } from '../../config/index.ts';
import { MeridianError } from '../../domain/errors.ts';
import { upDetached } from '../../services/control.ts';
import { SERVICE_NAMES } from '../../services/service.ts';
import { livingSupervisor } from '../../services/status.ts';
import type { CommandContext } from '../command.ts';

export interface ServerOption {
  readonly server?: string;
}

export interface Gateway {
  readonly url: string;
  readonly client: ApiClient;
}

/** Adds `--server`. */
export const withServer = (command: Command): Command =>
  command.addOption(new Option('--server <url>', 'gateway to ask (default: that of this MERIDIAN_HOME)'));

const gatewayAt = (url: string, context: CommandContext): Gateway => {
  const base = url.replace(/\/+$/, '');
  return { url: base, client: apiClient(base, context.signal) };
};

/**
 * The gateway, if it runs.
 *
 * @throws MeridianError SERVICE_UNAVAILABLE saying how to start it.
 */
export function runningGateway({ server }: ServerOption, context: CommandContext): Gateway {
  if (server !== undefined) return gatewayAt(server, context);
  const config = loadConfig();
  if (config.gatewayUrl === undefined || livingSupervisor(config) === undefined) {
    const message = 'the services are not running; start them with: meridian up --detach';
    throw new MeridianError('SERVICE_UNAVAILABLE', message, { service: 'gateway' });
  }
  return gatewayAt(config.gatewayUrl, context);
}

/** The gateway, with all services started if they are not running. */
export async function startedGateway(options: ServerOption, context: CommandContext): Promise<Gateway> {
  if (options.server !== undefined) return gatewayAt(options.server, context);
  if (livingSupervisor(loadConfig()) === undefined) context.note('starting the services');
  await upDetached({ wanted: SERVICE_NAMES, settings: 'as_running', note: context.note, signal: context.signal });
  return runningGateway(options, context);
}
