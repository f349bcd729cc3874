import { expect, it } from '@jest/globals';
import type { CatalogName } from '../../../domain/catalogs.ts';
import { separationDeg } from '../../../domain/sky.ts';
import { loadLines, type CatalogLine, type TestLoad } from '../../support/catalogs.ts';
import { useRegistry, useTestDatabase } from '../../support/postgres.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const database = useTestDatabase();
const registry = useRegistry(database);
const folder = temporaryFolders();

const load = (catalog: Exclude<CatalogName, 'master'>, lines: readonly CatalogLine[], rest: Partial<TestLoad> = {}) =>
  loadLines({ databaseUrl: database().url, folder: folder(), catalog, lines, ...rest });

const at = (ra_deg: number, dec_deg: number, rest: CatalogLine = {}): CatalogLine => ({
  ra_deg,
  dec_deg,
  flux_jy: 0.1,
  ...rest,
});

/** The same numbers each time, from 0 to 1. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    yield state / 2 ** 31;
  }
}

/** All over the sky, and many around both poles and right ascension 0h. */
function sky(): CatalogLine[] {
  const random = numbers(7);
  const next = (): number => random.next().value;
  const flux = (): CatalogLine => ({ flux_jy: Number((0.05 + next()).toFixed(4)) });
  const anywhere = Array.from({ length: 6000 }, () =>
    at(next() * 360, (Math.asin(2 * next() - 1) * 180) / Math.PI, flux()),
  );
  const north = Array.from({ length: 300 }, () => at(next() * 360, 90 - 3 * next(), flux()));
  const south = Array.from({ length: 300 }, () => at(next() * 360, -90 + 3 * next(), flux()));
  const zero = Array.from({ length: 300 }, () => at((359 + 2 * next()) % 360, 10 + 2 * next(), flux()));
  const exact = [at(0, 90), at(0, -90), at(0, 11), at(359.999_999_9, 11), at(0, 0)];
  return [...anywhere, ...north, ...south, ...zero, ...exact];
}

it('finds in a cone what is there and nothing else, nearest first, also at 0h and the poles', async () => {
  const lines = sky();
  await load('vlass', lines);
  const cones = [
    [0, 11, 1], [359.9, 11, 0.7], [0.05, 11, 1.5], [180, 90, 2], [37, -90, 1.2], [12, 89.5, 1], [300, -88.9, 1.5],
    [123, 45, 5], [10, 89, 0], [0, 0, 0], [200, -30, 20], [15, 15, 180], [90, 0, 90],
  ]; // prettier-ignore
  for (const [raDeg = 0, decDeg = 0, radiusDeg = 0] of cones) {
    const centre = { raDeg, decDeg };
    const wanted = lines
      .map((line) => separationDeg(centre, { raDeg: Number(line.ra_deg), decDeg: Number(line.dec_deg) }))
      .filter((separation) => separation <= radiusDeg)
      .sort((a, b) => a - b);

    const found = await registry().catalogs.cone({ catalog: 'vlass', ...centre, radiusDeg });

    expect({ raDeg, decDeg, radiusDeg, count: found.length }).toEqual({
      raDeg,
      decDeg,
      radiusDeg,
      count: wanted.length,
    });
    found.forEach((row, index) => expect(row.separationDeg).toBeCloseTo(wanted[index] ?? -1, 9));
  }
});

it('leaves out what is fainter, and gives the nearest of more than the limit', async () => {
  const cone = { catalog: 'vlass', raDeg: 0, decDeg: 11, radiusDeg: 2 } as const;
  const all = await registry().catalogs.cone(cone);

  const bright = await registry().catalogs.cone({ ...cone, minFluxJy: 0.5, limit: 5 });

  expect(bright).toEqual(all.filter(({ fluxJy }) => fluxJy >= 0.5).slice(0, 5));
  expect(bright).toHaveLength(5);
});

it('names sources by their truncated position, each name once', async () => {
  await load('nvss', [
    at(202.784_541_7, 30.509_138_9),
    at(202.784_6, 30.509_15),
    at(359.999_99, -0.000_1),
    at(0, -89.999),
  ]);

  expect(await registry().sources.findByName('NVSS  J133108+303032')).toMatchObject({ decDeg: 30.509_138_9 });
  expect(await registry().sources.findByName('NVSS J133108+303032B')).toMatchObject({ decDeg: 30.509_15 });
  expect(await registry().sources.findByName('NVSS J235959-000000')).toBeDefined();
  expect(await registry().sources.findByName('NVSS J000000-895956')).toBeDefined();
});

it('keeps the ids of sources when a catalogue comes again, and gives none a second time', async () => {
  const first = await load('first', [
    at(10, 20, { catalog_id: 'J1' }),
    at(11, 20, { catalog_id: 'J2' }),
    at(12, 20),
    at(13, 20),
  ]);
  const before = await registry().catalogs.cone({ catalog: 'first', raDeg: 11.5, decDeg: 20, radiusDeg: 3 });
  const second = await load('first', [
    // Known by name, although it moved; known by place, once; a new one beside it; one that is gone.
    at(10.01, 20, { catalog_id: 'J1', flux_jy: 0.2 }),
    at(12, 20.000_1),
    at(12, 20.000_11),
    at(13, 20, { catalog_id: 'J4' }),
  ]);
  const after = await registry().catalogs.cone({ catalog: 'first', raDeg: 11.5, decDeg: 20, radiusDeg: 3 });
  const idOf = (rows: typeof after, raDeg: number) => rows.find((row) => row.raDeg === raDeg)?.sourceId;

  expect([first.sourcesNew, first.sourcesKnown]).toEqual([4, 0]);
  expect([second.version, second.sourcesNew, second.sourcesKnown, second.rowsCurrent]).toEqual([2, 1, 3, 4]);
  expect(idOf(after, 10.01)).toBe(idOf(before, 10));
  expect(after.find(({ decDeg }) => decDeg === 20.000_1)?.sourceId).toBe(idOf(before, 12));
  expect(idOf(after, 13)).toBe(idOf(before, 13));
  expect(after.find(({ decDeg }) => decDeg === 20.000_11)?.sourceId).toBeGreaterThan(
    Math.max(...before.map(({ sourceId }) => sourceId)),
  );
  const moved = await registry().sources.require(idOf(before, 10) ?? 0);
  expect(moved).toMatchObject({ raDeg: 10.01, fluxJy: 0.2, name: 'FIRST J004000.0+200000' });
  const gone = await registry().sources.require(idOf(before, 11) ?? 0);
  expect(gone).toMatchObject({ raDeg: 11, name: 'FIRST J004400.0+200000' });
  const kept = await registry().db.selectFrom('catalogSources').selectAll().where('catalog', '=', 'first').execute();
  expect(kept).toHaveLength(8);
});

