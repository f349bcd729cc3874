/** `up`: starts PostgreSQL, Temporal, the worker and the gateway, or adopts those that run. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { answerOf } from '../../api/client/client.ts';
import { MeridianError } from '../../domain/errors.ts';
import { loadConfig } from '../../config/index.ts';
import { upDetached } from '../../services/control.ts';
import { supervise } from '../../services/main.ts';
import { SERVICE_NAMES } from '../../services/service.ts';
import type { ServiceName } from '../../services/service.ts';
import { livingSupervisor, servicesStatus } from '../../services/status.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { runningGateway } from '../gateway/connect.ts';
import { statusText } from './status.ts';

interface Options {
  readonly detach?: boolean;
  readonly services: readonly ServiceName[];
  readonly cores?: string;
  readonly memoryGb?: string;
  readonly incoming: readonly string[];
}

/** Adds a folder with raw files to those named before. */
function dataFolder(text: string, others: readonly string[]): readonly string[] {
  const folder = resolve(text);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [...others, folder];
  throw new MeridianError('FILE_MISSING', `--incoming: there is no folder ${folder}`, { file: folder });
}

/** The supervisor and the services read the same settings from their environment. */
function passOn({ cores, memoryGb, incoming }: Options): void {
  const roots = new Set([...loadConfig().dataRoots, ...incoming]);
  if (incoming.length > 0) process.env['MERIDIAN_DATA_ROOTS'] = [...roots].join(':');
  if (cores !== undefined) process.env['MERIDIAN_COMPUTE_CORES'] = cores;
  if (memoryGb !== undefined) process.env['MERIDIAN_COMPUTE_MEMORY_GB'] = memoryGb;
}

async function up(options: Options, context: CommandContext): Promise<CommandResult> {
  passOn(options);
  const running = livingSupervisor(loadConfig());
  if (options.detach || running) {
    await upDetached({ wanted: options.services, settings: 'as_given', note: context.note, signal: context.signal });
    if (options.services.includes('gateway')) await registerFolders(options.incoming, context);
    const status = await servicesStatus();
    return { document: status, text: statusText(status) };
  }
  return inForeground(options.services, context);
}

/** Tells services that ran before this call; those started by it have read the folders from their environment. */
async function registerFolders(folders: readonly string[], context: CommandContext): Promise<void> {
  for (const path of folders) {
    await answerOf(runningGateway({}, context).client.POST('/api/data-roots', { body: { path } }));
  }
}

async function inForeground(wanted: readonly ServiceName[], { note, json }: CommandContext): Promise<CommandResult> {
  if (json)
    throw new MeridianError('REQUEST_INVALID', '--json needs --detach: without it, up runs until it is stopped');
  note('Ctrl-C stops everything in order; with --detach it runs in the background');
  const outcome = await supervise(wanted, note);
  if (!outcome) throw new MeridianError('CONFLICT', 'another supervisor of this home has just been started');
  return { document: { status: 'stopped' }, text: '' };
}

function serviceList(text: string): readonly ServiceName[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !SERVICE_NAMES.includes(name as ServiceName));
  if (unknown.length > 0) {
    const message = `--services: unknown ${unknown.join(', ')}; known are ${SERVICE_NAMES.join(', ')}`;
    throw new MeridianError('REQUEST_INVALID', message, { field: 'services' });
  }
  return names as ServiceName[];
}

export function upCommand(): Command {
  const command = new Command('up')
    .description('start everything, or take over what runs already')
    .option('-d, --detach', 'run in the background and return when everything answers')
    .option('--incoming <folder>', 'folder with raw files to register as a data root; may be repeated', dataFolder, [])
    .option('--cores <n>', 'cores for compute stages (default: all)')
    .option('--memory-gb <n>', 'memory for compute stages, GiB (default: 80 % of the machine)')
    .addOption(
      new Option('--services <names>', 'only these, separated by commas')
        .argParser(serviceList)
        .default(SERVICE_NAMES, 'all'),
    );
  return runs<Options>(command, up);
}
