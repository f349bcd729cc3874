import type { TransitState } from '../../domain/schedule/transit-states.ts';
import type { Defaulted, Derived, InstantOrNull, JsonColumn, JsonObject, MadeAt } from './columns.ts';

export interface ScheduledCalibratorsTable {
  id: Defaulted<string>;
  name: string;
  /** Apparent declination of the pointing at which it is wanted, degrees; null: any. */
  decDeg: number | null;
  timespanMinutes: number;
  deadlineMinutes: number;
  minTiles: number;
  /** Other fields of the mosaic's request. */
  recipe: JsonColumn<JsonObject>;
  addedBy: string;
  /** Transits before this time are not planned. */
  sinceMjd: number;
  pausedBy: string | null;
  pausedReason: string | null;
  pausedAt: InstantOrNull;
  removedBy: string | null;
  removedReason: string | null;
  removedAt: InstantOrNull;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}

export interface PlannedTransitsTable {
  calibrator: string;
  transitNumber: number;
  transitMjd: number;
  apparentDecDeg: number;
  startMjd: number;
  endMjd: number;
  deadlineMjd: number;
  transitUtc: Derived<string>;
  request: JsonColumn<JsonObject>;
  workflowId: string;
  priority: number;
  requestedBy: string;
  state: Defaulted<TransitState>;
  /** What it waits for, or why it ended so. */
  reason: string | null;
  reasonCode: string | null;
  mosaicGroupId: string | null;
  mosaicId: string | null;
  movedAt: InstantOrNull;
  movedBy: string | null;
  movedReason: string | null;
  endedAt: InstantOrNull;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}
