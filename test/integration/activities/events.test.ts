/** Scattering events in light curves of a real registry: found once, checked against neighbours, told of once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../../domain/variability/random.ts';
import { uuid7, type EseCandidate } from '../../../registry/index.ts';
import { ActivityBench } from '../../support/activity-bench.ts';
import { loadLines } from '../../support/catalogs.ts';
import { aNight, recordTile, SIDEREAL_DAYS, START_MJD } from '../../support/measurements.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { aJob } from '../../support/rows.ts';

const NIGHTS = 40;
const DIP = { from: 20, to: 29, depth: 0.3 };

let database: TestDatabase;
let bench: ActivityBench;
let stripId: number;
let sources: number[];
let jobId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  bench = new ActivityBench(mkdtempSync(join(tmpdir(), 'meridian-test-')), database.url);
  // Nine sources within a degree: one that dips, and neighbours.
  const lines = Array.from({ length: 9 }, (_, index) => ({
    catalog_id: `s${index}`,
    ra_deg: 150 + 0.2 * (index % 3),
    dec_deg: 30 + 0.2 * Math.floor(index / 3),
    flux_jy: 1,
    freq_hz: 1.4e9,
  }));
  await loadLines({ databaseUrl: database.url, folder: bench.home, catalog: 'nvss', lines });
  const found = await bench.registry.sources.inFootprint({ raDeg: 150.2, decDeg: 30.2, radiusDeg: 2, catalog: 'nvss' });
  sources = found.map(({ id }) => id).sort((a, b) => a - b);
  stripId = await bench.registry.transaction(({ strips }) => strips.idFor(30.4));
}, 120_000);

afterAll(async () => {
  await bench.close();
  await database.drop();
  rmSync(bench.home, { recursive: true, force: true });
});

beforeEach(async () => {
  const { db } = bench.registry;
  for (const table of ['alerts', 'eseCandidates', 'variabilityStats', 'photometry'] as const) {
    await db.deleteFrom(table).execute();
  }
  const { job } = await bench.registry.transaction(({ jobs }) =>
    jobs.request(aJob({ id: uuid7(), type: 'ese-detect', workflowId: `ese/all/${uuid7()}` })),
  );
  jobId = job.id;
});

/** A season of all sources; the factor says what each of them shows on a night. */
async function observe(factor: (source: number, night: number) => number, nights = NIGHTS): Promise<void> {
  const random = new SeededRandom(3);
  for (let index = 0; index < nights; index += 1) {
    const rows = sources.map((sourceId, source) =>
      aNight({ sourceId, stripId }, { index, fluxJy: factor(source, index) * (1 + 0.01 * random.normal()) }),
    );
    await recordTile(bench.registry, rows);
  }
}

const inDip = (night: number): boolean => night >= DIP.from && night < DIP.to;
const search = (overrides = {}) =>
  bench.run('detectEvents', { jobId, runId: null, sourceId: null, minSigma: null, preset: 'moderate', ...overrides });
const candidates = (): Promise<EseCandidate[]> => bench.registry.eseCandidates.list({ limit: 10 });
const alerts = () => bench.registry.db.selectFrom('alerts').selectAll().execute();

describe('a dip of one source', () => {
  beforeEach(() => observe((source, night) => (source === 4 && inDip(night) ? 1 - DIP.depth : 1)), 60_000);

  it('is found where and as deep as it is, with quiet neighbours, and told of once', async () => {
    const first = await search();
    expect(first).toMatchObject({ nSearched: 9, nCandidates: 1, nNew: 1 });
    expect(first.expectedFalseAlarms).toBeLessThan(0.2);

    const [candidate, ...others] = await candidates();
    expect(others).toEqual([]);
    expect(candidate).toMatchObject({
      sourceId: sources[4],
      kind: 'dip',
      status: 'active',
      neighboursVerdict: 'quiet',
    });
    expect(Math.abs((candidate?.depth ?? 0) - DIP.depth)).toBeLessThan(3 * (candidate?.depthErr ?? 0));
    expect(Math.abs((candidate?.startMjd ?? 0) - (START_MJD + DIP.from * SIDEREAL_DAYS))).toBeLessThan(2);

    expect(await search()).toMatchObject({ nCandidates: 1, nNew: 0 });
    expect(await candidates()).toHaveLength(1);
    expect(await alerts()).toHaveLength(1);
  });

  it('that somebody has dismissed stays dismissed', async () => {
    await search();
    const [candidate] = await candidates();
    await bench.registry.eseCandidates.judge(candidate?.id ?? '', {
      status: 'dismissed',
      requestedBy: 'jane',
      reason: 'a satellite',
    });
    await search();
    expect(await candidates()).toMatchObject([{ status: 'dismissed', judgedBy: 'jane' }]);
    expect(await alerts()).toHaveLength(1);
  });

  it('is shown by a replay, which touches nothing', async () => {
    const replayed = await search({ replay: true });
    expect(replayed.changes).toMatchObject([{ change: 'appears', sourceId: sources[4], kind: 'dip' }]);
    expect(await candidates()).toEqual([]);
    await search();
    expect((await search({ replay: true, minSigma: 60 })).changes).toMatchObject([{ change: 'disappears' }]);
    expect(await candidates()).toHaveLength(1);
  });
});

describe('a dip of all sources', () => {
  it('is calibration: it raises no alert', async () => {
    await observe((_source, night) => (inDip(night) ? 1 - DIP.depth : 1));
    await search();
    for (const candidate of await candidates()) expect(candidate.neighboursVerdict).toBe('calibration');
    expect(await alerts()).toEqual([]);
  }, 60_000);
});

describe('constant sources', () => {
  it('give no candidate, and what cannot be searched yet is counted', async () => {
    await observe(() => 1);
    expect(await search()).toMatchObject({ nSearched: 9, nCandidates: 0 });
    await bench.registry.db
      .deleteFrom('photometry')
      .where('midMjd', '>', START_MJD + 5)
      .execute();
    expect(await search()).toMatchObject({ nSearched: 0, nInsufficient: 9, nCandidates: 0 });
  }, 60_000);
});
