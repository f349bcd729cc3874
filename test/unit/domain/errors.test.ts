import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  codeOfExitStatus,
  ERROR_CODES,
  ERROR_RULES,
  isErrorCode,
  MeridianError,
  NON_RETRYABLE_CODES,
} from '../../../domain/errors.ts';
import { ERROR_CODES_FILE, renderErrorCodes } from '../../../ops/generate/error-codes.ts';

describe('error codes', () => {
  it('are the same in Python: run `node ops/generate/error-codes.ts` when this fails', () => {
    expect(readFileSync(ERROR_CODES_FILE, 'utf8')).toBe(renderErrorCodes());
  });

  it('never retry bad input, and say in one line what to do', () => {
    for (const code of ERROR_CODES) {
      const rule = ERROR_RULES[code];
      expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/);
      expect(rule.exitClass === 'bad_input' && rule.retryable).toBe(false);
      expect(rule.httpStatus).toBeGreaterThanOrEqual(400);
      expect(rule.advice).toMatch(/^[A-Z].{10,110}\.$/);
    }
    expect(NON_RETRYABLE_CODES).toContain('DISK_FULL');
    expect(NON_RETRYABLE_CODES).not.toContain('TOOL_FAILED');
  });

  it('are known from words of other processes, prototype words excluded', () => {
    expect(isErrorCode('FILE_TRUNCATED')).toBe(true);
    expect(isErrorCode('toString')).toBe(false);
  });

  it('have a fallback for a stage that left only its exit status', () => {
    expect([1, 2, 3, 4, 139].map(codeOfExitStatus)).toEqual([
      'INTERNAL',
      'SPEC_INVALID',
      'TOOL_FAILED',
      'OUT_OF_MEMORY',
      'INTERNAL',
    ]);
  });
});

describe('MeridianError', () => {
  it('carries code, message and context across a boundary as JSON', () => {
    const error = new MeridianError('FILE_TRUNCATED', 'a.hdf5: 10 of 20 bytes', { file: 'a.hdf5', size_bytes: 10 });

    expect(JSON.parse(JSON.stringify(error))).toEqual({
      code: 'FILE_TRUNCATED',
      message: 'a.hdf5: 10 of 20 bytes',
      context: { file: 'a.hdf5', size_bytes: 10 },
    });
    expect([error.retryable, error.exitStatus, error.httpStatus]).toEqual([false, 2, 422]);
  });

  it('keeps its cause', () => {
    const cause = new Error('ENOSPC');

    expect(new MeridianError('DISK_FULL', 'disk full', {}, { cause }).cause).toBe(cause);
  });
});
