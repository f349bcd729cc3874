import { expect, it } from '@jest/globals';
import { Problem } from '../../../api/contracts/common.ts';
import { loadLines } from '../../support/catalogs.ts';
import { useGateway } from '../../support/gateway.ts';
import { useTestDatabase } from '../../support/postgres.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const database = useTestDatabase();
const gateway = useGateway(() => ({ databaseUrl: database().url }));
const folder = temporaryFolders();

it('says of each catalogue whether it is there, and how to get it', async () => {
  const { data } = await gateway().client.GET('/api/catalogs');

  expect(data?.items.map(({ name, status }) => [name, status])).toEqual([
    ['nvss', 'missing'], ['first', 'missing'], ['rax', 'missing'], ['vlass', 'missing'], ['master', 'missing'],
  ]); // prettier-ignore
  expect(data?.items[2]?.how_to_get).toContain('meridian catalog import --name rax FILE');
});

it('searches a catalogue by either spelling of the fields', async () => {
  const lines = [0.3, 0.1, 0.2].map((flux_jy, index) => ({ ra_deg: (359.9 + index / 20) % 360, dec_deg: 40, flux_jy }));
  await loadLines({ databaseUrl: database().url, folder: folder(), catalog: 'first', lines, rejected: { odd: 2 } });
  const search = async (query: string): Promise<{ items: { ra_deg: number; source_id: number }[] }> =>
    (await (await gateway().fetch(`/api/catalogs/first/search?${query}`)).json()) as never;

  const { items } = await search('ra_deg=0&dec_deg=40&radius_deg=1');
  const { data } = await gateway().client.GET('/api/catalogs');

  expect(items.map(({ ra_deg }) => ra_deg)).toEqual([0, 359.95, 359.9].map((raDeg) => expect.closeTo(raDeg, 9)));
  expect(await search('ra=0&dec=40&radius=1&min_flux=0.15')).toMatchObject({ items: [items[0], items[2]] });
  expect(await search('ra=0&dec=40&radius=1&limit=1')).toEqual({ catalog: 'first', items: [items[0]] });
  expect(data?.items[1]).toMatchObject({ status: 'present', version: 1, n_sources: 3, rejected: { odd: 2 } });
});

it.each([
  ['rax/search?ra=0&dec=0', 404, 'CATALOG_MISSING', 'meridian catalog fetch --name rax'],
  ['first/search?ra=0&dec=91', 400, 'REQUEST_INVALID', 'dec_deg'],
  ['first/search?ra=0', 400, 'REQUEST_INVALID', 'dec_deg'],
  ['sumss/search?ra=0&dec=0', 400, 'REQUEST_INVALID', 'name'],
])('answers %s with %i %s', async (path, status, code, words) => {
  const response = await gateway().fetch(`/api/catalogs/${path}`);
  const problem = Problem.parse(await response.json());

  expect([response.status, problem.code]).toEqual([status, code]);
  expect(problem.detail).toContain(words);
});
