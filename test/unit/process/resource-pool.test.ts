import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ResourcePool } from '../../../activities/process/resource-pool.ts';

const { signal } = new AbortController();
const settled = (promise: Promise<unknown>): Promise<boolean> => {
  const yes = (): boolean => true;
  const notYet = new Promise<boolean>((resolve) => setImmediate(() => resolve(false)));
  return Promise.race([promise.then(yes, yes), notYet]);
};

it('hands out what it has and lets the rest wait in order', async () => {
  const pool = new ResourcePool({ cores: 2, memoryGb: 4 });
  const waits: number[] = [];
  const first = await pool.acquire({ cores: 2, memoryGb: 1 }, { signal });
  const second = pool.acquire({ cores: 2, memoryGb: 1 }, { signal, onWait: (ahead) => waits.push(ahead) });
  const third = pool.acquire({ cores: 1, memoryGb: 1 }, { signal, onWait: (ahead) => waits.push(ahead) });
  const before = [await settled(second), await settled(third)];
  first();
  const after = [await settled(second), await settled(third)];

  expect(before).toEqual([false, false]);
  expect(after).toEqual([true, false]);
  expect(waits).toEqual([0, 1]);
});

it('lets nobody overtake a large request that waits', async () => {
  const pool = new ResourcePool({ cores: 4, memoryGb: 4 });
  const first = await pool.acquire({ cores: 1, memoryGb: 3 }, { signal });
  const large = pool.acquire({ cores: 1, memoryGb: 4 }, { signal });
  const small = pool.acquire({ cores: 1, memoryGb: 1 }, { signal });

  expect(await settled(small)).toBe(false);
  first();
  expect([await settled(large), await settled(small)]).toEqual([true, false]);
});

it('gives all its cores to a request for more', async () => {
  const pool = new ResourcePool({ cores: 2, memoryGb: 4 });

  await pool.acquire({ cores: 16, memoryGb: 1 }, { signal });

  expect(pool.inUse).toEqual({ cores: 2, memoryGb: 1 });
});

it('says that it can never give that much memory', async () => {
  const pool = new ResourcePool({ cores: 2, memoryGb: 4 });

  await expect(pool.acquire({ cores: 1, memoryGb: 8 }, { signal })).rejects.toMatchObject({
    code: 'OUT_OF_MEMORY',
    context: { needed_gib: 8, capacity_gib: 4 },
  });
});

it('drops a request that is cancelled while it waits, and serves those behind it', async () => {
  const pool = new ResourcePool({ cores: 2, memoryGb: 4 });
  const controller = new AbortController();
  await pool.acquire({ cores: 1, memoryGb: 3 }, { signal });
  const large = pool.acquire({ cores: 1, memoryGb: 4 }, { signal: controller.signal });
  const small = pool.acquire({ cores: 1, memoryGb: 1 }, { signal });
  controller.abort(new Error('cancelled'));

  await expect(large).rejects.toThrow('cancelled');
  expect(await settled(small)).toBe(true);
});

it('takes resources back once, however often they are given back', async () => {
  const pool = new ResourcePool({ cores: 2, memoryGb: 4 });
  const release = await pool.acquire({ cores: 1, memoryGb: 1 }, { signal });
  await pool.acquire({ cores: 1, memoryGb: 1 }, { signal });
  release();
  release();

  expect(pool.inUse).toEqual({ cores: 1, memoryGb: 1 });
});

it('never hands out more than it has, and in the end has all of it back', async () => {
  const request = fc.record({ cores: fc.integer({ min: 1, max: 4 }), memoryGb: fc.constantFrom(0.1, 0.3, 1, 2.5) });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 20 }), async (requests) => {
      const pool = new ResourcePool({ cores: 3, memoryGb: 3 });
      const work = requests.map(async (need) => {
        const release = await pool.acquire(need, { signal });
        expect(pool.inUse.cores).toBeLessThanOrEqual(3);
        expect(pool.inUse.memoryGb).toBeLessThanOrEqual(3.001);
        await new Promise(setImmediate);
        release();
      });
      await Promise.all(work);
      expect(pool.inUse.cores).toBe(0);
      expect(pool.inUse.memoryGb).toBeCloseTo(0);
    }),
    { numRuns: 50 },
  );
});
