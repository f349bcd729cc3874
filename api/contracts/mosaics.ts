/** Mosaics: asked for by calibrator or by time window, followed by id from the request to the published file. */
import { z } from 'zod';
import { operation } from './operation.ts';
import { Check, Instant, Mjd, Name, PageQuery, QaState, UtcText, UtcTime, Uuid, page } from './common.ts';
import { JobFailure, JobPhase, JobStatus } from './jobs.ts';
import { MosaicMethod, recipeFields } from './recipes.ts';

export const MosaicState = z
  .enum(['pending', 'formed', 'calibrated', 'imaged', 'mosaicked', 'done', 'failed', 'cancelled'])
  .describe('State of the mosaic group.');

export const CreateMosaic = z
  .strictObject({
    calibrator: Name.optional().describe('Any name of the VLA list: 3C286, 1331+305, J1331+3030.'),
    near_utc: UtcTime.optional().describe('The transit nearest to this time; default: the newest one with data.'),
    timespan_minutes: z.number().min(5).max(360).default(50).describe('Window around the transit.'),
    start_utc: UtcTime.optional().describe('Start of a time window, instead of a calibrator.'),
    end_utc: UtcTime.optional(),
    incoming: z.string().min(1).max(4096).optional().describe('Folder with raw files; registered as a data root.'),
    ...recipeFields,
    name: Name.optional().describe('Part of the file names; default: made from calibrator and time.'),
    requested_by: z.string().trim().min(1).max(100).optional(),
    wait_for_published: z.boolean().optional().describe('Accepted for old scripts: the answer never waits.'),
  })
  .superRefine((request, context) => {
    for (const [path, message] of targetIssues(request)) context.addIssue({ code: 'custom', path: [path], message });
  });

interface TargetFields {
  readonly calibrator?: string | undefined;
  readonly near_utc?: string | undefined;
  readonly start_utc?: string | undefined;
  readonly end_utc?: string | undefined;
}

/** What is wrong with the choice between calibrator and time window: field and message. */
function targetIssues(request: TargetFields): [string, string][] {
  const { calibrator, near_utc: near, start_utc: start, end_utc: end } = request;
  const wrong: [string, string][] = [];
  if (near !== undefined && calibrator === undefined)
    wrong.push(['near_utc', 'names a transit and needs a calibrator']);
  const window = start ?? end;
  if (calibrator !== undefined && window !== undefined)
    wrong.push(['start_utc', 'give either a calibrator or a time window, not both']);
  if (calibrator !== undefined) return wrong;
  if (window === undefined) return [...wrong, ['calibrator', 'give a calibrator, or start_utc and end_utc']];
  if (start === undefined || end === undefined) {
    return [...wrong, [start === undefined ? 'start_utc' : 'end_utc', 'a time window needs start_utc and end_utc']];
  }
  return start < end ? wrong : [...wrong, ['end_utc', 'must be later than start_utc']];
}

export const MosaicTile = z.object({
  id: Uuid.nullable().describe('Product id of the tile; null: not made yet.'),
  group_id: z.string(),
  fits: z.string().nullable(),
  mid_mjd: Mjd.nullable(),
  rms_jy: z.number().nullable(),
  qa: z.object({ verdict: QaState, checks: z.array(Check) }),
});

export const MosaicCaltable = z.object({
  id: Uuid,
  type: z.enum(['K', 'B', 'G']),
  path: z.string(),
  calibrator: z.string(),
  transit_mjd: Mjd,
  qa: z.object({ verdict: QaState }),
});

export const MosaicQa = z.object({
  verdict: QaState,
  checks: z.array(Check),
  metrics: z.record(z.string(), z.unknown()).describe('Flux ratio, offsets, rms and what else was measured.'),
});

