import { describe, expect, it } from '@jest/globals';
import { createMosaic } from '../../../api/contracts/mosaics.ts';
import { parseInput } from '../../../api/http/route.ts';
import type { FastifyRequest } from 'fastify';

const parse = (body: unknown): { body: Record<string, unknown> } =>
  parseInput(createMosaic, { body, query: {}, params: {} } as unknown as FastifyRequest) as {
    body: Record<string, unknown>;
  };

describe('POST /api/mosaics/create, its body', () => {
  it('fills in the defaults', () => {
    expect(parse({ calibrator: '3C286' }).body).toMatchObject({
      calibrator: '3C286',
      timespan_minutes: 50,
      method: 'pbweighted',
      min_tiles: 3,
      min_subbands: 16,
    });
  });

  it('accepts what scripts of the old system send', () => {
    const { body } = parse({ calibratorName: '3C286', timespanMinutes: 40, waitForPublished: true });
    expect(body).toMatchObject({ calibrator: '3C286', timespan_minutes: 40 });
    expect(parse({ start_time: '2026-01-25T22:00:00Z', end_time: '2026-01-25 23:00:00' }).body).toMatchObject({
      start_utc: '2026-01-25T22:00:00.000',
      end_utc: '2026-01-25T23:00:00.000',
    });
  });

  it.each([
    [{}, /calibrator: give a calibrator, or start_utc and end_utc/],
    [{ calibrator: '3C286', start_utc: '2026-01-25', end_utc: '2026-01-26' }, /not both/],
    [{ start_utc: '2026-01-25' }, /end_utc: a time window needs/],
    [{ start_utc: '2026-01-26', end_utc: '2026-01-25' }, /end_utc: must be later/],
    [{ calibrator: '3C286', timespan_minutes: 1 }, /timespan_minutes/],
    [{ calibrator: '3C286', timespan_minutes: 'long' }, /timespan_minutes/],
    [{ calibrator: '3C286', near_utc: 'yesterday' }, /near_utc: is no UTC time/],
    [{ calibrator: '3C286', near_utc: '2026-02-30' }, /near_utc/],
    [{ calibrator: '3C286', spam: 1 }, /spam/],
    [{ calibrator: '../../etc/passwd' }, /calibrator/],
    [{ calibrator: "x'; drop table jobs; --" }, /calibrator/],
    [{ calibrator: '3C286\r\nSet-Cookie: a=b' }, /calibrator/],
    [{ calibrator: '3C286', image: { cell_arcsec: -1 } }, /image\.cell_arcsec/],
    [{ calibrator: '3C286', image: { ms: '/etc' } }, /ms/],
    [{ calibrator: '3C286', method: 'median' }, /method/],
    [[], /body/],
    ['3C286', /body/],
  ])('refuses %j and names the field', (body, message) => {
    expect(() => parse(body)).toThrow(message);
  });
});
