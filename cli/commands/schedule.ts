/** `schedule list | add | remove | pause | resume | trigger | backfill | explain`. */
import { Command } from 'commander';
import { answerOf } from '../../api/client/client.ts';
import type { Schemas } from '../../api/client/client.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { runningGateway, startedGateway, withServer } from '../gateway/connect.ts';
import type { ServerOption } from '../gateway/connect.ts';
import { controlBody, withControl } from '../options/control-options.ts';
import type { ControlOptions } from '../options/control-options.ts';
import { addFieldOptions, fieldsFrom } from '../options/field-options.ts';
import { listOf, text, utcTime } from '../options/parsers.ts';
import { planText, scheduleText } from '../output/schedule-text.ts';
import { CONVERT_OPTIONS } from '../specs/convert-options.ts';
import { TILE_IMAGE_OPTIONS } from '../specs/image-options.ts';
import { SCHEDULE_OPTIONS } from '../specs/schedule-options.ts';
import type { AddToScheduleBody } from '../specs/schedule-options.ts';

type Schedule = Schemas['Schedule'];
type PlanSummary = Schemas['PlanSummary'];
type Arguments = readonly string[];

const shown = (schedule: Schedule): CommandResult => ({ document: schedule, text: scheduleText(schedule) });
const planned = (summary: PlanSummary): CommandResult => ({ document: summary, text: planText(summary) });

interface RangeOptions extends ServerOption {
  readonly start?: string;
  readonly end?: string;
}

async function list(options: RangeOptions, context: CommandContext, [calibrator]: Arguments): Promise<CommandResult> {
  const { client } = runningGateway(options, context);
  const { start, end } = options;
  const query = {
    ...(start === undefined ? {} : { start_utc: start }),
    ...(end === undefined ? {} : { end_utc: end }),
    ...(calibrator === undefined ? {} : { calibrator }),
  };
  return shown(await answerOf(client.GET('/api/schedule', { params: { query } })));
}

async function add(
  options: ServerOption,
  context: CommandContext,
  [calibrator = '']: Arguments,
): Promise<CommandResult> {
  const values = options as unknown as Record<string, unknown>;
  const body: AddToScheduleBody = {
    ...fieldsFrom(SCHEDULE_OPTIONS, values),
    calibrator,
    convert: fieldsFrom(CONVERT_OPTIONS, values) as NonNullable<AddToScheduleBody['convert']>,
    image: fieldsFrom(TILE_IMAGE_OPTIONS, values) as NonNullable<AddToScheduleBody['image']>,
  };
  const { client } = await startedGateway(options, context);
  return shown(await answerOf(client.POST('/api/schedule/add', { body })));
}

async function remove(
  options: ControlOptions,
  context: CommandContext,
  [calibrator = '']: Arguments,
): Promise<CommandResult> {
  const { client } = runningGateway(options, context);
  return shown(await answerOf(client.POST('/api/schedule/remove', { body: { ...controlBody(options), calibrator } })));
}

const control =
  (verb: 'pause' | 'resume') =>
  async (options: ControlOptions, context: CommandContext, [calibrator]: Arguments): Promise<CommandResult> => {
    const { client } = runningGateway(options, context);
    const body = { ...controlBody(options), ...(calibrator === undefined ? {} : { calibrator }) };
    return shown(await answerOf(client.POST(`/api/schedule/${verb}`, { body })));
  };

interface NearOptions extends ServerOption {
  readonly near?: string;
}

async function trigger(options: NearOptions, context: CommandContext, [calibrator]: Arguments): Promise<CommandResult> {
  const { client } = runningGateway(options, context);
  const { near } = options;
  const body = {
    ...(calibrator === undefined ? {} : { calibrator }),
    ...(near === undefined ? {} : { near_utc: near }),
  };
  return planned(await answerOf(client.POST('/api/schedule/trigger', { body })));
}

interface BackfillOptions extends ServerOption {
  readonly start: string;
  readonly end: string;
  readonly calibrators?: string[];
}

async function backfill(options: BackfillOptions, context: CommandContext): Promise<CommandResult> {
  const { client } = runningGateway(options, context);
  const { start, end, calibrators } = options;
  const body = { start_utc: start, end_utc: end, ...(calibrators === undefined ? {} : { calibrators }) };
  return planned(await answerOf(client.POST('/api/schedule/backfill', { body })));
}

async function explain(
  options: NearOptions,
  context: CommandContext,
  [calibrator = '']: Arguments,
): Promise<CommandResult> {
  const { client } = runningGateway(options, context);
  const query = { calibrator, ...(options.near === undefined ? {} : { near_utc: options.near }) };
  const explained = await answerOf(client.GET('/api/schedule/explain', { params: { query } }));
  return { document: explained, text: explained.lines.join('\n') };
}

const withNear = (command: Command): Command =>
  withServer(command).option('--near <utc>', 'the transit nearest to this time', utcTime);

function addCommand(): Command {
  const command = new Command('add')
    .description('make a mosaic of every transit of a calibrator; again with other values changes them')
    .argument('<calibrator>', 'any name of the VLA list');
  for (const options of [SCHEDULE_OPTIONS, CONVERT_OPTIONS, TILE_IMAGE_OPTIONS]) {
    addFieldOptions<unknown>(command, options as never);
  }
  return runs<ServerOption>(withServer(command), add);
}

function steeringCommands(): Command[] {
  const described = (name: string, description: string): Command => new Command(name).description(description);
  const one = '[calibrator]';
  return [
    runs<ControlOptions>(
      withControl(
        described('remove', 'take a calibrator off; its open transits are struck off').argument('<calibrator>'),
      ),
      remove,
    ),
    runs<ControlOptions>(
      withControl(described('pause', 'plan no transits of a calibrator, or nothing new at all').argument(one)),
      control('pause'),
    ),
    runs<ControlOptions>(withControl(described('resume', 'plan again').argument(one)), control('resume')),
    runs<NearOptions>(
      withNear(
        described('trigger', 'plan now; with a calibrator: decide its last transit without waiting').argument(one),
      ),
      trigger,
    ),
    runs<NearOptions>(
      withNear(described('explain', 'why a transit is planned, waited for, made or missed').argument('<calibrator>')),
      explain,
    ),
  ];
}

export const scheduleCommands = (): Command[] => [
  runs<RangeOptions>(
    withServer(new Command('list').description('calibrators, pointing, and what becomes of the transits'))
      .argument('[calibrator]', 'only its transits')
      .option('--start <utc>', 'transits from here on (default: a day ago)', utcTime)
      .option('--end <utc>', 'transits before this time', utcTime),
    list,
  ),
  addCommand(),
  ...steeringCommands(),
  runs<BackfillOptions>(
    withServer(new Command('backfill').description('transits of past days, behind all live work'))
      .requiredOption('--start <utc>', 'from', utcTime)
      .requiredOption('--end <utc>', 'to', utcTime)
      .option('--calibrators <names>', 'of the list, separated by commas (default: all)', listOf(text)),
    backfill,
  ),
];
