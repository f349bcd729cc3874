import { describe, expect, it } from '@jest/globals';
import { complaints, verdictOf } from '../../../activities/verdicts.ts';
import { worst } from '../../../domain/states.ts';

const check = (verdict: 'pass' | 'warn' | 'fail' | 'not_evaluated', message = verdict as string) =>
  ({ name: message, value: 1, limit: 'at most 1', verdict, message }) as const;

describe('verdicts put together', () => {
  it.each([
    [[], 'not_evaluated'],
    [['not_evaluated', 'pass'], 'pass'],
    [['pass', 'warn', 'pass'], 'warn'],
    [['warn', 'fail', 'pass'], 'fail'],
  ] as const)('%j is %s', (verdicts, together) => {
    expect(worst(verdicts)).toBe(together);
  });

  it('of checks name what is wrong', () => {
    const checks = [check('pass'), check('fail', 'the rms is 3 times too large'), check('warn', 'few sources')];

    expect(verdictOf(checks)).toBe('fail');
    expect(complaints(checks)).toBe('the rms is 3 times too large; few sources');
  });
});
