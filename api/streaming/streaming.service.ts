import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { MeridianError } from '../../domain/errors.ts';
import { SECONDS_PER_DAY } from '../../domain/time.ts';
import { Registry, uuid7 } from '../../registry/index.ts';
import type { Job, JsonObject } from '../../registry/index.ts';
import { cancelUpdate, pauseUpdate, resumeUpdate } from '../../workflows/contracts/control.ts';
import type { ControlRequest } from '../../workflows/contracts/control.ts';
import type { GroupRecipe } from '../../workflows/contracts/group.ts';
import { streamWorkflowId } from '../../workflows/contracts/ids.ts';
import { PRIORITY } from '../../workflows/contracts/queues.ts';
import { streamStart } from '../../workflows/contracts/start.ts';
import { reconfigureUpdate, streamQuery } from '../../workflows/contracts/stream.ts';
import type { StreamInput, StreamSettings, StreamStatus } from '../../workflows/contracts/stream.ts';
import type { StartStream, Stream } from '../contracts/streaming.ts';
import { DataRootsService } from '../data-roots/data-roots.service.ts';
import { TemporalService } from '../temporal/temporal.service.ts';
import { groupView } from './group-views.ts';

export type StreamRequest = z.output<typeof StartStream>;
type StreamView = z.input<typeof Stream>;

const DEFAULT_ACTOR = 'operator';
const RECENT_GROUPS = 10;
const UPDATES = { pause: pauseUpdate, resume: resumeUpdate, stop: cancelUpdate } as const;

/** Starts, shows and steers streams. */
@Injectable()
export class StreamingService {
  private readonly registry: Registry;
  private readonly temporal: TemporalService;
  private readonly dataRoots: DataRootsService;

  constructor(registry: Registry, temporal: TemporalService, dataRoots: DataRootsService) {
    this.registry = registry;
    this.temporal = temporal;
    this.dataRoots = dataRoots;
  }

  async start(request: StreamRequest): Promise<StreamView> {
    const root = await this.dataRoots.register({ path: request.incoming });
    const workflowId = streamWorkflowId(request.name);
    const job = await this.record(request, { workflowId, rootId: root.id });
    const asked = job.parameters as { readonly root_id?: string };
    if (asked.root_id !== root.id) {
      const message = `the stream ${request.name} runs over another folder; stop it first, or give this one a name`;
      throw new MeridianError('CONFLICT', message, { name: request.name });
    }
    const input: StreamInput = {
      jobId: job.id,
      name: request.name,
      rootId: root.id,
      once: request.once,
      maxInFlight: request.max_in_flight,
      recipe: recipeOf(request),
      looksPerRun: request.looks_per_run,
      policies: this.temporal.stagePolicies,
      carried: null,
    };
    // A mosaic that is asked for meanwhile leaves the decision on late files to the stream.
    await this.registry.dataRoots.setWatched(root.id, !request.once);
    await this.temporal.start(streamStart(input, this.temporal.queuePrefix));
    return this.view(job);
  }

  async list(name: string | undefined): Promise<{ items: StreamView[] }> {
    const { items } = await this.registry.jobs.list({ type: 'stream', limit: 100 });
    const wanted = name === undefined ? items : items.filter(({ workflowId }) => workflowId === streamWorkflowId(name));
    return { items: await Promise.all(wanted.map((job) => this.view(job))) };
  }

  /** @throws MeridianError NOT_FOUND; CONFLICT when the state does not allow it; WORKFLOW_CLOSED when it has ended */
  async control(name: string, verb: keyof typeof UPDATES, request: ControlRequest): Promise<StreamView> {
    const view = await this.update<ControlRequest>(name, UPDATES[verb], request);
    if (verb === 'stop') await this.registry.dataRoots.setWatched(await this.rootOf(name), false);
    return view;
  }

  async configure(name: string, settings: StreamSettings): Promise<StreamView> {
    return this.update<StreamSettings>(name, reconfigureUpdate, settings);
  }

  private async update<Argument>(
    name: string,
    update: { readonly name: string },
    argument: Argument,
  ): Promise<StreamView> {
    const job = await this.requireJob(name);
    try {
      await this.temporal.update(job.workflowId, update, { updateId: uuid7(), argument });
    } catch (error) {
      if ((error as Error).name !== 'WorkflowNotFoundError') throw error;
      const message = `the stream ${name} is ${job.status}; there is nothing to ${update.name}`;
      throw new MeridianError('WORKFLOW_CLOSED', message, { name, status: job.status }, { cause: error });
    }
    return this.view(await this.registry.jobs.require(job.id));
  }

  private async rootOf(name: string): Promise<string> {
    return ((await this.requireJob(name)).parameters as { readonly root_id: string }).root_id;
  }

  private async requireJob(name: string): Promise<Job> {
    const job = await this.registry.jobs.findByWorkflow(streamWorkflowId(name));
    if (job !== undefined) return job;
    throw new MeridianError('NOT_FOUND', `there is no stream ${name}`, { name });
  }

  private async record(
    request: StreamRequest,
    { workflowId, rootId }: { readonly workflowId: string; readonly rootId: string },
  ): Promise<Job> {
    const requestedBy = request.requested_by ?? DEFAULT_ACTOR;
    return this.registry.transaction(async ({ jobs, events, audit }) => {
      const { job, outcome } = await jobs.request({
        id: uuid7(),
        type: 'stream',
        workflowId,
        parameters: { ...request, root_id: rootId } as unknown as JsonObject,
        requestedBy,
        priority: PRIORITY.live,
        again: 'after_any_end',
      });
      if (outcome !== 'found') {
        const message = `stream ${request.name} over ${request.incoming} asked for by ${requestedBy}`;
        await events.append({ kind: 'job.requested', jobId: job.id, workflowId, message });
        const subject = { subjectKind: 'job', subjectId: job.id };
        await audit.record({
          actor: requestedBy,
          action: 'stream.start',
          ...subject,
          details: { incoming: request.incoming },
        });
      }
      return job;
    });
  }

  private async view(job: Job): Promise<StreamView> {
    const request = job.parameters as unknown as StreamRequest & { readonly root_id: string };
    const counts = await this.registry.streamWork.counts(request.root_id);
    const status = await this.temporal.query<StreamStatus>(job.workflowId, streamQuery.name);
    const groups = await this.registry.streamWork.recent(RECENT_GROUPS);
    const { newestMjd, newestDoneMjd } = counts;
    return {
      name: request.name,
      job_id: job.id,
      workflow_id: job.workflowId,
      incoming: request.incoming,
      status: job.status,
      paused_by: job.pausedBy,
      once: request.once,
      max_in_flight: status?.maxInFlight ?? request.max_in_flight,
      in_flight: counts.inFlight,
      waiting: counts.waiting,
      collecting: counts.collecting,
      rejected: counts.rejected,
      failed: counts.failed,
      quarantined: counts.quarantined,
      lag_seconds:
        newestMjd === null || newestDoneMjd === null ? null : Math.round((newestMjd - newestDoneMjd) * SECONDS_PER_DAY),
      recent: groups.map(groupView),
      started_at: job.startedAt,
    };
  }
}

const recipeOf = (request: StreamRequest): GroupRecipe => ({
  ms: { convert: request.convert as GroupRecipe['ms']['convert'], flag: {} },
  image: request.image as GroupRecipe['image'],
  minSubbands: request.min_subbands,
  imageUncalibrated: request.image_uncalibrated,
  tableWaitSeconds: request.table_wait_seconds,
  ...(request.photometry === undefined ? {} : { photometry: request.photometry === false ? null : request.photometry }),
});
