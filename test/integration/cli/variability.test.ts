import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { CHECKOUT } from '../../../config/index.ts';
import { documentOf, runCli } from '../../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-variability-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const one = join(folder, 'one.csv');
writeFileSync(one, 'mjd,flux_jy,flux_err_jy\n61000,1,0.1\n61001,1.2,0.1\n');
const vast = join(CHECKOUT, 'test', 'fixtures', 'variability', 'vast.csv');

describe('meridian variability', () => {
  it('gives one document for a table of one source', async () => {
    const run = await runCli(['variability', '--csv', one, '--json']);

    expect(documentOf(run)).toMatchObject({
      file: one,
      n: 2,
      mean_flux_jy: 1.1,
      weighted_mean_flux_jy: 1.1,
      eta: expect.closeTo(2, 9),
      vs_max: expect.closeTo(Math.SQRT2, 9),
      m_at_vs_max: expect.closeTo(0.4 / 2.2, 9),
      p_values: { eta: expect.closeTo(0.1573, 4) },
    });
    expect(run.status).toBe(0);
  });

  it('gives one result per source, and the false alarms to expect beside those found', async () => {
    const run = await runCli(['variability', '--csv', vast, '--json']);
    const document = documentOf(run);

    expect(document['sources']).toHaveLength(4);
    expect(document['false_alarms']).toContainEqual({ statistic: 'eta', p: 0.01, found: 0, expected: 0.04 });

    const { stdout } = await runCli(['variability', '--csv', vast]);
    expect(stdout).toMatch(/J150\.000-30\.000 +4 +0\.999 Jy +1\.923 +0\.12/);
    expect(stdout).toMatch(/vs_max +0\.01 +0 +0\.04/);
  });

  it('prints what is not defined as null', async () => {
    const file = join(folder, 'single.csv');
    writeFileSync(file, 'mjd,flux_jy,flux_err_jy\n61000,1,0.1\n');
    const run = await runCli(['variability', '--csv', file, '--json']);
    expect(documentOf(run)).toMatchObject({ n: 1, std_flux_jy: null, eta: null, v: null, vs_max: null });
    expect(documentOf(run)).toMatchObject({ p_values: { eta: null, v: null, vs_max: null }, m_at_vs_max: null });
  });

  it('ends with status 2 for a table it cannot use', async () => {
    const file = join(folder, 'bad.csv');
    writeFileSync(file, 'mjd,flux_jy,flux_err_jy\n61000,1,0.1\n61001,2,-1\n');
    const run = await runCli(['variability', '--csv', file, '--json']);
    expect(run.status).toBe(2);
    expect(documentOf(run)).toMatchObject({
      error: { code: 'TABLE_INVALID', context: { file, line: 3, field: 'flux_err_jy' } },
    });
    const missing = await runCli(['variability', '--csv', join(folder, 'none.csv'), '--json']);
    expect([missing.status, documentOf(missing)]).toMatchObject([2, { error: { code: 'FILE_MISSING' } }]);
  });
});
