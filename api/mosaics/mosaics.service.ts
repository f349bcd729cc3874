import { Injectable } from '@nestjs/common';
import type { RequestOutcome } from '../../registry/index.ts';
import type { MosaicInput } from '../../workflows/contracts/mosaic.ts';
import { PRIORITY } from '../../workflows/contracts/queues.ts';
import { mosaicStart, mosaicWorkflowId } from '../../workflows/contracts/start.ts';
import type { createMosaic } from '../contracts/mosaics.ts';
import type { OperationResult } from '../contracts/operation.ts';
import { TemporalService } from '../temporal/temporal.service.ts';
import { recipeOf, requestHash8 } from './mosaic-request.ts';
import type { MosaicRequest } from './mosaic-request.ts';
import { MosaicRequestsService } from './mosaic-requests.service.ts';
import type { Recorded } from './mosaic-requests.service.ts';
import { TargetService } from './target.service.ts';

type CreateResult = OperationResult<typeof createMosaic>;

const DEFAULT_ACTOR = 'operator';

/** Starts mosaics. */
@Injectable()
export class MosaicsService {
  private readonly targets: TargetService;
  private readonly requests: MosaicRequestsService;
  private readonly temporal: TemporalService;

  constructor(targets: TargetService, requests: MosaicRequestsService, temporal: TemporalService) {
    this.targets = targets;
    this.requests = requests;
    this.temporal = temporal;
  }

  /**
   * Finds what the mosaic is of, records the request and starts its workflow; the same request finds the same one.
   */
  async create(request: MosaicRequest): Promise<CreateResult> {
    const actor = request.requested_by ?? DEFAULT_ACTOR;
    const found = await this.targets.find(request, actor);
    const hash8 = requestHash8(request, found.groups);
    const workflowId = mosaicWorkflowId(found.target, hash8);
    const recorded = await this.requests.record(request, found, { workflowId, actor });
    const { job, group } = recorded;
    const input: MosaicInput = {
      jobId: job.id,
      mosaicGroupId: group.id,
      target: found.target,
      groups: found.groups,
      recipe: recipeOf(request),
      name: group.name,
      requestedBy: actor,
      priority: PRIORITY.mosaic,
      policies: this.temporal.stagePolicies,
    };
    await this.start(recorded, input, hash8);
    return created(recorded);
  }

  /** Starts or joins the workflow, also of a request that was recorded before and never started. */
  private async start(recorded: Recorded, input: MosaicInput, hash8: string): Promise<void> {
    if (recorded.outcome === 'found' && recorded.job.status === 'done') return;
    try {
      await this.temporal.start(mosaicStart(input, hash8, this.temporal.queuePrefix));
    } catch (error) {
      if (recorded.outcome !== 'found') await this.requests.giveUp(recorded);
      throw error;
    }
  }
}

function created({ job, group, outcome }: Recorded): CreateResult {
  const messages: Readonly<Record<RequestOutcome, string>> = {
    made: 'started',
    begun_again: 'the last run had ended without a mosaic; started again',
    found: `the same request was made before; it is ${group.state}`,
  };
  return {
    id: group.id,
    job_id: job.id,
    group_id: group.id,
    workflow_id: job.workflowId,
    status: group.state,
    created: outcome !== 'found',
    message: messages[outcome],
  };
}
