import { Injectable } from '@nestjs/common';
import { shippedCalibrators } from '../../config/shipped-data.ts';
import { explainTransit } from '../../domain/schedule/explain.ts';
import { presentPointing } from '../../domain/schedule/plan.ts';
import type { ScheduledCalibrator } from '../../domain/schedule/plan.ts';
import type { SkyPosition } from '../../domain/sky.ts';
import { mjdFromIso, mjdFromUnixMs } from '../../domain/time.ts';
import { transitNearest, transitOfNumber } from '../../domain/transits.ts';
import type { Transit } from '../../domain/transits.ts';
import { Registry } from '../../registry/index.ts';
import type { explainSchedule } from '../contracts/schedule.ts';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import { transitView } from './schedule-views.ts';

/** Says why a transit is where it is. */
@Injectable()
export class ExplainService {
  private readonly registry: Registry;

  constructor(registry: Registry) {
    this.registry = registry;
  }

  async explain(
    query: OperationInput<typeof explainSchedule>['query'],
  ): Promise<OperationResult<typeof explainSchedule>> {
    const { name, position } = shippedCalibrators().require(query.calibrator);
    const nowMjd = mjdFromUnixMs(Date.now());
    const transit = wantedTransit(position, query.near_utc, nowMjd);
    const [row, list, newest] = await Promise.all([
      this.registry.plannedTransits.find({ calibrator: name, transitNumber: transit.number }),
      this.registry.scheduledCalibrators.list(),
      this.registry.plannedTransits.newestPointings(),
    ]);
    const entry = list.find((candidate) => candidate.name === name);
    const calibrator: ScheduledCalibrator | null =
      entry === undefined
        ? null
        : {
            ...entry,
            position,
            request: {},
            paused: entry.pausedBy === null ? null : `paused by ${entry.pausedBy}: ${entry.pausedReason ?? ''}`,
          };
    const pointing = presentPointing(newest);
    const lines = explainTransit({ name, transit, calibrator, record: row ?? null, pointing, nowMjd });
    return { transit: row === undefined ? null : transitView(row), lines };
  }
}

/** The transit nearest to a time, or the next one. */
function wantedTransit(position: SkyPosition, nearUtc: string | undefined, nowMjd: number): Transit {
  if (nearUtc !== undefined) return transitNearest(position, mjdFromIso(nearUtc));
  const nearest = transitNearest(position, nowMjd);
  return nearest.mjd >= nowMjd ? nearest : transitOfNumber(position, nearest.number + 1);
}
