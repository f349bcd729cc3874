/** Rows of jobs as they are on the wire. */
import type { z } from 'zod';
import { ERROR_RULES, isErrorCode } from '../../domain/errors.ts';
import type {
  EffectAttempt,
  Job as JobRow,
  JobPhase as PhaseRow,
  MeridianEvent,
  Product,
} from '../../registry/index.ts';
import type { Job, JobArtifact, JobAttempt, JobEvent, JobFailure, JobPhase, JobSummary } from '../contracts/jobs.ts';

export type JobView = z.input<typeof Job>;
export type JobSummaryView = z.input<typeof JobSummary>;
export type JobPhaseView = z.input<typeof JobPhase>;
type FailureView = z.input<typeof JobFailure>;

/** A failure with its advice; null when there is none. */
export function failureView(code: string | null, message: string | null): FailureView | null {
  if (code === null) return null;
  const advice = isErrorCode(code) ? ERROR_RULES[code].advice : '';
  return { code, message: message ?? code, advice };
}

export const jobSummaryView = (job: JobRow, etaSeconds: number | null): JobSummaryView => ({
  id: job.id,
  type: job.type,
  status: job.status,
  workflow_id: job.workflowId,
  phase: job.phase,
  stage: job.stage,
  progress: job.progress,
  eta_seconds: etaSeconds,
  message: job.message,
  requested_by: job.requestedBy,
  created_at: job.createdAt,
  started_at: job.startedAt,
  finished_at: job.finishedAt,
  error: failureView(job.errorCode, job.errorMessage),
});

const secondsBetween = (start: string | null, end: string | null): number | null =>
  start === null ? null : (Date.parse(end ?? new Date().toISOString()) - Date.parse(start)) / 1000;

export const jobPhaseView = (phase: PhaseRow): JobPhaseView => ({
  name: phase.name,
  state: phase.state,
  done: phase.done,
  total: phase.total,
  message: phase.message,
  started_at: phase.startedAt,
  ended_at: phase.endedAt,
  seconds: secondsBetween(phase.startedAt, phase.endedAt),
});

export const pausedView = ({ pausedBy, pausedReason }: JobRow): JobView['paused'] =>
  pausedBy === null ? null : { requested_by: pausedBy, reason: pausedReason ?? '' };

const attemptView = (attempt: EffectAttempt): z.input<typeof JobAttempt> => ({
  stage: attempt.stage,
  unit: attempt.unit,
  attempt: attempt.attempt,
  status: attempt.state,
  started_at: attempt.startedAt,
  ended_at: attempt.finishedAt,
  log_folder: attempt.logFolder,
  error: failureView(attempt.errorCode, attempt.errorMessage),
});

const artifactView = (product: Product): z.input<typeof JobArtifact> => ({
  product_id: product.id,
  kind: product.kind,
  path: product.path,
  size_bytes: product.sizeBytes,
  sha256: product.sha256,
  qa: product.qa,
});

/** Everything that is known of a job. */
export const jobView = (
  job: JobRow,
  parts: {
    readonly etaSeconds: number | null;
    readonly phases: readonly PhaseRow[];
    readonly attempts: readonly EffectAttempt[];
    readonly artifacts: readonly Product[];
  },
): JobView => ({
  ...jobSummaryView(job, parts.etaSeconds),
  params: job.parameters,
  result: job.result,
  phases: parts.phases.map(jobPhaseView),
  paused: pausedView(job),
  attempts: parts.attempts.map(attemptView),
  artifacts: parts.artifacts.map(artifactView),
});

export const jobEventView = (event: MeridianEvent): z.input<typeof JobEvent> => ({
  id: String(event.id),
  job_id: event.jobId,
  at: event.at,
  kind: event.kind,
  stage: event.stage,
  group_id: event.groupId,
  product_id: event.productId,
  message: event.message,
  payload: event.payload,
});
