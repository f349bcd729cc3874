/** `mosaic list | show | pause | resume | cancel`. */
import { Command } from 'commander';
import { answerOf } from '../../api/client/client.ts';
import type { Schemas } from '../../api/client/client.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { runningGateway, withServer } from '../gateway/connect.ts';
import type { ServerOption } from '../gateway/connect.ts';
import { controlBody, withControl } from '../options/control-options.ts';
import type { ControlOptions } from '../options/control-options.ts';
import { addFieldOptions, fieldsFrom } from '../options/field-options.ts';
import type { FieldOption } from '../options/field-options.ts';
import { integerIn, text, utcTime } from '../options/parsers.ts';
import { flux } from '../output/format.ts';
import { mosaicText } from '../output/mosaic-text.ts';
import { table } from '../output/table.ts';
import { getMosaic } from './mosaic-create.ts';

type QueryBody = Schemas['QueryMosaics'];

const STATES = ['pending', 'formed', 'calibrated', 'imaged', 'mosaicked', 'done', 'failed', 'cancelled'] as const;

const QUERY_OPTIONS: readonly FieldOption<QueryBody>[] = [
  {
    flags: '--since <utc>',
    also: ['--start <utc>'],
    field: 'start_utc',
    parse: utcTime,
    help: 'windows that end after',
  },
  {
    flags: '--until <utc>',
    also: ['--end <utc>'],
    field: 'end_utc',
    parse: utcTime,
    help: 'windows that begin before',
  },
  { flags: '--calibrator <name>', field: 'calibrator', parse: text, help: 'centred on this one' },
  { flags: '--status <state>', field: 'status', choices: STATES, help: 'in this state' },
  { flags: '--limit <n>', field: 'limit', parse: integerIn({ min: 1, max: 1000 }), help: 'at most (default: 50)' },
  { flags: '--cursor <cursor>', field: 'cursor', parse: text, help: 'next_cursor of the page before' },
];

async function list(options: ServerOption, context: CommandContext): Promise<CommandResult> {
  const { client } = runningGateway(options, context);
  const body = fieldsFrom(QUERY_OPTIONS, options as unknown as Record<string, unknown>);
  const page = await answerOf(client.POST('/api/mosaics/query', { body }));
  const shown = table(page.items, [
    { title: 'id', value: (row) => row.id },
    { title: 'status', value: (row) => row.status },
    { title: 'calibrator', value: (row) => row.calibrator },
    { title: 'start (UTC)', value: (row) => row.start_utc.slice(0, 19) },
    { title: 'tiles', value: (row) => row.n_tiles },
    { title: 'rms', value: (row) => flux(row.rms_jy), align: 'right' },
    { title: 'QA', value: (row) => row.qa.verdict },
    { title: 'fits', value: (row) => row.fits ?? row.error?.message },
  ]);
  return { document: { mosaics: page.items, next_cursor: page.next_cursor }, text: shown };
}

async function show(options: ServerOption, context: CommandContext, args: readonly string[]): Promise<CommandResult> {
  const mosaic = await getMosaic(runningGateway(options, context), args[0] ?? '');
  return { document: mosaic, text: mosaicText(mosaic) };
}

type Verb = 'pause' | 'resume' | 'cancel';

const control =
  (verb: Verb) =>
  async (options: ControlOptions, context: CommandContext, args: readonly string[]): Promise<CommandResult> => {
    const { client } = runningGateway(options, context);
    const request = { params: { path: { id: args[0] ?? '' } }, body: controlBody(options) };
    const state = await answerOf(client.POST(`/api/mosaics/{id}/${verb}`, request));
    return { document: state, text: `mosaic ${state.id} is ${state.state}` };
  };

function controlCommand(verb: Verb, description: string): Command {
  const command = new Command(verb).description(description).argument('<id>', 'mosaic');
  return runs<ControlOptions>(withControl(command), control(verb));
}

export const mosaicCommands = (): Command[] => [
  runs<ServerOption>(
    withServer(addFieldOptions(new Command('list').description('mosaics, newest request first'), QUERY_OPTIONS)),
    list,
  ),
  runs<ServerOption>(
    withServer(new Command('show').description('one mosaic: tiles, QA, progress').argument('<id>', 'mosaic')),
    show,
  ),
  controlCommand('pause', 'stop before the next phase'),
  controlCommand('resume', 'go on'),
  controlCommand('cancel', 'stop and clean up'),
];
