/** The observation-driven schedule: transits of chosen calibrators become mosaics by themselves. */
import { z } from 'zod';
import { operation } from './operation.ts';
import { Instant, Mjd, Name, UtcText, UtcTime, Uuid } from './common.ts';
import { Control } from './mosaics.ts';
import { recipeFields } from './recipes.ts';

const Calibrator = Name.describe('Any name of the VLA list: 3C286, 1331+305, J1331+3030.');
const Who = z.string().trim().min(1).max(100).optional();

export const ScheduledCalibrator = z.object({
  name: z.string(),
  dec_deg: z
    .number()
    .nullable()
    .describe('Planned only at this pointing declination; null: whenever it is in the beam.'),
  timespan_minutes: z.number(),
  deadline_minutes: z.number().describe('How long late data are waited for after the window has closed.'),
  min_tiles: z.number().int(),
  recipe: z.record(z.string(), z.unknown()).describe('Other fields of the mosaic that is asked for.'),
  added_by: z.string(),
  added_at: Instant,
  paused: z.object({ requested_by: z.string(), reason: z.string() }).nullable(),
});

export const PlannedTransit = z.object({
  calibrator: z.string(),
  transit_number: z.number().int().describe('Sidereal: whole turns of the Earth since J2000; the key of the transit.'),
  transit_utc: UtcText,
  transit_mjd: Mjd,
  start_utc: UtcText,
  end_utc: UtcText,
  deadline_utc: UtcText,
  state: z.enum(['planned', 'waiting', 'asked', 'done', 'failed', 'struck', 'missed']),
  reason: z.string().nullable().describe('What it waits for, or why it ended so.'),
  reason_code: z.string().nullable(),
  mosaic_id: Uuid.nullable().describe('The mosaic group: `GET /api/mosaics/{id}`.'),
  workflow_id: z.string(),
  priority: z.number().int(),
  requested_by: z.string(),
  moved_by: z.string().nullable(),
  moved_reason: z.string().nullable(),
});

export const Planner = z.object({
  paused: z.boolean(),
  note: z.string(),
  next_run_at: Instant.nullable(),
  last_run_at: Instant.nullable(),
});

export const Schedule = z.object({
  pointing: z
    .object({ group_id: z.string(), dec_deg: z.number() })
    .nullable()
    .describe('Where the newest groups point; null: none was seen yet.'),
  planner: Planner.nullable().describe('Null: it was not set up yet; adding a calibrator does that.'),
  calibrators: z.array(ScheduledCalibrator),
  transits: z.array(PlannedTransit).describe('In order of time.'),
});

export const PlanSummary = z.object({
  started: z.number().int(),
  moved: z.number().int(),
  struck: z.number().int(),
  without_data: z.number().int().describe('Past transits recorded as missed, for no group was taken of them.'),
  unchanged: z.number().int(),
  pointing_dec_deg: z.number().nullable(),
});

export const AddToSchedule = z.strictObject({
  calibrator: Calibrator,
  dec_deg: z.number().min(-90).max(90).optional().describe('Only at this pointing declination; default: any.'),
  timespan_minutes: z.number().min(5).max(360).default(50).describe('Window around the transit.'),
  deadline_minutes: z.number().min(0).max(1440).default(60).describe('How long late data are waited for.'),
  ...recipeFields,
  min_subbands: z.number().int().min(1).max(16).default(12).describe('Fewer than 16 makes quick-look mosaics.'),
  requested_by: Who,
});

const OneOrAll = z.strictObject({
  ...Control.shape,
  calibrator: Calibrator.optional().describe('Default: the whole schedule.'),
});
const EXAMPLE = { calibrator: '3C286', requested_by: 'jane', reason: 'too near to the Sun' };
const ANSWER = { 200: { description: 'The schedule after it.', schema: Schedule } } as const;

export const getSchedule = operation({
  id: 'getSchedule',
  method: 'get',
  path: '/api/schedule',
  tag: 'schedule',
  summary: 'Calibrators on the schedule, and what becomes of their transits',
  query: z.strictObject({
    start_utc: UtcTime.optional().describe('Transits from here on; default: a day ago.'),
    end_utc: UtcTime.optional().describe('Transits before this time; default: all that are planned.'),
    calibrator: Calibrator.optional(),
  }),
  answers: { 200: { description: 'The schedule.', schema: Schedule } },
  errors: ['CALIBRATOR_UNKNOWN', 'SERVICE_UNAVAILABLE'],
});

