import { Injectable } from '@nestjs/common';
import { Registry } from '../../registry/index.ts';
import type { Job as JobRow, JobPhase } from '../../registry/index.ts';
import type { listJobs } from '../contracts/jobs.ts';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import { GatewayOptions } from '../runtime/options.ts';
import { etaSeconds, stagesOf } from './job-eta.ts';
import { jobSummaryView, jobView } from './job-views.ts';
import type { JobView } from './job-views.ts';

/** Artifacts shown with a job; a job of more is a batch. */
const MOST_ARTIFACTS = 200;

@Injectable()
export class JobsService {
  private readonly registry: Registry;
  private readonly options: GatewayOptions;

  constructor(registry: Registry, options: GatewayOptions) {
    this.registry = registry;
    this.options = options;
  }

  async list(query: OperationInput<typeof listJobs>['query']): Promise<OperationResult<typeof listJobs>> {
    const { items, nextCursor } = await this.registry.jobs.list({
      limit: query.limit,
      ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
      ...(query.status === undefined ? {} : { status: query.status }),
      ...(query.type === undefined ? {} : { type: query.type }),
    });
    const views = await Promise.all(
      items.map(async (job) => jobSummaryView(job, job.status === 'running' ? await this.eta(job) : null)),
    );
    return { items: views, next_cursor: nextCursor };
  }

  /** @throws MeridianError NOT_FOUND */
  async get(id: string): Promise<JobView> {
    return this.view(await this.registry.jobs.require(id));
  }

  async view(job: JobRow): Promise<JobView> {
    const [phases, attempts, artifacts] = await Promise.all([
      this.registry.jobs.phases(job.id),
      this.registry.effects.attempts({ jobId: job.id }),
      this.registry.products.list({ jobId: job.id, limit: MOST_ARTIFACTS }),
    ]);
    return jobView(job, { etaSeconds: await this.eta(job, phases), phases, attempts, artifacts: artifacts.items });
  }

  /** Seconds that a running job still needs, or null. */
  async eta(job: JobRow, known?: readonly JobPhase[]): Promise<number | null> {
    if (job.status !== 'running') return null;
    const phases = known ?? (await this.registry.jobs.phases(job.id));
    const stages = stagesOf(job);
    const runs = await Promise.all(stages.map((stage) => this.registry.durations.history(stage)));
    const history = new Map(stages.map((stage, index) => [stage, runs[index] ?? []]));
    return etaSeconds({ job, phases, history, slots: this.options.computeSlots, nowMs: Date.now() });
  }
}
