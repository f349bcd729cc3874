import { describe, expect, it } from '@jest/globals';
import { documentOf, runCli } from '../../support/run-cli.ts';

interface Found {
  readonly calibrators: readonly Record<string, unknown>[];
}

interface Transits {
  readonly calibrator: Record<string, unknown>;
  readonly transits: readonly {
    readonly transit_utc: string;
    readonly transit_mjd: number;
    readonly altitude_deg: number;
  }[];
}

describe('calibrate find-calibrators', () => {
  it('finds 3C286 as the VLA list has it', async () => {
    const run = await runCli(['calibrate', 'find-calibrators', '--ra', '13:31:08', '--dec', '+30:30:33', '--json']);
    const { calibrators } = documentOf(run) as unknown as Found;
    expect(calibrators[0]).toMatchObject({ name: '3C286', j2000_name: '1331+305', flux_jy: 15, suitable: true });
    // 13h31m08.288s +30°30′32.96″
    expect(calibrators[0]?.['ra_deg']).toBeCloseTo(202.7845333, 6);
    expect(calibrators[0]?.['dec_deg']).toBeCloseTo(30.5091556, 6);
  });

  it('finds those of a strip by declination alone', async () => {
    const run = await runCli([
      'calibrate',
      'find-calibrators',
      '--dec',
      '30.5',
      '--radius',
      '1',
      '--min-flux',
      '5Jy',
      '--json',
    ]);
    const { calibrators } = documentOf(run) as unknown as Found;
    expect(calibrators.map(({ name }) => name)).toContain('3C286');
    for (const each of calibrators) expect(Math.abs(Number(each['dec_deg']) - 30.5)).toBeLessThanOrEqual(1);
  });

  it('is a table for people', async () => {
    const run = await runCli(['calibrate', 'find-calibrators', '--name', 'J1331+3030']);
    expect(run.stdout).toContain('13h31m08.288s');
    expect(run.stdout).toContain('+30°30′32.96″');
    expect(run.stdout).toContain('15.000 Jy');
  });
});

describe('calibrate list-transits', () => {
  it('gives each transit of the range, a sidereal day apart', async () => {
    const args = ['calibrate', 'list-transits', '3C286', '--from', '2026-01-24', '--to', '2026-01-31', '--json'];
    const { calibrator, transits } = documentOf(await runCli(args)) as unknown as Transits;
    expect(calibrator['name']).toBe('3C286');
    expect(transits).toHaveLength(7);
    for (const [index, transit] of transits.entries()) {
      expect(transit.transit_utc).toMatch(/^2026-01-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(transit.altitude_deg).toBeGreaterThan(80);
      const before = transits[index - 1];
      if (before === undefined) continue;
      expect((transit.transit_mjd - before.transit_mjd) * 86_400).toBeCloseTo(86_164.1, 0);
    }
  });
});
