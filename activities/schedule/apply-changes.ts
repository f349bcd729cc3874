/** Carrying out a change of plan: the row first, then the workflow of the transit. */
import { type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { PlanChange } from '../../domain/schedule/compare-plans.ts';
import type { TransitPlan } from '../../domain/schedule/plan.ts';
import { uuid7, type PlannedTransit, type Registry } from '../../registry/index.ts';
import { transitWorkflowId } from '../../workflows/contracts/ids.ts';
import type { PolicySnapshot } from '../../workflows/contracts/policies.ts';
import { moveUpdate, strikeUpdate } from '../../workflows/contracts/schedule.ts';
import { transitStart, transitTimes } from '../../workflows/contracts/schedule-start.ts';

export interface ChangeParts {
  readonly registry: Registry;
  readonly client: Client;
  readonly queuePrefix: string;
  readonly requestedBy: string;
  readonly priority: number;
  readonly policies: PolicySnapshot;
}

/** @returns whether anything changed: a transit that was asked for meanwhile stays as it is */
export function applyChange(parts: ChangeParts, change: PlanChange): Promise<boolean> {
  if (change.kind === 'start') return startTransit(parts, change.plan);
  if (change.kind === 'move') return moveTransit(parts, change.plan, change.reason);
  return strikeTransit(parts, change);
}

/** A start that got lost after the row was written is made up for by the next plan. */
async function startTransit(parts: ChangeParts, plan: TransitPlan): Promise<boolean> {
  const { registry, requestedBy, priority } = parts;
  const { calibrator, transitNumber } = plan;
  const isNew = await registry.transaction(async ({ plannedTransits, events }) => {
    if (!(await plannedTransits.plan(plan, { requestedBy, priority }))) return false;
    const workflowId = transitWorkflowId(calibrator, transitNumber);
    const message = `transit ${transitNumber} of ${calibrator} planned by ${requestedBy}`;
    await events.append({ kind: 'transit.planned', workflowId, message });
    return true;
  });
  if (isNew) await startWorkflow(parts, plan, priority);
  return isNew;
}

/** Starts the workflow of a transit, or finds the running one. */
export async function startWorkflow(
  { client, queuePrefix, policies }: Pick<ChangeParts, 'client' | 'queuePrefix' | 'policies'>,
  plan: Omit<TransitPlan, 'request'>,
  priority: number,
): Promise<void> {
  const { workflowType, options } = transitStart(plan, { priority, policies }, queuePrefix);
  await client.workflow.start(workflowType, options);
}

async function moveTransit(parts: ChangeParts, plan: TransitPlan, reason: string): Promise<boolean> {
  const { client, requestedBy } = parts;
  const times = transitTimes(plan);
  const handle = client.workflow.getHandle(transitWorkflowId(plan.calibrator, plan.transitNumber));
  const move = { times, plan, requestedBy, reason };
  return sent(() => handle.executeUpdate(moveUpdate, { args: [move], updateId: uuid7() }));
}

async function strikeTransit(
  { client, requestedBy }: ChangeParts,
  { key, reason }: Extract<PlanChange, { readonly kind: 'strike' }>,
): Promise<boolean> {
  const handle = client.workflow.getHandle(transitWorkflowId(key.calibrator, key.transitNumber));
  return sent(() => handle.executeUpdate(strikeUpdate, { args: [{ requestedBy, reason }], updateId: uuid7() }));
}

/** Refused, or ended: the transit went on to its mosaic, and that is how it stays. */
async function sent(update: () => Promise<unknown>): Promise<boolean> {
  try {
    await update();
    return true;
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError || error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** A workflow that was terminated, or never started, is started again: its row says where to go on. */
export async function reviveWorkflows(parts: ChangeParts, rows: readonly PlannedTransit[]): Promise<void> {
  for (const row of rows) {
    if (['planned', 'waiting', 'asked'].includes(row.state)) await startWorkflow(parts, row, row.priority);
  }
}
