/** The request of photometry, written down: job, run, and the product that names them. */
import type { Job, RequestOutcome } from './jobs.ts';
import type { PhotometryRun } from './photometry-runs.ts';
import type { Registry } from './registry.ts';
import type { JsonObject } from './schema/index.ts';
import { uuid7 } from './uuid7.ts';

export interface PhotometryAsk {
  readonly workflowId: string;
  readonly productId: string;
  readonly series: 'tile' | 'mosaic';
  readonly config: JsonObject;
  readonly requestedBy: string;
  readonly priority: number;
}

export interface PhotometryAsked {
  readonly run: PhotometryRun;
  readonly job: Job;
  readonly outcome: RequestOutcome;
}

/** The same workflow id is the same run: asked for again it is found, or begun again if it had failed. */
export function askForPhotometry(registry: Registry, ask: PhotometryAsk): Promise<PhotometryAsked> {
  const { workflowId, productId, series, config, requestedBy, priority } = ask;
  return registry.transaction(async ({ jobs, photometryRuns, events }) => {
    const parameters = { product_id: productId, series, ...config };
    const { job, outcome } = await jobs.request({
      id: uuid7(),
      type: 'photometry',
      workflowId,
      parameters,
      requestedBy,
      priority,
    });
    const run = await photometryRuns.request({ workflowId, jobId: job.id, productId, series, config });
    if (outcome !== 'found') {
      const message = `photometry of ${series} ${productId} asked for by ${requestedBy}`;
      await events.append({ kind: 'job.requested', jobId: job.id, workflowId, productId, message });
    }
    return { run, job, outcome };
  });
}
