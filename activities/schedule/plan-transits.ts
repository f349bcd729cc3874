/** Making the plan: the next transits, those of past days, or one that is to be decided now. */
import { comparePlans, type KnownTransit, type PlanChange } from '../../domain/schedule/compare-plans.ts';
import {
  planOfTransit,
  planRange,
  planTransits as planOf,
  presentPointing,
  type ScheduledCalibrator,
  type TransitPlan,
} from '../../domain/schedule/plan.ts';
import { windowClosesMjd } from '../../domain/schedule/readiness.ts';
import { isOpen } from '../../domain/schedule/transit-states.ts';
import { mjdFromUnixMs } from '../../domain/time.ts';
import { transitNearest, transitOfNumber } from '../../domain/transits.ts';
import { groupsInWindow } from '../../domain/windows.ts';
import type { Json } from '../../domain/ids.ts';
import type { PlannedTransit } from '../../registry/index.ts';
import { PRIORITY } from '../../workflows/contracts/queues.ts';
import type { PlanInput, PlanResult, PlanScope } from '../../workflows/contracts/schedule.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { applyChange, reviveWorkflows, type ChangeParts } from './apply-changes.ts';
import { groupsAround } from './look.ts';
import { scheduledCalibrator } from './scheduled.ts';

interface Planning extends ChangeParts {
  readonly calibrators: readonly ScheduledCalibrator[];
  readonly nowMjd: number;
}

export async function planTransits(dependencies: ActivityDependencies, input: PlanInput): Promise<PlanResult> {
  const { registry, catalog, client, queuePrefix } = dependencies;
  const { scope, requestedBy, policies } = input;
  const rows = await registry.scheduledCalibrators.list();
  const priority = scope.kind === 'past' ? PRIORITY.backfill : PRIORITY.mosaic;
  const planning: Planning = {
    ...{ registry, client, queuePrefix, requestedBy, priority, policies },
    calibrators: rows.map((row) => scheduledCalibrator(row, catalog)),
    nowMjd: mjdFromUnixMs(Date.now()),
  };
  if (scope.kind === 'ahead') return planAhead(planning);
  if (scope.kind === 'past') return planPast(planning, scope);
  return planNow(planning, scope);
}

const NOTHING: PlanResult = { started: 0, moved: 0, struck: 0, withoutData: 0, unchanged: 0, pointingDecDeg: null };

/** Without any group nobody knows where the telescope points: nothing new is planned, and nothing struck off for it. */
async function planAhead(planning: Planning): Promise<PlanResult> {
  const { registry, calibrators, nowMjd } = planning;
  const pointing = presentPointing(await registry.plannedTransits.newestPointings());
  const range = planRange(nowMjd);
  const known = await registry.plannedTransits.known(range);
  const next = pointing === null ? [] : planOf(calibrators, range, pointing);
  const changes = comparePlans(next, known.map(asKnown), { calibrators, pointing, nowMjd });
  await reviveWorkflows(planning, known);
  const result = await carryOut(planning, changes);
  const touched = result.started + result.moved;
  return { ...result, unchanged: next.length - touched, pointingDecDeg: pointing?.decDeg ?? null };
}

/** Past days: each transit that any group was taken of is decided at once; the others are recorded as missed. */
async function planPast(planning: Planning, scope: Extract<PlanScope, { kind: 'past' }>): Promise<PlanResult> {
  const { registry, nowMjd } = planning;
  const wanted = planning.calibrators.filter(({ name }) => scope.calibrators?.includes(name) ?? true);
  const plans = planOf(wanted, scope, null).filter((plan) => windowClosesMjd(plan) <= nowMjd);
  const [first, last] = [plans[0], plans.at(-1)];
  if (first === undefined || last === undefined) return NOTHING;
  // In order of transits, not of windows: a longer one may begin before the first.
  const groups = await groupsAround(registry, { startMjd: first.startMjd - 1, endMjd: last.endMjd + 1 });
  const changes: PlanChange[] = [];
  let withoutData = 0;
  for (const plan of plans) {
    if (groupsInWindow(groups, plan).length > 0) {
      changes.push({ kind: 'start', plan: { ...plan, deadlineMjd: Math.min(plan.deadlineMjd, nowMjd) } });
    } else if (await recordWithoutData(planning, plan)) withoutData += 1;
  }
  const result = await carryOut(planning, changes);
  return { ...result, withoutData, unchanged: plans.length - result.started - withoutData };
}

async function recordWithoutData({ registry, requestedBy, priority }: Planning, plan: TransitPlan): Promise<boolean> {
  const known = await registry.plannedTransits.find(plan);
  if (known !== undefined) return false;
  return registry.transaction(async ({ plannedTransits }) => {
    const isNew = await plannedTransits.plan(plan, { requestedBy, priority });
    if (!isNew) return false;
    await plannedTransits.advance(plan, 'waiting');
    const reason = 'no group was taken in its window';
    await plannedTransits.advance(plan, 'missed', { reason, reasonCode: 'CALIBRATOR_NO_DATA' });
    return true;
  });
}

/** One transit, with what is there now. */
async function planNow(planning: Planning, scope: Extract<PlanScope, { kind: 'now' }>): Promise<PlanResult> {
  const { registry, nowMjd } = planning;
  const calibrator = planning.calibrators.find(({ name }) => name === scope.calibrator);
  if (calibrator === undefined) {
    await registry.scheduledCalibrators.require(scope.calibrator);
    return NOTHING;
  }
  const plan = { ...lastPlan(calibrator, scope.nearMjd ?? nowMjd, nowMjd), deadlineMjd: nowMjd };
  const known = await registry.plannedTransits.find(plan);
  const reason = `asked for by ${planning.requestedBy}`;
  const change: PlanChange =
    known !== undefined && isOpen(known.state) ? { kind: 'move', plan, reason } : { kind: 'start', plan };
  const result = await carryOut(planning, [change]);
  return { ...result, unchanged: 1 - result.started - result.moved };
}

/** The transit nearest to a time; of those whose window has closed, if one before it has to be taken. */
function lastPlan(calibrator: ScheduledCalibrator, nearMjd: number, nowMjd: number): TransitPlan {
  const nearest = transitNearest(calibrator.position, nearMjd);
  const plan = planOfTransit(calibrator, nearest);
  if (windowClosesMjd(plan) <= nowMjd || nearMjd !== nowMjd) return plan;
  return planOfTransit(calibrator, transitOfNumber(calibrator.position, nearest.number - 1));
}

async function carryOut(planning: Planning, changes: readonly PlanChange[]): Promise<PlanResult> {
  const done = { start: 0, move: 0, strike: 0 };
  for (const change of changes) if (await applyChange(planning, change)) done[change.kind] += 1;
  return { ...NOTHING, started: done.start, moved: done.move, struck: done.strike };
}

const asKnown = (row: PlannedTransit): KnownTransit => ({
  ...row,
  request: row.request as Readonly<Record<string, Json>>,
});
