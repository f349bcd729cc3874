import type { z } from 'zod';
import type { Job } from '../../registry/index.ts';
import type { StreamGroup } from '../contracts/streaming.ts';

/** Work on a group as people see it. */
export function groupView(job: Job): z.input<typeof StreamGroup> {
  const { group_id: groupId, version } = job.parameters as { readonly group_id: string; readonly version: number };
  return {
    group_id: groupId,
    version,
    job_id: job.id,
    status: job.status,
    phase: job.phase,
    message: job.message,
    error: job.errorCode === null ? null : { code: job.errorCode, message: job.errorMessage ?? '' },
    updated_at: job.updatedAt,
  };
}
