/** The request of a mosaic: what it is made of, and the rows that are written before its workflow starts. */
import type { CalibratorCatalog } from '../domain/calibrators.ts';
import { MeridianError } from '../domain/errors.ts';
import { resolveTarget, type ResolvedTarget, type TargetRequest } from '../domain/mosaic-target.ts';
import { observedGroup } from './as-domain.ts';
import type { ObservationGroup } from './groups.ts';
import type { Job, RequestOutcome } from './jobs.ts';
import type { MosaicGroup, NewMosaicGroup } from './mosaic-groups.ts';
import type { Registry } from './registry.ts';
import type { MosaicMethod } from './schema/mosaics.ts';
import type { JsonObject } from './schema/index.ts';
import { uuid7 } from './uuid7.ts';

export interface MosaicAsk {
  readonly workflowId: string;
  readonly name: string;
  readonly found: ResolvedTarget;
  readonly method: MosaicMethod;
  readonly parameters: JsonObject;
  readonly requestedBy: string;
  readonly priority: number;
}

/** The rows of a request. */
export interface MosaicAsked {
  readonly job: Job;
  readonly group: MosaicGroup;
  readonly outcome: RequestOutcome;
}

export interface MosaicBegin {
  /** Starts or joins the workflow. */
  readonly start: (ids: { readonly jobId: string; readonly mosaicGroupId: string }) => Promise<unknown>;
  /** Told when a request that could not be started could not be ended either; the reconciler ends it. */
  readonly onLost: (message: string) => void;
}

/**
 * What a mosaic is made of, as the registry knows the sky now.
 *
 * @throws MeridianError that says why there is no such mosaic: see `resolveTarget`
 */
export async function findMosaicTarget(
  registry: Registry,
  request: TargetRequest,
  sky: { readonly catalog: CalibratorCatalog; readonly nowMjd: number; readonly rootIds?: readonly string[] },
): Promise<ResolvedTarget & { readonly groups: { readonly groupId: string; readonly version: number }[] }> {
  const { catalog, nowMjd, rootIds } = sky;
  const rows = await registry.groups.list(rootIds === undefined ? {} : { rootIds });
  const resolved = resolveTarget(request, { catalog, groups: rows.map(observedGroup), nowMjd });
  return { ...resolved, groups: groupRefs(resolved.groupIds, rows) };
}

function groupRefs(
  ids: readonly string[],
  rows: readonly ObservationGroup[],
): { readonly groupId: string; readonly version: number }[] {
  return ids.map((groupId) => {
    const version = rows.find(({ id }) => id === groupId)?.version;
    if (version === undefined) throw new MeridianError('INTERNAL', `group ${groupId} was chosen and is not there`);
    return { groupId, version };
  });
}

/**
 * Writes a request down and starts its workflow, also of a request that was written before and never started. The same
 * workflow id finds the same rows; one that failed or was cancelled begins again.
 */
export async function askForMosaic(registry: Registry, ask: MosaicAsk, begin: MosaicBegin): Promise<MosaicAsked> {
  const asked = await record(registry, ask);
  const { job, group, outcome } = asked;
  if (outcome === 'found' && job.status === 'done') return asked;
  try {
    await begin.start({ jobId: job.id, mosaicGroupId: group.id });
  } catch (error) {
    if (outcome !== 'found') {
      await giveUp(registry, asked).catch((cause: unknown) =>
        begin.onLost(`job ${job.id} was not started, and that could not be recorded: ${String(cause)}`),
      );
    }
    throw error;
  }
  return asked;
}

/** Job and mosaic group in one transaction: made, begun again, or found. */
function record(registry: Registry, ask: MosaicAsk): Promise<MosaicAsked> {
  const { workflowId, parameters, requestedBy, priority } = ask;
  return registry.transaction(async ({ jobs, mosaicGroups, events, audit }) => {
    const row = { id: uuid7(), type: 'mosaic', workflowId, parameters, requestedBy, priority };
    const { job, outcome } = await jobs.request(row);
    const { group } = await mosaicGroups.request({ id: uuid7(), jobId: job.id, ...groupFacts(ask) });
    if (outcome !== 'found') {
      const message = `${group.name} asked for by ${requestedBy}`;
      await events.append({ kind: 'job.requested', jobId: job.id, workflowId, message, payload: { outcome } });
      const subject = { subjectKind: 'mosaic', subjectId: group.id };
      await audit.record({
        actor: requestedBy,
        action: 'mosaic.create',
        ...subject,
        details: { workflow_id: workflowId },
      });
    }
    return { job, outcome, group };
  });
}

/** The workflow could not be started: the rows say so, and asking again begins again. */
async function giveUp(registry: Registry, { job, group }: MosaicAsked): Promise<void> {
  const error = { code: 'SERVICE_UNAVAILABLE', message: 'Temporal did not take the workflow; ask again' };
  await registry.transaction(async ({ jobs, mosaicGroups, events }) => {
    await jobs.end(job.id, { status: 'failed', error });
    await mosaicGroups.end(group.id, 'failed', error);
    await events.append({ kind: 'job.failed', jobId: job.id, workflowId: job.workflowId, message: error.message });
  });
}

function groupFacts(ask: MosaicAsk): Omit<NewMosaicGroup, 'id' | 'jobId'> {
  const { workflowId, name, method, parameters } = ask;
  const { target, decDeg } = ask.found;
  const transit = target.kind === 'transit' ? target : null;
  return {
    workflowId,
    name,
    method,
    parameters,
    target: target.kind,
    calibrator: transit?.calibrator ?? null,
    transitNumber: transit?.transitNumber ?? null,
    transitMjd: transit?.transitMjd ?? null,
    startMjd: target.startMjd,
    endMjd: target.endMjd,
    decDeg,
  };
}
