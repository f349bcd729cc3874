import { describe, expect, it } from '@jest/globals';
import { inputPaths } from '../../../activities/stage-job/spec-inputs.ts';

describe('files that a spec names', () => {
  it.each([
    ['convert', { files: ['/a', '/b'] }, ['/a', '/b']],
    ['apply', { ms: '/m', tables: [{ path: '/k', type: 'K' }, { path: '/g' }] }, ['/m', '/k', '/g']],
    ['mosaic', { tiles: [{ image_pb: '/1p', image: '/1', pb: null }, { image_pb: '/2p' }] }, ['/1p', '/2p', '/1']],
    ['photometry', { fits: '/f', pb_fits: null, positions_file: '/p' }, ['/f', '/p']],
    ['simulate', { calibrator: { name: '3C286' } }, []],
  ] as const)('of %s, in a fixed order, without what is left out', (stage, spec, paths) => {
    expect(inputPaths(stage, spec)).toEqual(paths);
  });
});
