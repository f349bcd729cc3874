import { describe, expect, it } from '@jest/globals';
import { uuid7, type FoundFile, type Registry } from '../../../registry/index.ts';
import { useRegistry } from '../../support/postgres.ts';
import { aGroup, anInspectedFile } from '../../support/rows.ts';

const registry = useRegistry();

const aRoot = async (): Promise<string> => (await registry().dataRoots.register({ path: `/data/${uuid7()}` })).id;

const found = (subband: number, overrides: Partial<FoundFile> = {}): FoundFile => ({
  relativePath: `2026-01-25T22:26:05_sb0${subband}.hdf5`,
  sizeBytes: 1000,
  modifiedAt: '2026-01-25T22:31:20.123Z',
  stampMjd: 61065.93478,
  subband,
  ...overrides,
});

/** Files that no decision holds. */
const open = (rootId: string, fromMjd: number | null = null) =>
  registry().subbandFiles.listOpen(rootId, { fromMjd, limit: 1000 });

const someFiles = async (rootId: string, subbands: readonly number[]): Promise<string[]> => {
  await registry().subbandFiles.recordSeen(
    rootId,
    subbands.map((subband) => found(subband)),
  );
  const files = await open(rootId);
  return files.map((file) => file.id);
};

const record = (decision: Parameters<Registry['groups']['record']>[0]) =>
  registry().transaction((tx) => tx.groups.record(decision));

it('registers a folder once, whatever the spelling of its path', async () => {
  const first = await registry().dataRoots.register({ path: '/data/incoming/' });
  const again = await registry().dataRoots.register({ path: '/data//incoming', name: 'other' });

  expect(again).toEqual({ ...first, updatedAt: expect.any(String) });
  expect(first).toMatchObject({ path: '/data/incoming', name: 'incoming', state: 'active' });
});

it('registers a folder once when two ask at the same time', async () => {
  const rows = await Promise.all([1, 2, 3, 4].map(() => registry().dataRoots.register({ path: '/data/at-once' })));

  expect(new Set(rows.map(({ id }) => id)).size).toBe(1);
});

it('finds another name for a second folder called the same, unless the name was given', async () => {
  await registry().dataRoots.register({ path: '/a/night' });
  const second = await registry().dataRoots.register({ path: '/b/night' });

  expect(second.name).toBe('night-2');
  await expect(registry().dataRoots.register({ path: '/c/night', name: 'night' })).rejects.toMatchObject({
    code: 'CONFLICT',
  });
});

