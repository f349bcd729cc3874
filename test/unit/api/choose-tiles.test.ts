import { describe, expect, it } from '@jest/globals';
import { chooseTiles } from '../../../api/mosaic-plans/choose-tiles.ts';
import type { Image } from '../../../registry/index.ts';

const tile = (id: string, fields: Partial<Image> = {}): Image =>
  ({
    id,
    groupId: `group ${id}`,
    midMjd: Number(id),
    qa: 'pass',
    pbCorrected: true,
    quickLook: false,
    centerDecDeg: 30,
    ...fields,
  }) as Image;

const rules = { minTiles: 3, quickLook: false };

describe('chooseTiles', () => {
  it('takes one tile per group, the newest, in order of time', () => {
    const images = [tile('3'), tile('1'), tile('2', { groupId: 'group 1', midMjd: 1 }), tile('4')];
    const { tiles, excluded } = chooseTiles(images, rules);
    expect(tiles.map(({ id }) => id)).toEqual(['2', '3', '4']);
    expect(excluded).toEqual([{ id: '1', groupId: 'group 1', reason: 'there is a newer tile of this group' }]);
  });

  it('leaves out what failed, what is no science tile, and other strips, each with its reason', () => {
    const images = [
      tile('1'),
      tile('2', { qa: 'fail' }),
      tile('3', { quickLook: true }),
      tile('4', { pbCorrected: false }),
      tile('5', { centerDecDeg: 16 }),
      tile('6'),
      tile('7'),
    ];
    const { tiles, excluded } = chooseTiles(images, rules);
    expect(tiles.map(({ id }) => id)).toEqual(['1', '6', '7']);
    expect(excluded.map(({ id, reason }) => [id, reason])).toEqual([
      ['2', 'its QA failed'],
      ['3', 'it is a quick look: subbands are missing'],
      ['4', 'it is not corrected for the primary beam'],
      ['5', 'it is at Dec 16.00°, the others at 30.00°'],
    ]);
  });

  it('says when there are too few, and why', () => {
    expect(() => chooseTiles([], rules)).toThrow(/there is no tile/);
    expect(() => chooseTiles([tile('1'), tile('2', { qa: 'fail' })], rules)).toThrow(/1 usable tiles .* 3 are wanted/);
    expect(chooseTiles([tile('1', { quickLook: true })], { minTiles: 1, quickLook: true }).tiles).toHaveLength(1);
  });
});
