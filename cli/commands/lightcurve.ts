/** `lightcurve show | export`. */
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { Command, Option } from 'commander';
import { answerOf, errorOfProblem } from '../../api/client/client.ts';
import type { Schemas } from '../../api/client/client.ts';
import { SERIES } from '../../domain/states.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { runningGateway, withServer } from '../gateway/connect.ts';
import type { ServerOption } from '../gateway/connect.ts';
import { fixed, flux } from '../output/format.ts';
import { table } from '../output/table.ts';
import { requireFree } from '../stages/place-outputs.ts';

type LightCurve = Schemas['LightCurve'];

interface ShowOptions extends ServerOption {
  readonly series: (typeof SERIES)[number];
  readonly allVersions?: boolean;
}

const curveText = ({ name, source_id: id, points }: LightCurve): string =>
  [
    `${name} (source ${id})`,
    table(points, [
      { title: 'MJD', value: (row) => fixed(row.mid_mjd, 5), align: 'right' },
      { title: 'v', value: (row) => row.version },
      { title: 'status', value: (row) => row.status },
      { title: 'flux', value: (row) => flux(row.flux_jy), align: 'right' },
      { title: 'normalised', value: (row) => flux(row.normalized_flux_jy), align: 'right' },
      { title: 'error', value: (row) => flux(row.normalized_flux_err_jy ?? row.flux_err_jy), align: 'right' },
      { title: 'tiles', value: (row) => row.n_tiles },
      { title: 'why', value: (row) => row.superseded_reason ?? row.reason ?? row.flags.join(' ') },
    ]),
  ].join('\n');

async function show(options: ShowOptions, context: CommandContext, args: readonly string[]): Promise<CommandResult> {
  const { client } = runningGateway(options, context);
  const query = { series: options.series, versions: options.allVersions === true ? 'all' : 'current' } as const;
  const path = { id: Number(args[0]) };
  const curve = await answerOf(client.GET('/api/sources/{id}/lightcurve', { params: { path, query } }));
  return { document: curve, text: curveText(curve) };
}

interface ExportOptions extends ServerOption {
  readonly csv: string;
  readonly allVersions?: boolean;
  readonly overwrite?: boolean;
}

async function exportCsv(options: ExportOptions, context: CommandContext): Promise<CommandResult> {
  const { url } = runningGateway(options, context);
  const target = resolve(options.csv);
  requireFree([target], options.overwrite === true);
  const versions = options.allVersions === true ? 'all' : 'current';
  const answer = await fetch(`${url}/api/lightcurves.csv?versions=${versions}`, { signal: context.signal });
  if (!answer.ok || answer.body === null) throw errorOfProblem(await answer.json(), answer.status);
  let lines = -1;
  const counted = Readable.fromWeb(answer.body as ReadableStream).on('data', (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 0x0a) lines += 1;
  });
  const partial = `${target}.part`;
  await pipeline(counted, createWriteStream(partial));
  await rename(partial, target);
  return { document: { csv: target, rows: lines }, text: `${lines} rows in ${target}` };
}

export const lightcurveCommands = (): Command[] => [
  runs<ShowOptions>(
    withServer(new Command('show').description('one source: a value for every epoch, or the reason why not'))
      .argument('<source>', 'source id')
      .addOption(new Option('--series <series>', 'which').choices([...SERIES]).default('night'))
      .option('--all-versions', 'superseded rows too'),
    show,
  ),
  runs<ExportOptions>(
    withServer(new Command('export').description('all rows of all light curves'))
      .requiredOption('--csv <file>', 'where to')
      .option('--all-versions', 'superseded rows too')
      .option('--overwrite', 'replace it if it is there'),
    exportCsv,
  ),
];
