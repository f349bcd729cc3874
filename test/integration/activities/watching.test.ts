/** Looking at the folder of a stream again and again: late, growing and doubled files, and what stays as it is. */
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { ONE_PASS_LOOK, WATCHING_LOOK, type LookRules } from '../../../activities/scan/look-rules.ts';
import { RootLook, type LookResult } from '../../../activities/scan/root-look.ts';
import { createScanIncoming } from '../../../activities/scan/scan-incoming.ts';
import { policySnapshot } from '../../../domain/stage-policies.ts';
import type { DataRoot, ObservationGroup } from '../../../registry/index.ts';
import { ActivityBench } from '../../support/activity-bench.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { TINY } from '../../support/simulated-files.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

let database: TestDatabase;
let bench: ActivityBench;
/** Two good groups. */
let good: string;
let folder: string;
let root: DataRoot;
const temporaryFolder = temporaryFolders();
/** Headers are read as soon as a file is stable, however few there are. */
const READING: LookRules = { ...WATCHING_LOOK, readAfterSeconds: 0 };

beforeAll(async () => {
  database = await createTestDatabase();
  bench = new ActivityBench(mkdtempSync(join(tmpdir(), 'meridian-test-')), database.url);
  good = await bench.simulate('good', { ...TINY, n_groups: 2, group_spacing_s: 310 });
}, 120_000);

afterAll(async () => {
  await bench.close();
  await database.drop();
  rmSync(bench.home, { recursive: true, force: true });
});

beforeEach(async () => {
  folder = temporaryFolder();
  const { db, dataRoots } = bench.registry;
  await db.deleteFrom('groupFiles').execute();
  await db.deleteFrom('observationGroups').execute();
  await db.deleteFrom('subbandFiles').execute();
  await db.deleteFrom('dataRoots').execute();
  root = await dataRoots.register({ path: folder });
});

const FIRST = '2026-11-20T06:00:00';
const SECOND = '2026-11-20T06:05:10';
const HOUR_MS = 3_600_000;

const named = (group: 0 | 1, subband: number): string => {
  const ending = `_sb${String(subband).padStart(2, '0')}.hdf5`;
  return (
    readdirSync(good)
      .filter((name) => name.endsWith(ending))
      .sort()[group] ?? ''
  );
};

/** Puts files there as copies of an hour ago, unless they are being written now. */
function arrive(group: 0 | 1, subbands: readonly number[], age: 'old' | 'new' = 'old'): void {
  for (const subband of subbands) {
    const path = join(folder, named(group, subband));
    cpSync(join(good, named(group, subband)), path);
    const at = new Date(Date.now() - (age === 'old' ? HOUR_MS : 0));
    utimesSync(path, at, at);
  }
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, subband) => subband);
const look = (rules: LookRules = READING): Promise<LookResult> =>
  bench.inActivity(() => new RootLook(bench.dependencies, root, rules).run());
const group = (id: string): Promise<ObservationGroup | undefined> => bench.registry.groups.findPresent(root.id, id);

/** Lets everything that was seen have been seen earlier. */
async function passes(seconds: number): Promise<void> {
  await sql`update subband_files set first_seen_at = first_seen_at - make_interval(secs => ${seconds}),
    unchanged_since = unchanged_since - make_interval(secs => ${seconds})`.execute(bench.registry.db);
}

async function setAside(): Promise<(string | null)[]> {
  return (await bench.registry.subbandFiles.listQuarantined(root.id)).map(({ errorCode }) => errorCode);
}

