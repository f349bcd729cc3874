/** Jobs: every execution has one, with progress, artifacts and its log as a stream. */
import { z } from 'zod';
import { operation } from './operation.ts';
import { Instant, PageQuery, QaState, Uuid, page } from './common.ts';

export const JobStatus = z.enum(['pending', 'running', 'done', 'failed', 'cancelled']);

export const JobFailure = z.object({ code: z.string(), message: z.string(), advice: z.string() });

export const JobPhase = z.object({
  name: z.string(),
  state: z.enum(['pending', 'running', 'done', 'failed', 'cancelled']),
  done: z.number().int().describe('Units of work that are finished: 3 of 5 tiles, say.'),
  total: z.number().int(),
  message: z.string(),
  started_at: Instant.nullable(),
  ended_at: Instant.nullable(),
  seconds: z.number().nullable(),
});

export const JobAttempt = z.object({
  stage: z.string(),
  unit: z.string(),
  attempt: z.number().int(),
  status: z.string(),
  started_at: Instant.nullable(),
  ended_at: Instant.nullable(),
  log_folder: z.string().nullable(),
  error: JobFailure.nullable(),
});

export const JobArtifact = z.object({
  product_id: Uuid,
  kind: z.string(),
  path: z.string(),
  size_bytes: z.number().nullable(),
  sha256: z.string().nullable(),
  qa: QaState,
});

export const JobSummary = z.object({
  id: Uuid,
  type: z.string().describe('`mosaic`, `tile`, `ms`, or the name of a stage.'),
  status: JobStatus,
  workflow_id: z.string(),
  phase: z.string().nullable(),
  stage: z.string().nullable().describe('Stage that runs now.'),
  progress: z.number().min(0).max(1),
  eta_seconds: z.number().nullable().describe('From the history of each stage; null: not known yet.'),
  message: z.string().nullable(),
  requested_by: z.string().nullable(),
  created_at: Instant,
  started_at: Instant.nullable(),
  finished_at: Instant.nullable(),
  error: JobFailure.nullable(),
});

export const Job = JobSummary.extend({
  params: z.record(z.string(), z.unknown()),
  result: z.record(z.string(), z.unknown()).nullable(),
  phases: z.array(JobPhase),
  paused: z.object({ requested_by: z.string(), reason: z.string() }).nullable(),
  attempts: z.array(JobAttempt),
  artifacts: z.array(JobArtifact),
});

/** One line of a job's log: the `data` of an SSE message, whose `event` is `kind` and whose `id` is `id`. */
export const JobEvent = z.object({
  id: z.string(),
  job_id: Uuid.nullable(),
  at: Instant,
  kind: z.string(),
  stage: z.string().nullable(),
  group_id: z.string().nullable(),
  product_id: z.string().nullable(),
  message: z.string().nullable(),
  payload: z.record(z.string(), z.unknown()),
});

/** `data` of a message `progress`. */
export const JobProgress = z.object({
  status: JobStatus,
  phase: z.string().nullable(),
  progress: z.number(),
  eta_seconds: z.number().nullable(),
  message: z.string().nullable(),
});

const JobId = z.strictObject({ id: Uuid });

export const listJobs = operation({
  id: 'listJobs',
  method: 'get',
  path: '/api/jobs',
  tag: 'jobs',
  summary: 'List jobs, newest first',
  query: PageQuery.extend({
    status: JobStatus.optional(),
    type: z.string().max(40).optional(),
  }),
  answers: { 200: { description: 'A page of jobs.', schema: page(JobSummary) } },
  errors: ['SERVICE_UNAVAILABLE'],
  aliases: { job_type: 'type' },
});

export const getJob = operation({
  id: 'getJob',
  method: 'get',
  path: '/api/jobs/{id}',
  tag: 'jobs',
  summary: 'One job: status, phase, progress, ETA, attempts, artifacts',
  params: JobId,
  answers: { 200: { description: 'The job.', schema: Job } },
  errors: ['NOT_FOUND', 'SERVICE_UNAVAILABLE'],
});

export const streamJobLog = operation({
  id: 'streamJobLog',
  method: 'get',
  path: '/api/jobs/{id}/logs',
  tag: 'jobs',
  summary: 'Follow a job: past events, then new ones as they happen',
  description:
    'Server-sent events. A message with an `id` is one line of the log: `event` is its kind, `data` a JobEvent. ' +
    'Messages `progress` (a JobProgress) come without id, as often as it changes. A reader that was cut resumes with ' +
    '`Last-Event-ID` without loss or doubles. Comments keep the line open. The stream ends with a message `outcome` ' +
    'whose data is the job.',
  params: JobId,
  headers: { 'Last-Event-ID': 'Go on after the event with this id.' },
  answers: { 200: { description: 'The stream.', contentType: 'text/event-stream' } },
  errors: ['NOT_FOUND', 'SERVICE_UNAVAILABLE'],
});
