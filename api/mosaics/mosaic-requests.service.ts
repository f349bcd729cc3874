import { Injectable, Logger } from '@nestjs/common';
import { Registry, uuid7 } from '../../registry/index.ts';
import type { Job, JsonObject, MosaicGroup, NewMosaicGroup, RequestOutcome } from '../../registry/index.ts';
import { PRIORITY } from '../../workflows/contracts/queues.ts';
import { mosaicName } from './mosaic-request.ts';
import type { MosaicRequest } from './mosaic-request.ts';
import type { ResolvedTarget } from './resolve-target.ts';

/** The rows of a request. */
export interface Recorded {
  readonly job: Job;
  readonly outcome: RequestOutcome;
  readonly group: MosaicGroup;
}

export interface Asked {
  readonly workflowId: string;
  readonly actor: string;
}

/** Writes requests down before their workflows start. */
@Injectable()
export class MosaicRequestsService {
  private readonly logger = new Logger('mosaics');
  private readonly registry: Registry;

  constructor(registry: Registry) {
    this.registry = registry;
  }

  /** Job and mosaic group in one transaction: made, begun again, or found. */
  record(request: MosaicRequest, resolved: ResolvedTarget, { workflowId, actor }: Asked): Promise<Recorded> {
    const parameters = request as unknown as JsonObject;
    return this.registry.transaction(async ({ jobs, mosaicGroups, events, audit }) => {
      const { job, outcome } = await jobs.request({
        id: uuid7(),
        type: 'mosaic',
        workflowId,
        parameters,
        requestedBy: actor,
        priority: PRIORITY.mosaic,
      });
      const ids = { id: uuid7(), workflowId, jobId: job.id };
      const { group } = await mosaicGroups.request({ ...ids, ...groupFacts(request, resolved), parameters });
      if (outcome !== 'found') {
        const message = `${group.name} asked for by ${actor}`;
        await events.append({ kind: 'job.requested', jobId: job.id, workflowId, message, payload: { outcome } });
        const subject = { subjectKind: 'mosaic', subjectId: group.id };
        await audit.record({ actor, action: 'mosaic.create', ...subject, details: { workflow_id: workflowId } });
      }
      return { job, outcome, group };
    });
  }

  /** The workflow could not be started: the rows say so, and asking again begins again. */
  async giveUp({ job, group }: Recorded): Promise<void> {
    const error = { code: 'SERVICE_UNAVAILABLE', message: 'Temporal did not take the workflow; ask again' };
    try {
      await this.registry.transaction(async ({ jobs, mosaicGroups, events }) => {
        await jobs.end(job.id, { status: 'failed', error });
        await mosaicGroups.end(group.id, 'failed', error);
        await events.append({ kind: 'job.failed', jobId: job.id, workflowId: job.workflowId, message: error.message });
      });
    } catch (cause) {
      this.logger.error(`job ${job.id} was not started, and that could not be recorded: ${String(cause)}`);
    }
  }
}

function groupFacts(
  request: MosaicRequest,
  resolved: ResolvedTarget,
): Omit<NewMosaicGroup, 'id' | 'workflowId' | 'jobId' | 'parameters'> {
  const { target, decDeg } = resolved;
  const transit = target.kind === 'transit' ? target : null;
  return {
    name: mosaicName(request, resolved),
    target: target.kind,
    calibrator: transit?.calibrator ?? null,
    transitNumber: transit?.transitNumber ?? null,
    transitMjd: transit?.transitMjd ?? null,
    startMjd: target.startMjd,
    endMjd: target.endMjd,
    decDeg,
    method: request.method,
  };
}