it('adds to a catalogue without losing what it has', async () => {
  const start = { catalog: 'rax', raDeg: 50, decDeg: -20, radiusDeg: 5 } as const;
  await load('rax', [at(50, -20), at(51, -20)]);
  const before = await registry().catalogs.cone(start);

  const report = await load('rax', [at(51, -20, { flux_jy: 0.3 }), at(52, -20)], { mode: 'add' });

  const after = await registry().catalogs.cone(start);
  expect([report.sourcesNew, report.sourcesKnown, report.rowsCurrent]).toEqual([1, 1, 3]);
  expect(after.map(({ raDeg, fluxJy }) => [raDeg, fluxJy])).toEqual([[50, 0.1], [51, 0.3], [52, 0.1]]); // prettier-ignore
  expect(after.slice(0, 2).map(({ sourceId }) => sourceId)).toEqual(before.map(({ sourceId }) => sourceId));
});

it('gives the sources of a footprint at 1.4 GHz, brightest first', async () => {
  const lines = [
    at(80, 5, { flux_jy: 1, spectral_index: -1 }),
    at(80.1, 5, { flux_jy: 1 }),
    at(80.2, 5, { flux_jy: 0.05 }),
    at(95, 5),
  ];
  await load('rax', lines, { mode: 'add' });

  const footprint = { catalog: 'rax', raDeg: 80, decDeg: 5, radiusDeg: 0.5, minFluxJy: 0.1 } as const;
  const rows = await registry().sources.inFootprint(footprint);

  expect(rows.map(({ raDeg }) => raDeg)).toEqual([80.1, 80]);
  expect(rows[0]?.fluxJy).toBeCloseTo((1400 / 887.5) ** -0.7, 9);
  expect(rows[1]).toMatchObject({ spectralIndex: -1, crowding: null, catalog: 'rax', name: 'RACS J052000.0+050000' });
  expect(rows[1]?.fluxJy).toBeCloseTo(887.5 / 1400, 9);
  expect(await registry().sources.inFootprint({ ...footprint, limit: 1 })).toEqual(rows.slice(0, 1));
  expect(await registry().sources.findMany([rows[1]?.id ?? 0, rows[0]?.id ?? 0, 10 ** 12])).toHaveLength(2);
});

it('says of a source or a place that is none which it was', async () => {
  await expect(registry().sources.require(987_654_321)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const cone = { catalog: 'rax', raDeg: 50, decDeg: -20, radiusDeg: 5 } as const;
  await expect(registry().catalogs.cone({ ...cone, decDeg: 91 })).rejects.toThrow('dec_deg must be between');
  await expect(registry().catalogs.cone({ ...cone, radiusDeg: NaN })).rejects.toThrow('radius_deg must be between');
});

it('says how to get a catalogue that is missing', async () => {
  const empty = { catalog: 'master', raDeg: 0, decDeg: 0, radiusDeg: 1 } as const;
  await expect(registry().catalogs.cone(empty)).rejects.toMatchObject({
    code: 'CATALOG_MISSING',
    message: expect.stringContaining('meridian catalog build-master'),
  });
  await expect(registry().sources.inFootprint(empty)).rejects.toMatchObject({ code: 'CATALOG_MISSING' });
  const states = await registry().catalogs.list();
  expect(states.map(({ name, latest }) => [name, latest?.version ?? null])).toEqual([
    ['nvss', 1], ['first', 2], ['rax', 3], ['vlass', 1], ['master', null],
  ]); // prettier-ignore
});

it('leaves everything as it was when a table is wrong', async () => {
  const before = await registry().catalogs.latest('nvss');
  await expect(load('nvss', [at(10, 10), at(10, 10, { flux_jy: 'bright' })])).rejects.toMatchObject({
    code: 'CATALOG_INVALID',
    message: expect.stringContaining('bright'),
  });
  await expect(load('nvss', [at(10, 90.1)])).rejects.toMatchObject({ code: 'CATALOG_INVALID' });

  expect(await registry().catalogs.latest('nvss')).toEqual(before);
});

it('loads catalogues that come at the same time one after the other', async () => {
  const before = (await registry().catalogs.latest('vlass'))?.version ?? 0;
  const reports = await Promise.all([1, 2, 3].map(() => load('vlass', [at(30, 30), at(31, 30)])));

  expect(reports.map(({ version }) => version - before).sort()).toEqual([1, 2, 3]);
  const rows = await registry().catalogs.cone({ catalog: 'vlass', raDeg: 30, decDeg: 30, radiusDeg: 2 });
  expect(rows).toHaveLength(2);
});