describe('a group that arrives', () => {
  it('collects until it is whole, in one version', async () => {
    arrive(0, upTo(5));
    const first = await look();
    expect(first).toMatchObject({ files: 5, newFiles: 5, decided: [], collecting: 1 });
    expect(await group(FIRST)).toMatchObject({ version: 1, state: 'collecting', presentSubbands: [0, 1, 2, 3, 4] });

    arrive(0, upTo(9));
    await look();
    expect(await group(FIRST)).toMatchObject({ version: 1, state: 'collecting', presentSubbands: upTo(9) });

    arrive(0, upTo(16));
    const whole = await look();
    expect(whole).toMatchObject({ decided: [{ id: FIRST, version: 1, state: 'complete' }], collecting: 0 });
    expect(await look()).toMatchObject({ newFiles: 0, decided: [] });
  });

  it('is read in one go when its files are there, and not file by file', async () => {
    arrive(0, upTo(15), 'old');
    await look(WATCHING_LOOK);
    expect(await group(FIRST)).toBeUndefined();

    arrive(0, [15]);
    expect((await look(WATCHING_LOOK)).decided).toMatchObject([{ id: FIRST, state: 'complete' }]);
  });

  it('is decided ten minutes after its first file was seen, whatever the files say of their age', async () => {
    arrive(0, upTo(13));
    await look();
    const [deadline, seen] = [(await group(FIRST))?.deadlineAt, Date.now()];
    expect(Date.parse(deadline ?? '') - seen).toBeGreaterThan(500_000);
    expect(Date.parse(deadline ?? '') - seen).toBeLessThanOrEqual(600_000);

    await passes(500);
    expect((await look()).decided).toEqual([]);
    await passes(100);
    expect((await look()).decided).toMatchObject([{ id: FIRST, version: 1, state: 'incomplete', tier: 'quick_look' }]);
  });

  it('is rejected with the reason where there are too few', async () => {
    arrive(0, upTo(11));
    await look();
    await passes(700);
    await look();

    expect(await group(FIRST)).toMatchObject({
      state: 'rejected',
      errorCode: 'GROUP_INCOMPLETE',
      errorMessage: '11 of 16 subbands, missing sb11, sb12, sb13, sb14, sb15',
    });
  });

  it('waits for no other that came before it in the sky', async () => {
    arrive(1, upTo(16));
    arrive(0, upTo(3));
    expect((await look()).decided).toMatchObject([{ id: SECOND, state: 'complete' }]);
    arrive(0, upTo(16));

    expect((await look()).decided).toMatchObject([{ id: FIRST, state: 'complete' }]);
  });

  it('is decided at once by a stream that does not wait', async () => {
    arrive(0, upTo(14), 'new');

    expect((await look(ONE_PASS_LOOK)).decided).toMatchObject([{ state: 'incomplete' }]);
  });

  it('that lost its files is given up', async () => {
    arrive(0, upTo(3));
    await look();
    for (const subband of upTo(3)) rmSync(join(folder, named(0, subband)));
    await look();

    expect(await group(FIRST)).toMatchObject({
      state: 'rejected',
      errorMessage: 'its files have gone or were set aside',
    });
  });
});

describe('late files', () => {
  it('that complete a group make its next version', async () => {
    arrive(0, upTo(14));
    await look();
    await passes(700);
    await look();
    arrive(0, [14, 15]);

    expect((await look()).decided).toMatchObject([{ id: FIRST, version: 2, state: 'complete', tier: 'science' }]);
    expect(await bench.registry.groups.find(FIRST, 1)).toMatchObject({
      state: 'incomplete',
      supersededAt: expect.any(String),
    });
  });

  it('that do not are waited with, while the decision there is holds', async () => {
    arrive(0, upTo(13));
    await look();
    await passes(700);
    await look();
    arrive(0, [13]);
    await look();
    expect(await group(FIRST)).toMatchObject({ version: 1, state: 'incomplete' });

    await passes(700);
    expect((await look()).decided).toMatchObject([{ version: 2, state: 'incomplete' }]);
  });

  it('whose siblings were cleaned away undo nothing', async () => {
    arrive(0, upTo(14));
    await look(ONE_PASS_LOOK);
    for (const subband of upTo(14)) rmSync(join(folder, named(0, subband)));
    arrive(0, [15]);
    await look(ONE_PASS_LOOK);

    expect(await group(FIRST)).toMatchObject({ version: 1, state: 'incomplete', presentSubbands: upTo(14) });
    expect(await setAside()).toEqual(['GROUP_INCOMPLETE']);
  });
});

