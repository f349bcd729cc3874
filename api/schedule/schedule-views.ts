/** Rows of the schedule as they are on the wire. */
import type { z } from 'zod';
import type { PlannedTransit as TransitRow, ScheduledCalibratorRow } from '../../registry/index.ts';
import type { PlanResult } from '../../workflows/contracts/schedule.ts';
import { utcText } from '../contracts/common.ts';
import type { PlannedTransit, PlanSummary, ScheduledCalibrator } from '../contracts/schedule.ts';

export const calibratorView = (row: ScheduledCalibratorRow): z.input<typeof ScheduledCalibrator> => ({
  name: row.name,
  dec_deg: row.decDeg,
  timespan_minutes: row.timespanMinutes,
  deadline_minutes: row.deadlineMinutes,
  min_tiles: row.minTiles,
  recipe: { ...row.recipe },
  added_by: row.addedBy,
  added_at: row.createdAt,
  paused: row.pausedBy === null ? null : { requested_by: row.pausedBy, reason: row.pausedReason ?? '' },
});

export const transitView = (row: TransitRow): z.input<typeof PlannedTransit> => ({
  calibrator: row.calibrator,
  transit_number: row.transitNumber,
  transit_utc: utcText(row.transitMjd),
  transit_mjd: row.transitMjd,
  start_utc: utcText(row.startMjd),
  end_utc: utcText(row.endMjd),
  deadline_utc: utcText(row.deadlineMjd),
  state: row.state,
  reason: row.reason,
  reason_code: row.reasonCode,
  mosaic_id: row.mosaicGroupId,
  workflow_id: row.workflowId,
  priority: row.priority,
  requested_by: row.requestedBy,
  moved_by: row.movedBy,
  moved_reason: row.movedReason,
});

export const planSummaryView = (result: PlanResult): z.input<typeof PlanSummary> => ({
  started: result.started,
  moved: result.moved,
  struck: result.struck,
  without_data: result.withoutData,
  unchanged: result.unchanged,
  pointing_dec_deg: result.pointingDecDeg,
});
