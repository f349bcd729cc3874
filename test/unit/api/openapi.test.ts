import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { OPERATIONS } from '../../../api/contracts/index.ts';
import { openApiDocument } from '../../../api/contracts/openapi.ts';
import { CLIENT_TYPES_FILE, DOCUMENT_FILE, renderClientTypes, renderDocument } from '../../../ops/generate/openapi.ts';

describe('the contract', () => {
  it('is what api/openapi.json says; run `node ops/generate/openapi.ts` after a change', async () => {
    expect(readFileSync(DOCUMENT_FILE, 'utf8')).toBe(await renderDocument());
  });

  it('is what the client was generated from', async () => {
    expect(readFileSync(CLIENT_TYPES_FILE, 'utf8')).toBe(await renderClientTypes());
  });

  it('names each operation once and gives each a summary and its errors', () => {
    const ids = OPERATIONS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const op of OPERATIONS) expect(op.summary).not.toBe('');
    const routes = OPERATIONS.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(routes).size).toBe(routes.length);
  });

  it('has an example for every body, which the contract itself accepts', () => {
    for (const op of OPERATIONS.filter(({ body }) => body !== undefined)) {
      expect(op.body?.safeParse(op.bodyExample).error).toBeUndefined();
    }
  });

  it('leaves no reference without its schema', () => {
    const text = JSON.stringify(openApiDocument('0'));
    const { schemas } = (openApiDocument('0') as { components: { schemas: Record<string, unknown> } }).components;
    const referenced = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map((match) => match[1] ?? '');
    expect(referenced.filter((name) => !Object.hasOwn(schemas, name))).toEqual([]);
  });
});