export const MosaicSummary = z.object({
  id: Uuid.describe('Stays the same from the request on.'),
  status: MosaicState,
  name: z.string(),
  product_id: Uuid.nullable().describe('The registered mosaic; null until it is made.'),
  product_state: z.enum(['staging', 'publishing', 'published', 'withdrawn']).nullable(),
  job_id: Uuid.nullable(),
  workflow_id: z.string().describe('Workflow that makes or made it.'),
  calibrator: z.string().nullable(),
  transit_utc: UtcText.nullable(),
  transit_mjd: Mjd.nullable(),
  start_utc: UtcText,
  end_utc: UtcText,
  start_mjd: Mjd,
  end_mjd: Mjd,
  method: MosaicMethod,
  n_tiles: z.number().int(),
  rms_jy: z.number().nullable(),
  qa: z.object({ verdict: QaState }),
  fits: z.string().nullable(),
  created_at: Instant,
  error: JobFailure.nullable(),
});

export const Mosaic = MosaicSummary.extend({
  weight: z.string().nullable().describe('Weight map, Jy^-2.'),
  coverage: z.string().nullable().describe('Tiles per pixel.'),
  pb: z.string().nullable().describe('Primary beam of the mosaic.'),
  picture: z.string().nullable().describe('PNG.'),
  fits_url: z.string().nullable(),
  tiles: z.array(MosaicTile),
  caltables: z.array(MosaicCaltable),
  excluded: z.array(z.object({ group_id: z.string(), code: z.string(), reason: z.string() })),
  qa: MosaicQa,
  job: z
    .object({
      status: JobStatus,
      phase: z.string().nullable(),
      progress: z.number(),
      eta_seconds: z.number().nullable(),
      message: z.string().nullable(),
      phases: z.array(JobPhase),
      paused: z.object({ requested_by: z.string(), reason: z.string() }).nullable(),
    })
    .nullable(),
});

export const CreateMosaicResult = z.object({
  id: Uuid,
  job_id: Uuid,
  group_id: Uuid.describe('The same as `id`: old scripts look for this name.'),
  workflow_id: z.string(),
  status: MosaicState,
  created: z.boolean().describe('False: the same request was made before, and this is its mosaic.'),
  message: z.string(),
});

export const MosaicId = z.strictObject({ id: Uuid.describe('Id of the mosaic, or of its product.') });

export const Control = z.strictObject({
  requested_by: z.string().trim().min(1).max(100).default('operator'),
  reason: z.string().trim().min(1).max(500),
});

export const ControlResult = z.object({
  id: Uuid,
  workflow_id: z.string(),
  state: z.enum(['running', 'paused', 'cancelling', 'done', 'failed', 'cancelled']),
  phase: z.string().nullable(),
});

const OLD_NAMES = {
  calibrator_name: 'calibrator',
  start_time: 'start_utc',
  end_time: 'end_utc',
  start: 'start_utc',
  end: 'end_utc',
  since: 'start_utc',
  until: 'end_utc',
  near: 'near_utc',
  transit_utc: 'near_utc',
  mosaic_name: 'name',
} as const;

export const createMosaic = operation({
  id: 'createMosaic',
  method: 'post',
  path: '/api/mosaics/create',
  tag: 'mosaics',
  summary: 'Ask for a mosaic around a calibrator transit or of a time window',
  description:
    'The transit is found before anything starts: the newest one whose window has closed, whose calibrator group is ' +
    'complete and which has enough tiles, unless `near_utc` names one. The same request finds the same workflow and ' +
    'product; other parameters make another.',
  body: CreateMosaic,
  bodyExample: { calibrator: '3C286', timespan_minutes: 50, incoming: '/data/incoming' },
  answers: {
    202: {
      description: 'Accepted, or found: follow it by `id`.',
      schema: CreateMosaicResult,
      headers: { Location: 'Where the mosaic is.' },
    },
  },
  errors: [
    'CALIBRATOR_UNKNOWN',
    'CALIBRATOR_BELOW_HORIZON',
    'CALIBRATOR_NO_DATA',
    'CALIBRATOR_UNSUITABLE',
    'TRANSIT_NOT_COMPLETE',
    'TOO_FEW_TILES',
    'WINDOW_EMPTY',
    'FILE_MISSING',
    'FILE_UNREADABLE',
    'CONFLICT',
    'SERVICE_UNAVAILABLE',
  ],
  aliases: OLD_NAMES,
});

