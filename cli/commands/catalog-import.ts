/** `catalog import | fetch | build-master`: filling the source catalogues of the registry. */
import { userInfo } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CATALOG_NAMES, CATALOGS } from '../../domain/catalogs.ts';
import { MeridianError } from '../../domain/errors.ts';
import type { CatalogSpec, CatalogSummary } from '../../domain/generated/stages.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { arcsec, decDeg, numberIn, raDeg } from '../options/parsers.ts';
import { duration, fixed } from '../output/format.ts';
import { facts } from '../output/table.ts';
import { ensureDatabase, importCatalog } from '../stages/import-catalog.ts';
import { existing } from '../stages/paths.ts';
import { runStage } from '../stages/run-stage.ts';

type Survey = CatalogSpec['name'];

const SURVEYS = CATALOG_NAMES.filter((name) => name !== 'master');

interface ImportReport {
  readonly version: number;
  readonly rowsLoaded: number;
  readonly rowsCurrent: number;
  readonly sourcesNew: number;
  readonly sourcesKnown: number;
  readonly seconds: number;
}

interface Target {
  readonly mode: 'replace' | 'add';
  readonly origin: 'file' | 'vizier';
}

/** Runs the stage and loads the table that it leaves. */
async function load(spec: CatalogSpec, target: Target, context: CommandContext): Promise<CommandResult> {
  await ensureDatabase(context);
  return await runStage({ stage: 'catalog', spec }, context, async ({ result: { summary, outputs }, output }) => {
    const path = output('table');
    const sha256 = outputs.find(({ role }) => role === 'table')?.sha256;
    if (path === undefined || sha256 === undefined)
      throw new MeridianError('OUTPUT_CORRUPT', 'the stage left no table');
    const request = {
      kind: 'load',
      load: {
        catalog: spec.name,
        ...target,
        file: { name: summary.file_name, sha256: summary.file_sha256 },
        table: { path, sha256 },
        rowsRead: summary.n_read,
        rejected: summary.rejected,
        parameters: { columns: summary.columns, freq_hz: summary.freq_hz, cone: spec.cone ?? null },
        requestedBy: userInfo().username,
      },
    };
    return resultOf(summary, await importCatalog<ImportReport>(request, context));
  });
}

function resultOf(summary: CatalogSummary, report: ImportReport): CommandResult {
  const { name, file_name, n_read, n_rows, rejected, columns, freq_hz, flux_kind } = summary;
  const document = {
    catalog: name,
    version: report.version,
    file_name,
    n_read,
    n_loaded: report.rowsLoaded,
    rejected,
    n_sources: report.rowsCurrent,
    n_new_sources: report.sourcesNew,
    n_known_sources: report.sourcesKnown,
    freq_hz,
    flux_kind,
    columns,
    load_seconds: report.seconds,
  };
  const leftOut = Object.entries(rejected).map(([reason, count]) => `${count}: ${reason}`);
  const text = facts([
    ['catalogue', `${name} version ${report.version}, ${CATALOGS[name].title}`],
    ['read', `${n_read} rows of ${file_name}`],
    ['loaded', `${n_rows} rows in ${duration(report.seconds)}`],
    ['left out', leftOut.length === 0 ? 'none' : leftOut.join('; ')],
    [
      'sources',
      `${report.sourcesNew} new, ${report.sourcesKnown} known before; the catalogue has ${report.rowsCurrent}`,
    ],
    ['columns', Object.entries(columns).map(([field, column]) => `${field} = ${column}`).join(', ')], // prettier-ignore
  ]);
  return { document, text };
}

const FIELDS = [
  'id', 'ra', 'dec', 'flux', 'flux_err', 'peak_flux', 'maj', 'min', 'pa', 'spectral_index', 'crowding',
]; // prettier-ignore

/** `flux=S1.4,ra=RA`. */
function assignments(text: string): Record<string, string> {
  const pairs = text.split(',').map((part) => /^\s*(\w+)\s*=\s*(.+?)\s*$/.exec(part));
  if (pairs.some((pair) => pair === null || !FIELDS.includes(pair[1] ?? ''))) {
    throw new InvalidArgumentError(`give field=name pairs, such as flux=S1.4,ra=RA; fields: ${FIELDS.join(', ')}.`);
  }
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
}

interface ImportOptions {
  readonly name: Survey;
  readonly add?: boolean;
  readonly columns?: CatalogSpec['columns'];
  readonly units?: CatalogSpec['units'];
  readonly freqHz?: number;
}

