import { expect, it } from '@jest/globals';
import { uuid7 } from '../../../registry/index.ts';

it('makes UUIDs of version 7 that sort by the time they were made', () => {
  const early = uuid7(1_700_000_000_000);
  const late = uuid7(1_700_000_000_001);

  expect(early).toMatch(/^018bcfe5-6800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(early < late).toBe(true);
});

it('makes no id twice', () => {
  expect(new Set(Array.from({ length: 1000 }, () => uuid7())).size).toBe(1000);
});
