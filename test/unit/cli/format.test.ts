import { describe, expect, it } from '@jest/globals';
import { bytes, declination, duration, flux, rightAscension } from '../../../cli/output/format.ts';
import { progressOn } from '../../../cli/output/progress.ts';
import { table } from '../../../cli/output/table.ts';

describe('numbers as people read them', () => {
  it('writes the position of 3C286 as the VLA list does', () => {
    expect(rightAscension(202.78453333333334)).toBe('13h31m08.288s');
    expect(declination(30.509155555555555)).toBe('+30°30′32.96″');
  });

  it('carries over instead of writing 60', () => {
    expect(rightAscension(359.9999999)).toBe('00h00m00.000s');
    expect(declination(-0.9999999)).toBe('-01°00′00.00″');
  });

  it('writes fluxes, sizes and durations in a unit that reads well', () => {
    expect([flux(15.06), flux(0.0123), flux(2e-5), flux(null)]).toEqual(['15.060 Jy', '12.30 mJy', '20 uJy', '-']);
    expect([bytes(0), bytes(2.3e9)]).toEqual(['0 B', '2.30 GB']);
    expect([duration(0.045), duration(12.34), duration(185), duration(3720)]).toEqual([
      '45 ms',
      '12.3 s',
      '3 min 05 s',
      '1 h 02 min',
    ]);
  });
});

describe('table', () => {
  it('aligns numbers to the right and shows what is missing', () => {
    const rows = [
      { name: 'a', value: 1 },
      { name: 'long', value: 100 },
    ];
    const text = table(rows, [
      { title: 'name', value: (row) => row.name },
      { title: 'n', value: (row) => row.value },
      { title: 'x', value: () => null },
    ]);
    expect(text.split('\n')).toEqual(['name    n  x', 'a       1  -', 'long  100  -']);
  });
});

describe('progress', () => {
  const written: string[] = [];
  const terminal = (isTTY: boolean) => ({ isTTY, columns: 80, write: (text: string) => written.push(text) });

  it('draws a bar with ETA on a terminal and cleans it up', () => {
    written.length = 0;
    const progress = progressOn(terminal(true));
    progress.update({ fraction: 0.5, message: 'imaging', etaSeconds: 90 });
    progress.finish();
    expect(written.join('')).toContain('50 %  ETA 1 min 30 s  imaging');
    expect(written.at(-1)).toBe('\r\x1b[2K');
  });

  it('writes a line per step elsewhere, and another after a while', () => {
    written.length = 0;
    let now = 0;
    const progress = progressOn(terminal(false), () => now);
    progress.update({ fraction: 0, step: 'image', message: 'cycle 1' });
    now = 5_000;
    progress.update({ fraction: 0.2, step: 'image', message: 'cycle 2' });
    now = 11_000;
    progress.update({ fraction: 0.4, step: 'image', message: 'cycle 3', etaSeconds: 30 });
    progress.update({ fraction: 0.5, step: 'mosaic', message: '' });
    expect(written).toEqual(['  0 %  image: cycle 1\n', ' 40 %  image: cycle 3  ETA 30.0 s\n', ' 50 %  mosaic\n']);
  });
});
