import { Injectable } from '@nestjs/common';
import { MeridianError } from '../../domain/errors.ts';
import { uuid7 } from '../../registry/index.ts';
import { cancelUpdate, pauseUpdate, resumeUpdate } from '../../workflows/contracts/control.ts';
import type { ControlRequest, WorkflowStatus } from '../../workflows/contracts/control.ts';
import type { pauseMosaic, validateMosaic } from '../contracts/mosaics.ts';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import { StageJobsService } from '../jobs/stage-jobs.service.ts';
import { TemporalService } from '../temporal/temporal.service.ts';
import { MosaicReadService } from './mosaic-read.service.ts';

const UPDATES = { pause: pauseUpdate, resume: resumeUpdate, cancel: cancelUpdate } as const;

/** Steers running mosaics. */
@Injectable()
export class MosaicControlService {
  private readonly temporal: TemporalService;
  private readonly mosaics: MosaicReadService;
  private readonly stageJobs: StageJobsService;

  constructor(temporal: TemporalService, mosaics: MosaicReadService, stageJobs: StageJobsService) {
    this.temporal = temporal;
    this.mosaics = mosaics;
    this.stageJobs = stageJobs;
  }

  /** Starts a job that compares a built mosaic with the catalogue once more. */
  async validate(
    id: string,
    body: OperationInput<typeof validateMosaic>['body'],
  ): Promise<OperationResult<typeof validateMosaic>> {
    const { fits, weight, pb } = await this.mosaics.get(id);
    if (fits === null) throw new MeridianError('NOT_FOUND', `mosaic ${id} has no file yet`, { mosaic_id: id });
    const job = await this.stageJobs.start({
      stage: 'qa',
      spec: { fits, weight_fits: weight, pb_fits: pb, kind: 'mosaic', find_sources: body.find_sources },
      unit: `qa/${id}`,
      requestedBy: body.requested_by,
      parameters: { mosaic_id: id },
    });
    return { id, job_id: job.id, status: job.status };
  }

  /**
   * Sends an update; the workflow checks it and records who and why.
   *
   * @param requestId the same id again does the same thing once.
   * @throws MeridianError CONFLICT when the state does not allow it; WORKFLOW_CLOSED when the mosaic has ended.
   */
  async control(
    id: string,
    verb: keyof typeof UPDATES,
    call: { readonly requestedBy: string; readonly reason: string; readonly requestId: string | undefined },
  ): Promise<OperationResult<typeof pauseMosaic>> {
    const group = await this.mosaics.group(id);
    const argument: ControlRequest = { requestedBy: call.requestedBy, reason: call.reason };
    const status = await this.temporal
      .update<WorkflowStatus, ControlRequest>(group.workflowId, UPDATES[verb], {
        updateId: call.requestId ?? uuid7(),
        argument,
      })
      .catch((error: unknown) => {
        if ((error as Error).name !== 'WorkflowNotFoundError') throw error;
        const message = `mosaic ${id} is ${group.state}; there is nothing to ${verb}`;
        throw new MeridianError('WORKFLOW_CLOSED', message, { mosaic_id: id, state: group.state }, { cause: error });
      });
    return { id: group.id, workflow_id: group.workflowId, state: status.state, phase: status.phase };
  }
}
