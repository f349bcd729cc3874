/** `stream inspect` on folders of real files, as a user runs it. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { SimulateSpec } from '../../../domain/generated/stages.ts';
import { documentOf, runCli } from '../../support/run-cli.ts';
import { simulateFiles, TINY } from '../../support/simulated-files.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

interface Found {
  readonly groups: readonly {
    readonly id: string;
    readonly state: string;
    readonly subbands: readonly number[];
    readonly stamps: readonly string[];
    readonly files: readonly string[];
    readonly reason: string | null;
  }[];
  readonly quarantined: readonly { readonly file: string; readonly reason: string; readonly code: string }[];
  readonly gaps: readonly { readonly seconds: number }[];
  readonly counts: Readonly<Record<string, number>>;
}

const made = mkdtempSync(join(tmpdir(), 'meridian-cli-'));
const temporaryFolder = temporaryFolders();
/** Three groups, the last after a gap, over midnight. */
let good: string;

const simulate = (name: string, spec: SimulateSpec): Promise<string> => simulateFiles(join(made, name), spec);

beforeAll(async () => {
  good = await simulate('good', {
    ...TINY,
    start_utc: '2026-11-19T23:57:00',
    n_groups: 3,
    group_spacing_s: 620,
    stamp_jitter_s: 80,
  });
}, 120_000);
afterAll(() => rmSync(made, { recursive: true, force: true }));

const run = async (...args: string[]): Promise<Found> => {
  const { stdout, stderr, status } = await runCli(['stream', 'inspect', ...args, '--json']);
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('meridian:')]);
  return documentOf({ stdout, stderr, status }) as unknown as Found;
};
const inspect = (folder: string, ...args: string[]): Promise<Found> => run('--incoming', folder, ...args);
const copied = (): string => {
  const folder = join(temporaryFolder(), 'incoming');
  cpSync(good, folder, { recursive: true });
  return folder;
};
/** Files of a subband, one of each group, in order of time. */
const filesOf = (folder: string, subband: number): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(`_sb${String(subband).padStart(2, '0')}.hdf5`))
    .sort()
    .map((name) => join(folder, name));
const ofGroup = (folder: string, group: number, subband: number): string => filesOf(folder, subband)[group] ?? '';

it('shows whole groups with their ids, stamps and files, over midnight', async () => {
  const { groups, quarantined, gaps, counts } = await inspect(good);

  expect(groups.map(({ id, state, reason }) => [id, state, reason])).toEqual([
    ['2026-11-19T23:57:00', 'complete', null],
    ['2026-11-20T00:07:20', 'complete', null],
    ['2026-11-20T00:17:40', 'complete', null],
  ]);
  expect([quarantined, gaps.map(({ seconds }) => seconds), counts['complete']]).toEqual([[], [620, 620], 3]);
  for (const { subbands, stamps, files } of groups) {
    expect(subbands).toEqual([...Array(16).keys()]);
    expect(files.map((file) => basename(file))).toEqual(
      stamps.map((stamp, index) => `${stamp}_sb${String(subbands[index]).padStart(2, '0')}.hdf5`),
    );
    expect(new Set(stamps).size).toBeGreaterThan(5);
  }
});

it('sets aside what is broken, doubled or strange, each with its reason, and decides the rest', async () => {
  const folder = copied();
  truncateSync(ofGroup(folder, 0, 7), 5000);
  for (const subband of [1, 2, 3, 4, 5]) rmSync(ofGroup(folder, 1, subband));
  writeFileSync(join(folder, '2026-11-20T00:17:41_sb00.hdf5'), '');
  mkdirSync(join(folder, 'again'));
  cpSync(ofGroup(folder, 2, 9), join(folder, 'again', basename(ofGroup(folder, 2, 9))));
  writeFileSync(join(folder, 'notes.txt'), 'windy');
  writeFileSync(join(folder, '2026-11-20T00:17:45_sb11.hdf5'), 'no HDF5 at all');
  writeFileSync(join(folder, '.2026-11-20T00:17:45_sb11.hdf5.Xy12'), 'still being copied');
  symlinkSync(join(folder, 'nowhere'), join(folder, '2026-11-20T01:00:00_sb00.hdf5'));
  const { groups, quarantined } = await inspect(folder);

  expect(groups.map(({ id, state, reason }) => [id, state, reason])).toEqual([
    ['2026-11-19T23:57:00', 'incomplete', '15 of 16 subbands, missing sb07'],
    ['2026-11-20T00:07:20', 'rejected', '11 of 16 subbands, missing sb01, sb02, sb03, sb04, sb05'],
    ['2026-11-20T00:17:40', 'complete', null],
  ]);
  expect(quarantined.map(({ code }) => code).sort()).toEqual([
    'FILE_EMPTY',
    'FILE_FOREIGN',
    'FILE_NOT_HDF5',
    'FILE_TRUNCATED',
    'FILE_UNREADABLE',
    'GROUP_SUBBAND_DOUBLED',
  ]);
  expect(quarantined.every(({ file, reason }) => file.startsWith(folder) && reason.length > 10)).toBe(true);
});

