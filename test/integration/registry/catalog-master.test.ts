import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { SHIPPED_NVSS } from '../../../config/shipped-data.ts';
import { inCatalogTransaction } from '../../../registry/catalog-load.ts';
import { buildMaster } from '../../../registry/catalog-master.ts';
import { loadShippedNvss } from '../../../registry/catalog-shipped.ts';
import { loadLines, type CatalogLine } from '../../support/catalogs.ts';
import { createTestDatabase, openTestRegistry, useRegistry, useTestDatabase } from '../../support/postgres.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const database = useTestDatabase();
const registry = useRegistry(database);
const folder = temporaryFolders();

const ARCSEC = 1 / 3600;

const build = () =>
  inCatalogTransaction(database().url, 'master', (client) =>
    buildMaster(client, { radiusArcsec: 7.5, resolvedRatio: 1.1, requestedBy: 'jane' }),
  );

const load = (catalog: 'nvss' | 'first' | 'rax' | 'vlass', lines: readonly CatalogLine[]) =>
  loadLines({ databaseUrl: database().url, folder: folder(), catalog, lines });

it('needs NVSS and another survey', async () => {
  await expect(build()).rejects.toMatchObject({ code: 'CATALOG_MISSING', context: { catalog: 'nvss' } });
  await load('nvss', [{ ra_deg: 1, dec_deg: 1, flux_jy: 1 }]);
  await expect(build()).rejects.toMatchObject({
    code: 'CATALOG_MISSING',
    message: expect.stringContaining('meridian catalog build-master'),
  });
});

it('gives spectral index, resolved and confused flags by counterparts and neighbours', async () => {
  const source = (raDeg: number, rest: CatalogLine = {}): CatalogLine => ({
    ra_deg: raDeg, dec_deg: 0, flux_jy: 1, peak_flux_jy: null, ...rest,
  }); // prettier-ignore
  await load('nvss', [
    source(10),
    source(20),
    source(30),
    source(30 + 40 * ARCSEC),
    source(40),
    source(50),
    source(60),
  ]);
  const thermal = (887.5 / 1400) ** -0.7;
  await load('rax', [
    source(10 + 7.4 * ARCSEC, { flux_jy: thermal, peak_flux_jy: thermal }),
    source(20 + 7.6 * ARCSEC),
    source(40, { flux_jy: thermal, peak_flux_jy: thermal / 1.2 }),
    source(60 - 1 * ARCSEC, { flux_jy: 2 }),
    source(60 + 2 * ARCSEC, { flux_jy: 5 }),
  ]);
  await load('first', [source(50, { flux_jy: 0.8, peak_flux_jy: 0.79 })]);
  await load('vlass', [source(10, { flux_jy: (3 / 1.4) ** -0.7, peak_flux_jy: (3 / 1.4) ** -0.7 })]);

  const report = await build();

  expect(report).toMatchObject({ rowsLoaded: 7, withSpectralIndex: 3, resolved: 1, confused: 3 });
  expect(report.counterparts).toEqual({ first: 1, rax: 3, vlass: 1 });
  const rows = await registry().catalogs.cone({ catalog: 'master', raDeg: 35, decDeg: 0, radiusDeg: 30 });
  const flags = rows
    .sort((a, b) => a.raDeg - b.raDeg)
    .map((row) => [Math.round(row.raDeg), row.spectralIndex?.toFixed(3) ?? null, row.resolved, row.confused]);
  expect(flags).toEqual([
    [10, '-0.700', false, false],
    [20, null, null, false],
    [30, null, null, true],
    [30, null, null, true],
    [40, '-0.700', true, false],
    [50, null, false, false],
    [60, (Math.log(2) / Math.log(887.5 / 1400)).toFixed(3), null, true],
  ]);
  const nvss = await registry().catalogs.cone({ catalog: 'nvss', raDeg: 40, decDeg: 0, radiusDeg: 0.1 });
  const master = rows.find(({ raDeg }) => raDeg === 40);
  expect(master?.sourceId).toBe(nvss[0]?.sourceId);
  expect(await registry().sources.require(master?.sourceId ?? 0)).toMatchObject({ resolved: true, confused: false });
  expect((await build()).version).toBe(2);
});

it('loads the list that comes with the product once, and never over a list of the user', async () => {
  const fresh = await createTestDatabase();
  const own = openTestRegistry(fresh.url);
  try {
    const [first, second] = await Promise.all([1, 2].map(() => loadShippedNvss(fresh.url, SHIPPED_NVSS)));
    const loaded = first ?? second;
    expect([first, second].filter((report) => report === undefined)).toHaveLength(1);
    expect(loaded).toMatchObject({ version: 1, rowsLoaded: 125_309, rowsCurrent: 125_309, sourcesNew: 125_309 });
    const latest = await own.catalogs.require('nvss');
    const sha256 = createHash('sha256').update(readFileSync(SHIPPED_NVSS)).digest('hex');
    expect(latest).toMatchObject({ origin: 'shipped', fileName: 'nvss_50mjy.csv.gz', fileSha256: sha256 });
    const [found] = await own.catalogs.cone({ catalog: 'nvss', raDeg: 202.7845, decDeg: 30.5092, radiusDeg: 0.01 });
    expect(found).toMatchObject({ fluxKind: 'peak', freqHz: 1.4e9 });
    expect(found?.fluxJy).toBeGreaterThan(14);

    const line = { ra_deg: found?.raDeg ?? 0, dec_deg: found?.decDeg ?? 0, flux_jy: 15 };
    await loadLines({ databaseUrl: fresh.url, folder: folder(), catalog: 'nvss', lines: [line] });
    expect(await loadShippedNvss(fresh.url, SHIPPED_NVSS)).toBeUndefined();
    const [again] = await own.catalogs.cone({ catalog: 'nvss', raDeg: 202.7845, decDeg: 30.5092, radiusDeg: 0.01 });
    expect(again).toMatchObject({ sourceId: found?.sourceId, fluxJy: 15, fluxKind: 'integrated' });
  } finally {
    await own.close();
    await fresh.drop();
  }
}, 300_000);

it('says which list is missing', async () => {
  await expect(loadShippedNvss(database().url, '/nowhere/nvss.csv.gz')).rejects.toMatchObject({
    code: 'CATALOG_MISSING',
    context: { file: '/nowhere/nvss.csv.gz' },
  });
});