describe('files', () => {
  it('count when they are stable: an hour old, or the same in two looks', async () => {
    arrive(0, upTo(16), 'new');
    expect(await look()).toMatchObject({ newFiles: 16, collecting: 0, decided: [] });

    await passes(11);
    expect((await look()).decided).toMatchObject([{ state: 'complete' }]);
  });

  it('that grow are not set aside, empty at first or torn', async () => {
    arrive(0, upTo(16));
    const path = join(folder, named(0, 7));
    writeFileSync(path, '');
    await look();
    await passes(6);
    writeFileSync(path, readFileSync(join(good, named(0, 7))).subarray(0, 5000));
    await look();
    await passes(6);
    expect([await setAside(), await look()]).toMatchObject([[], { collecting: 1, brokenFiles: 0 }]);

    writeFileSync(path, readFileSync(join(good, named(0, 7))));
    await look();
    await passes(11);
    expect((await look()).decided).toMatchObject([{ id: FIRST, version: 1, state: 'complete' }]);
  });

  it('that are broken, doubled or strangers are set aside, each with its reason, and block nothing', async () => {
    arrive(0, upTo(16));
    arrive(1, upTo(16));
    truncateSync(join(folder, named(0, 7)), 5000);
    writeFileSync(join(folder, named(0, 8)), '');
    writeFileSync(join(folder, 'notes.txt'), 'windy');
    cpSync(join(good, named(1, 3)), join(folder, '2026-11-20T06:06:02_sb03.hdf5'));
    for (const name of readdirSync(folder)) utimesSync(join(folder, name), new Date(0), new Date(0));
    await look();

    expect((await setAside()).sort()).toEqual([
      'FILE_EMPTY',
      'FILE_FOREIGN',
      'FILE_TRUNCATED',
      'GROUP_SUBBAND_DOUBLED',
    ]);
    expect(await group(FIRST)).toMatchObject({ state: 'collecting', missingSubbands: [7, 8] });
    expect(await group(SECOND)).toMatchObject({ state: 'complete' });
    await passes(700);
    await look();
    expect(await group(FIRST)).toMatchObject({ state: 'incomplete', tier: 'quick_look' });
  });

  it('of a decided group may go: the decision stays', async () => {
    arrive(0, upTo(16));
    await look();
    rmSync(join(folder, named(0, 4)));
    await look();

    expect(await group(FIRST)).toMatchObject({ version: 1, state: 'complete' });
  });

  it('of a rejected group may be removed: it is decided again', async () => {
    arrive(0, upTo(16));
    const odd = join(folder, named(0, 4));
    cpSync(join(await bench.simulate('north', { ...TINY, pointing_dec_deg: 54 }), named(0, 4)), odd);
    utimesSync(odd, new Date(0), new Date(0));
    await look();
    expect(await group(FIRST)).toMatchObject({ state: 'rejected', errorCode: 'GROUP_DECLINATIONS_DIFFER' });

    rmSync(odd);
    await look();
    await passes(700);
    expect((await look()).decided).toMatchObject([{ version: 2, state: 'incomplete' }]);
  });

  it('that are written again make the next version of their group', async () => {
    arrive(0, upTo(16));
    await look();
    arrive(0, [4], 'new');
    await look();
    await passes(11);

    expect((await look()).decided).toMatchObject([{ version: 2, state: 'complete' }]);
  });
});

describe('a watched root', () => {
  const asked = () =>
    bench.run('scanDataRoots', { requestId: 'r', rootId: null, requestedBy: 'test', policies: policySnapshot() });

  it('is not decided early by a look that somebody else asks for', async () => {
    await bench.registry.dataRoots.setWatched(root.id, true);
    arrive(0, upTo(14));
    await asked();
    expect(await group(FIRST)).toBeUndefined();

    await bench.registry.dataRoots.setWatched(root.id, false);
    await asked();
    expect(await group(FIRST)).toMatchObject({ state: 'incomplete' });
  });

  it('is looked at by one at a time, each going on from the last', async () => {
    const scan = createScanIncoming(bench.dependencies);
    arrive(0, upTo(16));
    const looks = await bench.inActivity(() => Promise.all([1, 2, 3].map(() => scan(root, { once: true }))));

    expect(looks.map(({ newFiles, decided }) => [newFiles, decided.length])).toEqual([
      [16, 1],
      [0, 0],
      [0, 0],
    ]);
  });

  it('says what it decided', async () => {
    arrive(0, upTo(12));
    await look(ONE_PASS_LOOK);
    const events = await bench.registry.events.after(0);

    expect(events.at(-1)).toMatchObject({
      kind: 'group.decided',
      groupId: FIRST,
      message: `group ${FIRST} is incomplete: 12 of 16 subbands, missing sb12, sb13, sb14, sb15`,
    });
  });
});
