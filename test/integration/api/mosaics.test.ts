import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Mosaic, MosaicQa, MosaicSummary } from '../../../api/contracts/mosaics.ts';
import { Caltable } from '../../../api/contracts/caltables.ts';
import { caltableRow, imageRow, mosaicRow, openRegistry, uuid7 } from '../../../registry/index.ts';
import type { Registry } from '../../../registry/index.ts';
import { insertProductRow } from '../../../registry/product-rows.ts';
import { startGateway } from '../../support/gateway.ts';
import type { TestGateway } from '../../support/gateway.ts';
import { useTestDatabase } from '../../support/postgres.ts';
import {
  aHash,
  aJob,
  aMosaicGroup,
  aMosaicSummary,
  aProduct,
  aQaSummary,
  aSolveSummary,
  anImageSummary,
} from '../../support/rows.ts';

const database = useTestDatabase();
const store = mkdtempSync(join(tmpdir(), 'meridian-store-'));
const FITS = Buffer.from('SIMPLE  =                    T'.padEnd(2880, ' '));
const sha256 = createHash('sha256').update(FITS).digest('hex');

let gateway: TestGateway;
let registry: Registry;

beforeAll(async () => {
  const storeRoots = { store, published: store };
  registry = openRegistry({ databaseUrl: database().url, applicationName: 'test', storeRoots });
  gateway = await startGateway({ databaseUrl: database().url, storeRoots });
});

afterAll(async () => {
  await gateway.stop();
  await registry.close();
  rmSync(store, { recursive: true, force: true });
});

const file = (role: string, name: string) => ({ role, name, kind: 'file' as const, sizeBytes: FITS.length, sha256 });

async function addTile(groupId: string): Promise<string> {
  const id = uuid7();
  const files = [file('image_pb', 't-pb.fits'), file('image', 't.fits'), file('pb', 'pb.fits')];
  await registry.transaction(async ({ products, db }) => {
    await products.insert(aProduct({ id, kind: 'image', qa: 'pass', groupId, files, relativePath: `image/${id}` }));
    const facts = { name: 'tile', groupId, groupVersion: 1, msId: null, caltableIds: [], calibrator: null };
    await insertProductRow(db, id, imageRow(anImageSummary(), { ...facts, qualityTier: 'standard' }));
  });
  return id;
}

async function addMosaic(mosaicGroupId: string | null, tiles: readonly string[]): Promise<string> {
  const id = uuid7();
  const files = [file('mosaic', 'mosaic.fits'), file('weight', 'weight.fits'), file('coverage', 'coverage.fits')];
  mkdirSync(join(store, 'mosaic', id), { recursive: true });
  for (const { name } of files) writeFileSync(join(store, 'mosaic', id, name), FITS);
  await registry.transaction(async ({ products, mosaics, db }) => {
    await products.insert(aProduct({ id, kind: 'mosaic', files, relativePath: `mosaic/${id}`, parents: tiles }));
    const facts = { name: '3C286', mosaicGroupId, calibrator: '3C286' };
    await insertProductRow(db, id, mosaicRow(aMosaicSummary(tiles), facts));
    const check = { name: 'flux_ratio', value: 1.02, limit: '0.8 to 1.2', verdict: 'warn' as const, message: 'high' };
    await mosaics.recordQa(id, aQaSummary({ checks: [check] }));
  });
  return id;
}

/** A mosaic group with job, tiles, caltables and product, as its workflow leaves it. */
async function aFinishedMosaic(): Promise<{ groupId: string; jobId: string; mosaicId: string; tiles: string[] }> {
  const workflowId = `mosaic/3C286/${uuid7()}/abcdef01`;
  const { job } = await registry.jobs.request(aJob({ workflowId }));
  const { group } = await registry.mosaicGroups.request(aMosaicGroup({ workflowId, jobId: job.id }));
  const groups = ['2026-01-25T12:57:06', '2026-01-25T13:02:15'];
  const tiles = [await addTile(groups[0] ?? ''), await addTile(groups[1] ?? '')];
  const members = groups.map((groupId) => ({ groupId, groupVersion: 1, isTile: true, msId: null }));
  await registry.mosaicGroups.setMembers(group.id, members);
  for (const [index, groupId] of groups.entries())
    await registry.mosaicGroups.setTile(group.id, groupId, tiles[index] ?? '');
  const left = { groupId: '2026-01-25T13:07:25', code: 'IMAGE_DIVERGED', reason: 'cleaning diverged' };
  await registry.mosaicGroups.exclude(group.id, [left]);
  const caltableIds = await addCaltables();
  const mosaicId = await addMosaic(group.id, tiles);
  await registry.mosaicGroups.record(group.id, { mosaicId, caltableIds });
  for (const state of ['formed', 'calibrated', 'imaged', 'mosaicked', 'done'] as const) {
    await registry.mosaicGroups.advance(group.id, state);
  }
  await registry.jobs.end(job.id, { status: 'done' });
  return { groupId: group.id, jobId: job.id, mosaicId, tiles };
}

