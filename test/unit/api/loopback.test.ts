import { describe, expect, it } from '@jest/globals';
import { requireLoopback } from '../../../api/http/loopback.ts';
import { problemOf } from '../../../api/http/problem.ts';

describe('requireLoopback', () => {
  it.each([{ host: '127.0.0.1:8000' }, { host: 'localhost' }, { host: '[::1]:8000', origin: 'http://localhost:3000' }])(
    'lets %o through',
    (headers) => {
      expect(() => requireLoopback(headers)).not.toThrow();
    },
  );

  it.each([
    { host: 'evil.example:8000' },
    { host: '127.0.0.1.evil.example' },
    { host: 'localhost@evil.example' },
    { host: undefined },
    { host: '127.0.0.1:8000', origin: 'https://evil.example' },
    { host: '127.0.0.1:8000', origin: 'null' },
  ])('refuses %o with 403', (headers) => {
    let thrown: unknown;
    try {
      requireLoopback(headers);
    } catch (error) {
      thrown = error;
    }
    expect(problemOf(thrown, '/api/jobs')).toMatchObject({ status: 403, code: 'REQUEST_INVALID' });
  });
});