export const queryMosaics = operation({
  id: 'queryMosaics',
  method: 'post',
  path: '/api/mosaics/query',
  tag: 'mosaics',
  summary: 'Mosaics that overlap a time range, newest first',
  body: z.strictObject({
    start_utc: UtcTime.optional(),
    end_utc: UtcTime.optional(),
    calibrator: Name.optional(),
    status: MosaicState.optional(),
    limit: PageQuery.shape.limit,
    cursor: PageQuery.shape.cursor,
  }),
  bodyExample: { start_utc: '2026-01-25T00:00:00', end_utc: '2026-01-26T00:00:00' },
  answers: { 200: { description: 'A page of mosaics.', schema: page(MosaicSummary) } },
  errors: ['SERVICE_UNAVAILABLE'],
  aliases: OLD_NAMES,
});

export const getMosaic = operation({
  id: 'getMosaic',
  method: 'get',
  path: '/api/mosaics/{id}',
  tag: 'mosaics',
  summary: 'One mosaic with its tiles, caltables, QA and progress',
  params: MosaicId,
  answers: { 200: { description: 'The mosaic.', schema: Mosaic } },
  errors: ['NOT_FOUND', 'SERVICE_UNAVAILABLE'],
});

export const getMosaicFits = operation({
  id: 'getMosaicFits',
  method: 'get',
  path: '/api/mosaics/{id}/fits',
  tag: 'mosaics',
  summary: 'The FITS file of a mosaic, its weight or its coverage map',
  params: MosaicId,
  query: z.strictObject({ map: z.enum(['mosaic', 'weight', 'coverage']).default('mosaic') }),
  headers: { Range: 'Bytes wanted.', 'If-None-Match': 'ETag held already.' },
  answers: {
    200: { description: 'The file.', contentType: 'application/fits', headers: { ETag: 'SHA-256 of the file.' } },
    206: { description: 'The part that was asked for.', contentType: 'application/fits' },
    304: { description: 'Not changed.', contentType: 'application/fits' },
    416: { description: 'No such part.', contentType: 'application/problem+json' },
  },
  errors: ['NOT_FOUND', 'FILE_MISSING', 'SERVICE_UNAVAILABLE'],
});

const control = (verb: 'pause' | 'resume' | 'cancel', summary: string) =>
  operation({
    id: `${verb}Mosaic`,
    method: 'post',
    path: `/api/mosaics/{id}/${verb}`,
    tag: 'mosaics',
    summary,
    params: MosaicId,
    body: Control,
    bodyExample: { requested_by: 'jane', reason: 'disk is being replaced' },
    headers: { 'X-Request-Id': 'The same id again does the same thing once.' },
    answers: { 200: { description: 'The state after it.', schema: ControlResult } },
    errors: ['NOT_FOUND', 'CONFLICT', 'WORKFLOW_CLOSED', 'SERVICE_UNAVAILABLE'],
  });

export const pauseMosaic = control('pause', 'Stop before the next phase');
export const resumeMosaic = control('resume', 'Go on');
export const cancelMosaic = control('cancel', 'Stop and clean up; work that others asked for goes on');

export const getMosaicQa = operation({
  id: 'getMosaicQa',
  method: 'get',
  path: '/api/mosaics/{id}/qa',
  tag: 'mosaics',
  summary: 'QA of a mosaic: verdict, checks, and the numbers they rest on',
  params: MosaicId,
  answers: { 200: { description: 'The QA as it was last done.', schema: MosaicQa } },
  errors: ['NOT_FOUND', 'SERVICE_UNAVAILABLE'],
});

export const validateMosaic = operation({
  id: 'validateMosaic',
  method: 'post',
  path: '/api/mosaics/{id}/validate',
  tag: 'mosaics',
  summary: 'Compare a built mosaic with the catalogue once more',
  description: 'Runs as a job; its result holds the checks. The registered verdict stays as it is.',
  params: MosaicId,
  body: z.strictObject({
    find_sources: z.boolean().default(false).describe('Also look for sources blindly: completeness and reliability.'),
    requested_by: z.string().trim().min(1).max(100).default('operator'),
  }),
  bodyExample: { find_sources: true },
  answers: {
    202: { description: 'The job.', schema: z.object({ id: Uuid, job_id: Uuid, status: JobStatus }) },
  },
  errors: ['NOT_FOUND', 'SERVICE_UNAVAILABLE'],
});
