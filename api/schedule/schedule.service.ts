import { Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { shippedCalibrators } from '../../config/shipped-data.ts';
import { requireSuitable } from '../../domain/calibrators.ts';
import { MeridianError } from '../../domain/errors.ts';
import { presentPointing } from '../../domain/schedule/plan.ts';
import { mjdFromIso, mjdFromUnixMs } from '../../domain/time.ts';
import { requireAboveHorizon, transitNearest } from '../../domain/transits.ts';
import { Registry } from '../../registry/index.ts';
import type { JsonObject, Repositories } from '../../registry/index.ts';
import type { ControlRequest } from '../../workflows/contracts/control.ts';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import type {
  addToSchedule,
  backfillSchedule,
  getSchedule,
  pauseSchedule,
  triggerSchedule,
} from '../contracts/schedule.ts';
import { PlannerService } from './planner.service.ts';
import { calibratorView, planSummaryView, transitView } from './schedule-views.ts';

type ScheduleView = OperationResult<typeof getSchedule>;
type Summary = OperationResult<typeof triggerSchedule>;
type Asked = OperationInput<typeof pauseSchedule>['body'];

const DEFAULT_ACTOR = 'operator';
const SHOWN_DAYS_BACK = 1;

const nowMjd = (): number => mjdFromUnixMs(Date.now());
const nameOf = (calibrator: string): string => shippedCalibrators().require(calibrator).name;

/** The list of calibrators, and planning by it. A change of the list is followed by a new plan at once. */
@Injectable()
export class ScheduleService implements OnApplicationBootstrap {
  private readonly logger = new Logger('schedule');
  private readonly registry: Registry;
  private readonly planner: PlannerService;

  constructor(registry: Registry, planner: PlannerService) {
    this.registry = registry;
    this.planner = planner;
  }

  /** A Temporal server that lost its Schedules gets ours back; the gateway is up without waiting for it. */
  onApplicationBootstrap(): void {
    this.restore().catch((error: unknown) => this.logger.warn(`the planner was not set up: ${String(error)}`));
  }

  private async restore(): Promise<void> {
    if ((await this.registry.scheduledCalibrators.list()).length > 0) await this.planner.ensure();
  }

  async show(query: OperationInput<typeof getSchedule>['query'] = {}): Promise<ScheduleView> {
    const { plannedTransits, scheduledCalibrators } = this.registry;
    const fromMjd = query.start_utc === undefined ? nowMjd() - SHOWN_DAYS_BACK : mjdFromIso(query.start_utc);
    const [newest, calibrators, transits, planner] = await Promise.all([
      plannedTransits.newestPointings(),
      scheduledCalibrators.list(),
      plannedTransits.list({
        fromMjd,
        ...(query.end_utc === undefined ? {} : { toMjd: mjdFromIso(query.end_utc) }),
        ...(query.calibrator === undefined ? {} : { calibrator: nameOf(query.calibrator) }),
      }),
      this.planner.status(),
    ]);
    const pointing = presentPointing(newest);
    return {
      pointing: pointing === null ? null : { group_id: pointing.groupId, dec_deg: pointing.decDeg },
      planner,
      calibrators: calibrators.map(calibratorView),
      transits: transits.map(transitView),
    };
  }

  /** @throws MeridianError CALIBRATOR_UNKNOWN, CALIBRATOR_UNSUITABLE, CALIBRATOR_BELOW_HORIZON */
  async add(request: OperationInput<typeof addToSchedule>['body']): Promise<ScheduleView> {
    const {
      calibrator,
      dec_deg: decDeg,
      timespan_minutes: timespanMinutes,
      deadline_minutes: deadlineMinutes,
    } = request;
    const found = shippedCalibrators().require(calibrator);
    requireSuitable(found, request.force_calibrator);
    requireAboveHorizon(found.name, transitNearest(found.position, nowMjd()));
    const { min_tiles: minTiles, requested_by: addedBy = DEFAULT_ACTOR } = request;
    const row = { name: found.name, decDeg: decDeg ?? null, timespanMinutes, deadlineMinutes, minTiles, addedBy };
    await this.change({ action: 'add', name: found.name, requestedBy: addedBy, reason: null }, async (tx) => {
      await tx.scheduledCalibrators.put({ ...row, recipe: recipeOf(request), sinceMjd: nowMjd() });
    });
    await this.planner.ensure();
    return this.planned(addedBy);
  }

  async remove(body: Asked & { readonly calibrator: string }): Promise<ScheduleView> {
    const by = askedBy(body);
    await this.onList('remove', body, (tx, name) => tx.scheduledCalibrators.remove(name, by));
    return this.planned(by.requestedBy);
  }

  async pause(body: Asked): Promise<ScheduleView> {
    const { calibrator } = body;
    const by = askedBy(body);
    if (calibrator === undefined) {
      await this.planner.ensure();
      await this.planner.pause(by);
      return this.show();
    }
    await this.onList('pause', { ...body, calibrator }, (tx, name) => tx.scheduledCalibrators.pause(name, by));
    return this.planned(by.requestedBy);
  }

  async resume(body: Asked): Promise<ScheduleView> {
    const { calibrator } = body;
    const by = askedBy(body);
    await this.planner.ensure();
    if (calibrator === undefined) await this.planner.resume(by);
    else {
      const onward = { ...body, calibrator };
      await this.onList('resume', onward, (tx, name) => tx.scheduledCalibrators.resume(name, nowMjd()));
    }
    return this.planned(by.requestedBy);
  }

  async trigger(body: OperationInput<typeof triggerSchedule>['body']): Promise<Summary> {
    const { calibrator, near_utc: near, requested_by: requestedBy = DEFAULT_ACTOR } = body;
    if (calibrator === undefined) return planSummaryView(await this.planner.plan({ kind: 'ahead' }, requestedBy));
    const name = nameOf(calibrator);
    await this.registry.scheduledCalibrators.require(name);
    const nearMjd = near === undefined ? null : mjdFromIso(near);
    return planSummaryView(await this.planner.plan({ kind: 'now', calibrator: name, nearMjd }, requestedBy));
  }

  async backfill(body: OperationInput<typeof backfillSchedule>['body']): Promise<Summary> {
    const { start_utc: start, end_utc: end, calibrators, requested_by: requestedBy = DEFAULT_ACTOR } = body;
    const range = { startMjd: mjdFromIso(start), endMjd: mjdFromIso(end) };
    if (range.startMjd >= range.endMjd)
      throw new MeridianError('REQUEST_INVALID', 'end_utc must be later than start_utc');
    const names = calibrators === undefined ? null : calibrators.map(nameOf);
    for (const name of names ?? []) await this.registry.scheduledCalibrators.require(name);
    return planSummaryView(await this.planner.plan({ kind: 'past', ...range, calibrators: names }, requestedBy));
  }

  /** The schedule after a change of the list; while planning as a whole is paused the change waits for its end. */
  private async planned(requestedBy: string): Promise<ScheduleView> {
    const planner = await this.planner.status();
    if (planner?.paused !== true) await this.planner.plan({ kind: 'ahead' }, requestedBy);
    return this.show();
  }

  private async onList(
    action: 'remove' | 'pause' | 'resume',
    { calibrator, ...body }: Asked & { readonly calibrator: string },
    work: (tx: Repositories, name: string) => Promise<void>,
  ): Promise<void> {
    const name = nameOf(calibrator);
    await this.registry.scheduledCalibrators.require(name);
    await this.change({ action, name, ...askedBy(body) }, (tx) => work(tx, name));
  }

  private async change(
    what: {
      readonly action: string;
      readonly name: string;
      readonly requestedBy: string;
      readonly reason: string | null;
    },
    work: (tx: Repositories) => Promise<void>,
  ): Promise<void> {
    const { action, name, requestedBy, reason } = what;
    await this.registry.transaction(async (tx) => {
      await work(tx);
      const subject = { subjectKind: 'scheduled_calibrator', subjectId: name };
      await tx.audit.record({ actor: requestedBy, action: `schedule.${action}`, ...subject, reason });
    });
  }
}

const askedBy = ({ requested_by: requestedBy, reason }: Asked): ControlRequest => ({ requestedBy, reason });

/** Fields of the mosaic's request that have no column of their own. */
function recipeOf(request: OperationInput<typeof addToSchedule>['body']): JsonObject {
  const { method, backend, min_subbands, ignore_validation, force_calibrator, convert, image } = request;
  return { method, backend, min_subbands, ignore_validation, force_calibrator, convert, image };
}
