/** The scan of a data root: groups of real files, and a reason for each file or group that cannot be used. */
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { policySnapshot } from '../../../domain/stage-policies.ts';
import type { ObservationGroup } from '../../../registry/index.ts';
import type { ScanResult } from '../../../workflows/contracts/scan.ts';
import { ActivityBench } from '../../support/activity-bench.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { TINY } from '../../support/simulated-files.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

let database: TestDatabase;
let bench: ActivityBench;
/** One good group, copied by each test and then damaged. */
let good: string;
let root: string;
const temporaryFolder = temporaryFolders();

beforeAll(async () => {
  database = await createTestDatabase();
  bench = new ActivityBench(mkdtempSync(join(tmpdir(), 'meridian-test-')), database.url);
  good = await bench.simulate('good', TINY);
}, 120_000);

afterAll(async () => {
  await bench.close();
  await database.drop();
  rmSync(bench.home, { recursive: true, force: true });
});

beforeEach(async () => {
  root = join(temporaryFolder(), 'incoming');
  cpSync(good, root, { recursive: true });
  await bench.registry.db.deleteFrom('groupFiles').execute();
  await bench.registry.db.deleteFrom('observationGroups').execute();
  await bench.registry.db.deleteFrom('subbandFiles').execute();
  await bench.registry.db.deleteFrom('dataRoots').execute();
  await bench.registry.dataRoots.register({ path: root });
});

const scan = (): Promise<ScanResult> =>
  bench.run('scanDataRoots', { requestId: 'r', rootId: null, requestedBy: 'test', policies: policySnapshot() });

const fileOf = (subband: number): string => {
  const name = readdirSync(root).find((file) => file.endsWith(`_sb${String(subband).padStart(2, '0')}.hdf5`));
  return join(root, name ?? '');
};

async function onlyGroup(): Promise<ObservationGroup> {
  const groups = await bench.registry.groups.list();
  expect(groups).toHaveLength(1);
  return groups[0] as ObservationGroup;
}

async function brokenFiles(): Promise<{ code: string | null; message: string | null }[]> {
  const [dataRoot] = await bench.registry.dataRoots.list();
  const files = await bench.registry.subbandFiles.listQuarantined(dataRoot?.id ?? '');
  return files.map(({ errorCode, errorMessage }) => ({ code: errorCode, message: errorMessage }));
}

describe('a good group', () => {
  it('is found once, whole, with the id that its data give', async () => {
    expect(await scan()).toEqual({ files: 16, newFiles: 16, brokenFiles: 0, groupsChanged: 1 });
    expect(await scan()).toEqual({ files: 16, newFiles: 0, brokenFiles: 0, groupsChanged: 0 });

    const group = await onlyGroup();
    expect(group).toMatchObject({ id: '2026-11-20T06:00:00', version: 1, state: 'complete', tier: 'science' });
    expect(group.pointingDecDeg).toBeCloseTo(30.37, 6);
  });

  it('keeps what was decided of it later, while its files stay the same', async () => {
    await scan();
    const group = await onlyGroup();
    await bench.registry.groups.reject(group, { code: 'DATA_NOT_FINITE', message: 'sb03 holds NaN' });

    const now = new Date();
    const extra = join(root, 'notes.txt');
    writeFileSync(extra, 'not raw data');
    utimesSync(extra, now, now);
    await scan();

    expect(await onlyGroup()).toMatchObject({ version: 1, state: 'rejected', errorCode: 'DATA_NOT_FINITE' });
  });
});

describe('files that cannot be used', () => {
  it('are set aside, each with its reason, and block nothing', async () => {
    truncateSync(fileOf(7), 5000);
    writeFileSync(fileOf(8), '');
    writeFileSync(fileOf(9), 'no HDF5 at all');
    writeFileSync(join(root, 'holiday.hdf5'), 'x');

    expect(await scan()).toMatchObject({ files: 17, brokenFiles: 4 });

    const broken = await brokenFiles();
    expect(broken.map(({ code }) => code).sort()).toEqual([
      'FILE_EMPTY',
      'FILE_FOREIGN',
      'FILE_NOT_HDF5',
      'FILE_TRUNCATED',
    ]);
    expect(broken.every(({ message }) => (message ?? '').length > 10)).toBe(true);
    expect(await onlyGroup()).toMatchObject({ state: 'incomplete', tier: 'quick_look', missingSubbands: [7, 8, 9] });
  });

  it('make the group whole when they come again, as its next version', async () => {
    const path = fileOf(7);
    const whole = join(good, path.slice(root.length + 1));
    truncateSync(path, 5000);
    await scan();
    cpSync(whole, path);
    appendFileSync(join(root, '.done'), '');

    expect(await scan()).toMatchObject({ brokenFiles: 0, groupsChanged: 1 });

    expect(await onlyGroup()).toMatchObject({ version: 2, state: 'complete' });
  });
});

describe('files that do not fit together', () => {
  it('of two declinations are no group, and the message names the odd one', async () => {
    const other = await bench.simulate('other', { ...TINY, pointing_dec_deg: 16 });
    cpSync(join(other, readdirSync(other).find((file) => file.endsWith('_sb04.hdf5')) ?? ''), fileOf(4));

    await scan();

    const group = await onlyGroup();
    expect(group).toMatchObject({ state: 'rejected', errorCode: 'GROUP_DECLINATIONS_DIFFER' });
    expect(group.errorMessage).toContain('_sb04.hdf5');
  });

  it('with one subband twice are no group', async () => {
    const path = fileOf(4);
    cpSync(path, path.replace(/T06:00:\d\d/, 'T06:00:21'));

    await scan();

    expect(await onlyGroup()).toMatchObject({ state: 'rejected', errorCode: 'GROUP_SUBBAND_DOUBLED' });
  });
});

describe('a folder that is not there', () => {
  it('is said to be missing when it is asked for', async () => {
    const [dataRoot] = await bench.registry.dataRoots.list();
    rmSync(root, { recursive: true });

    const asked = bench.run('scanDataRoots', {
      requestId: 'r',
      rootId: dataRoot?.id ?? '',
      requestedBy: 'test',
      policies: policySnapshot(),
    });

    await expect(asked).rejects.toMatchObject({ type: 'FILE_MISSING', nonRetryable: true });
  });

  it('does not keep the others from being seen', async () => {
    await bench.registry.dataRoots.register({ path: join(root, '..', 'gone') });

    expect(await scan()).toMatchObject({ files: 16, groupsChanged: 1 });

    const events = await bench.registry.events.after(0);
    expect(events.at(-1)?.message).toContain('gone');
  });
});
