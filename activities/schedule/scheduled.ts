/** The schedule as the domain plans it, from rows of the registry. */
import type { CalibratorCatalog } from '../../domain/calibrators.ts';
import type { Json } from '../../domain/ids.ts';
import type { ScheduledCalibrator } from '../../domain/schedule/plan.ts';
import { DEFAULT_SELECTION_RULES, type SelectionRules } from '../../domain/windows.ts';
import type { PlannedTransit, ScheduledCalibratorRow } from '../../registry/index.ts';
import type { MosaicRequest } from '../../workflows/contracts/mosaic-request.ts';

/** A calibrator of the list. */
export function scheduledCalibrator(row: ScheduledCalibratorRow, catalog: CalibratorCatalog): ScheduledCalibrator {
  const { name, decDeg, timespanMinutes, deadlineMinutes, sinceMjd, pausedBy, pausedReason } = row;
  return {
    ...{ name, decDeg, timespanMinutes, deadlineMinutes, sinceMjd },
    position: catalog.require(name).position,
    request: {
      ...(row.recipe as Readonly<Record<string, Json>>),
      calibrator: name,
      timespan_minutes: timespanMinutes,
      min_tiles: row.minTiles,
    },
    paused: pausedBy === null ? null : `${name} was paused by ${pausedBy}: ${pausedReason ?? ''}`,
  };
}

/** The mosaic that a transit asks for. */
export const requestOf = ({ request }: Pick<PlannedTransit, 'request'>): MosaicRequest =>
  request as unknown as MosaicRequest;

/** Which groups its mosaic takes. */
export function rulesOf(transit: Pick<PlannedTransit, 'request'>): SelectionRules {
  const {
    timespan_minutes: windowMinutes,
    min_tiles: minimumTiles,
    min_subbands: minimumSubbands,
  } = requestOf(transit);
  return { ...DEFAULT_SELECTION_RULES, windowMinutes, minimumTiles, minimumSubbands };
}
