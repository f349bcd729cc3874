import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { asApplicationFailure } from '../../../activities/failures.ts';
import { MeridianError } from '../../../domain/errors.ts';

const withCode = (code: string, message = 'it broke'): Error => Object.assign(new Error(message), { code });

describe('what Temporal is told of a failure', () => {
  it('has our code as its type, and what it is about as its details', () => {
    const failure = asApplicationFailure(new MeridianError('FILE_TRUNCATED', 'too short', { file: '/a' }), 0);

    expect(failure).toMatchObject({ type: 'FILE_TRUNCATED', message: 'too short', details: [{ file: '/a' }] });
  });

  it.each([
    ['bad input is not tried again', 'FILE_TRUNCATED', 0, true],
    ['a tool that failed is tried again', 'TOOL_FAILED', 0, false],
    ['a tool that failed twice is tried once more', 'TOOL_FAILED', 1, false],
    ['a tool that failed three times is given up', 'TOOL_FAILED', 2, true],
    ['memory that ran out is tried once more', 'OUT_OF_MEMORY', 0, false],
    ['memory that ran out twice is given up', 'OUT_OF_MEMORY', 1, true],
    ['a service that is away is waited for', 'SERVICE_UNAVAILABLE', 500, false],
  ] as const)('%s', (_what, code, failedBefore, nonRetryable) => {
    expect(asApplicationFailure(new MeridianError(code, 'it broke'), failedBefore).nonRetryable).toBe(nonRetryable);
  });

  it.each([
    ['a refused connection', withCode('ECONNREFUSED'), 'SERVICE_UNAVAILABLE'],
    ['PostgreSQL shutting down', withCode('57P01'), 'SERVICE_UNAVAILABLE'],
    ['a connection that broke', new Error('Connection terminated unexpectedly'), 'SERVICE_UNAVAILABLE'],
    ['a full disk', withCode('ENOSPC'), 'DISK_FULL'],
    ['a file of ours that is not there', withCode('ENOENT'), 'INTERNAL'],
    ['a mistake of ours', new TypeError('x is undefined'), 'INTERNAL'],
  ])('%s gets a code', (_what, error, code) => {
    expect(asApplicationFailure(error, 0).type).toBe(code);
  });

  it('that has been decided already is left as it is', () => {
    const decided = ApplicationFailure.nonRetryable('no', 'TOO_FEW_TILES');

    expect(asApplicationFailure(decided, 0)).toBe(decided);
  });
});
