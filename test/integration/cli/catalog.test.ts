import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { CHECKOUT } from '../../../config/index.ts';
import { useGateway } from '../../support/gateway.ts';
import { useTestDatabase } from '../../support/postgres.ts';
import { documentOf, runCli, type CliRun } from '../../support/run-cli.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const database = useTestDatabase();
const gateway = useGateway(() => ({ databaseUrl: database().url }));
const folder = temporaryFolders();

/** Each run of the program starts Python and astropy. */
const LIMIT_MS = 300_000;

const FIXTURES = join(CHECKOUT, 'test', 'fixtures', 'catalogs');

const catalog = (...args: string[]): Promise<CliRun> =>
  runCli(['catalog', ...args, '--json'], { env: { MERIDIAN_DATABASE_URL: database().url } });
const asking = (...args: string[]): Promise<CliRun> => catalog(...args, '--server', gateway().url);

interface Found {
  readonly sources: readonly Readonly<Record<string, unknown>>[];
}

it(
  'imports a table of VizieR and one of Aegean, matches them with each other, and finds their sources',
  async () => {
    const nvss = documentOf(await catalog('import', '--name', 'nvss', join(FIXTURES, 'nvss_vizier_viii65.fits')));
    expect(nvss).toMatchObject({ catalog: 'nvss', version: 1, n_read: 639, n_loaded: 639, flux_kind: 'integrated' });

    const rax = documentOf(await catalog('import', '--name', 'rax', join(FIXTURES, 'racs_components.fits')));
    expect(rax).toMatchObject({ catalog: 'rax', n_new_sources: rax['n_loaded'], freq_hz: 887_500_000 });

    const master = documentOf(await catalog('build-master'));
    expect(master).toMatchObject({ catalog: 'master', n_sources: 639, n_spectral_index: 0 });

    const search = await asking('search', '--ra', '06:00:02.02', '--dec=-31:40:14.2', '--radius', '0.01');
    const { sources } = documentOf(search) as unknown as Found;
    expect(sources).toHaveLength(1);
    expect(sources[0]).toMatchObject({ name: 'NVSS J060002-314014', catalog_id: '060002-314014', freq_hz: 1.4e9 });
    expect(sources[0]?.['flux_jy']).toBeCloseTo(0.0146, 9);
    expect(sources[0]?.['flux_err_jy']).toBeCloseTo(0.0007, 9);

    const again = documentOf(await catalog('import', '--name', 'nvss', join(FIXTURES, 'nvss_vizier_viii65.fits')));
    expect(again).toMatchObject({ version: 2, n_new_sources: 0, n_known_sources: 639, n_sources: 639 });

    const { catalogs } = documentOf(await asking('list')) as unknown as { catalogs: readonly object[] };
    expect(catalogs).toMatchObject([
      { name: 'nvss', version: 2, file_name: 'nvss_vizier_viii65.fits' },
      { name: 'first', status: 'missing' },
      { name: 'rax', version: 1 },
      { name: 'vlass', status: 'missing' },
      { name: 'master', version: 1, origin: 'built' },
    ]);
  },
  LIMIT_MS,
);

it(
  'says what to pass when a column or unit is missing, and changes nothing',
  async () => {
    const file = join(folder(), 'mine.csv');
    writeFileSync(file, 'ra_deg,dec_deg,S\n10,20,5\n11,20,\n');

    const column = await catalog('import', '--name', 'first', file);
    const unit = await catalog('import', '--name', 'first', file, '--columns', 'flux=S');
    const right = await catalog('import', '--name', 'first', file, '--columns', 'flux=S', '--units', 'flux=mJy');

    expect(column.status).toBe(2);
    expect(documentOf(column)['error']).toMatchObject({
      code: 'CATALOG_INVALID',
      message: expect.stringMatching(/mine\.csv has no column for flux .* Pass --columns flux=NAME/),
    });
    expect(documentOf(unit)['error']).toMatchObject({
      message: expect.stringMatching(/column 'S' of .*mine\.csv has no unit\. Pass --units flux=UNIT/),
    });
    expect(documentOf(right)).toMatchObject({ version: 1, n_loaded: 1, rejected: { 'flux is not a number': 1 } });
  },
  LIMIT_MS,
);

it(
  'says that VizieR does not answer, and what to do',
  async () => {
    const env = {
      MERIDIAN_DATABASE_URL: database().url,
      HTTPS_PROXY: 'http://127.0.0.1:9',
      HTTP_PROXY: 'http://127.0.0.1:9',
    };
    const cone = ['--ra', '10', '--dec', '20', '--radius', '0.1', '--timeout', '5'];
    const run = await runCli(['catalog', 'fetch', '--name', 'vlass', ...cone, '--json'], { env });

    expect(run.status).toBe(5);
    expect(documentOf(run)['error']).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringMatching(/VizieR did not answer .* meridian catalog import --name vlass --add FILE/),
    });
  },
  LIMIT_MS,
);
