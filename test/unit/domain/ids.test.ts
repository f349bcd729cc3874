import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  canonicalJson,
  effectKey,
  groupIdOf,
  hash8Of,
  hashOf,
  isGroupId,
  type Json,
  msWorkflowId,
  requireGroupId,
  tileWorkflowId,
  transitMosaicWorkflowId,
  windowMosaicWorkflowId,
} from '../../../domain/ids.ts';
import { sha256Hex } from '../../../domain/sha256.ts';
import { mjdFromIso, SECONDS_PER_DAY } from '../../../domain/time.ts';

const nodeSha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('sha256Hex', () => {
  it('gives the published vectors of FIPS 180-4', () => {
    expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256Hex('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')).toBe(
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    );
  });

  it('equals Node for any text, block borders and surrogates included', () => {
    for (const length of [55, 56, 63, 64, 119, 120])
      expect(sha256Hex('a'.repeat(length))).toBe(nodeSha256('a'.repeat(length)));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(sha256Hex(text)).toBe(nodeSha256(text));
      }),
    );
    expect(sha256Hex('\ud800')).toBe(nodeSha256('\ufffd'));
  });
});

/** The same value with the keys of every object in another order. */
function shuffled(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => shuffled(item));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, member === undefined ? undefined : shuffled(member)]),
  );
}

describe('canonicalJson', () => {
  it('is the same for any order of keys, and reads back as the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value as Json);
        expect(canonicalJson(shuffled(value as Json))).toBe(text);
        expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
      }),
    );
  });

  it('writes numbers one way and leaves undefined members out', () => {
    expect(canonicalJson({ b: [1.0, -0, 1e21], a: undefined, ä: 'x' })).toBe('{"b":[1,0,1e+21],"ä":"x"}');
  });

  it.each([NaN, Infinity, -Infinity])('refuses %p', (value) => {
    expect(() => canonicalJson({ niter: value })).toThrow(expect.objectContaining({ code: 'SPEC_INVALID' }));
  });
});

describe('hash8Of', () => {
  it('is the same for the same request and another for another one', () => {
    const request = { method: 'pbweighted', robust: 0.5 };

    expect(hash8Of(request)).toBe(hash8Of({ robust: 0.5, method: 'pbweighted' }));
    expect(hash8Of(request)).not.toBe(hash8Of({ ...request, robust: 0.6 }));
    expect(hash8Of(request)).toMatch(/^[0-9a-f]{8}$/);
    expect(hashOf(request).startsWith(hash8Of(request))).toBe(true);
  });
});

describe('groupIdOf', () => {
  it('floors to the second', () => {
    const noon = mjdFromIso('2026-01-25T00:05:19');

    expect(groupIdOf(noon)).toBe('2026-01-25T00:05:19');
    expect(groupIdOf(noon + 0.999 / SECONDS_PER_DAY)).toBe('2026-01-25T00:05:19');
    expect(groupIdOf(noon - 0.01 / SECONDS_PER_DAY)).toBe('2026-01-25T00:05:18');
  });

  it('takes a start that a Julian date put just below a second as that second', () => {
    expect(groupIdOf(mjdFromIso('2026-01-25T00:05:19') - 40e-6 / SECONDS_PER_DAY)).toBe('2026-01-25T00:05:19');
  });

  it('reads back to within the second before, on any day, midnights included', () => {
    fc.assert(
      fc.property(fc.double({ min: 51544, max: 73000, noNaN: true }), (mjd) => {
        const id = groupIdOf(mjd);
        const late = (mjd - mjdFromIso(id)) * SECONDS_PER_DAY;
        expect(isGroupId(id)).toBe(true);
        expect(late).toBeGreaterThan(-0.6e-3);
        expect(late).toBeLessThan(1);
      }),
    );
    expect(groupIdOf(mjdFromIso('2026-01-26') - 1e-9)).toBe('2026-01-26T00:00:00');
  });

  it('knows an id from other text', () => {
    expect(isGroupId('2026-02-30T00:00:00')).toBe(false);
    expect(isGroupId('2026-01-25T00:05:19Z')).toBe(false);
    expect(() => requireGroupId('tonight')).toThrow(/write it as 2026-01-25T00:05:19/);
  });
});

describe('workflow ids', () => {
  it('are the business keys of the design', () => {
    expect(msWorkflowId('2026-01-25T00:05:19', 1)).toBe('ms/2026-01-25T00:05:19/v1');
    expect(msWorkflowId('2026-01-25T00:05:19', 2, '0a1b2c3d')).toBe('ms/2026-01-25T00:05:19/v2/0a1b2c3d');
    expect(tileWorkflowId('2026-01-25T00:05:19', 1, '0a1b2c3d')).toBe('tile/2026-01-25T00:05:19/v1/0a1b2c3d');
    expect(transitMosaicWorkflowId('3C286', 9512, '0a1b2c3d')).toBe('mosaic/3C286/9512/0a1b2c3d');
    expect(windowMosaicWorkflowId('2026-01-25T00:00:00', '2026-01-25T00:50:00', '0a1b2c3d')).toBe(
      'mosaic/window/2026-01-25T00:00:00_2026-01-25T00:50:00/0a1b2c3d',
    );
  });

  it('keep separators out of their parts', () => {
    expect(transitMosaicWorkflowId('../3C 286', 1, '0a1b2c3d')).toBe('mosaic/.._3C_286/1/0a1b2c3d');
  });
});

describe('effectKey', () => {
  const inputs = {
    stage: 'image',
    stageVersion: '1',
    unit: '2026-01-25T00:05:19',
    inputHashes: { ms: 'aa', caltable_k: 'bb' },
    parameters: { niter: 20000 },
  };

  it('is stage, unit and a hash of everything that decides the result', () => {
    expect(effectKey(inputs)).toMatch(/^image\/2026-01-25T00:05:19\/[0-9a-f]{64}$/);
    const others = [
      { ...inputs, stageVersion: '2' },
      { ...inputs, inputHashes: { ms: 'aa', caltable_k: 'cc' } },
      { ...inputs, parameters: { niter: 20001 } },
    ];
    expect(new Set([inputs, ...others].map(effectKey)).size).toBe(4);
    expect(effectKey({ ...inputs, inputHashes: { caltable_k: 'bb', ms: 'aa' } })).toBe(effectKey(inputs));
  });
});
