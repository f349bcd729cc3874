import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeHeaders, type SubbandHeader } from '../../../domain/group-headers.ts';
import {
  clusterFiles,
  decideGroup,
  DEFAULT_DECISION_RULES,
  type DecisionRules,
  type SubbandCluster,
} from '../../../domain/grouping.ts';
import type { ListedFile } from '../../../domain/subband-files.ts';
import { isoFromMjd, mjdFromIso, SECONDS_PER_DAY } from '../../../domain/time.ts';

const MB = 1e6;
const name = (stamp: string, subband: number): string => `${stamp}_sb${String(subband).padStart(2, '0')}.hdf5`;
const file = (stamp: string, subband: number, rest: Partial<ListedFile> = {}): ListedFile => ({
  path: `/incoming/${name(stamp, subband)}`,
  sizeBytes: 145 * MB,
  ...rest,
});
const at = (startMjd: number, seconds: number): string => isoFromMjd(startMjd + seconds / SECONDS_PER_DAY, 0);
const group = (stamp: string, subbands = 16): ListedFile[] =>
  Array.from({ length: subbands }, (_, subband) => file(stamp, subband));
const once: DecisionRules = { ...DEFAULT_DECISION_RULES, once: true };
const NOW = mjdFromIso('2026-02-14T00:00:00');
const decide = (cluster: SubbandCluster, rules = once) => decideGroup(cluster, NOW, rules);

describe('clustering', () => {
  it('does not depend on the order of arrival, and loses no file', () => {
    const start = mjdFromIso('2026-01-25T23:30:00');
    const spacing = fc.array(fc.integer({ min: 309, max: 4000 }), { minLength: 1, maxLength: 6 });
    const jitter = fc.array(fc.integer({ min: 0, max: 82 }), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(spacing, jitter, fc.infiniteStream(fc.nat()), (spacings, offsets, keys) => {
        let seconds = 0;
        const files = spacings.flatMap((step) => {
          seconds += step;
          return offsets.map((offset, subband) => file(at(start, seconds + offset), subband));
        });
        const shuffled = files.map((one) => ({ one, key: keys.next().value as number })).sort((a, b) => a.key - b.key);
        const { clusters, quarantined } = clusterFiles(shuffled.map(({ one }) => one));

        expect(clusters).toEqual(clusterFiles(files).clusters);
        expect(quarantined).toEqual([]);
        expect(clusters).toHaveLength(spacings.length);
        for (const cluster of clusters) expect(decide(cluster)).toMatchObject({ state: 'complete', missing: [] });
      }),
      { numRuns: 50 },
    );
  });

  it('takes a stamp 120 s after the first and not one of 121 s', () => {
    const start = mjdFromIso('2026-01-25T23:59:00');
    const clusters = (seconds: number) => clusterFiles([file(at(start, 0), 0), file(at(start, seconds), 1)]).clusters;

    expect(clusters(120)).toHaveLength(1);
    expect(clusters(121)).toHaveLength(2);
  });

  it('goes over midnight', () => {
    const { clusters } = clusterFiles([file('2026-01-26T00:00:05', 1), file('2026-01-25T23:59:58', 0)]);

    expect(clusters.map(({ firstStamp, files }) => [firstStamp, files.length])).toEqual([['2026-01-25T23:59:58', 2]]);
  });

  it('keeps the larger of two files of a subband, else the first, and says so of the other', () => {
    const whole = file('2026-01-25T00:05:20', 3);
    const torn = file('2026-01-25T00:05:19', 3, { sizeBytes: 10 * MB });
    const copy = { ...whole, path: whole.path.replace('incoming', 'second') };
    const [cluster] = clusterFiles([
      ...group('2026-01-25T00:05:19').filter(({ path }) => !path.includes('sb03')),
      torn,
      copy,
      whole,
    ]).clusters;
    const decision = decide(cluster!);

    expect(cluster!.files.find(({ subband }) => subband === 3)!.path).toBe(whole.path);
    expect(decision.state).toBe('complete');
    expect(decision.quarantined.map(({ path, code }) => [path, code])).toEqual([
      [torn.path, 'GROUP_SUBBAND_DOUBLED'],
      [copy.path, 'GROUP_SUBBAND_DOUBLED'],
    ]);
    expect(decide(cluster!, { ...once, doubled: 'reject' })).toMatchObject({
      state: 'rejected',
      reason: { code: 'GROUP_SUBBAND_DOUBLED', message: 'more than one file of sb03' },
    });
  });

  it.each([
    ['notes.txt', 100, 'FILE_FOREIGN'],
    ['2026-01-25T00:05:19_sb16.hdf5', 100, 'FILE_FOREIGN'],
    ['2026-02-30T00:05:19_sb00.hdf5', 100, 'FILE_FOREIGN'],
    ['2026-01-25T00:05:19_sb00.hdf5.part', 100, 'FILE_FOREIGN'],
    ['2026-01-25T00:05:19_sb00.hdf5', 0, 'FILE_EMPTY'],
  ])('sets %s of %d bytes aside as %s', (base, sizeBytes, code) => {
    const { clusters, quarantined } = clusterFiles([{ path: `/incoming/${base}`, sizeBytes }]);

    expect(clusters).toEqual([]);
    expect(quarantined).toMatchObject([{ path: `/incoming/${base}`, code, reason: expect.stringContaining(base) }]);
  });
});