it('rejects a group whose files are of two declinations or of two times, and names the odd one', async () => {
  const folder = copied();
  const spec = { ...TINY, n_groups: 3, group_spacing_s: 620, stamp_jitter_s: 80 };
  const north = await simulate('north', { ...spec, start_utc: '2026-11-19T23:57:00', pointing_dec_deg: 54 });
  const later = await simulate('later', { ...spec, start_utc: '2026-11-19T23:57:03' });
  cpSync(ofGroup(north, 0, 4), ofGroup(folder, 0, 4));
  cpSync(ofGroup(later, 1, 6), ofGroup(folder, 1, 6));
  const { groups } = await inspect(folder);

  expect(groups.map(({ state }) => state)).toEqual(['rejected', 'rejected', 'complete']);
  expect(groups[0]?.reason).toMatch(/phase_center_dec.*_sb04\.hdf5/);
  expect(groups[1]?.reason).toMatch(/3\.0 s.*_sb06\.hdf5/);
});

it('shows the groups of a time range only', async () => {
  const { groups } = await inspect(good, '--since', '2026-11-20', '--until', '2026-11-20T00:15:00');

  expect(groups.map(({ id }) => id)).toEqual(['2026-11-20T00:07:20']);
});

it('is a table for people, with how many there are', async () => {
  const folder = copied();
  rmSync(ofGroup(folder, 0, 0));
  const { stdout, status } = await runCli(['stream', 'inspect', '--incoming', folder]);

  expect(status).toBe(0);
  expect(stdout).toMatch(/2026-11-19T23:57:00 +incomplete +15 .*missing sb00/);
  expect(stdout).toContain('gap of 10 min 20 s: 2026-11-19T23:57:00Z to 2026-11-20T00:07:20Z');
  expect(stdout).toContain('3 groups: 2 complete, 1 incomplete; 0 files set aside');
});

it('shows an empty folder as such', async () => {
  expect(await inspect(temporaryFolder())).toMatchObject({ groups: [], quarantined: [], gaps: [] });
});

it('replays an inventory, any day of it', async () => {
  const file = join(import.meta.dirname, '../../fixtures/inventory/dsa110_groups_2026-01-25_2026-02-13.csv');
  const january = await run('--inventory', file, '--until', '2026-01-26');
  const february = await run('--inventory', file, '--since', '2026-02-13');

  expect(january.counts).toMatchObject({ complete: 180, incomplete: 1, rejected: 0, quarantined: 320 });
  expect(february.counts['complete']).toBeGreaterThan(200);
});

it.each([
  [['--incoming', join(made, 'none')], 'FILE_MISSING'],
  [['--incoming', import.meta.filename], 'FILE_UNREADABLE'],
  [['--inventory', join(made, 'none.csv')], 'FILE_UNREADABLE'],
  [['--inventory', import.meta.filename], 'REQUEST_INVALID'],
  [[], 'REQUEST_INVALID'],
  [['--incoming', made, '--inventory', 'x'], 'REQUEST_INVALID'],
])('stream inspect %j is one clear error', async (args, code) => {
  const { stdout, status } = await runCli(['stream', 'inspect', ...args, '--json']);

  expect([status, JSON.parse(stdout)]).toMatchObject([2, { error: { code } }]);
});
