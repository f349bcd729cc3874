/** From raw files to a published mosaic, by the command line on real services; then the same with everything killed once. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { isAlive } from '../../activities/process/proc-table.ts';
import { describeContent } from '../../activities/store/content-hash.ts';
import { eventually } from '../support/eventually.ts';
import { fitsPixels, largestDifference } from '../support/fits-pixels.ts';
import { Installation, type Mosaic } from './installation.ts';

jest.setTimeout(900_000);

/** Coarse and shallow: what is tested here is that nothing is lost, not how good an image can be. */
const QUICK = ['--quality-tier', 'development', '--imsize', '1200', '--cell', '11'];
/** Never reached by a shallow clean: another request for the same pixels. */
const OTHER_WORDS = ['--niter', '1999'];
const GROUPS = 3;

const undisturbed = new Installation();
const disturbed = new Installation();
const incoming = join(undisturbed.home.paths.home, 'transit');

afterAll(async () => {
  await undisturbed.remove();
  await disturbed.remove();
});

let first: Mosaic;
let firstProducts: string[];

beforeAll(async () => {
  const sky = ['--calibrator', '3C286', '--near', '2026-01-25T12:00:00', '--groups', String(GROUPS)];
  await undisturbed.json('simulate', ...sky, '--antennas', '40', '--channels-per-subband', '4', '--output', incoming);
  first = await undisturbed.createMosaic(incoming, ...QUICK);
  await settled(undisturbed);
  firstProducts = await productsOf(undisturbed);
});

/** Photometry follows tiles and mosaics by itself: waits until nothing is under way. */
async function settled(installation: Installation): Promise<void> {
  const isOver = (): Promise<boolean> =>
    installation.registry(async ({ jobs }) => {
      const { items } = await jobs.list({ type: 'photometry', limit: 500 });
      return items.length > 0 && items.every(({ status }) => status !== 'pending' && status !== 'running');
    });
  for (let waited = 0; !(await isOver()); waited += 1) {
    if (waited > 240) throw new Error('photometry is still under way after two minutes');
    await sleep(500);
  }
}

/** What was made, without what must differ from one installation to another. */
const productsOf = (installation: Installation): Promise<string[]> =>
  installation.registry(async ({ products }) => {
    const { items } = await products.list({ limit: 500 });
    return items
      .map(({ kind, state, qa, groupId, stage, files, filesMissingAt }) =>
        [kind, state, qa, groupId, stage, filesMissingAt === null, ...files.map(({ role }) => role)].join(' '),
      )
      .sort();
  });

/** Stages that ran to their end, and how often each did. */
const finishedStages = (installation: Installation): Promise<Map<string, number>> =>
  installation.registry(async ({ db }) => {
    const rows = await db
      .selectFrom('effectAttempts')
      .select(['effectKey', (of) => of.fn.countAll<string>().as('times')])
      .where('state', '=', 'done')
      .groupBy('effectKey')
      .execute();
    return new Map(rows.map(({ effectKey, times }) => [effectKey, Number(times)]));
  });

/** Files that are not what the registry says of them. */
const wrongFiles = (installation: Installation): Promise<string[]> =>
  installation.registry(async ({ products }) => {
    const { items } = await products.list({ limit: 500 });
    // Measurement sets that were only steps are given up once their tile is there; the registry says so.
    const files = items.filter(({ filesMissingAt }) => filesMissingAt === null).flatMap((product) => product.files);
    const right = await Promise.all(
      files.map(async ({ path, sha256 }) => (await describeContent(path)).sha256 === sha256),
    );
    return files.filter((_, index) => !right[index]).map(({ path }) => path);
  });

/** Largest difference of pixels: of the mosaics and of their tiles, in the order of time. */
const differences = (one: Mosaic, other: Mosaic): number[] =>
  [{ fits: one.fits }, ...one.tiles].map(({ fits }, index) => {
    const second = index === 0 ? other.fits : other.tiles[index - 1]?.fits;
    return largestDifference(fitsPixels(fits ?? ''), fitsPixels(second ?? ''));
  });

