/** `calibrate tables`: the registered caltables, or those to apply at a time. */
import { Command, Option } from 'commander';
import { answerOf } from '../../api/client/client.ts';
import type { Schemas } from '../../api/client/client.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { runningGateway, withServer } from '../gateway/connect.ts';
import type { ServerOption } from '../gateway/connect.ts';
import { decDeg, integerIn, numberIn } from '../options/parsers.ts';
import { fixed, percent } from '../output/format.ts';
import { table } from '../output/table.ts';

interface Options extends ServerOption {
  readonly mjd?: number;
  readonly dec?: number;
  readonly calibrator?: string;
  readonly type?: 'K' | 'B' | 'G';
  readonly limit: number;
}

const rowsText = (rows: readonly Schemas['Caltable'][]): string =>
  table(rows, [
    { title: 'type', value: (row) => row.type },
    { title: 'calibrator', value: (row) => row.calibrator },
    { title: 'transit MJD', value: (row) => fixed(row.transit_mjd, 5), align: 'right' },
    { title: 'valid to', value: (row) => fixed(row.valid_end_mjd, 5), align: 'right' },
    { title: 'Dec', value: (row) => `${fixed(row.pointing_dec_deg, 2)}°`, align: 'right' },
    { title: 'QA', value: (row) => row.qa },
    { title: 'flagged', value: (row) => percent(row.flagged_fraction), align: 'right' },
    { title: 'SNR', value: (row) => fixed(row.median_snr, 0), align: 'right' },
    { title: 'path', value: (row) => row.path },
  ]);

async function tables(options: Options, context: CommandContext): Promise<CommandResult> {
  const { client } = runningGateway(options, context);
  const { mjd, dec, calibrator, type, limit } = options;
  if (mjd !== undefined) {
    const query = { mjd, ...(dec === undefined ? {} : { dec_deg: dec }) };
    const active = await answerOf(client.GET('/api/caltables/active', { params: { query } }));
    return { document: active, text: active.reason ?? rowsText(active.items) };
  }
  const query = { limit, ...(calibrator === undefined ? {} : { calibrator }), ...(type === undefined ? {} : { type }) };
  const page = await answerOf(client.GET('/api/caltables', { params: { query } }));
  return { document: { caltables: page.items, next_cursor: page.next_cursor }, text: rowsText(page.items) };
}

export function tablesCommand(): Command {
  const command = new Command('tables')
    .description('registered caltables, or with --mjd those to apply at a time')
    .option('--mjd <mjd>', 'the apply-list at this time', numberIn({ min: 40_000, max: 90_000 }))
    .option('--dec <deg>', 'pointing; needed when tables of several strips are valid', decDeg)
    .option('--calibrator <name>', 'solved on this one')
    .addOption(new Option('--type <type>', 'of this type').choices(['K', 'B', 'G']))
    .option('--limit <n>', 'at most', integerIn({ min: 1, max: 1000 }), 50);
  return runs<Options>(withServer(command), tables);
}
