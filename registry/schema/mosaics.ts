import type { MosaicGroupState } from '../../domain/states.ts';
import type { Defaulted, Derived, InstantOrNull, JsonColumn, JsonObject, JsonOrNull, MadeAt } from './columns.ts';

export type MosaicMethod = 'mean' | 'weighted' | 'pbweighted';

export interface MosaicGroupsTable {
  id: Defaulted<string>;
  workflowId: string;
  jobId: string | null;
  name: string;
  state: Defaulted<MosaicGroupState>;
  errorCode: string | null;
  errorMessage: string | null;
  target: 'transit' | 'window';
  calibrator: string | null;
  transitNumber: number | null;
  transitMjd: number | null;
  startMjd: number;
  endMjd: number;
  transitUtc: Derived<string | null>;
  startUtc: Derived<string>;
  endUtc: Derived<string>;
  decDeg: number | null;
  method: MosaicMethod;
  parameters: JsonColumn<JsonObject>;
  calibratorGroupId: string | null;
  caltableIds: Defaulted<string[]>;
  mosaicId: string | null;
  photometryJobId: string | null;
  formedAt: InstantOrNull;
  calibratedAt: InstantOrNull;
  imagedAt: InstantOrNull;
  mosaickedAt: InstantOrNull;
  finishedAt: InstantOrNull;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}

export interface MosaicGroupMembersTable {
  mosaicGroupId: string;
  groupId: string;
  groupVersion: number | null;
  position: number;
  isTile: Defaulted<boolean>;
  msId: string | null;
  tileId: string | null;
  excludedCode: string | null;
  excludedReason: string | null;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}

export interface MosaicsTable {
  id: string;
  name: string;
  mosaicGroupId: string | null;
  planId: string | null;
  calibrator: string | null;
  method: MosaicMethod;
  backend: string;
  bmajArcsec: number;
  bminArcsec: number;
  bpaDeg: number;
  centerRaDeg: number;
  centerDecDeg: number;
  widthPx: number;
  heightPx: number;
  cellArcsec: number;
  startMjd: number;
  midMjd: number;
  endMjd: number;
  startUtc: Derived<string>;
  endUtc: Derived<string>;
  nuEffHz: number;
  rmsJy: number | null;
  peakJy: number | null;
  areaDeg2: number | null;
  nTiles: number;
  fluxRatio: number | null;
  raOffsetArcsec: number | null;
  decOffsetArcsec: number | null;
  summary: JsonColumn<JsonObject>;
  qaReport: JsonOrNull<JsonObject>;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}

export interface MosaicTilesTable {
  mosaicId: string;
  imageId: string;
  position: number;
  weightShare: number;
  rmsJy: number;
  raOffsetArcsec: number | null;
  decOffsetArcsec: number | null;
  fluxRatio: number | null;
  nMatched: number;
}

export interface MosaicPlansTable {
  id: Defaulted<string>;
  name: string;
  method: MosaicMethod;
  startMjd: number | null;
  endMjd: number | null;
  tileIds: string[];
  checks: JsonColumn<readonly unknown[]>;
  parameters: JsonColumn<JsonObject>;
  requestedBy: string;
  supersededAt: InstantOrNull;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}