describe('a mosaic asked for on the command line', () => {
  it('is published with its tiles, tables and verdict', () => {
    const { status, qa, tiles, caltables, excluded, product_state: state } = first;

    expect({ status, state, excluded }).toEqual({ status: 'done', state: 'published', excluded: [] });
    expect(qa.verdict).not.toBe('fail');
    expect(tiles.map(({ fits }) => fits !== null)).toEqual(Array.from({ length: GROUPS }, () => true));
    expect(caltables.map(({ type }) => type).sort()).toEqual(['B', 'G', 'K']);
  });

  it('is the same one when it is asked for again', async () => {
    const again = await undisturbed.json<{ id: string; workflow_id: string; created: boolean }>(
      ...['mosaic', 'create', '--calibrator', '3C286', '--incoming', incoming, '--no-wait', ...QUICK],
    );

    expect(again).toMatchObject({ id: first.id, workflow_id: first.workflow_id, created: false });
  });

  it('is another one with other parameters, of the same tiles where those stay', async () => {
    const before = await finishedStages(undisturbed);
    const mean = await undisturbed.createMosaic(incoming, ...QUICK, '--method', 'mean');
    await settled(undisturbed);
    const after = await finishedStages(undisturbed);

    expect(mean.id).not.toBe(first.id);
    expect(mean.workflow_id).not.toBe(first.workflow_id);
    expect(mean.tiles.map(({ id }) => id)).toEqual(first.tiles.map(({ id }) => id));
    // The mosaic, the look at it and its photometry are all that was made.
    expect(after.size - before.size).toBe(3);
  });
});

describe('a mosaic of files that were copied to another folder', () => {
  it('is another one, of the tiles that there are', async () => {
    const copy = join(undisturbed.home.paths.home, 'copied');
    cpSync(incoming, copy, { recursive: true });
    const before = await finishedStages(undisturbed);
    const mosaic = await undisturbed.createMosaic(copy, ...QUICK);
    const after = await finishedStages(undisturbed);

    expect(mosaic).toMatchObject({ status: 'done', product_state: 'published', qa: { verdict: first.qa.verdict } });
    expect(mosaic.tiles.map(({ id }) => id)).toEqual(first.tiles.map(({ id }) => id));
    // Only by converting them again is it known that the files hold the same.
    expect(after.size - before.size).toBe(GROUPS);
  });
});

/** Kills each in the middle of imaging, one after the other. */
async function killEverythingOnce(): Promise<{ aliveAfterWorker: unknown[] }> {
  const seen = new Set<number>();
  const aliveAfterWorker: unknown[] = [];
  for (const victim of ['wsclean', 'worker', 'temporal', 'postgres'] as const) {
    let imager = 0;
    await eventually(`an image is being made, to kill ${victim}`, () => {
      imager = disturbed.imagers().find(({ pid }) => !seen.has(pid))?.pid ?? 0;
      return imager !== 0;
    });
    seen.add(imager);
    await eventually(`${victim} can be killed`, async () => {
      const pid = victim === 'wsclean' ? imager : await disturbed.pidOf(victim);
      if (pid === 0) return false;
      const jobs = disturbed.stageProcesses();
      process.kill(pid, 'SIGKILL');
      if (victim !== 'worker') return true;
      await sleep(2000);
      aliveAfterWorker.push(jobs.length === 0 ? 'there was nothing to end' : undefined, ...jobs.filter(isAlive));
      return true;
    });
  }
  return { aliveAfterWorker: aliveAfterWorker.filter((each) => each !== undefined) };
}

describe('a mosaic during which WSClean, worker, Temporal and PostgreSQL are killed', () => {
  it('finishes by itself with the same products, nothing made twice and nothing left running', async () => {
    const asked = disturbed.createMosaic(incoming, ...QUICK);
    const { aliveAfterWorker } = await killEverythingOnce();
    const mosaic = await asked;
    const repeated = await undisturbed.createMosaic(incoming, ...QUICK, ...OTHER_WORDS);
    const scatter = differences(first, repeated);
    const found = differences(first, mosaic);

    expect(mosaic).toMatchObject({ status: 'done', product_state: 'published', qa: { verdict: first.qa.verdict } });
    await settled(disturbed);
    expect(aliveAfterWorker).toEqual([]);
    expect([...(await finishedStages(disturbed)).values()].filter((times) => times > 1)).toEqual([]);
    expect(await productsOf(disturbed)).toEqual(firstProducts);
    expect(await wrongFiles(disturbed)).toEqual([]);
    // WSClean adds in the order its threads come by; three times what one repetition showed, of the brightest pixel 1e-6.
    found.forEach((difference, index) => {
      expect(difference).toBeLessThanOrEqual(3 * (scatter[index] ?? 0) + 1.5e-5);
    });
  });
});
