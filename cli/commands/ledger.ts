/** `ledger`: expected measurements = measured + each reason. */
import { Command, Option } from 'commander';
import { answerOf } from '../../api/client/client.ts';
import type { Schemas } from '../../api/client/client.ts';
import { SERIES } from '../../domain/states.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { runningGateway, withServer } from '../gateway/connect.ts';
import type { ServerOption } from '../gateway/connect.ts';
import { integerIn, utcTime } from '../options/parsers.ts';
import { facts, table } from '../output/table.ts';

interface Options extends ServerOption {
  readonly series: (typeof SERIES)[number];
  readonly by: 'epoch' | 'source';
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
}

type Ledger = Schemas['Ledger'];

const reasonsOf = ({ reasons }: Ledger['lines'][number]): string =>
  reasons.map(({ count, status, reason }) => `${count} ${status} (${reason})`).join('; ');

const ledgerText = (ledger: Ledger): string =>
  [
    facts([['expected', ledger.expected], ...Object.entries(ledger.by_status), ['unexplained', ledger.unexplained]]),
    table(ledger.lines, [
      { title: ledger.by, value: (row) => row.key },
      { title: 'expected', value: (row) => row.expected },
      { title: 'measured', value: (row) => row.measured },
      { title: 'the rest', value: reasonsOf },
    ]),
  ].join('\n\n');

async function ledger(options: Options, context: CommandContext): Promise<CommandResult> {
  const { client } = runningGateway(options, context);
  const { series, by, since, until, limit } = options;
  const query = {
    ...{ series, by, limit },
    ...(since === undefined ? {} : { from_utc: since }),
    ...(until === undefined ? {} : { to_utc: until }),
  };
  const sums = await answerOf(client.GET('/api/ledger', { params: { query } }));
  return { document: sums, text: ledgerText(sums), exitStatus: sums.unexplained === 0 ? 0 : 1 };
}

export const ledgerCommand = (): Command =>
  runs<Options>(
    withServer(new Command('ledger').description('what was expected, what was measured, and why the rest was not'))
      .addOption(new Option('--series <series>', 'which').choices([...SERIES]).default('tile'))
      .addOption(new Option('--by <what>', 'what to add up').choices(['epoch', 'source']).default('epoch'))
      .option('--since <utc>', 'from', utcTime)
      .option('--until <utc>', 'to', utcTime)
      .option('--limit <n>', 'lines', integerIn({ min: 1, max: 10_000 }), 100),
    ledger,
  );
