import { Injectable, Logger } from '@nestjs/common';
import { shippedCalibrators } from '../../config/shipped-data.ts';
import { MeridianError } from '../../domain/errors.ts';
import { mjdFromUnixMs } from '../../domain/time.ts';
import { Registry, uuid7 } from '../../registry/index.ts';
import type { Job, JsonObject, MosaicGroup, ObservationGroup, RequestOutcome } from '../../registry/index.ts';
import type { GroupRef, MosaicInput } from '../../workflows/contracts/mosaic.ts';
import { PRIORITY } from '../../workflows/contracts/queues.ts';
import { mosaicStart, mosaicWorkflowId } from '../../workflows/contracts/start.ts';
import type { createMosaic } from '../contracts/mosaics.ts';
import type { OperationResult } from '../contracts/operation.ts';
import { DataRootsService } from '../data-roots/data-roots.service.ts';
import { observedGroup } from '../runtime/observed-groups.ts';
import { GatewayOptions } from '../runtime/options.ts';
import { TemporalService } from '../temporal/temporal.service.ts';
import { mosaicName, recipeOf, requestHash8 } from './mosaic-request.ts';
import type { MosaicRequest } from './mosaic-request.ts';
import { resolveTarget } from './resolve-target.ts';
import type { ResolvedTarget } from './resolve-target.ts';
import { ScanService } from './scan.ts';

type CreateResult = OperationResult<typeof createMosaic>;

const DEFAULT_ACTOR = 'operator';

interface Recorded {
  readonly job: Job;
  readonly outcome: RequestOutcome;
  readonly group: MosaicGroup;
}

/** Starts mosaics. */
@Injectable()
export class MosaicsService {
  private readonly logger = new Logger('mosaics');
  private readonly registry: Registry;
  private readonly temporal: TemporalService;
  private readonly dataRoots: DataRootsService;
  private readonly scan: ScanService;
  private readonly options: GatewayOptions;

  constructor(
    registry: Registry,
    temporal: TemporalService,
    dataRoots: DataRootsService,
    scan: ScanService,
    options: GatewayOptions,
  ) {
    this.registry = registry;
    this.temporal = temporal;
    this.dataRoots = dataRoots;
    this.scan = scan;
    this.options = options;
  }

  /**
   * Finds what the mosaic is of, records the request and starts its workflow; the same request finds the same one.
   */
  async create(request: MosaicRequest): Promise<CreateResult> {
    const actor = request.requested_by ?? DEFAULT_ACTOR;
    if (request.calibrator !== undefined) shippedCalibrators().require(request.calibrator);
    const rootId =
      request.incoming === undefined ? null : (await this.dataRoots.register({ path: request.incoming })).id;
    await this.scan.lookAt(rootId, actor);
    const rows = await this.registry.groups.list(rootId === null ? {} : { rootIds: [rootId] });
    const groups = rows.map(observedGroup);
    const nowMjd = mjdFromUnixMs(Date.now());
    const resolved = resolveTarget(request, { catalog: shippedCalibrators(), groups, nowMjd });
    const refs = groupRefs(resolved.groupIds, rows);
    const hash8 = requestHash8(request, refs);
    const recorded = await this.record(request, resolved, {
      workflowId: mosaicWorkflowId(resolved.target, hash8),
      actor,
    });
    await this.start(recorded, this.input(request, resolved, { recorded, refs, actor }), hash8);
    return created(recorded);
  }

  /** Job and mosaic group in one transaction, before the workflow starts. */
  private record(
    request: MosaicRequest,
    resolved: ResolvedTarget,
    { workflowId, actor }: { readonly workflowId: string; readonly actor: string },
  ): Promise<Recorded> {
    const parameters = request as unknown as JsonObject;
    const { target } = resolved;
    const isTransit = target.kind === 'transit';
    return this.registry.transaction(async ({ jobs, mosaicGroups, events, audit }) => {
      const { job, outcome } = await jobs.request({
        id: uuid7(),
        type: 'mosaic',
        workflowId,
        parameters,
        requestedBy: actor,
        priority: PRIORITY.mosaic,
      });
      const { group } = await mosaicGroups.request({
        id: uuid7(),
        workflowId,
        jobId: job.id,
        name: mosaicName(request, resolved),
        target: target.kind,
        calibrator: isTransit ? target.calibrator : null,
        transitNumber: isTransit ? target.transitNumber : null,
        transitMjd: isTransit ? target.transitMjd : null,
        startMjd: target.startMjd,
        endMjd: target.endMjd,
        decDeg: resolved.decDeg,
        method: request.method,
        parameters,
      });
      if (outcome !== 'found') {
        const message = `${group.name} asked for by ${actor}`;
        await events.append({ kind: 'job.requested', jobId: job.id, workflowId, message, payload: { outcome } });
        const subject = { subjectKind: 'mosaic', subjectId: group.id };
        await audit.record({ actor, action: 'mosaic.create', ...subject, details: { workflow_id: workflowId } });
      }
      return { job, outcome, group };
    });
  }

  private input(
    request: MosaicRequest,
    { target }: ResolvedTarget,
    parts: { readonly recorded: Recorded; readonly refs: readonly GroupRef[]; readonly actor: string },
  ): MosaicInput {
    const { job, group } = parts.recorded;
    return {
      jobId: job.id,
      mosaicGroupId: group.id,
      target,
      groups: parts.refs,
      recipe: recipeOf(request),
      name: group.name,
      requestedBy: parts.actor,
      priority: PRIORITY.mosaic,
      policies: this.options.stagePolicies,
    };
  }

  /** Starts or joins the workflow. When that fails the rows say so, and asking again begins again. */
  private async start({ job, group, outcome }: Recorded, input: MosaicInput, hash8: string): Promise<void> {
    if (outcome === 'found' && job.status === 'done') return;
    try {
      await this.temporal.start(mosaicStart(input, hash8, this.temporal.queuePrefix));
    } catch (error) {
      if (outcome !== 'found') await this.giveUp(job, group);
      throw error;
    }
  }

  private async giveUp(job: Job, group: MosaicGroup): Promise<void> {
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

/** Groups with the version of their file list, in the order of the ids. */
function groupRefs(ids: readonly string[], rows: readonly ObservationGroup[]): GroupRef[] {
  return ids.map((groupId) => {
    const version = rows.find(({ id }) => id === groupId)?.version;
    if (version === undefined) throw new MeridianError('INTERNAL', `group ${groupId} was chosen and is not there`);
    return { groupId, version };
  });
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
    status: outcome === 'found' ? group.state : 'pending',
    created: outcome !== 'found',
    message: messages[outcome],
  };
}