async function addCaltables(): Promise<string[]> {
  const solve = aSolveSummary();
  const setId = uuid7();
  const ids: string[] = [];
  for (const table of solve.tables) {
    const id = uuid7();
    const files = [
      {
        role: `caltable_${table.type}`,
        name: `${table.type}.cal`,
        kind: 'folder' as const,
        sizeBytes: 1,
        sha256: aHash('c'),
      },
    ];
    await registry.transaction(async ({ products, db }) => {
      await products.insert(aProduct({ id, kind: 'caltable', qa: 'pass', files, relativePath: `caltable/${id}` }));
      const facts = {
        setId,
        groupId: '2026-01-25T13:02:15',
        groupVersion: 1,
        msId: null,
        fluxScale: null,
        parameters: {},
      };
      await insertProductRow(db, id, caltableRow(solve, table, facts));
    });
    ids.push(id);
  }
  return ids;
}

const getJson = async (path: string): Promise<unknown> => (await gateway.fetch(path)).json();

describe('a mosaic', () => {
  it('is shown with tiles, caltables, QA, what was left out, and its job', async () => {
    const { groupId, mosaicId, tiles } = await aFinishedMosaic();

    const mosaic = Mosaic.parse(await getJson(`/api/mosaics/${groupId}`));

    expect(mosaic).toMatchObject({
      id: groupId,
      status: 'done',
      product_id: mosaicId,
      calibrator: '3C286',
      fits: join(store, 'mosaic', mosaicId, 'mosaic.fits'),
      weight: join(store, 'mosaic', mosaicId, 'weight.fits'),
      qa: {
        verdict: 'warn',
        checks: [{ name: 'flux_ratio', value: 1.02 }],
        metrics: { flux_ratio: 1.02, n_matched: 20 },
      },
      excluded: [{ group_id: '2026-01-25T13:07:25', code: 'IMAGE_DIVERGED' }],
      job: { status: 'done' },
    });
    expect(mosaic.tiles.map(({ id, qa }) => [id, qa.verdict])).toEqual(tiles.map((id) => [id, 'pass']));
    expect(mosaic.tiles[0]?.fits).toContain('t-pb.fits');
    expect(mosaic.caltables.map(({ type }) => type)).toEqual(['K', 'B', 'G']);
  });

  it('is found by its own id, by its product and by its job', async () => {
    const { groupId, mosaicId, jobId } = await aFinishedMosaic();
    for (const id of [groupId, mosaicId, jobId]) {
      expect(await getJson(`/api/mosaics/${id}`)).toMatchObject({ id: groupId });
    }
    expect(MosaicQa.parse(await getJson(`/api/mosaics/${groupId}/qa`))).toMatchObject({ verdict: 'warn' });
  });

  it('that was built from a plan stands for itself', async () => {
    const tiles = [await addTile('2026-01-25T12:57:06'), await addTile('2026-01-25T13:02:15')];
    const id = await addMosaic(null, tiles);

    const mosaic = Mosaic.parse(await getJson(`/api/mosaics/${id}`));

    expect(mosaic).toMatchObject({ id, status: 'done', product_id: id, n_tiles: 2 });
    expect(mosaic.tiles.map((tile) => tile.id).sort()).toEqual([...tiles].sort());
    expect((await gateway.fetch(`/api/mosaics/${id}/fits`)).status).toBe(200);
  });

  it('is listed by time, calibrator and state, a page at a time', async () => {
    await aFinishedMosaic();
    await aFinishedMosaic();
    const query = async (body: object) => {
      const { data } = await gateway.client.POST('/api/mosaics/query', { body });
      return data ?? { items: [], next_cursor: null };
    };
    const first = await query({ calibrator: '3C286', limit: 1, status: 'done' });
    expect(first.items.map((row) => MosaicSummary.parse(row).status)).toEqual(['done']);
    const second = await query({ limit: 1, cursor: first.next_cursor ?? '' });
    expect(second.items[0]?.id).not.toBe(first.items[0]?.id);
    expect((await query({ start_utc: '2030-01-01' })).items).toEqual([]);
    expect((await query({ calibrator: '3C48' })).items).toEqual([]);
  });
});

