import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readFluxTable } from '../../../cli/tables/flux-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-flux-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const made = (text: string | Buffer): string => {
  const file = join(folder, 'table.csv');
  writeFileSync(file, text);
  return file;
};
const HEADER = 'mjd,flux_jy,flux_err_jy';

describe('readFluxTable', () => {
  it('takes columns by name in any order, ignores others, blanks, quotes, a byte-order mark and empty lines', async () => {
    const file = made('\ufeffnote, flux_err_jy ,"flux_jy",mjd\r\n"a, b",0.1, 1.5 ,61000\r\n\r\n,1e-1,-2,61001.5\r\n');

    expect(await readFluxTable(file)).toEqual([
      {
        sourceId: null,
        points: [
          { mjd: 61_000, fluxJy: 1.5, fluxErrJy: 0.1 },
          { mjd: 61_001.5, fluxJy: -2, fluxErrJy: 0.1 },
        ],
      },
    ]);
  });

  it('keeps sources apart, in the order in which they come', async () => {
    const file = made(`source_id,${HEADER}\nb,61000,1,0.1\na,61000,2,0.1\nb,61001,3,0.1\n`);
    const sources = await readFluxTable(file);
    expect(sources.map(({ sourceId, points }) => [sourceId, points.length])).toEqual([
      ['b', 2],
      ['a', 1],
    ]);
  });

  it.each<[string, string, string, number, string | undefined]>([
    ['an empty file', '', 'FILE_EMPTY', 1, 'mjd'],
    ['only a header', `${HEADER}\n`, 'FILE_EMPTY', 2, 'mjd'],
    ['no header', '61000,1,0.1\n', 'HEADER_FIELD_MISSING', 1, 'mjd'],
    ['a missing column', 'mjd,flux_jy\n61000,1\n', 'HEADER_FIELD_MISSING', 1, 'flux_err_jy'],
    ['a doubled column', `${HEADER},mjd\n61000,1,0.1,2\n`, 'TABLE_INVALID', 1, 'mjd'],
    ['NaN', `${HEADER}\n61000,1,0.1\n61001,NaN,0.1\n`, 'DATA_NOT_FINITE', 3, 'flux_jy'],
    ['an empty cell', `${HEADER}\n61000,1,\n`, 'DATA_NOT_FINITE', 2, 'flux_err_jy'],
    ['a word', `${HEADER}\nsoon,1,0.1\n`, 'DATA_NOT_FINITE', 2, 'mjd'],
    ['infinity', `${HEADER}\n61000,Infinity,0.1\n`, 'DATA_NOT_FINITE', 2, 'flux_jy'],
    ['an error of zero', `${HEADER}\n61000,1,0\n`, 'TABLE_INVALID', 2, 'flux_err_jy'],
    ['a negative error', `${HEADER}\n61000,1,-0.1\n`, 'TABLE_INVALID', 2, 'flux_err_jy'],
    ['an epoch twice', `${HEADER}\n61000,1,0.1\n61000,1,0.1\n`, 'TABLE_INVALID', 3, 'mjd'],
    ['time that runs backwards', `${HEADER}\n61001,1,0.1\n61000,1,0.1\n`, 'TABLE_INVALID', 3, 'mjd'],
    ['a row that is too short', `${HEADER}\n61000,1,0.1\n61001,1\n`, 'TABLE_INVALID', 3, undefined],
    ['a quote that does not end', `${HEADER}\n61000,1,"0.1\n`, 'TABLE_INVALID', 2, undefined],
  ])('refuses %s', async (_name, text, code, line, field) => {
    const file = made(text);
    await expect(readFluxTable(file)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`${file}, line ${line}: `),
      context: field === undefined ? { file, line } : { file, line, field },
    });
  });

  it('refuses a file that is not there', async () => {
    await expect(readFluxTable(join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