it('takes a retired folder back when it is registered again, and refuses a relative path', async () => {
  const root = await registry().dataRoots.register({ path: '/data/retired' });
  await registry().dataRoots.retire(root.id);
  const listed = (await registry().dataRoots.list()).map(({ id }) => id);
  const again = await registry().dataRoots.register({ path: '/data/retired' });

  expect(listed).not.toContain(root.id);
  expect(again).toMatchObject({ id: root.id, state: 'active' });
  await expect(registry().dataRoots.register({ path: 'incoming' })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
});

it('counts new files once and keeps what was found in them', async () => {
  const rootId = await aRoot();
  const first = await registry().subbandFiles.recordSeen(rootId, [found(0), found(1)]);
  const [file] = await open(rootId);
  if (file === undefined) throw new Error('no file to inspect');
  await registry().subbandFiles.recordInspection(file.id, anInspectedFile());
  const second = await registry().subbandFiles.recordSeen(rootId, [found(0), found(1), found(2)]);
  const accepted = (await open(rootId)).filter(({ state }) => state === 'accepted');

  expect([first, second]).toEqual([
    { newFiles: 2, toInspect: 2 },
    { newFiles: 1, toInspect: 2 },
  ]);
  expect(accepted).toHaveLength(1);
  expect(accepted[0]).toMatchObject({
    id: file.id,
    state: 'accepted',
    startMjd: 61065.93477,
    startUtc: '2026-01-25T22:26:04.128Z',
    nFreqs: 48,
    channelWidthHz: -244140.625,
    sizeBytes: 1000,
    path: expect.stringMatching(/^\/data\/.*\/2026-01-25T22:26:05_sb00.hdf5$/),
  });
});

it.each([
  ['size', { sizeBytes: 2000 }],
  ['time', { modifiedAt: '2026-01-25T23:00:00.000Z' }],
])('looks again into a file whose %s changed', async (_what, change) => {
  const rootId = await aRoot();
  const [id = ''] = await someFiles(rootId, [0]);
  await registry().subbandFiles.recordHash(id, 'ab');
  await registry().subbandFiles.recordInspection(
    id,
    anInspectedFile({ status: 'error', error_code: 'FILE_TRUNCATED' }),
  );
  const same = await registry().subbandFiles.recordSeen(rootId, [found(0)]);
  await registry().subbandFiles.recordSeen(rootId, [found(0, change)]);
  const [again] = await open(rootId);

  expect(same.toInspect).toBe(0);
  expect(again).toMatchObject({ id, state: 'seen', errorCode: null, sha256: null });
});

it('sets a broken file aside with its reason', async () => {
  const rootId = await aRoot();
  const [id = ''] = await someFiles(rootId, [0]);
  const broken = anInspectedFile({ status: 'error', error_code: 'FILE_TRUNCATED', error: 'the file is cut' });
  await registry().subbandFiles.recordInspection(id, broken);

  expect(await open(rootId)).toEqual([]);
  expect(await registry().subbandFiles.listQuarantined(rootId)).toMatchObject([
    { id, errorCode: 'FILE_TRUNCATED', errorMessage: 'the file is cut' },
  ]);
});

it('forgets files that have gone until they come back', async () => {
  const rootId = await aRoot();
  const ids = await someFiles(rootId, [0, 1]);
  const gone = await registry().subbandFiles.markGone(rootId, [found(1).relativePath, 'never-there.hdf5']);
  const left = await open(rootId);
  const known = await registry().subbandFiles.listKnown(rootId);
  await registry().subbandFiles.recordSeen(rootId, [found(0), found(1)]);
  const back = await open(rootId);

  expect(gone).toBe(1);
  expect(left.map(({ subband }) => subband)).toEqual([0]);
  expect(known).toEqual([
    { relativePath: found(0).relativePath, sizeBytes: 1000, modifiedMs: Date.parse(found(0).modifiedAt) },
  ]);
  expect(back.map(({ id }) => id).sort()).toEqual(ids.sort());
});

it('sets aside a file whose header states no pointing: it is of another telescope', async () => {
  const rootId = await aRoot();
  const [id = ''] = await someFiles(rootId, [0]);
  await registry().subbandFiles.recordInspection(id, anInspectedFile({ pointing_dec_deg: null }));

  expect(await registry().subbandFiles.listQuarantined(rootId)).toMatchObject([{ id, errorCode: 'FILE_FOREIGN' }]);
});

it('lists open files from a stamp on, those without a stamp first of all', async () => {
  const rootId = await aRoot();
  const [early, late] = [found(1, { stampMjd: 61065.1 }), found(2, { stampMjd: 61065.2 })];
  const stranger = found(3, { relativePath: 'notes.txt', stampMjd: null, subband: null });
  await registry().subbandFiles.recordSeen(rootId, [late, stranger, early]);
  const paths = async (fromMjd: number | null) => (await open(rootId, fromMjd)).map((file) => file.relativePath);

  expect(await paths(null)).toEqual([stranger.relativePath, early.relativePath, late.relativePath]);
  expect(await paths(61065.15)).toEqual([late.relativePath]);
});

describe('files of a decided group', () => {
  const decided = async (group: Partial<Parameters<typeof aGroup>[1]> = {}) => {
    const rootId = await aRoot();
    const fileIds = await someFiles(rootId, [0, 1]);
    for (const id of fileIds) await registry().subbandFiles.recordInspection(id, anInspectedFile());
    await record(aGroup(rootId, { id: `group-${uuid7()}`, fileIds, ...group }));
    return { rootId, fileIds };
  };

  it('are open no more, and found by when their data start', async () => {
    const { rootId, fileIds } = await decided();
    const near = (from: number, to: number) => registry().subbandFiles.listDecided(rootId, [[from, to]]);

    expect(await open(rootId)).toEqual([]);
    expect((await near(61065.9, 61066)).map(({ id }) => id).sort()).toEqual(fileIds.sort());
    expect(await near(61066, 61067)).toEqual([]);
  });

  it('come up again when they are written again', async () => {
    const { rootId } = await decided();
    await registry().subbandFiles.recordSeen(rootId, [found(1, { sizeBytes: 2000 })]);

    expect(await open(rootId)).toMatchObject([{ relativePath: found(1).relativePath, state: 'seen' }]);
  });

  it.each([
    ['any', 'complete', 1],
    ['rejected', 'complete', 0],
    ['rejected', 'rejected', 1],
  ] as const)('come up again when one has gone: lost %s, group %s', async (lost, state, count) => {
    const error = state === 'rejected' ? { code: 'GROUP_TIMES_DIFFER', message: 'no' } : null;
    const { rootId } = await decided({ state, error, tier: state === 'rejected' ? null : 'science' });
    await registry().subbandFiles.markGone(rootId, [found(0).relativePath]);
    await registry().subbandFiles.reopen(rootId, { lost, doubled: false });

    expect(await open(rootId)).toHaveLength(count);
  });

  it('come up again where a second file of a subband no longer spoils a group', async () => {
    const error = { code: 'GROUP_SUBBAND_DOUBLED', message: 'twice' };
    const { rootId } = await decided({ state: 'rejected', tier: null, error });
    const count = async (doubled: boolean) => {
      await registry().subbandFiles.reopen(rootId, { lost: 'rejected', doubled });
      return (await open(rootId)).length;
    };

    expect([await count(false), await count(true)]).toEqual([0, 2]);
  });
});

it('fills a group that is collecting, and makes no version of what was no decision', async () => {
  const rootId = await aRoot();
  const [first = '', second = ''] = await someFiles(rootId, [0, 1]);
  const part = { id: 'group-g', state: 'collecting', tier: null, filesHash: 'one', fileIds: [first] } as const;
  await record(aGroup(rootId, part));
  const more = await record(aGroup(rootId, { ...part, filesHash: 'two', fileIds: [first, second] }));
  const whole = await record(aGroup(rootId, { id: 'group-g', filesHash: 'two', fileIds: [first, second] }));

  expect([more.group.version, whole.group.version, whole.group.state]).toEqual([1, 1, 'complete']);
  expect(await registry().subbandFiles.listOfGroup({ id: 'group-g', version: 1 })).toHaveLength(2);
});

it('rejects a group that is collecting once it has lost every file', async () => {
  const rootId = await aRoot();
  const fileIds = await someFiles(rootId, [0]);
  for (const id of fileIds) await registry().subbandFiles.recordInspection(id, anInspectedFile());
  await record(aGroup(rootId, { id: 'group-h', state: 'collecting', tier: null, fileIds }));
  const before = await registry().groups.rejectAbandoned(rootId);
  await registry().subbandFiles.markGone(rootId, [found(0).relativePath]);

  expect([before, await registry().groups.countCollecting(rootId)]).toEqual([[], 1]);
  expect(await registry().groups.rejectAbandoned(rootId)).toEqual(['group-h']);
  expect(await registry().groups.countCollecting(rootId)).toBe(0);
});

it('keeps the version of a group while its files are the same, and its decision up to date', async () => {
  const rootId = await aRoot();
  const fileIds = await someFiles(rootId, [0, 1]);
  const collecting = await record(aGroup(rootId, { id: 'group-a', state: 'collecting', tier: null, fileIds }));
  const complete = await record(aGroup(rootId, { id: 'group-a', fileIds }));

  expect([collecting.isNew, complete.isNew]).toEqual([true, false]);
  expect(collecting.group.decidedAt).toBeNull();
  expect(complete.group).toMatchObject({ version: 1, state: 'complete', decidedAt: expect.any(String) });
  expect(
    (await registry().subbandFiles.listOfGroup({ id: 'group-a', version: 1 })).map(({ subband }) => subband),
  ).toEqual([0, 1]);
});

it('makes a new version when a late file arrives, and lists the newest only', async () => {
  const rootId = await aRoot();
  await record(aGroup(rootId, { id: 'group-b', filesHash: '15 files', state: 'incomplete', tier: 'quick_look' }));
  const late = await record(aGroup(rootId, { id: 'group-b', filesHash: '16 files' }));
  const listed = await registry().groups.list({ rootIds: [rootId] });

  expect(late.group).toMatchObject({ version: 2, supersededAt: null });
  expect(listed.map(({ id, version }) => [id, version])).toEqual([['group-b', 2]]);
  expect(await registry().groups.find('group-b', 1)).toMatchObject({ supersededAt: expect.any(String) });
  expect(await registry().groups.find('group-b')).toMatchObject({ version: 2 });
});

it('gives the same group of two roots two versions, and one of them when both are asked for', async () => {
  const [first, second] = [await aRoot(), await aRoot()];
  await record(aGroup(first, { id: 'group-c' }));
  await record(aGroup(second, { id: 'group-c' }));
  const versionsOf = async (rootIds?: string[]): Promise<number[]> =>
    (await registry().groups.list({ rootIds, fromMjd: 61065, toMjd: 61066 }))
      .filter(({ id }) => id === 'group-c')
      .map(({ version }) => version);

  expect(await versionsOf([first])).toEqual([1]);
  expect(await versionsOf([second])).toEqual([2]);
  expect(await versionsOf()).toEqual([2]);
  expect(await versionsOf([])).toEqual([]);
});

it('gives one version each to lists of files that are recorded at the same time', async () => {
  const rootId = await aRoot();
  const hashes = ['a', 'b', 'c', 'a', 'b', 'c'];
  const results = await Promise.all(hashes.map((filesHash) => record(aGroup(rootId, { id: 'group-d', filesHash }))));
  const versions = new Map(results.map(({ group }) => [group.filesHash, group.version]));

  expect([...versions.values()].sort()).toEqual([1, 2, 3]);
  expect(await registry().groups.list({ rootIds: [rootId] })).toHaveLength(1);
});

it('marks a group with the reason why it cannot be used', async () => {
  const rootId = await aRoot();
  const { group } = await record(aGroup(rootId, { id: 'group-e' }));
  await registry().groups.reject(group, { code: 'GROUP_DECLINATIONS_DIFFER', message: 'two declinations' });

  expect(await registry().groups.require('group-e')).toMatchObject({
    state: 'rejected',
    errorCode: 'GROUP_DECLINATIONS_DIFFER',
    errorMessage: 'two declinations',
  });
  await expect(registry().groups.require('group-x')).rejects.toMatchObject({ code: 'GROUP_NOT_FOUND' });
});

it('remembers which calibrators are in the beam', async () => {
  const rootId = await aRoot();
  const { group } = await record(aGroup(rootId, { id: 'group-f' }));
  await registry().groups.recordCalibrators(group, [{ name: '3C454.3', beam: 0.98 }]);

  expect(await registry().groups.find('group-f')).toMatchObject({
    hasCalibrator: true,
    calibrators: [{ name: '3C454.3', beam: 0.98 }],
  });
});
