/** The observation-driven schedule: a planner, and a workflow for every planned transit. */
import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { TransitKey, TransitPlan } from '../../domain/schedule/plan.ts';
import type { TransitState } from '../../domain/schedule/transit-states.ts';
import type { ControlRequest } from './control.ts';
import type { PolicySnapshot } from './policies.ts';

export const TRANSIT_WORKFLOW = 'transitWorkflow';
export const PLANNER_WORKFLOW = 'plannerWorkflow';

/** What the workflow waits by; ISO 8601 UTC with Z. Everything else of the plan is in the registry. */
export interface TransitTimes {
  readonly transitAt: string;
  /** No group that begins later belongs to the window. */
  readonly closesAt: string;
  /** Late data are waited for until then. */
  readonly deadlineAt: string;
}

export interface TransitInput {
  readonly key: TransitKey;
  readonly times: TransitTimes;
  readonly priority: number;
  readonly policies: PolicySnapshot;
}

/** How a transit ended: with the id of its mosaic, or the reason why there is none. */
export interface TransitResult {
  readonly state: TransitState;
  readonly mosaicId: string | null;
  readonly mosaicGroupId: string | null;
  readonly reason: string | null;
}

export interface TransitStatus extends TransitResult {
  readonly times: TransitTimes;
  /** What it waits for, in words. */
  readonly waitsFor: string;
}

export interface TransitMove extends ControlRequest {
  readonly times: TransitTimes;
  readonly plan: TransitPlan;
}

export const transitQuery = defineQuery<TransitStatus>('transit');

/** Other times, or another recipe. Refused (CONFLICT) once the mosaic was asked for. */
export const moveUpdate = defineUpdate<TransitStatus, [TransitMove]>('move');

/** Takes the transit off the schedule. Refused (CONFLICT) once the mosaic was asked for. */
export const strikeUpdate = defineUpdate<TransitStatus, [ControlRequest]>('strike');

/**
 * What is planned. `ahead`: the next day and a half, as the list and the pointing have it; `past`: a range of days gone
 * by, at the priority of backfill; `now`: one transit, decided without waiting any longer.
 */
export type PlanScope =
  | { readonly kind: 'ahead' }
  | {
      readonly kind: 'past';
      readonly startMjd: number;
      readonly endMjd: number;
      /** Null: every calibrator of the list. */
      readonly calibrators: readonly string[] | null;
    }
  | {
      readonly kind: 'now';
      readonly calibrator: string;
      /** The transit nearest to this time; null: the last one. */
      readonly nearMjd: number | null;
    };

export interface PlanInput {
  readonly scope: PlanScope;
  readonly requestedBy: string;
  readonly policies: PolicySnapshot;
}

/** What planning changed: usually nothing. */
export interface PlanResult {
  readonly started: number;
  readonly moved: number;
  readonly struck: number;
  /** Transits of past days that no group was taken of: recorded as missed, without a workflow. */
  readonly withoutData: number;
  readonly unchanged: number;
  /** Apparent declination of the pointing, degrees; null: no group was seen yet. */
  readonly pointingDecDeg: number | null;
}
