/** Measurements, points of the night, running statistics and the ledger, on a real PostgreSQL. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { appendPoint } from '../../../domain/variability/running-sums.ts';
import { statisticsOf } from '../../../domain/variability/statistics.ts';
import { askForPhotometry, lightCurveRows, type Measurement, type NewMeasurement } from '../../../registry/index.ts';
import { loadLines } from '../../support/catalogs.ts';
import { aMeasurement, aNight, recordTile, SIDEREAL_DAYS, START_MJD } from '../../support/measurements.ts';
import { useRegistry, useTestDatabase } from '../../support/postgres.ts';
import { aProduct } from '../../support/rows.ts';

const database = useTestDatabase();
const registry = useRegistry(database);
let folder: string;
let stripId: number;
let sources: number[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-test-'));
  const lines = [150, 150.2, 150.4].map((raDeg, index) => ({
    catalog_id: `s${index}`,
    ra_deg: raDeg,
    dec_deg: 30,
    flux_jy: 1,
    freq_hz: 1.4e9,
  }));
  await loadLines({ databaseUrl: database().url, folder, catalog: 'nvss', lines });
  const found = await registry().sources.inFootprint({ raDeg: 150.2, decDeg: 30, radiusDeg: 2, catalog: 'nvss' });
  sources = found.map(({ id }) => id).sort((a, b) => a - b);
  stripId = await registry().transaction(({ strips }) => strips.idFor(30.4));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  await registry().db.deleteFrom('photometry').execute();
  await registry().db.deleteFrom('variabilityStats').execute();
});

const own = () => ({ sourceId: sources[0] ?? 0, stripId });
const aRow = (overrides: Partial<NewMeasurement> = {}): NewMeasurement => aMeasurement(own(), overrides);
const night = (index: number, fluxJy: number, overrides: Partial<NewMeasurement> = {}): NewMeasurement =>
  aNight(own(), { index, fluxJy }, overrides);
const record = (rows: readonly NewMeasurement[], reason?: string): Promise<void> =>
  recordTile(registry(), rows, reason);

const curve = (series: 'tile' | 'night', allVersions = false): Promise<Measurement[]> =>
  registry().photometry.lightCurve(sources[0] ?? 0, series, { allVersions });

async function statistics() {
  const stats = (await registry().variability.ofSource(sources[0] ?? 0))[0];
  if (stats === undefined) throw new Error('the source has no statistics');
  const { newestFluxJy: fluxJy, newestFluxErrJy: fluxErrJy } = stats;
  return statisticsOf(fluxJy === null ? stats : appendPoint(stats, { fluxJy, fluxErrJy }));
}

describe('measurements', () => {
  it('are superseded by those of a later run, with the reason; other sources keep theirs', async () => {
    await record(sources.map((sourceId) => aRow({ sourceId })));
    await record([aRow({ fluxJy: 2 })], 'a better calibration');

    const versions = await curve('tile', true);
    expect(versions.map(({ version, fluxJy, supersededReason }) => [version, fluxJy, supersededReason])).toEqual([
      [1, 1, 'a better calibration'],
      [2, 2, null],
    ]);
    const others = await registry().photometry.lightCurve(sources[1] ?? 0, 'tile', { allVersions: true });
    expect(others).toHaveLength(1);
  });

  it('lie in partitions by time, however far apart', async () => {
    await record([night(0, 1)]);
    await record([night(1000, 1)]);
    expect(await curve('tile')).toHaveLength(2);
    const { rows } = await sql<{
      name: string;
    }>`select distinct tableoid::regclass::text as name from photometry`.execute(registry().db);
    expect(rows).toHaveLength(2);
  });

  it('refuse a row that is measured without a flux, or not measured without a reason', async () => {
    await expect(record([aRow({ fluxJy: null })])).rejects.toThrow(/check/);
    await expect(record([aRow({ status: 'failed', fluxJy: null, reason: null })])).rejects.toThrow(/check/);
  });

  it('come out page by page, each once', async () => {
    await record(sources.map((sourceId) => aRow({ sourceId })));
    const rows = [];
    for await (const page of lightCurveRows(registry().db, true)) rows.push(...page);
    expect(rows).toHaveLength(2 * sources.length);
    expect(rows[0]).toMatchObject({ raDeg: 150, decDeg: 30 });
  });
});

describe('the point of a night', () => {
  it('combines the tiles of the night and leaves the day before alone', async () => {
    await record([night(-1, 5)]);
    await record([aRow({ epoch: 'first', fluxJy: 1 })]);
    await record([aRow({ epoch: 'second', fluxJy: 2, sigmaAddJy: 0.006, midMjd: START_MJD + 0.0036 })]);

    const points = await curve('night');
    expect(points).toHaveLength(2);
    expect(points[1]).toMatchObject({ status: 'measured', nTiles: 2 });
    expect(points[1]?.fluxJy).toBeCloseTo((1 / 9 + 2 / 36) / (1 / 9 + 1 / 36), 9);
  });

  it('takes a tile with a value before one without, and says why where there is none', async () => {
    const failed = { status: 'failed', fluxJy: null, reason: 'the image stage failed' } as const;
    await record([aRow({ epoch: 'first', ...failed })]);
    expect((await curve('night'))[0]).toMatchObject({ status: 'failed', reason: 'the image stage failed' });
    await record([aRow({ epoch: 'second' })]);
    expect((await curve('night'))[0]).toMatchObject({ status: 'measured', nTiles: 1 });
  });

  it('takes quick-look tiles only where there is nothing else', async () => {
    await record([aRow({ epoch: 'first', fluxJy: 7, flags: ['quick_look'] })]);
    expect((await curve('night'))[0]).toMatchObject({ fluxJy: 7, flags: ['quick_look'] });
    await record([aRow({ epoch: 'second', fluxJy: 1 })]);
    expect((await curve('night'))[0]).toMatchObject({ fluxJy: 1, flags: [] });
  });
});

describe('running statistics', () => {
  it('are those of all nights, whatever the order in which they came', async () => {
    for (const [index, flux] of [1, 1.2, 0.9, 1.1].entries()) await record([night(index, flux)]);
    const inOrder = await statistics();
    expect(inOrder.n).toBe(4);
    expect(inOrder.meanFluxJy).toBeCloseTo(1.05, 9);

    await registry().db.deleteFrom('photometry').execute();
    await registry().db.deleteFrom('variabilityStats').execute();
    for (const index of [2, 0, 3, 1]) await record([night(index, [1, 1.2, 0.9, 1.1][index] ?? 0)]);
    const outOfOrder = await statistics();
    expect(outOfOrder.n).toBe(4);
    expect(outOfOrder.eta).toBeCloseTo(inOrder.eta ?? 0, 6);
  });

  it('follow a night that is measured again, the newest one and an earlier one', async () => {
    for (const [index, flux] of [1, 1, 1].entries()) await record([night(index, flux)]);
    await record([night(2, 4)]);
    expect((await statistics()).meanFluxJy).toBeCloseTo(2, 9);
    await record([night(0, 4)]);
    expect((await statistics()).meanFluxJy).toBeCloseTo(3, 9);
  });

  it('do not count nights without a value, quick looks and the calibrator', async () => {
    await record([night(0, 1)]);
    await record([night(1, 1, { status: 'failed', fluxJy: null, reason: 'x' })]);
    await record([night(2, 9, { flags: ['quick_look'] })]);
    await record([night(3, 9, { flags: ['calibrator'] })]);
    expect((await statistics()).n).toBe(1);
  });
});

describe('baselines', () => {
  it('leave out the night itself and what lies months away', async () => {
    for (const [index, flux] of [1, 1, 1].entries()) await record([night(index, flux)]);
    await record([night(3, 9)]);
    await record([night(100, 9)]);
    const around = { series: 'night', stripId, sourceIds: sources } as const;
    const found = await registry().photometry.baselines({ ...around, aroundMjd: START_MJD + 3 * SIDEREAL_DAYS });
    expect(found.get(sources[0] ?? 0)).toMatchObject({ baselineNights: 3, baselineJy: 1 });
  });
});

describe('the ledger', () => {
  it('adds up what was measured and each reason', async () => {
    const reason = 'the primary beam is 0.27 there, below 0.3';
    await record([
      aRow({ sourceId: sources[0] ?? 0 }),
      aRow({ sourceId: sources[1] ?? 0, status: 'edge', reason }),
      aRow({ sourceId: sources[2] ?? 0, status: 'edge', reason: reason.replace('0.27', '0.21') }),
    ]);
    const totals = await registry().ledger.totals({ series: 'tile' });
    expect(totals).toEqual([
      { status: 'edge', count: 2 },
      { status: 'measured', count: 1 },
    ]);
    const entries = await registry().ledger.entries({ series: 'tile', by: 'epoch', limit: 10 });
    expect(entries).toHaveLength(2);
    expect(entries[0]).toMatchObject({ status: 'edge', count: 2, reason: 'the primary beam is N there, below N' });
  });
});

describe('photometry_status', () => {
  it('follows the job, through failure and retry', async () => {
    const product = aProduct({ kind: 'image' });
    await registry().transaction(({ products }) => products.insert(product));
    const ask = () =>
      askForPhotometry(registry(), {
        workflowId: `photometry/${product.id}/0`,
        productId: product.id,
        series: 'tile',
        config: {},
        requestedBy: 'jane',
        priority: 3,
      });
    const state = async () => (await registry().products.require(product.id)).photometryStatus;

    expect(await state()).toBeNull();
    const { job } = await ask();
    expect(await state()).toBe('pending');
    await registry().jobs.begin(job.id, 'run');
    expect(await state()).toBe('running');
    await registry().jobs.end(job.id, { status: 'failed', error: { code: 'TOOL_FAILED', message: 'x' } });
    expect(await state()).toBe('failed');
    expect((await ask()).outcome).toBe('begun_again');
    expect(await state()).toBe('pending');
    await registry().jobs.begin(job.id, 'run 2');
    await registry().jobs.end(job.id, { status: 'done' });
    expect(await state()).toBe('completed');
    expect((await registry().products.require(product.id)).photometryJobId).toBe(job.id);
  });
});
