/** Asking for photometry of a product: rows first, then the workflow. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { hash8Of, type Json } from '../../domain/ids.ts';
import { askForPhotometry, type JsonObject } from '../../registry/index.ts';
import { photometryWorkflowId } from '../../workflows/contracts/ids.ts';
import { photometryStart } from '../../workflows/contracts/start.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { PhotometryActivities } from '../interfaces.ts';

type Request = PhotometryActivities['requestPhotometry'];

export async function requestPhotometry(
  { registry, client, queuePrefix }: Pick<ActivityDependencies, 'registry' | 'client' | 'queuePrefix'>,
  { productId, series, config, requestedBy, priority, policies }: Parameters<Request>[0],
): ReturnType<Request> {
  const workflowId = photometryWorkflowId(productId, hash8Of(config as unknown as Json));
  const { run, job } = await askForPhotometry(registry, {
    ...{ workflowId, productId, series, requestedBy, priority },
    config: config as unknown as JsonObject,
  });
  const asked = { runId: run.id, jobId: job.id, workflowId };
  if (job.status === 'done') return asked;
  const input = { runId: run.id, jobId: job.id, productId, config, priority, policies };
  const { workflowType, options } = photometryStart(input, workflowId, queuePrefix);
  try {
    await client.workflow.start(workflowType, options);
  } catch (error) {
    // It ended in between: what was asked for is there.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return asked;
}