async function importFile(
  options: ImportOptions,
  context: CommandContext,
  args: readonly string[],
): Promise<CommandResult> {
  const { name, add, columns, units, freqHz } = options;
  const spec: CatalogSpec = {
    name,
    file: existing('file', args[0] ?? ''),
    ...(columns === undefined ? {} : { columns }),
    ...(units === undefined ? {} : { units }),
    ...(freqHz === undefined ? {} : { freq_hz: freqHz }),
  };
  return await load(spec, { mode: add === true ? 'add' : 'replace', origin: 'file' }, context);
}

function importCommand(): Command {
  const command = new Command('import')
    .description('load a catalogue from a file: FITS, VOTable, CSV, also of Aegean; it becomes the present version')
    .argument('<file>', 'the file; it may be gzipped')
    .addOption(withSurvey())
    .option('--add', 'keep the sources that the file does not list')
    .option('--columns <pairs>', 'columns to take: flux=S1.4,ra=RA', assignments)
    .option('--units <pairs>', 'units where the file says none: flux=mJy,ra=deg', assignments)
    .option('--freq-hz <hz>', "frequency of the fluxes (default: the survey's)", numberIn({ min: 1e6, max: 1e12 }));
  return runs<ImportOptions>(command, importFile);
}

const withSurvey = (): Option =>
  new Option('--name <name>', 'which catalogue it is').choices(SURVEYS).makeOptionMandatory();

interface FetchOptions {
  readonly name: Survey;
  readonly ra: number;
  readonly dec: number;
  readonly radius: number;
  readonly timeout: number;
}

async function fetchCone(options: FetchOptions, context: CommandContext): Promise<CommandResult> {
  const { name, ra, dec, radius, timeout } = options;
  const cone = { ra_deg: ra, dec_deg: dec, radius_deg: radius };
  return await load({ name, cone, timeout_s: timeout }, { mode: 'add', origin: 'vizier' }, context);
}

function fetchCommand(): Command {
  const command = new Command('fetch')
    .description('ask VizieR for the part of a catalogue around a place, and add it')
    .addOption(withSurvey())
    .requiredOption('--ra <ra>', 'right ascension: degrees or 13:31:08.3', raDeg)
    .requiredOption('--dec <dec>', 'declination: degrees or +30:30:33', decDeg)
    .option('--radius <deg>', 'how far from the place', numberIn({ min: 0.001, max: 30 }), 2)
    .option('--timeout <seconds>', 'for VizieR to answer', numberIn({ min: 1, max: 3600 }), 30);
  return runs<FetchOptions>(command, fetchCone);
}

interface MasterOptions {
  readonly radius: number;
  readonly resolvedRatio: number;
}

interface MasterReport {
  readonly version: number;
  readonly rowsLoaded: number;
  readonly withSpectralIndex: number;
  readonly resolved: number;
  readonly confused: number;
  readonly counterparts: Readonly<Record<string, number>>;
  readonly seconds: number;
}

async function buildMaster(options: MasterOptions, context: CommandContext): Promise<CommandResult> {
  await ensureDatabase(context);
  const { radius: radiusArcsec, resolvedRatio } = options;
  const master = { radiusArcsec, resolvedRatio, requestedBy: userInfo().username };
  const report = await importCatalog<MasterReport>({ kind: 'master', master }, context);
  const { version, rowsLoaded, withSpectralIndex, resolved, confused, counterparts, seconds } = report;
  const document = {
    catalog: 'master',
    version,
    n_sources: rowsLoaded,
    n_spectral_index: withSpectralIndex,
    n_resolved: resolved,
    n_confused: confused,
    counterparts,
    load_seconds: seconds,
  };
  const matched = Object.entries(counterparts).map(([name, count]) => `${name} ${count}`);
  const text = facts([
    ['catalogue', `master version ${version}, ${rowsLoaded} sources in ${duration(seconds)}`],
    ['counterparts', `${matched.join(', ') || 'none'} within ${fixed(radiusArcsec, 1)}″`],
    ['spectral index', withSpectralIndex],
    ['resolved', resolved],
    ['confused', confused],
  ]);
  return { document, text };
}

function buildMasterCommand(): Command {
  const command = new Command('build-master')
    .description('match NVSS with the other catalogues: spectral index, resolved and confused flags')
    .option('--radius <arcsec>', 'farthest counterpart: 7.5, 7.5arcsec', arcsec, 7.5)
    .option(
      '--resolved-ratio <ratio>',
      'integrated over peak flux of a resolved source',
      numberIn({ min: 1, max: 10 }),
      1.1,
    );
  return runs<MasterOptions>(command, buildMaster);
}

export const catalogWriteCommands = (): Command[] => [importCommand(), fetchCommand(), buildMasterCommand()];
