import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { renderStageTypes, STAGE_TYPES_FILE } from '../../../ops/generate/stage-types.ts';

describe('stage types', () => {
  it('are those of the schemas: run `node ops/generate/stage-types.ts` when this fails', async () => {
    expect(readFileSync(STAGE_TYPES_FILE, 'utf8')).toBe(await renderStageTypes());
  });
});
