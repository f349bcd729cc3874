/** The mosaic of a planned transit: asked for as the gateway does, and awaited. */
import { Context } from '@temporalio/activity';
import { WorkflowExecutionAlreadyStartedError, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { ERROR_RULES, MeridianError } from '../../domain/errors.ts';
import { isoFromMjd, mjdFromUnixMs } from '../../domain/time.ts';
import { askForMosaic, findMosaicTarget, type PlannedTransit } from '../../registry/index.ts';
import { mosaicWork } from '../../workflows/contracts/mosaic-request.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { MosaicRef, ScheduleActivities } from '../interfaces.ts';
import { requestOf } from './scheduled.ts';

type Ask = ScheduleActivities['askForTransitMosaic'];

/** Asks for the mosaic of what is there now; data that are not enough after all are an answer, not a failure. */
export async function askForTransitMosaic(
  dependencies: ActivityDependencies,
  { key, policies, priority, remark }: Parameters<Ask>[0],
): ReturnType<Ask> {
  const { registry, catalog, client, queuePrefix } = dependencies;
  const row = await registry.plannedTransits.require(key);
  const request = { ...requestOf(row), near_utc: isoFromMjd(row.transitMjd) };
  const found = await findMosaicTarget(registry, request, { catalog, nowMjd: mjdFromUnixMs(Date.now()) }).catch(
    (error: unknown) => refusalOf(error),
  );
  if ('code' in found) return { kind: 'missed', ...found };
  const work = mosaicWork(request, found, { actor: row.requestedBy, priority, policies });
  const { group } = await askForMosaic(registry, work.rows, {
    start: async (ids) => {
      const { workflowType, options } = work.start(ids, queuePrefix);
      await client.workflow.start(workflowType, options).catch(unlessFinished);
    },
    onLost: (message) => Context.current().log.error(message),
  });
  await recordAsked(dependencies, row, { mosaicGroupId: group.id, remark });
  return { kind: 'asked', mosaicGroupId: group.id, workflowId: work.rows.workflowId };
}

/** The mosaic was made before: what was asked for is there. */
function unlessFinished(error: unknown): void {
  if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
}

/** A reason that lies in the data; anything else is a failure of this attempt. */
function refusalOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof MeridianError && ERROR_RULES[error.code].exitClass === 'bad_input') {
    return { code: error.code, message: error.message };
  }
  throw error;
}

async function recordAsked(
  { registry }: ActivityDependencies,
  row: PlannedTransit,
  { mosaicGroupId, remark }: { readonly mosaicGroupId: string; readonly remark: string },
): Promise<void> {
  await registry.transaction(async ({ plannedTransits, events }) => {
    await plannedTransits.advance(row, 'asked', { mosaicGroupId, reason: remark });
    const message = `mosaic of transit ${row.transitNumber} of ${row.calibrator} asked for: ${remark}`;
    await events.append({ kind: 'transit.asked', workflowId: row.workflowId, message });
  });
}

/** Waits for the end of a mosaic, whoever started it. */
export async function awaitMosaic(
  { registry, client }: ActivityDependencies,
  { mosaicGroupId, workflowId }: MosaicRef,
): ReturnType<ScheduleActivities['awaitMosaic']> {
  const { cancellationSignal } = Context.current();
  try {
    await client.withAbortSignal(cancellationSignal, () => client.workflow.getHandle(workflowId).result());
  } catch (error) {
    if (cancellationSignal.aborted) throw cancellationSignal.reason;
    if (!(error instanceof WorkflowFailedError)) throw error;
    return { mosaicId: null, failure: failureOf(error) };
  }
  const group = await registry.mosaicGroups.find(mosaicGroupId);
  if (group?.mosaicId != null) return { mosaicId: group.mosaicId, failure: null };
  const message = `${workflowId} ended well, but its mosaic is not registered`;
  return { mosaicId: null, failure: { code: 'OUTPUT_CORRUPT', message } };
}

function failureOf({ cause, message }: WorkflowFailedError): { readonly code: string; readonly message: string } {
  if (cause instanceof ApplicationFailure) return { code: cause.type ?? 'INTERNAL', message: cause.message };
  if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure) {
    return { code: 'CANCELLED', message: `the mosaic was stopped by somebody: ${cause.message}` };
  }
  return { code: 'INTERNAL', message };
}