export const addToSchedule = operation({
  id: 'addToSchedule',
  method: 'post',
  path: '/api/schedule/add',
  tag: 'schedule',
  summary: 'Make a mosaic of every transit of a calibrator; again with other values changes them',
  body: AddToSchedule,
  bodyExample: { calibrator: '3C286', timespan_minutes: 50 },
  answers: ANSWER,
  errors: ['CALIBRATOR_UNKNOWN', 'CALIBRATOR_UNSUITABLE', 'CALIBRATOR_BELOW_HORIZON', 'SERVICE_UNAVAILABLE'],
});

export const removeFromSchedule = operation({
  id: 'removeFromSchedule',
  method: 'post',
  path: '/api/schedule/remove',
  tag: 'schedule',
  summary: 'Take a calibrator off; its open transits are struck off',
  body: z.strictObject({ ...Control.shape, calibrator: Calibrator }),
  bodyExample: EXAMPLE,
  answers: ANSWER,
  errors: ['CALIBRATOR_UNKNOWN', 'NOT_FOUND', 'SERVICE_UNAVAILABLE'],
});

const control = (verb: 'pause' | 'resume', summary: string) =>
  operation({
    id: `${verb}Schedule`,
    method: 'post',
    path: `/api/schedule/${verb}`,
    tag: 'schedule',
    summary,
    body: OneOrAll,
    bodyExample: EXAMPLE,
    answers: ANSWER,
    errors: ['CALIBRATOR_UNKNOWN', 'NOT_FOUND', 'SERVICE_UNAVAILABLE'],
  });

export const pauseSchedule = control(
  'pause',
  'Plan no further transits of a calibrator and strike off its open ones; without a calibrator: plan nothing new',
);
export const resumeSchedule = control('resume', 'Plan again');

const PLANNED = { 200: { description: 'What planning changed.', schema: PlanSummary } } as const;

export const triggerSchedule = operation({
  id: 'triggerSchedule',
  method: 'post',
  path: '/api/schedule/trigger',
  tag: 'schedule',
  summary: 'Plan now; with a calibrator: decide its last transit, or the one near a time, without waiting any longer',
  body: z.strictObject({ calibrator: Calibrator.optional(), near_utc: UtcTime.optional(), requested_by: Who }),
  bodyExample: { calibrator: '3C286' },
  answers: PLANNED,
  errors: ['CALIBRATOR_UNKNOWN', 'NOT_FOUND', 'SERVICE_UNAVAILABLE'],
});

export const backfillSchedule = operation({
  id: 'backfillSchedule',
  method: 'post',
  path: '/api/schedule/backfill',
  tag: 'schedule',
  summary: 'Transits of past days, behind all live work',
  body: z.strictObject({
    start_utc: UtcTime,
    end_utc: UtcTime,
    calibrators: z.array(Calibrator).min(1).max(500).optional().describe('Of the list; default: all of it.'),
    requested_by: Who,
  }),
  bodyExample: { start_utc: '2026-01-25T00:00:00', end_utc: '2026-01-27T00:00:00' },
  answers: PLANNED,
  errors: ['CALIBRATOR_UNKNOWN', 'REQUEST_INVALID', 'SERVICE_UNAVAILABLE'],
});

export const explainSchedule = operation({
  id: 'explainSchedule',
  method: 'get',
  path: '/api/schedule/explain',
  tag: 'schedule',
  summary: 'Why a transit is planned, waited for, made or missed, in words',
  query: z.strictObject({
    calibrator: Calibrator,
    near_utc: UtcTime.optional().describe('The transit nearest to this time; default: the next one.'),
  }),
  answers: {
    200: {
      description: 'Sentences.',
      schema: z.object({ transit: PlannedTransit.nullable(), lines: z.array(z.string()) }),
    },
  },
  errors: ['CALIBRATOR_UNKNOWN', 'SERVICE_UNAVAILABLE'],
});
