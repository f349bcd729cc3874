/** `stream start | status | pause | resume | stop | config | groups | retry`. */
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { answerOf } from '../../api/client/client.ts';
import type { Schemas } from '../../api/client/client.ts';
import { JOB_STATES, statesOf, type JobState } from '../../domain/states.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { runningGateway, startedGateway, withServer } from '../gateway/connect.ts';
import type { ServerOption } from '../gateway/connect.ts';
import { followJob, requireDone } from '../gateway/follow-job.ts';
import { controlBody, withControl } from '../options/control-options.ts';
import type { ControlOptions } from '../options/control-options.ts';
import { addFieldOptions, fieldsFrom } from '../options/field-options.ts';
import { integerIn, text } from '../options/parsers.ts';
import { duration } from '../output/format.ts';
import { facts, table } from '../output/table.ts';
import { CONVERT_OPTIONS } from '../specs/convert-options.ts';
import { TILE_IMAGE_OPTIONS } from '../specs/image-options.ts';
import { STREAM_OPTIONS } from '../specs/stream-options.ts';
import type { StartStreamBody } from '../specs/stream-options.ts';

type Stream = Schemas['Stream'];
type StreamGroup = Schemas['StreamGroup'];

const DEFAULT_NAME = 'live';

const groupsText = (groups: readonly StreamGroup[]): string =>
  table(groups, [
    { title: 'group', value: (row) => row.group_id },
    { title: 'v', value: (row) => row.version },
    { title: 'status', value: (row) => row.status },
    { title: 'phase', value: (row) => row.phase },
    { title: 'what', value: (row) => row.error?.message ?? row.message },
  ]);

const streamText = (stream: Stream): string =>
  [
    facts([
      ['stream', `${stream.name} over ${stream.incoming}`],
      ['status', stream.paused_by === null ? stream.status : `${stream.status}, paused by ${stream.paused_by}`],
      ['in flight', `${stream.in_flight} of ${stream.max_in_flight}`],
      ['waiting', stream.waiting],
      ['collecting', stream.collecting],
      ['rejected', stream.rejected],
      ['failed', stream.failed === 0 ? 0 : `${stream.failed}: see \`meridian stream groups --status failed\``],
      ['files set aside', stream.quarantined],
      ['behind the newest data', stream.lag_seconds === null ? null : duration(stream.lag_seconds)],
    ]),
    ...(stream.recent.length === 0 ? [] : [groupsText(stream.recent)]),
  ].join('\n');

interface StartOptions extends ServerOption {
  readonly incoming: string;
  readonly wait?: boolean;
}

async function start(options: StartOptions, context: CommandContext): Promise<CommandResult> {
  const values = options as unknown as Record<string, unknown>;
  const body: StartStreamBody = {
    ...fieldsFrom(STREAM_OPTIONS, values),
    incoming: resolve(options.incoming),
    convert: fieldsFrom(CONVERT_OPTIONS, values) as NonNullable<StartStreamBody['convert']>,
    image: fieldsFrom(TILE_IMAGE_OPTIONS, values) as NonNullable<StartStreamBody['image']>,
  };
  const gateway = await startedGateway(options, context);
  const begun = await answerOf(gateway.client.POST('/api/streaming/start', { body }));
  if (options.wait !== true) return { document: begun, text: streamText(begun) };
  requireDone(await followJob(gateway, begun.job_id, context));
  const ended = await one(gateway.client, begun.name);
  return { document: ended, text: streamText(ended), exitStatus: ended.failed > 0 ? 1 : 0 };
}

type Client = ReturnType<typeof runningGateway>['client'];

async function one(client: Client, name: string): Promise<Stream> {
  const { items } = await answerOf(client.GET('/api/streaming/status', { params: { query: { name } } }));
  const [stream] = items;
  if (stream === undefined) throw new Error(`the gateway does not list the stream ${name}`);
  return stream;
}

async function status(
  options: ServerOption & { readonly name?: string },
  context: CommandContext,
): Promise<CommandResult> {
  const { client } = runningGateway(options, context);
  const query = options.name === undefined ? {} : { name: options.name };
  const { items } = await answerOf(client.GET('/api/streaming/status', { params: { query } }));
  const shown = items.length === 0 ? 'no stream was started yet' : items.map(streamText).join('\n\n');
  return { document: { streams: items }, text: shown };
}

