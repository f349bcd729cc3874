/** `photometry fits | mosaic`: catalogue sources of a registered tile or mosaic, into their light curves. */
import { Command, Option } from 'commander';
import { answerOf } from '../../api/client/client.ts';
import type { Schemas } from '../../api/client/client.ts';
import { CATALOG_NAMES } from '../../domain/catalogs.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { startedGateway, withServer } from '../gateway/connect.ts';
import type { ServerOption } from '../gateway/connect.ts';
import { followJob, requireDone } from '../gateway/follow-job.ts';
import { fluxJy, integerIn, numberIn } from '../options/parsers.ts';
import { facts } from '../output/table.ts';

interface Options extends ServerOption {
  readonly catalog: (typeof CATALOG_NAMES)[number];
  readonly radius?: number;
  readonly wholeFootprint?: boolean;
  readonly minFlux: number;
  readonly maxSources?: number;
  readonly method: 'peak' | 'aegean';
  readonly normalize: boolean;
  readonly ese: boolean;
  readonly wait: boolean;
}

type Run = Schemas['PhotometryRun'];

const runText = (run: Run): string =>
  facts([
    ['product', run.product_id],
    ['status', run.photometry_status],
    ['measured', run.sources_total === null ? null : `${run.sources_measured ?? 0} of ${run.sources_total}`],
    ['references', run.n_references],
    ['job', run.job_id],
  ]);

async function measure(options: Options, context: CommandContext, args: readonly string[]): Promise<CommandResult> {
  const gateway = await startedGateway(options, context);
  const path = { id: args[0] ?? '' };
  const radius = options.wholeFootprint === true ? null : options.radius;
  const body = {
    catalog: options.catalog,
    ...(radius === undefined ? {} : { radius_deg: radius }),
    min_flux_jy: options.minFlux,
    ...(options.maxSources === undefined ? {} : { max_sources: options.maxSources }),
    method: options.method,
    normalize: options.normalize,
    detect_ese: options.ese,
  };
  const asked = await answerOf(gateway.client.POST('/api/photometry/products/{id}', { params: { path }, body }));
  if (!options.wait) return { document: asked, text: runText(asked) };
  requireDone(await followJob(gateway, asked.job_id, context));
  const { items } = await answerOf(gateway.client.GET('/api/photometry/products/{id}', { params: { path } }));
  const ended = items.find(({ id }) => id === asked.id) ?? asked;
  return { document: ended, text: runText(ended) };
}

function command(name: 'fits' | 'mosaic', what: string, radius: string): Command {
  const built = new Command(name)
    .description(`measure catalogue sources in a registered ${what} and write their light curves`)
    .argument('<id>', `product id of the ${what}`)
    .addOption(new Option('--catalog <name>', 'which').choices([...CATALOG_NAMES]).default('nvss'))
    .option('--radius <deg>', `around its centre (default: ${radius})`, numberIn({ min: 0.001, max: 10 }))
    .option('--whole-footprint', 'everything where the beam is 0.3 and above')
    .option('--min-flux <flux>', 'faintest catalogue source: 0.1, 100mJy', fluxJy, 0.05)
    .option('--max-sources <n>', 'the best of them', integerIn({ min: 1, max: 100_000 }))
    .addOption(new Option('--method <method>', 'how').choices(['peak', 'aegean']).default('peak'))
    .option('--no-normalize', 'leave fluxes on the scale of the image')
    .option('--no-ese', 'look for no scattering events')
    .option('--no-wait', 'ask for it and return');
  return runs<Options>(withServer(built), measure);
}

export const photometryProductCommands = (): Command[] => [
  command('fits', 'tile', '0.5'),
  command('mosaic', 'mosaic', '1.0'),
];
