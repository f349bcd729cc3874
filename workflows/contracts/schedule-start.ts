/** How the planner and the workflows of transits are started. */
import type { TransitPlan } from '../../domain/schedule/plan.ts';
import { windowClosesMjd } from '../../domain/schedule/readiness.ts';
import { isoFromMjd, unixMsFromMjd } from '../../domain/time.ts';
import { transitWorkflowId } from './ids.ts';
import { PRIORITY, taskQueue } from './queues.ts';
import {
  PLANNER_WORKFLOW,
  TRANSIT_WORKFLOW,
  type PlanInput,
  type TransitInput,
  type TransitTimes,
} from './schedule.ts';
import { calibratorKey, decDegKey, jobTypeKey, obsTimeKey } from './search-attributes.ts';
import type { StartRequest } from './start.ts';

const utc = (mjd: number): string => `${isoFromMjd(mjd)}Z`;

/** The times of a plan as its workflow needs them. */
export const transitTimes = (
  plan: Pick<TransitPlan, 'transitMjd' | 'startMjd' | 'endMjd' | 'deadlineMjd'>,
): TransitTimes => ({
  transitAt: utc(plan.transitMjd),
  closesAt: utc(windowClosesMjd(plan)),
  deadlineAt: utc(plan.deadlineMjd),
});

/** How to start a transit. A start while it runs gives the running one; whether there is anything to do its row says. */
export function transitStart(
  plan: Omit<TransitPlan, 'request'>,
  by: Pick<TransitInput, 'priority' | 'policies'>,
  prefix: string,
): StartRequest<TransitInput> {
  const { calibrator, transitNumber, transitMjd, apparentDecDeg } = plan;
  const times = transitTimes(plan);
  return {
    workflowType: TRANSIT_WORKFLOW,
    options: {
      workflowId: transitWorkflowId(calibrator, transitNumber),
      taskQueue: taskQueue(prefix, 'orchestrate'),
      args: [{ key: { calibrator, transitNumber }, times, ...by }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes: [
        { key: jobTypeKey, value: 'transit' },
        { key: calibratorKey, value: calibrator },
        { key: obsTimeKey, value: new Date(unixMsFromMjd(transitMjd)) },
        { key: decDegKey, value: apparentDecDeg },
      ],
      staticSummary: `Transit of ${calibrator}, ${times.transitAt}`,
      priority: { priorityKey: by.priority },
    },
  };
}

/** Id of the Temporal Schedule that makes the plan. */
export const plannerScheduleId = (prefix: string): string => `${prefix}-plan`;

const SUMMARY: Readonly<Record<PlanInput['scope']['kind'], string>> = {
  ahead: 'Plan the next transits',
  past: 'Plan transits of past days',
  now: 'Decide a transit now',
};

/** How to start the planner once. */
export const plannerStart = (input: PlanInput, requestId: string, prefix: string): StartRequest<PlanInput> => ({
  workflowType: PLANNER_WORKFLOW,
  options: {
    workflowId: `plan/${requestId}`,
    taskQueue: taskQueue(prefix, 'orchestrate'),
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    typedSearchAttributes: [{ key: jobTypeKey, value: 'plan' }],
    staticSummary: SUMMARY[input.scope.kind],
    priority: { priorityKey: PRIORITY.live },
  },
});