describe('the file of a mosaic', () => {
  it('comes whole, with the hash as its ETag', async () => {
    const { groupId } = await aFinishedMosaic();
    const response = await gateway.fetch(`/api/mosaics/${groupId}/fits`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/fits');
    expect(response.headers.get('etag')).toBe(`"${sha256}"`);
    expect(response.headers.get('content-length')).toBe(String(FITS.length));
    expect(Buffer.from(await response.arrayBuffer()).equals(FITS)).toBe(true);
    expect((await gateway.fetch(`/api/mosaics/${groupId}/fits?map=weight`)).status).toBe(200);
  });

  it('comes in part, or not at all when it is held already', async () => {
    const { groupId } = await aFinishedMosaic();
    const path = `/api/mosaics/${groupId}/fits`;
    const part = await gateway.fetch(path, { headers: { range: 'bytes=0-5' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      `bytes 0-5/${FITS.length}`,
      'SIMPLE',
    ]);
    expect((await gateway.fetch(path, { headers: { 'if-none-match': `"${sha256}"` } })).status).toBe(304);
    const stale = await gateway.fetch(path, { headers: { range: 'bytes=0-5', 'if-range': '"another"' } });
    expect(stale.status).toBe(200);
    await stale.arrayBuffer();
    const outside = await gateway.fetch(path, { headers: { range: 'bytes=99999-' } });
    expect(outside.status).toBe(416);
    expect(await outside.json()).toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('is answered to HEAD too', async () => {
    const { groupId } = await aFinishedMosaic();
    const response = await gateway.fetch(`/api/mosaics/${groupId}/fits`, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-length')]).toEqual([200, String(FITS.length)]);
  });

  it('that is registered and gone is a clear error', async () => {
    const { groupId, mosaicId } = await aFinishedMosaic();
    rmSync(join(store, 'mosaic', mosaicId), { recursive: true });
    const response = await gateway.fetch(`/api/mosaics/${groupId}/fits`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'FILE_MISSING' });
  });

  it('is not there before the mosaic is', async () => {
    const { group } = await registry.mosaicGroups.request(aMosaicGroup());
    const response = await gateway.fetch(`/api/mosaics/${group.id}/fits`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'NOT_FOUND', context: { state: 'pending' } });
  });
});

describe('caltables', () => {
  it('are listed, and given in the order in which they are applied', async () => {
    await addCaltables();
    const list = (await getJson('/api/caltables?type=B')) as { items: unknown[] };
    expect(list.items.map((row) => Caltable.parse(row).type)).toContain('B');

    const active = (await getJson('/api/caltables/active?mjd=61066&dec_deg=16.1')) as { items: { type: string }[] };
    expect(active.items.map(({ type }) => type)).toEqual(['K', 'B', 'G']);
  });

  it('give the reason when none is valid', async () => {
    expect(await getJson('/api/caltables/active?mjd=50000')).toEqual({
      mjd: 50000,
      items: [],
      reason: 'no caltable is valid at this time',
    });
    expect(await getJson('/api/caltables/active?mjd=61066&dec_deg=-30')).toMatchObject({ items: [] });
  });
});

describe('data roots', () => {
  it('are registered once, whatever the spelling of the folder', async () => {
    const post = (path: string) =>
      gateway.fetch('/api/data-roots', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ path }),
      });
    const first = (await (await post(store)).json()) as { id: string; path: string };
    const second = (await (await post(`${store}/../${store.split('/').at(-1) ?? ''}/`)).json()) as { id: string };
    expect(second.id).toBe(first.id);
    const { items } = (await getJson('/api/data-roots')) as { items: { id: string }[] };
    expect(items.map(({ id }) => id)).toContain(first.id);
    expect((await post(join(store, 'nothing'))).status).toBe(404);
  });
});
