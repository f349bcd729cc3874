import { Injectable } from '@nestjs/common';
import type { SpecOf, StageName } from '../../domain/generated/stages.ts';
import { Registry, uuid7 } from '../../registry/index.ts';
import type { Job, JsonObject } from '../../registry/index.ts';
import type { JobInput } from '../../workflows/contracts/job.ts';
import { PRIORITY } from '../../workflows/contracts/queues.ts';
import { jobStart } from '../../workflows/contracts/start.ts';
import { TemporalService } from '../temporal/temporal.service.ts';

export interface StageJobRequest<S extends StageName> {
  readonly stage: S;
  readonly spec: SpecOf<S>;
  /** What the work is about, for people and for its effect key. */
  readonly unit: string;
  readonly requestedBy: string;
  /** What was asked for, beside the spec. */
  readonly parameters?: JsonObject;
}

/** Starts single stages as jobs. */
@Injectable()
export class StageJobsService {
  private readonly registry: Registry;
  private readonly temporal: TemporalService;

  constructor(registry: Registry, temporal: TemporalService) {
    this.registry = registry;
    this.temporal = temporal;
  }

  /**
   * Records a job and starts it. Paths in the spec are those of registered products, never of the request.
   *
   * @throws MeridianError SERVICE_UNAVAILABLE when Temporal did not take it; the job then says so.
   */
  async start<S extends StageName>(request: StageJobRequest<S>): Promise<Job> {
    const { stage, unit, requestedBy } = request;
    const spec = request.spec as unknown as JsonObject;
    const id = uuid7();
    const input: JobInput = {
      jobId: id,
      stage,
      spec,
      unit,
      requestedBy,
      priority: PRIORITY.job,
      policies: this.temporal.stagePolicies,
    };
    const start = jobStart(input, this.temporal.queuePrefix);
    const { workflowId } = start.options;
    const job = await this.registry.transaction(async ({ jobs, events, audit }) => {
      const parameters = { ...request.parameters, spec };
      const made = await jobs.request({ id, type: stage, workflowId, parameters, requestedBy, priority: PRIORITY.job });
      const message = `${stage} ${unit} asked for by ${requestedBy}`;
      await events.append({ kind: 'job.requested', jobId: id, workflowId, stage, message });
      await audit.record({ actor: requestedBy, action: `${stage}.start`, subjectKind: 'job', subjectId: id });
      return made.job;
    });
    try {
      await this.temporal.start(start);
      return job;
    } catch (error) {
      const reason = { code: 'SERVICE_UNAVAILABLE', message: 'Temporal did not take the job; ask again' };
      await this.registry.jobs.end(id, { status: 'failed', error: reason });
      throw error;
    }
  }
}
