import { Injectable, Logger } from '@nestjs/common';
import type { z } from 'zod';
import { askForMosaic, Registry } from '../../registry/index.ts';
import type { MosaicAsked, RequestOutcome } from '../../registry/index.ts';
import { mosaicWork } from '../../workflows/contracts/mosaic-request.ts';
import { PRIORITY } from '../../workflows/contracts/queues.ts';
import type { CreateMosaic, createMosaic } from '../contracts/mosaics.ts';
import type { OperationResult } from '../contracts/operation.ts';
import { TemporalService } from '../temporal/temporal.service.ts';
import { TargetService } from './target.service.ts';

export type CreateMosaicRequest = z.output<typeof CreateMosaic>;
type CreateResult = OperationResult<typeof createMosaic>;

const DEFAULT_ACTOR = 'operator';

/** Starts mosaics. */
@Injectable()
export class MosaicsService {
  private readonly logger = new Logger('mosaics');
  private readonly registry: Registry;
  private readonly targets: TargetService;
  private readonly temporal: TemporalService;

  constructor(registry: Registry, targets: TargetService, temporal: TemporalService) {
    this.registry = registry;
    this.targets = targets;
    this.temporal = temporal;
  }

  /**
   * Finds what the mosaic is of, records the request and starts its workflow; the same request finds the same one.
   */
  async create(request: CreateMosaicRequest): Promise<CreateResult> {
    const actor = request.requested_by ?? DEFAULT_ACTOR;
    const found = await this.targets.find(request, actor);
    const policies = this.temporal.stagePolicies;
    const work = mosaicWork(request, found, { actor, priority: PRIORITY.mosaic, policies });
    const asked = await askForMosaic(this.registry, work.rows, {
      start: (ids) => this.temporal.start(work.start(ids, this.temporal.queuePrefix)),
      onLost: (message) => this.logger.error(message),
    });
    return created(asked);
  }
}

function created({ job, group, outcome }: MosaicAsked): CreateResult {
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
