import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assembleGroups, type Assembly, type FileWithHeader } from '../../../domain/group-assembly.ts';
import { DEFAULT_DECISION_RULES, type DecisionRules } from '../../../domain/grouping.ts';
import { mjdFromIso } from '../../../domain/time.ts';
import { afterSeconds, aGroupOfFiles, ALL_SUBBANDS, aSubbandFile } from '../../support/subband-rows.ts';

const START = '2026-01-25T23:52:00';
const startMjd = mjdFromIso(START);
/** Where groups come one after another; half a second keeps ids away from the turn of a second. */
const nth = (index: number, spacingSeconds = 309.237648): number =>
  afterSeconds(startMjd, 0.5 + index * spacingSeconds);
const once: DecisionRules = { ...DEFAULT_DECISION_RULES, once: true };
const NOW = mjdFromIso('2026-02-14T00:00:00');
const assemble = (files: readonly FileWithHeader[], rules = once, nowMjd = NOW): Assembly =>
  assembleGroups(files, nowMjd, rules);
const states = ({ groups }: Assembly): unknown[] =>
  groups.map(({ id, state, subbands }) => [id, state, subbands.length]);
const group = (index: number, stampOffset: (subband: number) => number = () => 0): FileWithHeader[] =>
  ALL_SUBBANDS.map((subband) =>
    aSubbandFile({ startMjd: nth(index), subband, stampOffsetSeconds: stampOffset(subband) }),
  );

/** Files in an order of arrival that a stream of keys gives. */
const shuffled = (files: readonly FileWithHeader[], keys: Iterator<number>): FileWithHeader[] =>
  files
    .map((file) => ({ file, key: keys.next().value as number }))
    .sort((a, b) => a.key - b.key)
    .map(({ file }) => file);

