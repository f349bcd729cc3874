/** The observation-driven schedule: planning, looking, asking, recording. */
import { isOpen } from '../../domain/schedule/transit-states.ts';
import { mjdFromUnixMs } from '../../domain/time.ts';
import { windowClosesMjd } from '../../domain/schedule/readiness.ts';
import type { Registry } from '../../registry/index.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { ScheduleActivities } from '../interfaces.ts';
import { lookAtTransit } from './look.ts';
import { askForTransitMosaic, awaitMosaic } from './mosaic.ts';
import { planTransits } from './plan-transits.ts';

export function createScheduleActivities(dependencies: ActivityDependencies): ScheduleActivities {
  const { registry } = dependencies;
  return {
    planTransits: (input) => planTransits(dependencies, input),
    beginTransit: (key) => beginTransit(registry, key),
    lookAtTransit: (key) => lookAtTransit(dependencies, key),
    askForTransitMosaic: (input) => askForTransitMosaic(dependencies, input),
    awaitMosaic: (mosaic) => awaitMosaic(dependencies, mosaic),
    recordTransitChange: (change) => recordTransitChange(registry, change),
    endTransit: (end) => endTransit(registry, end),
  };
}

type Input<Name extends keyof ScheduleActivities> = Parameters<ScheduleActivities[Name]>[0];

async function beginTransit(
  registry: Registry,
  key: Input<'beginTransit'>,
): ReturnType<ScheduleActivities['beginTransit']> {
  const { state, reason, mosaicId, mosaicGroupId } = await registry.plannedTransits.require(key);
  const group = mosaicGroupId === null ? undefined : await registry.mosaicGroups.find(mosaicGroupId);
  const asked =
    state === 'asked' && group !== undefined ? { mosaicGroupId: group.id, workflowId: group.workflowId } : null;
  return { state, reason, mosaicId, asked };
}

async function recordTransitChange(registry: Registry, change: Input<'recordTransitChange'>): Promise<void> {
  const { key, kind, plan, requestedBy, reason, requestId } = change;
  await registry.transaction(async ({ plannedTransits, events, audit }) => {
    const row = await plannedTransits.require(key);
    if (kind === 'strike') await plannedTransits.advance(key, 'struck', { reason });
    else if (plan !== null && isOpen(row.state)) {
      await plannedTransits.move(plan, { requestedBy, reason });
      const isOpenAgain = windowClosesMjd(plan) > mjdFromUnixMs(Date.now());
      if (row.state === 'waiting' && isOpenAgain) await plannedTransits.advance(key, 'planned', { reason: null });
    }
    const message = `${kind === 'move' ? 'moved' : 'struck off'} by ${requestedBy}: ${reason}`;
    await events.append({ kind: `transit.${kind}`, workflowId: row.workflowId, message });
    const subject = { subjectKind: 'transit', subjectId: row.workflowId };
    await audit.record({ actor: requestedBy, action: `transit.${kind}`, ...subject, reason, requestId });
  });
}

async function endTransit(registry: Registry, end: Input<'endTransit'>): Promise<void> {
  const { key, state, code, reason, mosaicId } = end;
  await registry.transaction(async ({ plannedTransits, events }) => {
    const { workflowId, ...row } = await plannedTransits.require(key);
    const facts = { reasonCode: code, ...(mosaicId === null ? {} : { mosaicId }) };
    await plannedTransits.advance(key, state, { ...facts, reason: reason ?? row.reason });
    const message = `transit ${key.transitNumber} of ${key.calibrator} ${state}: ${reason ?? `mosaic ${mosaicId}`}`;
    await events.append({ kind: `transit.${state}`, workflowId, message });
  });
}
