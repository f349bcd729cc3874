import { describe, expect, it } from '@jest/globals';
import { withOwnNames } from '../../../api/http/field-names.ts';

describe('withOwnNames', () => {
  it('turns camelCase into snake_case, in nested objects and lists too', () => {
    expect(withOwnNames({ timespanMinutes: 50, image: { cellArcsec: 6 }, list: [{ aB: 1 }] })).toEqual({
      timespan_minutes: 50,
      image: { cell_arcsec: 6 },
      list: [{ a_b: 1 }],
    });
  });

  it('takes the names of the old system, in either spelling', () => {
    const aliases = { calibrator_name: 'calibrator' };
    expect(withOwnNames({ calibrator_name: '3C286' }, aliases)).toEqual({ calibrator: '3C286' });
    expect(withOwnNames({ calibratorName: '3C286' }, aliases)).toEqual({ calibrator: '3C286' });
  });

  it('refuses one field under two names', () => {
    expect(() => withOwnNames({ calibrator: 'a', calibratorName: 'b' }, { calibrator_name: 'calibrator' })).toThrow(
      /calibrator is given twice/,
    );
  });

  it('leaves values alone and cannot be used to reach the prototype', () => {
    expect(withOwnNames('asIs')).toBe('asIs');
    const named = withOwnNames(JSON.parse('{"__proto__": {"polluted": true}}')) as Record<string, unknown>;
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.hasOwn(named, '__proto__')).toBe(true);
  });
});
