/** `catalog list | search`: the source catalogues of the registry. */
import { Command, Option } from 'commander';
import { answerOf } from '../../api/client/client.ts';
import type { Schemas } from '../../api/client/client.ts';
import { CATALOG_NAMES } from '../../domain/catalogs.ts';
import type { CatalogName } from '../../domain/catalogs.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { runningGateway, withServer } from '../gateway/connect.ts';
import type { ServerOption } from '../gateway/connect.ts';
import { decDeg, fluxJy, integerIn, numberIn, raDeg } from '../options/parsers.ts';
import { declination, fixed, flux, rightAscension } from '../output/format.ts';
import { table } from '../output/table.ts';

type Catalog = Schemas['Catalog'];

const listText = (catalogs: readonly Catalog[]): string =>
  [
    table(catalogs, [
      { title: 'name', value: (row) => row.name },
      { title: 'what', value: (row) => row.title },
      { title: 'sources', value: (row) => row.n_sources, align: 'right' },
      { title: 'version', value: (row) => row.version, align: 'right' },
      { title: 'from', value: (row) => row.file_name ?? row.origin },
      { title: 'imported', value: (row) => row.imported_at?.slice(0, 19) },
    ]),
    ...catalogs.filter(({ how_to_get }) => how_to_get !== null).map((row) => `${row.name}: ${row.how_to_get ?? ''}`),
  ].join('\n');

async function list(options: ServerOption, context: CommandContext): Promise<CommandResult> {
  const { client } = runningGateway(options, context);
  const { items } = await answerOf(client.GET('/api/catalogs'));
  return { document: { catalogs: items }, text: listText(items) };
}

interface SearchOptions extends ServerOption {
  readonly catalog: CatalogName;
  readonly ra: number;
  readonly dec: number;
  readonly radius: number;
  readonly minFlux: number;
  readonly limit: number;
}

const yesNo = (value: boolean | null): string => (value === null ? '-' : value ? 'yes' : 'no');

const rowsText = (rows: readonly Schemas['CatalogSource'][]): string =>
  table(rows, [
    { title: 'source', value: (row) => row.source_id },
    { title: 'name', value: (row) => row.name },
    { title: 'RA', value: (row) => rightAscension(row.ra_deg, 2) },
    { title: 'Dec', value: (row) => declination(row.dec_deg, 1) },
    { title: 'offset', value: (row) => `${fixed(row.separation_deg * 60, 2)}′`, align: 'right' },
    { title: 'flux', value: (row) => flux(row.flux_jy), align: 'right' },
    { title: 'index', value: (row) => fixed(row.spectral_index, 2), align: 'right' },
    { title: 'crowding', value: (row) => row.crowding, align: 'right' },
    { title: 'resolved', value: (row) => yesNo(row.resolved) },
    { title: 'confused', value: (row) => yesNo(row.confused) },
  ]);

async function search(options: SearchOptions, context: CommandContext): Promise<CommandResult> {
  const { client } = runningGateway(options, context);
  const { catalog: name, ra, dec, radius, minFlux, limit } = options;
  const query = { ra_deg: ra, dec_deg: dec, radius_deg: radius, min_flux_jy: minFlux, limit };
  const { items } = await answerOf(client.GET('/api/catalogs/{name}/search', { params: { path: { name }, query } }));
  const text = items.length === 0 ? `${name} lists nothing there; widen --radius or lower --min-flux` : rowsText(items);
  return { document: { catalog: name, sources: items }, text };
}

function searchCommand(): Command {
  const command = new Command('search')
    .description('sources of a catalogue around a place, nearest first')
    .requiredOption('--ra <ra>', 'right ascension: degrees or 13:31:08.3', raDeg)
    .requiredOption('--dec <dec>', 'declination: degrees or +30:30:33', decDeg)
    .option('--radius <deg>', 'how far from the place', numberIn({ min: 0.0001, max: 20 }), 0.5)
    .addOption(new Option('--catalog <name>', 'which').choices([...CATALOG_NAMES]).default('nvss'))
    .option('--min-flux <flux>', "faintest at the catalogue's frequency: 0.1, 100mJy", fluxJy, 0)
    .option('--limit <n>', 'at most', integerIn({ min: 1, max: 10_000 }), 100);
  return runs<SearchOptions>(withServer(command), search);
}

export const catalogReadCommands = (): Command[] => [
  runs<ServerOption>(
    withServer(new Command('list').description('the catalogues there are, and how to get the others')),
    list,
  ),
  searchCommand(),
];
