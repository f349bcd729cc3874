/** Calibration tables with their validity and where they come from. */
import { z } from 'zod';
import { operation } from './operation.ts';
import { Instant, Mjd, Name, PageQuery, QaState, Uuid, page } from './common.ts';

export const Caltable = z.object({
  id: Uuid,
  set_id: z.string().describe('Shared by the tables of one solve.'),
  type: z.enum(['K', 'B', 'G']),
  path: z.string(),
  calibrator: z.string(),
  group_id: z.string().nullable().describe('Group in which the calibrator transits.'),
  transit_mjd: Mjd,
  valid_start_mjd: Mjd,
  valid_end_mjd: Mjd,
  pointing_dec_deg: z.number(),
  refant: z.string(),
  status: z.enum(['active', 'rejected', 'superseded']),
  qa: QaState,
  flagged_fraction: z.number().nullable(),
  median_snr: z.number().nullable(),
  created_at: Instant,
});

export const listCaltables = operation({
  id: 'listCaltables',
  method: 'get',
  path: '/api/caltables',
  tag: 'caltables',
  summary: 'List caltables, newest first',
  query: PageQuery.extend({ calibrator: Name.optional(), type: z.enum(['K', 'B', 'G']).optional() }),
  answers: { 200: { description: 'A page of caltables.', schema: page(Caltable) } },
  errors: ['SERVICE_UNAVAILABLE'],
  aliases: { table_type: 'type' },
});

export const listActiveCaltables = operation({
  id: 'listActiveCaltables',
  method: 'get',
  path: '/api/caltables/active',
  tag: 'caltables',
  summary: 'The apply-list at a time: tables in the order in which they are applied',
  query: z.strictObject({
    mjd: z.coerce.number().min(40000).max(90000),
    dec_deg: z.coerce
      .number()
      .min(-90)
      .max(90)
      .optional()
      .describe('Pointing; needed when tables of several strips are valid.'),
  }),
  answers: {
    200: {
      description: 'K, B, G; empty when none is valid, with the reason.',
      schema: z.object({ mjd: Mjd, items: z.array(Caltable), reason: z.string().nullable() }),
    },
  },
  errors: ['SERVICE_UNAVAILABLE'],
  aliases: { dec: 'dec_deg' },
});
