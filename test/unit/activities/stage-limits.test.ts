import { describe, expect, it } from '@jest/globals';
import { imagingThreads, stageLimits } from '../../../activities/stage-limits.ts';

const GIB = 1024 ** 3;
const worker = { cores: 2, memoryGb: 8 };
const call = { attempt: 1, wallSeconds: 600, writesBytes: 2 * GIB, worker };

describe('limits of an attempt', () => {
  it('leave room for what it writes', () => {
    expect(stageLimits({ ...call, stage: 'convert' })).toMatchObject({ wallSeconds: 600, diskGb: 2.2, cores: 1 });
  });

  it('give a later attempt twice the memory, but no more than the worker has', () => {
    const first = stageLimits({ ...call, stage: 'image' });
    const second = stageLimits({ ...call, stage: 'image', attempt: 2 });
    const small = stageLimits({ ...call, stage: 'image', attempt: 2, worker: { cores: 2, memoryGb: 3 } });

    expect(second.memoryGb).toBe(first.memoryGb * 2);
    expect(small.memoryGb).toBe(3);
  });

  it('let two images share two cores, each with a thread for every core', () => {
    expect(stageLimits({ ...call, stage: 'image' }).cores).toBe(1);
    expect(imagingThreads(2)).toBe(2);
  });

  it('do not give one image all cores of a large machine', () => {
    expect(imagingThreads(32)).toBe(4);
    expect(stageLimits({ ...call, stage: 'image', worker: { cores: 32, memoryGb: 64 } }).cores).toBe(2);
  });
});