type Verb = 'pause' | 'resume' | 'stop';

const control =
  (verb: Verb) =>
  async (options: ControlOptions & { readonly name: string }, context: CommandContext): Promise<CommandResult> => {
    const { client } = runningGateway(options, context);
    const request = { params: { path: { name: options.name } }, body: controlBody(options) };
    const stream = await answerOf(client.POST(`/api/streaming/{name}/${verb}`, request));
    return { document: stream, text: streamText(stream) };
  };

const withName = (command: Command): Command =>
  command.addOption(new Option('--name <name>', 'name of the stream').argParser(text).default(DEFAULT_NAME));

function controlCommand(verb: Verb, description: string): Command {
  return runs<ControlOptions & { readonly name: string }>(
    withControl(withName(new Command(verb).description(description))),
    control(verb),
  );
}

interface ConfigOptions extends ControlOptions {
  readonly name: string;
  readonly maxInFlight: number;
}

async function configure(options: ConfigOptions, context: CommandContext): Promise<CommandResult> {
  const { client } = runningGateway(options, context);
  const body = { ...controlBody(options), max_in_flight: options.maxInFlight };
  const request = { params: { path: { name: options.name } }, body };
  const stream = await answerOf(client.POST('/api/streaming/{name}/config', request));
  return { document: stream, text: streamText(stream) };
}

interface GroupsOptions extends ServerOption {
  readonly status?: JobState;
  readonly limit: number;
}

async function groups(options: GroupsOptions, context: CommandContext): Promise<CommandResult> {
  const { client } = runningGateway(options, context);
  const query = { limit: options.limit, ...(options.status === undefined ? {} : { status: options.status }) };
  const { items } = await answerOf(client.GET('/api/streaming/groups', { params: { query } }));
  return { document: { groups: items }, text: items.length === 0 ? 'none' : groupsText(items) };
}

async function retry(
  options: ControlOptions,
  context: CommandContext,
  args: readonly string[],
): Promise<CommandResult> {
  const { client } = runningGateway(options, context);
  const request = { params: { path: { group_id: args[0] ?? '' } }, body: controlBody(options) };
  const group = await answerOf(client.POST('/api/streaming/groups/{group_id}/retry', request));
  return {
    document: group,
    text: `group ${group.group_id} is ${group.status}; its stream takes it when a place is free`,
  };
}

function startCommand(): Command {
  const command = new Command('start')
    .description('work on every group of a folder as it arrives: tile, measurements, light curves')
    .requiredOption('--incoming <folder>', 'folder with raw files; registered as a data root')
    .option('--wait', 'wait until the stream ends (with --once)');
  addFieldOptions(command, STREAM_OPTIONS);
  addFieldOptions(command, CONVERT_OPTIONS);
  addFieldOptions(command, TILE_IMAGE_OPTIONS);
  return runs<StartOptions>(withServer(command), start);
}

export const streamCommands = (): Command[] => [
  startCommand(),
  runs<ServerOption & { readonly name?: string }>(
    withServer(new Command('status').description('what it does, what waits, what failed')).option(
      '--name <name>',
      'one stream (default: all)',
    ),
    status,
  ),
  controlCommand('pause', 'begin no further group; what runs is finished'),
  controlCommand('resume', 'go on'),
  controlCommand('stop', 'end it; what runs is finished, what waits stays in the registry'),
  runs<ConfigOptions>(
    withControl(withName(new Command('config').description('change it while it runs'))).requiredOption(
      '--max-in-flight <n>',
      'groups at the same time',
      integerIn({ min: 1, max: 100 }),
    ),
    configure,
  ),
  runs<GroupsOptions>(
    withServer(new Command('groups').description('work on groups, newest first'))
      .addOption(new Option('--status <status>', 'in this state').choices([...statesOf(JOB_STATES)]))
      .option('--limit <n>', 'at most', integerIn({ min: 1, max: 1000 }), 50),
    groups,
  ),
  runs<ControlOptions>(
    withControl(new Command('retry').description('work again on a group that failed').argument('<group>', 'its id')),
    retry,
  ),
];
