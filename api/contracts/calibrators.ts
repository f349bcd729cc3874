/** Calibrators of the VLA list and their transits over the site. */
import { z } from 'zod';
import { operation } from './operation.ts';
import { Mjd, Name, UtcText, UtcTime } from './common.ts';

export const Calibrator = z.object({
  name: z.string().describe('The one name used in ids and tables: 3C286.'),
  j2000_name: z.string(),
  b1950_name: z.string().nullable(),
  ra_deg: z.number().describe('ICRS.'),
  dec_deg: z.number(),
  flux_jy: z.number().nullable().describe('20 cm value of the VLA list.'),
  position_code: z.string(),
  codes_20cm: z
    .object({ A: z.string(), B: z.string(), C: z.string(), D: z.string() })
    .nullable()
    .describe('Suitability at 20 cm by array configuration.'),
  flux_scale: z.enum(['perley_butler_2017', 'secondary']),
  flux_scale_jy: z.number().nullable().describe('Flux at 1.4 GHz on the scale that is used.'),
  variable: z.boolean(),
  suitable: z.boolean().describe('Code P or S at 20 cm in C array, and a flux.'),
  unsuitable_because: z.string().nullable(),
});

export const FieldCalibrator = Calibrator.extend({
  separation_deg: z.number(),
  beam: z.number().describe('Primary beam at the calibrator when it transits, 0 to 1.'),
  apparent_flux_jy: z.number().nullable(),
});

export const TransitData = z.object({
  status: z.enum(['complete', 'incomplete', 'none']).describe('Of the group in which the calibrator transits.'),
  group_id: z.string().nullable().describe('Null where only file names were looked at.'),
  first_stamp: z.string().nullable().describe('Earliest stamp of its file names, where only those were looked at.'),
  n_subbands: z.number().int(),
  n_groups: z.number().int().describe('Groups in the window around the transit.'),
  n_complete: z.number().int(),
  missing_minutes: z.number().describe('Part of the window without data.'),
});

export const Transit = z.object({
  transit_utc: UtcText,
  transit_mjd: Mjd,
  transit_number: z.number().int().describe('Counts sidereal transits of this calibrator; the key of its mosaics.'),
  apparent_ra_deg: z.number(),
  apparent_dec_deg: z.number(),
  altitude_deg: z.number(),
  data: TransitData.nullable().describe('Null: not looked up.'),
});

export const listCalibrators = operation({
  id: 'listCalibrators',
  method: 'get',
  path: '/api/calibrators',
  tag: 'calibrators',
  summary: 'Calibrators near a position or declination, brightest in the beam first',
  query: z.strictObject({
    ra_deg: z.coerce.number().min(-360).max(360).optional(),
    dec_deg: z.coerce.number().min(-90).max(90).optional(),
    radius_deg: z.coerce.number().positive().max(20).default(1.5),
    min_flux_jy: z.coerce.number().min(0).default(0),
    name: Name.optional().describe('One calibrator by any of its names.'),
    limit: z.coerce.number().int().min(1).max(2000).default(50),
  }),
  answers: {
    200: {
      description: 'Calibrators; separation, beam and apparent flux hold when a position was given.',
      schema: z.object({
        items: z.array(FieldCalibrator.partial({ separation_deg: true, beam: true, apparent_flux_jy: true })),
      }),
    },
  },
  errors: ['CALIBRATOR_UNKNOWN'],
  aliases: { ra: 'ra_deg', dec: 'dec_deg', radius: 'radius_deg' },
});

export const listTransits = operation({
  id: 'listTransits',
  method: 'get',
  path: '/api/calibrators/{name}/transits',
  tag: 'calibrators',
  summary: 'Transits of a calibrator, with the data there is for each',
  params: z.strictObject({ name: Name }),
  query: z.strictObject({
    from_utc: UtcTime.optional().describe('Default: seven days ago.'),
    to_utc: UtcTime.optional().describe('Default: tomorrow.'),
    timespan_minutes: z.coerce.number().min(5).max(360).default(50).describe('Window in which groups are counted.'),
  }),
  answers: {
    200: {
      description: 'The calibrator and its transits in order of time.',
      schema: z.object({ calibrator: Calibrator, transits: z.array(Transit) }),
    },
  },
  errors: ['CALIBRATOR_UNKNOWN', 'CALIBRATOR_BELOW_HORIZON', 'SERVICE_UNAVAILABLE'],
  aliases: { from: 'from_utc', to: 'to_utc', start_time: 'from_utc', end_time: 'to_utc' },
});
