/** The stream over an incoming folder: every group becomes a tile, every tile measurements. */
import { z } from 'zod';
import { operation } from './operation.ts';
import { Instant, Name, PageQuery, Uuid } from './common.ts';
import { Control } from './mosaics.ts';
import { PhotometryChoice } from './photometry.ts';
import { ConvertRecipe, ImageRecipe } from './recipes.ts';

const OLD_NAMES = { input_dir: 'incoming', incoming_dir: 'incoming' } as const;

export const StreamName = Name.default('live').describe('Name of the stream.');

export const StartStream = z.strictObject({
  incoming: z.string().min(1).max(4096).describe('Folder with raw files; registered as a data root.'),
  name: StreamName,
  once: z.boolean().default(false).describe('Take what is there, then stop; incomplete groups are decided at once.'),
  max_in_flight: z.number().int().min(1).max(100).default(2).describe('Groups worked on at the same time.'),
  min_subbands: z.number().int().min(1).max(16).default(12).describe('Fewer than 16 makes quick-look tiles.'),
  image_uncalibrated: z.boolean().default(false).describe('Image without calibration when no caltables serve a group.'),
  table_wait_seconds: z
    .number()
    .min(0)
    .max(86_400)
    .default(3600)
    .describe('How long a group waits for caltables that are under way.'),
  looks_per_run: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(200)
    .describe('Looks into the folder before the workflow continues as a new run.'),
  convert: ConvertRecipe.default({}),
  image: ImageRecipe.default({}),
  photometry: PhotometryChoice.optional(),
  requested_by: z.string().trim().min(1).max(100).optional(),
});

const Counts = {
  in_flight: z.number().int(),
  waiting: z.number().int().describe('Decided groups without a place.'),
  collecting: z.number().int().describe('Groups that wait for files.'),
  rejected: z.number().int(),
  failed: z.number().int().describe('Groups whose work failed; retry them by hand.'),
  quarantined: z.number().int().describe('Files set aside.'),
} as const;

export const StreamGroup = z.object({
  group_id: z.string(),
  version: z.number().int(),
  job_id: Uuid.nullable(),
  status: z.string(),
  phase: z.string().nullable(),
  message: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  updated_at: Instant,
});

export const Stream = z.object({
  name: z.string(),
  job_id: Uuid,
  workflow_id: z.string(),
  incoming: z.string(),
  status: z.string().describe('State of the job of the stream.'),
  paused_by: z.string().nullable(),
  once: z.boolean(),
  max_in_flight: z.number().int(),
  ...Counts,
  lag_seconds: z.number().nullable().describe('Between the newest data seen and the newest data done.'),
  recent: z.array(StreamGroup).describe('Groups that changed last, newest first.'),
  started_at: Instant.nullable(),
});

const NamePath = z.strictObject({ name: Name });

export const startStream = operation({
  id: 'startStream',
  method: 'post',
  path: '/api/streaming/start',
  tag: 'streaming',
  summary: 'Watch a folder and work on every group in it',
  description: 'A stream of that name that runs already is found and left as it is.',
  body: StartStream,
  bodyExample: { incoming: '/data/incoming', max_in_flight: 2 },
  answers: { 202: { description: 'The stream.', schema: Stream } },
  errors: ['FILE_MISSING', 'FILE_UNREADABLE', 'CONFLICT', 'SERVICE_UNAVAILABLE'],
  aliases: OLD_NAMES,
});

export const listStreams = operation({
  id: 'listStreams',
  method: 'get',
  path: '/api/streaming/status',
  tag: 'streaming',
  summary: 'Streams: what they do, what waits, what failed',
  query: z.strictObject({ name: Name.optional() }),
  answers: { 200: { description: 'Streams, newest first.', schema: z.object({ items: z.array(Stream) }) } },
  errors: ['SERVICE_UNAVAILABLE'],
});

const control = (verb: 'pause' | 'resume' | 'stop', summary: string) =>
  operation({
    id: `${verb}Stream`,
    method: 'post',
    path: `/api/streaming/{name}/${verb}`,
    tag: 'streaming',
    summary,
    params: NamePath,
    body: Control,
    bodyExample: { requested_by: 'jane', reason: 'disk is being replaced' },
    answers: { 200: { description: 'The stream after it.', schema: Stream } },
    errors: ['NOT_FOUND', 'CONFLICT', 'WORKFLOW_CLOSED', 'SERVICE_UNAVAILABLE'],
  });

export const pauseStream = control('pause', 'Begin no further group; what runs is finished');
export const resumeStream = control('resume', 'Go on');
export const stopStream = control('stop', 'End the stream; what runs is finished, what waits stays in the registry');

export const configureStream = operation({
  id: 'configureStream',
  method: 'post',
  path: '/api/streaming/{name}/config',
  tag: 'streaming',
  summary: 'Change how many groups are worked on at the same time',
  params: NamePath,
  body: z.strictObject({ ...Control.shape, max_in_flight: z.number().int().min(1).max(100) }),
  bodyExample: { max_in_flight: 4, requested_by: 'jane', reason: 'more cores' },
  answers: { 200: { description: 'The stream after it.', schema: Stream } },
  errors: ['NOT_FOUND', 'CONFLICT', 'WORKFLOW_CLOSED', 'SERVICE_UNAVAILABLE'],
});

export const listStreamGroups = operation({
  id: 'listStreamGroups',
  method: 'get',
  path: '/api/streaming/groups',
  tag: 'streaming',
  summary: 'Work on groups, newest first; `status=failed` lists what needs a person',
  query: z.strictObject({
    status: z.enum(['pending', 'running', 'done', 'failed', 'cancelled']).optional(),
    limit: PageQuery.shape.limit,
  }),
  answers: { 200: { description: 'Groups.', schema: z.object({ items: z.array(StreamGroup) }) } },
  errors: ['SERVICE_UNAVAILABLE'],
});

export const retryGroup = operation({
  id: 'retryGroup',
  method: 'post',
  path: '/api/streaming/groups/{group_id}/retry',
  tag: 'streaming',
  summary: 'Work on a group again whose work failed or was cancelled',
  params: z.strictObject({ group_id: z.string().max(40) }),
  body: Control,
  bodyExample: { requested_by: 'jane', reason: 'the disk is back' },
  answers: { 202: { description: 'The group.', schema: StreamGroup } },
  errors: ['NOT_FOUND', 'GROUP_NOT_FOUND', 'CONFLICT', 'SERVICE_UNAVAILABLE'],
});
