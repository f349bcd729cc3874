/** Job rows whose workflow ended without being able to say so: terminated, timed out, or gone. */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { ErrorCode } from '../domain/errors.ts';
import type { Job, Registry } from '../registry/index.ts';
import type { WorkerLogger } from './logger.ts';

/** Rows that changed within this time are left alone: their workflow may be about to begin or end. */
const QUIET_SECONDS = 30;
export const RECONCILE_INTERVAL_MS = 30_000;

export interface ReconcilerParts {
  readonly registry: Registry;
  readonly client: Client;
  readonly logger: WorkerLogger;
}

interface Ending {
  readonly status: 'done' | 'failed' | 'cancelled';
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
}

/** What a row has to say when its workflow has this status; null while it runs. */
const ENDINGS: Readonly<Record<string, Ending>> = {
  COMPLETED: { status: 'done', error: null },
  CANCELLED: { status: 'cancelled', error: { code: 'CANCELLED', message: 'cancelled in Temporal' } },
  FAILED: {
    status: 'failed',
    error: { code: 'INTERNAL', message: 'the workflow failed and could not write down why' },
  },
  TERMINATED: { status: 'failed', error: { code: 'CANCELLED', message: 'the workflow was terminated in Temporal' } },
  TIMED_OUT: { status: 'failed', error: { code: 'TOOL_TIMED_OUT', message: 'the workflow timed out' } },
};

const NEVER_STARTED: Ending = {
  status: 'failed',
  error: { code: 'SERVICE_UNAVAILABLE', message: 'the workflow was never started; ask again' },
};

/** Compares every unsettled row with its workflow once. */
export async function reconcile({ registry, client, logger }: ReconcilerParts): Promise<void> {
  for (const job of await registry.jobs.listUnsettled(QUIET_SECONDS)) {
    const ending = await endingOf(client, job);
    if (ending === null) continue;
    await settle(registry, job, ending);
    logger.warn({ job_id: job.id, workflow_id: job.workflowId, status: ending.status }, 'job row set right');
  }
}

async function endingOf(client: Client, job: Job): Promise<Ending | null> {
  try {
    const { status } = await client.workflow.getHandle(job.workflowId).describe();
    return ENDINGS[status.name] ?? null;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return NEVER_STARTED;
    throw error;
  }
}

async function settle(registry: Registry, job: Job, { status, error }: Ending): Promise<void> {
  await registry.transaction(async ({ jobs, mosaicGroups, events }) => {
    await jobs.end(job.id, { status, error });
    const group = status === 'done' ? undefined : await mosaicGroups.findByWorkflow(job.workflowId);
    if (group !== undefined && status !== 'done') await mosaicGroups.end(group.id, status, error);
    await events.append({
      kind: `job.${status}`,
      jobId: job.id,
      workflowId: job.workflowId,
      message: error?.message ?? status,
      payload: error === null ? {} : { code: error.code },
    });
  });
}
