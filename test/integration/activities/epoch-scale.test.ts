/** The flux scale of an epoch against real rows of the nights before it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { ExpectedSource, Field } from '../../../activities/photometry/field.ts';
import type { Found, RunFacts } from '../../../activities/photometry/rows.ts';
import { epochScale, type EpochScale } from '../../../activities/photometry/scale.ts';
import type { PhotometryRow } from '../../../domain/generated/stages.ts';
import { SeededRandom } from '../../../domain/variability/random.ts';
import { askForPhotometry, type SourceRow } from '../../../registry/index.ts';
import { loadLines } from '../../support/catalogs.ts';
import { aNight, recordTile, SIDEREAL_DAYS, START_MJD } from '../../support/measurements.ts';
import { useRegistry, useTestDatabase } from '../../support/postgres.ts';
import { aProduct } from '../../support/rows.ts';

const database = useTestDatabase();
const registry = useRegistry(database);
const COUNT = 30;
let folder: string;
let sources: ExpectedSource[];
let facts: RunFacts;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-test-'));
  const lines = Array.from({ length: COUNT }, (_, index) => ({
    catalog_id: `s${index}`,
    ra_deg: 150 + 0.05 * index,
    dec_deg: 30,
    flux_jy: 1,
    freq_hz: 1.4e9,
    crowding: index === 0 ? 2 : 0,
  }));
  await loadLines({ databaseUrl: database().url, folder, catalog: 'nvss', lines });
  const around = { raDeg: 150.7, decDeg: 30, radiusDeg: 3, catalog: 'nvss' } as const;
  const asExpected = (source: SourceRow): ExpectedSource => ({ ...source, crowding: source.crowding ?? 0, beam: 0.9 });
  sources = (await registry().sources.inFootprint(around)).map(asExpected);
  const product = aProduct({ kind: 'image' });
  await registry().transaction(({ products }) => products.insert(product));
  const { run, job } = await askForPhotometry(registry(), {
    ...{ workflowId: 'photometry/x/0', productId: product.id, series: 'tile', config: {} },
    ...{ requestedBy: 'jane', priority: 3 },
  });
  const stripId = await registry().transaction(({ strips }) => strips.idFor(30.4));
  const field = { series: 'tile', epoch: 'tonight', midMjd: START_MJD + 5 * SIDEREAL_DAYS } as Field;
  const own = { ownCalibrationAntennas: null, calibrator: '3C286' };
  facts = { field: { ...field, ...own }, runId: run.id, jobId: job.id, stripId, calibratorPosition: null };
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  for (const table of ['normFactors', 'variabilityStats', 'photometry'] as const) {
    await registry().db.deleteFrom(table).execute();
  }
});

async function nights(count: number): Promise<void> {
  const random = new SeededRandom(5);
  for (let index = 0; index < count; index += 1) {
    const rows = sources.map(({ id }) =>
      aNight({ sourceId: id, stripId: facts.stripId }, { index, fluxJy: 1 + 0.01 * random.normal() }),
    );
    await recordTile(registry(), rows);
  }
}

/** Tonight every source shows this much of its flux. */
function tonight(share: number): Promise<EpochScale> {
  const random = new SeededRandom(6);
  const row = { status: 'measured', peak_flux_err_jy: 0.01 } as PhotometryRow;
  const found = new Map<number, Found>(
    sources.map(({ id }) => [id, { kind: 'row', row: { ...row, peak_flux_jy: share * (1 + 0.01 * random.normal()) } }]),
  );
  return registry().transaction((repositories) => epochScale(repositories, { found, sources, facts }));
}

it('is the share of their flux that references show, and is used because left-out sources become steadier', async () => {
  await nights(5);
  const scale = await tonight(0.9);
  expect(scale.record).toMatchObject({ applied: true, series: 'tile', epoch: 'tonight' });
  expect(scale.record?.criterion).toMatch(/^on: /);
  // 19 references of 1.4 % each: the median is good to half a per cent.
  expect(Math.abs((scale.record?.factor ?? 0) - 0.9)).toBeLessThan(0.015);
  expect(scale.of(-1)).toMatchObject({ factor: scale.record?.factor });
});

it('leaves out crowded sources, those that are held out, and of each source the source itself', async () => {
  await nights(5);
  const { record, of } = await tonight(0.9);
  const ids = record?.referenceIds ?? [];
  expect(ids.filter((id) => id % 3 === 0)).toEqual([]);
  expect(ids).not.toContain(sources.find(({ crowding }) => crowding > 0)?.id);
  expect(ids.length).toBeGreaterThan(15);
  expect(of(ids[0] ?? 0)?.factor).not.toBe(record?.factor);
});

it('is kept and not used on a night when nothing is wrong', async () => {
  await nights(5);
  const scale = await tonight(1);
  expect(scale.record?.criterion).toMatch(/^off: /);
  expect(scale.of(-1)).toEqual({ factor: 1, factorErr: 0 });
});

it('does not exist before the sources have three nights', async () => {
  await nights(2);
  const scale = await tonight(0.9);
  expect(scale).toMatchObject({ record: null, nReferences: 0 });
  expect(scale.of(-1)).toBeNull();
});
