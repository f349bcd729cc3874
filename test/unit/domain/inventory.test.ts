/** The replay of a real disk: which groups it held on two days. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { gapsBetween } from '../../../domain/gaps.ts';
import { DEFAULT_DECISION_RULES } from '../../../domain/grouping.ts';
import { groupsOfInventory, parseInventory } from '../../../domain/inventory.ts';
import { isoFromMjd, mjdFromIso, SECONDS_PER_DAY } from '../../../domain/time.ts';

const CSV = readFileSync(
  new URL('../../fixtures/inventory/dsa110_groups_2026-01-25_2026-02-13.csv', import.meta.url),
  'utf8',
);
const dayOf = (date: string) =>
  groupsOfInventory(
    parseInventory(CSV).filter(({ stampMjd }) => Math.floor(stampMjd) === mjdFromIso(date)),
    DEFAULT_DECISION_RULES,
  );
const startsOf = ({ groups }: ReturnType<typeof dayOf>) => groups.map(({ firstStamp }) => mjdFromIso(firstStamp));

describe('2026-01-25', () => {
  const day = dayOf('2026-01-25');

  it('has 181 groups, 180 complete, after two rows of 320 files without bytes', () => {
    expect(day.groups).toHaveLength(181);
    expect(day.groups.filter(({ state }) => state === 'complete')).toHaveLength(180);
    expect(day.groups.filter(({ state }) => state !== 'complete')).toMatchObject([
      { id: '2026-01-25T00:32:36', state: 'incomplete', tier: 'quick_look', missing: [14, 15] },
    ]);
    expect(day.quarantined).toHaveLength(320);
    expect(new Set(day.quarantined.map(({ code }) => code))).toEqual(new Set(['FILE_EMPTY']));
  });

  it('has one gap over an hour, and 16 of 603 to 611 s each followed by one of 411 to 415 s', () => {
    const starts = startsOf(day);
    const steps = starts.slice(1).map((mjd, index) => Math.round((mjd - (starts[index] ?? 0)) * SECONDS_PER_DAY));
    const gaps = gapsBetween(starts);
    const hours = gaps.filter(({ seconds }) => seconds > 3600);
    const double = steps.flatMap((step, index) => (step >= 603 && step <= 611 ? [steps[index + 1] ?? 0] : []));

    expect(hours.map(({ afterMjd, untilMjd }) => [isoFromMjd(afterMjd, 0), isoFromMjd(untilMjd, 0)])).toEqual([
      ['2026-01-25T04:29:02', '2026-01-25T11:06:05'],
    ]);
    expect(double).toHaveLength(16);
    expect(double.every((step) => step >= 411 && step <= 415)).toBe(true);
    expect(gaps).toHaveLength(17);
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(309);
  });
});

describe('2026-02-13', () => {
  const day = dayOf('2026-02-13');

  it('has whole groups made of fragments, where exact stamps give 6', () => {
    const complete = day.groups.filter(({ state }) => state === 'complete');

    expect(complete.length).toBeGreaterThan(200);
    expect(complete.length / day.groups.length).toBeGreaterThan(0.95);
    expect(day.quarantined).toEqual([]);
  });

  it('has stamps of one group up to 82 s apart, and no group twice', () => {
    const starts = startsOf(day);
    const spread = day.groups.map(({ files }, index) =>
      Math.max(...files.map(({ stampMjd }) => Math.round((stampMjd - (starts[index] ?? 0)) * SECONDS_PER_DAY))),
    );

    expect(Math.max(...spread)).toBe(82);
    expect(new Set(day.groups.map(({ id }) => id)).size).toBe(day.groups.length);
  });
});

describe('other inventories', () => {
  const HEAD = 'timestamp,n_subbands_found,size_bytes';

  it('may have other columns, in any order, and lines that end as on Windows', () => {
    const csv = '\uFEFFsize_bytes,note,timestamp,n_subbands_found\r\n16,x,2026-03-01T00:00:00,16\r\n';

    expect(parseInventory(csv)).toEqual([{ stampMjd: mjdFromIso('2026-03-01'), nSubbands: 16, sizeBytes: 16 }]);
  });

  it('show more files than a group has as second files of a subband', () => {
    const rows = parseInventory(`${HEAD}\n2026-03-01T00:00:00,16,16\n2026-03-01T00:00:30,2,2`);
    const { groups, quarantined } = groupsOfInventory(rows, DEFAULT_DECISION_RULES);

    expect(groups).toMatchObject([{ state: 'complete' }]);
    expect(quarantined.map(({ code }) => code)).toEqual(['GROUP_SUBBAND_DOUBLED', 'GROUP_SUBBAND_DOUBLED']);
  });

  it.each([
    ['timestamp,size_bytes\n', 'no column n_subbands_found'],
    [`${HEAD}\nyesterday,16,16`, 'line 2'],
    [`${HEAD}\n2026-03-01T00:00:00,16,16\n2026-03-01T00:05:00,many,16`, 'line 3'],
    [`${HEAD}\n2026-03-01T00:00:00,,16`, 'line 2'],
    ['', 'no column timestamp'],
  ])('are refused where they are none: %j', (csv, message) => {
    expect(() => parseInventory(csv)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
    expect(() => parseInventory(csv)).toThrow(message);
  });
});
