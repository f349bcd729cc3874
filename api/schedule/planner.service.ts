/** The Temporal Schedule that makes the plan every hour. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import type { ScheduleClient, ScheduleOptionsAction, ScheduleSpec } from '@temporalio/client';
import type { z } from 'zod';
import { uuid7 } from '../../registry/index.ts';
import type { ControlRequest } from '../../workflows/contracts/control.ts';
import type { PlanInput, PlanResult, PlanScope } from '../../workflows/contracts/schedule.ts';
import { plannerScheduleId, plannerStart } from '../../workflows/contracts/schedule-start.ts';
import type { Planner } from '../contracts/schedule.ts';
import { TemporalService } from '../temporal/temporal.service.ts';

/** How often the plan is made: a change of declination is noticed within this time. */
const EVERY = '1 hour' as const;
/** After an outage one plan makes up for all that were missed. */
const CATCH_UP = '1 hour';
const LONGEST_MS = 110_000;
const CHANGED_WITHIN_MS = 5000;
const CHANGE_POLL_MS = 100;

@Injectable()
export class PlannerService {
  private readonly temporal: TemporalService;

  constructor(temporal: TemporalService) {
    this.temporal = temporal;
  }

  /** Makes the Schedule, or brings it up to this release; whether it is paused stays. */
  async ensure(): Promise<void> {
    const scheduleId = this.scheduleId;
    const spec: ScheduleSpec = { intervals: [{ every: EVERY }] };
    const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCH_UP } as const;
    const action = this.action();
    await this.temporal.schedules(async (schedules) => {
      if ((await describe(schedules, scheduleId)) === null) {
        await schedules.create({ scheduleId, spec, policies, action });
      } else await schedules.getHandle(scheduleId).update(({ state }) => ({ spec, policies, action, state }));
    });
  }

  /** Null: not set up. */
  async status(): Promise<z.input<typeof Planner> | null> {
    const found = await this.temporal.schedules((schedules) => describe(schedules, this.scheduleId));
    if (found === null) return null;
    const { state, info } = found;
    return {
      paused: state.paused,
      note: state.note ?? '',
      next_run_at: info.nextActionTimes[0]?.toISOString() ?? null,
      last_run_at: info.recentActions.at(-1)?.takenAt.toISOString() ?? null,
    };
  }

  async pause({ requestedBy, reason }: ControlRequest): Promise<void> {
    await this.temporal.schedules((schedules) =>
      schedules.getHandle(this.scheduleId).pause(`paused by ${requestedBy}: ${reason}`),
    );
    await this.untilPaused(true);
  }

  async resume({ requestedBy, reason }: ControlRequest): Promise<void> {
    await this.temporal.schedules((schedules) =>
      schedules.getHandle(this.scheduleId).unpause(`resumed by ${requestedBy}: ${reason}`),
    );
    await this.untilPaused(false);
  }

  /** The server takes a change down and makes it a moment later: whoever asked must not be shown what was before. */
  private async untilPaused(paused: boolean): Promise<void> {
    for (const started = performance.now(); performance.now() - started < CHANGED_WITHIN_MS;) {
      if ((await this.status())?.paused === paused) return;
      await sleep(CHANGE_POLL_MS);
    }
  }

  /** Plans once, now, and gives what it changed. */
  plan(scope: PlanScope, requestedBy: string): Promise<PlanResult> {
    const start = plannerStart(this.input(scope, requestedBy), uuid7(), this.temporal.queuePrefix);
    return this.temporal.runShort<PlanInput, PlanResult>(start, LONGEST_MS);
  }

  private get scheduleId(): string {
    return plannerScheduleId(this.temporal.queuePrefix);
  }

  private input(scope: PlanScope, requestedBy: string): PlanInput {
    return { scope, requestedBy, policies: this.temporal.stagePolicies };
  }

  private action(): ScheduleOptionsAction {
    const { workflowType, options } = plannerStart(
      this.input({ kind: 'ahead' }, 'planner'),
      'ahead',
      this.temporal.queuePrefix,
    );
    const { workflowId, taskQueue, args, typedSearchAttributes, staticSummary } = options;
    return { type: 'startWorkflow', workflowType, workflowId, taskQueue, args, typedSearchAttributes, staticSummary };
  }
}

async function describe(schedules: ScheduleClient, scheduleId: string) {
  try {
    return await schedules.getHandle(scheduleId).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}
