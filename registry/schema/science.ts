import type { Defaulted, Derived, InstantOrNull, JsonColumn, JsonObject, JsonOrNull, MadeAt } from './columns.ts';

/** How far a measurement set is: as converted, flagged (what everybody starts from), with caltables applied. */
export type MsStage = 'converted' | 'flagged' | 'calibrated';

export interface MeasurementSetsTable {
  id: string;
  stage: MsStage;
  groupId: string | null;
  groupVersion: number | null;
  recipeHash: Defaulted<string>;
  telescopeName: string;
  nAntennas: number;
  nBaselines: number;
  nTimes: number;
  nChannels: number;
  nRows: number;
  polarizations: number[];
  freqMinHz: number;
  freqMaxHz: number;
  channelWidthHz: number;
  startMjd: number;
  midMjd: number;
  endMjd: number;
  startUtc: Derived<string>;
  pointingDecDeg: number | null;
  phaseRaDeg: number;
  phaseDecDeg: number;
  dishDiameterM: number | null;
  flaggedFraction: number;
  missingSubbands: number[];
  caltableIds: Defaulted<string[]>;
  committedAt: InstantOrNull;
  summary: JsonColumn<JsonObject>;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}

export type CaltableType = 'K' | 'B' | 'G';
export type CaltableStatus = 'active' | 'rejected' | 'superseded';

export interface CaltablesTable {
  id: string;
  setId: string;
  type: CaltableType;
  position: number;
  status: Defaulted<CaltableStatus>;
  calibrator: string;
  groupId: string | null;
  groupVersion: number | null;
  msId: string | null;
  refant: string;
  fluxScale: string | null;
  transitMjd: number;
  validStartMjd: number;
  validEndMjd: number;
  transitUtc: Derived<string>;
  pointingDecDeg: number;
  /** A table of short intervals: it serves only the set it was solved on. */
  ownMsOnly: Defaulted<boolean>;
  flaggedFraction: number;
  nSolutions: number;
  medianSnr: number | null;
  medianAmplitude: number | null;
  phaseScatterDeg: number | null;
  maxDelayNs: number | null;
  parameters: JsonColumn<JsonObject>;
  summary: JsonColumn<JsonObject>;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}

export interface ImagesTable {
  id: string;
  name: string;
  groupId: string | null;
  groupVersion: number | null;
  msId: string | null;
  recipeHash: Defaulted<string>;
  caltableIds: Defaulted<string[]>;
  calibrator: string | null;
  backend: string;
  qualityTier: string;
  bmajArcsec: number;
  bminArcsec: number;
  bpaDeg: number;
  imsizePx: number;
  cellArcsec: number;
  centerRaDeg: number;
  centerDecDeg: number;
  startMjd: number;
  midMjd: number;
  endMjd: number;
  startUtc: Derived<string>;
  nuEffHz: number;
  bandwidthHz: number;
  integrationS: number;
  rmsJy: number;
  thermalRmsJy: number | null;
  peakJy: number;
  minJy: number;
  residualPeakJy: number;
  dynamicRange: number;
  minOverPeak: number;
  pbCorrected: boolean;
  beamModel: string;
  quickLook: boolean;
  flaggedFraction: number;
  fluxRatio: number | null;
  raOffsetArcsec: number | null;
  decOffsetArcsec: number | null;
  summary: JsonColumn<JsonObject>;
  qaReport: JsonOrNull<JsonObject>;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}
