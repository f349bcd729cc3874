import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { documentOf, runCli } from '../../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const made = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const text = made('text.hdf5', 'this is no HDF5 file');
const empty = made('2026-01-25T13:00:00_sb00.hdf5', '');
const fits = made('no-wcs.fits', `${'SIMPLE  =                    T'.padEnd(80)}${'END'.padEnd(80)}`.padEnd(2880));
/** A home without services. */
const env = { MERIDIAN_HOME: process.env['MERIDIAN_HOME'] };
const nobody = ['--server', 'http://127.0.0.1:1'];

const BAD: readonly (readonly [string[], number, string])[] = [
  [['nonsense'], 2, 'REQUEST_INVALID'],
  [['mosaic'], 2, 'REQUEST_INVALID'],
  [['mosaic', 'nonsense'], 2, 'REQUEST_INVALID'],
  [['image', '--ms', 'a.ms'], 2, 'REQUEST_INVALID'],
  [['image', '--ms', 'a.ms', '--imagename', 'x', '--robust', '5'], 2, 'REQUEST_INVALID'],
  [['image', '--ms', 'a.ms', '--imagename', 'x', '--quality-tier', 'best'], 2, 'REQUEST_INVALID'],
  [['image', '--ms', 'a.ms', '--imagename', 'x', '--spam'], 2, 'REQUEST_INVALID'],
  [['image', '--ms', join(folder, 'none.ms'), '--imagename', 'x'], 2, 'FILE_MISSING'],
  [['convert', 'single', '--input', join(folder, 'none'), '--output', join(folder, 'a.ms')], 2, 'FILE_MISSING'],
  [['convert', 'single', '--input', text, '--output', text], 2, 'CONFLICT'],
  [['convert', 'groups', '--input-dir', folder, '--output-dir', folder, '--start-time', 'soon'], 2, 'REQUEST_INVALID'],
  [['calibrate', 'solve', '--ms', folder, '--calibrator', '3C999'], 2, 'CALIBRATOR_UNKNOWN'],
  [['calibrate', 'apply', '--ms', folder, '--tables', text, '--output', join(folder, 'b.ms')], 2, 'REQUEST_INVALID'],
  [['calibrate', 'flag', '--ms', folder, '--flag-type', 'magic', '--overwrite'], 2, 'REQUEST_INVALID'],
  [['calibrate', 'find-calibrators'], 2, 'REQUEST_INVALID'],
  [['calibrate', 'find-calibrators', '--ra', '13h', '--dec', '30'], 2, 'REQUEST_INVALID'],
  [['calibrate', 'list-transits', '3C999'], 2, 'CALIBRATOR_UNKNOWN'],
  [['calibrate', 'list-transits', '3C286', '--from', '2026-01-02', '--to', '2026-01-01'], 2, 'REQUEST_INVALID'],
  [['calibrate', 'list-transits', '3C286', '--incoming', join(folder, 'none')], 2, 'FILE_MISSING'],
  [['photometry', 'peak', '--fits', fits, '--ra', '10', '--dec', '95'], 2, 'REQUEST_INVALID'],
  [['photometry', 'peak-many', '--fits', fits, '--coords', join(folder, 'none.csv')], 2, 'FILE_MISSING'],
  [['simulate', '--output', folder], 2, 'REQUEST_INVALID'],
  [['simulate', '--output', folder, '--calibrator', '3C286', '--antennas', '1000'], 2, 'REQUEST_INVALID'],
  [['mosaic', 'create', ...nobody, '--calibrator', '3C286'], 5, 'SERVICE_UNAVAILABLE'],
  [['mosaic', 'show', 'x', ...nobody], 5, 'SERVICE_UNAVAILABLE'],
  [['mosaic', 'validate'], 2, 'REQUEST_INVALID'],
  [['calibrate', 'tables', ...nobody], 5, 'SERVICE_UNAVAILABLE'],
];

describe('bad input', () => {
  it.each(BAD)('meridian %j --json ends with status %i and code %s', async (args, status, code) => {
    const run = await runCli([...args, '--json'], { env });

    expect(documentOf(run)).toMatchObject({ error: { code, message: expect.any(String), advice: expect.any(String) } });
    expect(run.status).toBe(status);
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });

  it('without --json is two lines on stderr and nothing on stdout', async () => {
    const run = await runCli(['calibrate', 'list-transits', '3C286X']);
    expect(run.stdout).toBe('');
    expect(run.stderr).toMatch(/^meridian: the VLA calibrator list has no "3C286X"; nearest names: .*3C286/);
    expect(run.stderr).toContain('CALIBRATOR_UNKNOWN');
    expect(run.stderr.trim().split('\n')).toHaveLength(2);
  });

  it('shows where it happened only when asked', async () => {
    const run = await runCli(['calibrate', 'list-transits', '3C286X'], { env: { MERIDIAN_DEBUG: '1' } });
    expect(run.stderr).toMatch(/^\s+at /m);
  });

  it.each([
    [['inspect', text], 'FILE_NOT_HDF5'],
    [['inspect', empty], 'FILE_EMPTY'],
    [['photometry', 'peak', '--fits', fits, '--ra', '10', '--dec', '30'], 'IMAGE_'],
    [['convert', 'single', '--input', text, '--output', join(folder, 'c.ms')], 'FILE_NOT_HDF5'],
  ])(
    'of a stage is told by the stage: %j',
    async (args, code) => {
      const run = await runCli([...args, '--json'], { env });
      const { error } = documentOf(run) as { error: { code: string; message: string } };
      expect(error.code).toContain(code);
      expect(error.message).toContain(args.find((arg) => arg.startsWith(folder)) ?? '');
      expect(run.status).toBe(2);
    },
    300_000,
  );
});

describe('help', () => {
  it('is on stdout, without an error', async () => {
    for (const args of [[], ['--help'], ['mosaic', '--help'], ['mosaic', 'create', '--help']]) {
      const run = await runCli(args);
      expect([run.status, run.stdout.startsWith('Usage: meridian'), run.stderr]).toEqual([0, true, '']);
    }
    expect((await runCli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('suggests what was meant', async () => {
    const run = await runCli(['mosiac', 'create']);
    expect(run.stderr).toContain('Did you mean mosaic?');
  });
});