describe('decision', () => {
  const stamp = '2026-01-25T00:05:19';
  const seenMjd = mjdFromIso('2026-01-25T00:11:00');
  const cluster = (count: number): SubbandCluster =>
    clusterFiles(group(stamp, count).map((one) => ({ ...one, firstSeenMjd: seenMjd }))).clusters[0]!;
  const after = (seconds: number) => seenMjd + seconds / SECONDS_PER_DAY;
  const state = (count: number, seconds: number) =>
    decideGroup(cluster(count), after(seconds), DEFAULT_DECISION_RULES).state;

  it('waits ten minutes from when the first file was first seen, not from its stamp', () => {
    expect([state(15, 0), state(15, 599), state(15, 601), state(11, 599), state(11, 601), state(16, 0)]).toEqual([
      'collecting',
      'collecting',
      'incomplete',
      'collecting',
      'rejected',
      'complete',
    ]);
  });

  it('takes files that the registry never saw as seen now', () => {
    const [unseen] = clusterFiles(group(stamp, 15)).clusters;

    expect(decideGroup(unseen!, after(9e5), DEFAULT_DECISION_RULES).state).toBe('collecting');
    expect(decideGroup(unseen!, after(0), once).state).toBe('incomplete');
  });

  it('rejects with the reason, naming what is missing', () => {
    expect(decide(cluster(11))).toMatchObject({
      state: 'rejected',
      tier: null,
      reason: { code: 'GROUP_INCOMPLETE', message: '11 of 16 subbands, missing sb11, sb12, sb13, sb14, sb15' },
    });
  });

  it('never forgets a subband: present and missing are the sixteen', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 15 }), { minLength: 1 }), (subbands) => {
        const [only] = clusterFiles(subbands.map((subband) => file(stamp, subband))).clusters;
        const decision = decide(only!);
        expect([...decision.subbands, ...decision.missing].sort((a, b) => a - b)).toEqual([...Array(16).keys()]);
        expect(decision.state === 'complete').toBe(subbands.length === 16);
        expect(decision.tier === null).toBe(subbands.length < 12);
      }),
    );
  });
});

describe('headers', () => {
  const startMjd = mjdFromIso('2026-01-25T00:05:19.5');
  const headers = (change: (subband: number) => Partial<SubbandHeader> = () => ({})): SubbandHeader[] =>
    Array.from({ length: 16 }, (_, subband) => ({
      path: `/incoming/${name('2026-01-25T00:05:25', subband)}`,
      subband,
      startMjd,
      endMjd: startMjd + 309.237648 / SECONDS_PER_DAY,
      nTimes: 24,
      nBaselines: 4656,
      pointingDecDeg: 16.1,
      freqMinHz: 1498.643e6 - (subband + 1) * 11.71875e6,
      freqMaxHz: 1498.643e6 - subband * 11.71875e6 - 244140.625,
      channelWidthHz: 244140.625,
      ...change(subband),
    }));
  const codes = (change: (subband: number) => Partial<SubbandHeader>) =>
    judgeHeaders(headers(change)).reasons.map(({ code }) => code);

  it('give the group its id, the start of the data and never a stamp', () => {
    expect(judgeHeaders(headers())).toMatchObject({
      id: '2026-01-25T00:05:19',
      startMjd,
      pointingDecDeg: 16.1,
      reasons: [],
    });
    expect(judgeHeaders(headers()).midMjd).toBeCloseTo(startMjd + 154.618824 / SECONDS_PER_DAY, 9);
  });

  it('agree to 0.1 s', () => {
    const shifted = (seconds: number) => (subband: number) =>
      subband === 7
        ? {
            startMjd: startMjd + seconds / SECONDS_PER_DAY,
            endMjd: startMjd + (309.237648 + seconds) / SECONDS_PER_DAY,
          }
        : {};

    expect(codes(shifted(0.09))).toEqual([]);
    expect(codes(shifted(0.11))).toEqual(['GROUP_TIMES_DIFFER']);
  });

  it('name the one odd file, even if it is the first', () => {
    const verdict = judgeHeaders(headers((subband) => (subband === 0 ? { startMjd: startMjd - 0.01 } : {})));

    expect(verdict.id).toBe('2026-01-25T00:05:19');
    expect(verdict.reasons).toEqual([
      {
        code: 'GROUP_TIMES_DIFFER',
        message: 'time_array differs from its siblings by 864.0 s in 2026-01-25T00:05:25_sb00.hdf5',
      },
    ]);
  });

  it.each([
    ['another declination', { pointingDecDeg: 33 }, 'GROUP_DECLINATIONS_DIFFER'],
    ['another array', { nBaselines: 4560 }, 'GROUP_ANTENNAS_DIFFER'],
    ['fewer integrations', { nTimes: 23 }, 'GROUP_TIMES_DIFFER'],
    ['channels of another subband', { freqMinHz: 1440e6, freqMaxHz: 1451e6 }, 'GROUP_CHANNELS_INVALID'],
    ['wider channels', { channelWidthHz: 488281.25 }, 'GROUP_CHANNELS_INVALID'],
  ])('tell %s', (_, change, code) => {
    expect(codes((subband) => (subband === 5 ? change : {}))).toContain(code);
  });
});
