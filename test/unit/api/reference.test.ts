import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as api from '../../../ops/generate/api-reference.ts';
import * as cli from '../../../ops/generate/cli-reference.ts';

describe('the reference pages', () => {
  it('docs/api.md is current; run `node ops/generate/api-reference.ts` after a change', async () => {
    expect(readFileSync(api.PAGE, 'utf8')).toBe(await api.renderPage());
  });

  it('docs/cli.md is current; run `node ops/generate/cli-reference.ts` after a change', async () => {
    expect(readFileSync(cli.PAGE, 'utf8')).toBe(await cli.renderPage());
  });
});