describe('any set of files', () => {
  const fileFacts = fc.record({
    index: fc.integer({ min: 0, max: 3 }),
    subband: fc.integer({ min: 0, max: 15 }),
    stampOffset: fc.integer({ min: -150, max: 150 }),
    shiftSeconds: fc.constantFrom(0, 0, 0, 0.05, 0.2, 30, 900),
    folder: fc.constantFrom('/incoming', '/incoming/again'),
    sizeBytes: fc.constantFrom(0, 1_000_000, 145_000_000),
    isRead: fc.constantFrom(true, true, true, false),
  });
  const someFiles = fc.uniqueArray(
    fileFacts.map(({ index, subband, stampOffset, shiftSeconds, folder, sizeBytes, isRead }) =>
      aSubbandFile({
        startMjd: afterSeconds(nth(index), shiftSeconds),
        subband,
        stampOffsetSeconds: stampOffset,
        folder,
        sizeBytes,
        ...(isRead ? {} : { header: null }),
      }),
    ),
    { maxLength: 60, selector: ({ path }) => path },
  );

  it('goes into groups or is set aside, each file once, whatever the order', () => {
    fc.assert(
      fc.property(someFiles, fc.infiniteStream(fc.nat()), fc.boolean(), (files, keys, atOnce) => {
        const rules = { ...DEFAULT_DECISION_RULES, once: atOnce };
        const assembly = assemble(files, rules);
        const used = assembly.groups.flatMap((found) => [...found.files, ...found.doubled]).map(({ path }) => path);
        const aside = assembly.quarantined.map(({ path }) => path);

        expect([...used, ...aside].sort()).toEqual(files.map(({ path }) => path).sort());
        expect(assembly.quarantined.every(({ reason }) => reason.length > 10)).toBe(true);
        expect(assemble(shuffled(files, keys), rules).groups).toEqual(assembly.groups);
      }),
      { numRuns: 200 },
    );
  });

  it('gives groups of distinct subbands, decided by their number, with a reason where they are not complete', () => {
    fc.assert(
      fc.property(someFiles, (files) => {
        for (const { state, tier, subbands, missing, reason, verdict } of assemble(files).groups) {
          expect([...subbands, ...missing].sort((a, b) => a - b)).toEqual(ALL_SUBBANDS);
          if (state === 'complete') expect([subbands.length, tier, verdict?.reasons]).toEqual([16, 'science', []]);
          if (state === 'incomplete') expect([subbands.length >= 12, tier]).toEqual([true, 'quick_look']);
          if (state === 'rejected' || state === 'incomplete') expect(reason?.message).toBeTruthy();
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('whole groups', () => {
  it('are found over midnight and over gaps, whatever their stamps within 82 s and their arrival', () => {
    const spacing = fc.array(fc.integer({ min: 310, max: 25_000 }), { minLength: 1, maxLength: 6 });
    const jitter = fc.array(fc.integer({ min: 0, max: 82 }), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(spacing, jitter, fc.infiniteStream(fc.nat()), (spacings, offsets, keys) => {
        let seconds = 0;
        const starts = spacings.map((step) => afterSeconds(startMjd, (seconds += step) + 0.5));
        const files = starts.flatMap((start) =>
          ALL_SUBBANDS.map((subband) =>
            aSubbandFile({ startMjd: start, subband, stampOffsetSeconds: offsets[subband] ?? 0 }),
          ),
        );
        const assembly = assemble(shuffled(files, keys));

        expect(assembly.quarantined).toEqual([]);
        expect(assembly.groups.map(({ state }) => state)).toEqual(spacings.map(() => 'complete'));
        expect(assembly.groups.map(({ verdict }) => verdict?.startMjd)).toEqual(starts);
      }),
      { numRuns: 50 },
    );
  });

  it('are decided in order of their data when the later one arrives first', () => {
    expect(states(assemble([...group(1), ...group(0)]))).toEqual([
      ['2026-01-25T23:52:00', 'complete', 16],
      ['2026-01-25T23:57:09', 'complete', 16],
    ]);
  });

  it('of two declinations one after the other are two groups', () => {
    const north = aGroupOfFiles('2026-01-25T23:57:09.5', { header: { pointingDecDeg: 54 } });
    const assembly = assemble([...group(0), ...north]);

    expect(states(assembly).map((row) => (row as unknown[])[1])).toEqual(['complete', 'complete']);
    expect(assembly.groups.map(({ verdict }) => verdict?.pointingDecDeg)).toEqual([16.1, 54]);
  });
});

describe('steps of the clock that stamps are made by', () => {
  it('forward within a group: its data bring the two parts together', () => {
    const assembly = assemble(group(0, (subband) => (subband < 7 ? 0 : 200)));

    expect(states(assembly)).toEqual([['2026-01-25T23:52:00', 'complete', 16]]);
  });

  it('back between groups: files with the stamps of the group before go to their own', () => {
    const assembly = assemble([...group(0), ...group(1, (subband) => (subband < 9 ? -250 : -150)), ...group(2)]);

    expect(states(assembly)).toEqual([
      ['2026-01-25T23:52:00', 'complete', 16],
      ['2026-01-25T23:57:09', 'complete', 16],
      ['2026-01-26T00:02:18', 'complete', 16],
    ]);
    expect(assembly.quarantined).toEqual([]);
  });

  it('by a stray early stamp, that would cut the late ones off', () => {
    expect(states(assemble(group(0, (subband) => (subband === 3 ? -60 : subband * 5))))).toEqual([
      ['2026-01-25T23:52:00', 'complete', 16],
    ]);
  });
});

describe('siblings that disagree', () => {
  const withOdd = (header: NonNullable<Parameters<typeof aSubbandFile>[0]['header']>) =>
    assemble(
      ALL_SUBBANDS.map((subband) => aSubbandFile({ startMjd: nth(0), subband, ...(subband === 5 ? { header } : {}) })),
    );
  const shift = (seconds: number) => ({
    startMjd: afterSeconds(nth(0), seconds),
    endMjd: afterSeconds(nth(0), seconds + 309.237648),
  });

  it.each([0.2, 1, 12.9, 119])('by %d s are rejected, and the odd one is named', (seconds) => {
    const [only, ...others] = withOdd(shift(seconds)).groups;

    expect(others).toEqual([]);
    expect(only).toMatchObject({ state: 'rejected', tier: null, reason: { code: 'GROUP_TIMES_DIFFER' } });
    expect(only?.reason?.message).toContain('_sb05.hdf5');
  });

  it('by 0.05 s are siblings', () => {
    expect(withOdd(shift(0.05)).groups).toMatchObject([{ state: 'complete' }]);
  });

  it('in declination are rejected', () => {
    expect(withOdd({ pointingDecDeg: 54 }).groups).toMatchObject([
      { state: 'rejected', reason: { code: 'GROUP_DECLINATIONS_DIFFER' } },
    ]);
  });

  it('by the time of another block are strangers: set aside, and the rest is decided', () => {
    const assembly = withOdd(shift(3600));

    expect(states(assembly)).toEqual([['2026-01-25T23:52:00', 'incomplete', 15]]);
    expect(assembly.quarantined).toMatchObject([
      { code: 'GROUP_TIMES_DIFFER', reason: expect.stringContaining('start 3600 s from those') },
    ]);
  });
});

describe('second files of a subband', () => {
  const copyOf = (facts: Partial<Parameters<typeof aSubbandFile>[0]>): FileWithHeader =>
    aSubbandFile({ startMjd: nth(0), subband: 5, folder: '/incoming/again', ...facts });

  it('are set aside, and the group is complete', () => {
    const assembly = assemble([...group(0), copyOf({})]);

    expect(states(assembly)).toEqual([['2026-01-25T23:52:00', 'complete', 16]]);
    expect(assembly.quarantined).toMatchObject([
      { path: expect.stringContaining('/again/'), code: 'GROUP_SUBBAND_DOUBLED' },
    ]);
  });

  it('never take the place of the one that agrees with its siblings, however large', () => {
    const odd = copyOf({ sizeBytes: 9e8, header: { startMjd: afterSeconds(nth(0), 5) } });
    const assembly = assemble([...group(0), odd]);

    expect(states(assembly)).toEqual([['2026-01-25T23:52:00', 'complete', 16]]);
    expect(assembly.quarantined.map(({ path }) => path)).toEqual([odd.path]);
  });

  it('never take the place of one that was decided', () => {
    const files = group(0).map((file) => ({ ...file, isDecided: true }));
    const assembly = assemble([...files, copyOf({ sizeBytes: 9e8 })]);

    expect(assembly.groups[0]?.files.map(({ path }) => path)).toEqual(files.map(({ path }) => path));
  });

  it('are recognised under another stamp', () => {
    const late = copyOf({ stampOffsetSeconds: 1800 });
    const assembly = assemble([...group(0), late]);

    expect(states(assembly)).toEqual([['2026-01-25T23:52:00', 'complete', 16]]);
    expect(assembly.quarantined.map(({ path }) => path)).toEqual([late.path]);
  });

  it('of a whole group are told as the copy of the other', () => {
    const copies = group(0, () => 1800);
    const assembly = assemble([...group(0).map((file) => ({ ...file, isDecided: true })), ...copies]);

    expect(assembly.groups.map(({ firstStamp, copyOf: other }) => [firstStamp, other])).toEqual([
      ['2026-01-25T23:52:00', null],
      ['2026-01-26T00:22:00', '2026-01-25T23:52:00'],
    ]);
  });

  it('spoil the group where the rules say so', () => {
    expect(assemble([...group(0), copyOf({})], { ...once, doubled: 'reject' }).groups).toMatchObject([
      { state: 'rejected', reason: { code: 'GROUP_SUBBAND_DOUBLED' }, doubled: [{ subband: 5 }] },
    ]);
  });
});

describe('waiting', () => {
  const seen = nth(0) + 0.01;
  const at = (seconds: number, files: readonly FileWithHeader[]) =>
    assemble(files, DEFAULT_DECISION_RULES, afterSeconds(seen, seconds)).groups.map(({ state }) => state);
  const arrived = (count: number): FileWithHeader[] =>
    group(0)
      .slice(0, count)
      .map((file) => ({ ...file, firstSeenMjd: seen }));

  it('lasts ten minutes from when the first file was first seen', () => {
    expect([at(599, arrived(15)), at(601, arrived(15)), at(0, arrived(16))]).toEqual([
      ['collecting'],
      ['incomplete'],
      ['complete'],
    ]);
  });

  it('goes on while a file could not be looked into', () => {
    const files = arrived(16).map((file, index) => (index === 4 ? { ...file, header: null } : file));

    expect(at(9999, files)).toEqual(['collecting']);
  });

  it('begins anew with a late file, unless that completes the group', () => {
    const decided = arrived(14).map((file) => ({ ...file, isDecided: true }));
    const late = (subband: number): FileWithHeader =>
      aSubbandFile({ startMjd: nth(0), subband, firstSeenMjd: afterSeconds(seen, 3000) });

    expect(at(3001, [...decided, late(14)])).toEqual(['collecting']);
    expect(at(3601, [...decided, late(14)])).toEqual(['incomplete']);
    expect(at(3001, [...decided, late(14), late(15)])).toEqual(['complete']);
  });

  it('holds up no other group', () => {
    const stray = aSubbandFile({ startMjd: nth(0), subband: 1, header: { startMjd: nth(9) }, firstSeenMjd: seen });
    const files = arrived(16).filter(({ path }) => !path.includes('_sb01'));

    expect(at(10, [...files, stray])).toEqual(['collecting', 'collecting']);
    expect(at(601, [...files, stray])).toEqual(['incomplete']);
  });
});
