import type { Defaulted, InstantOrNull, JsonColumn, JsonObject, MadeAt } from './columns.ts';

/** Sums of a source's nights in a strip: all but the newest, which stands beside them. */
export interface VariabilityStatsTable {
  sourceId: number;
  stripId: number;
  n: number;
  nErrors: number;
  referenceFluxJy: number;
  minFluxJy: number;
  maxFluxJy: number;
  sumD: number;
  sumD2: number;
  sumW: number;
  sumWd: number;
  sumWd2: number;
  sumVar: number;
  sumVar2: number;
  sumVar3: number;
  newestNight: number | null;
  newestMjd: number | null;
  /** Null when the newest night has no value. */
  newestFluxJy: number | null;
  newestFluxErrJy: number | null;
  /** Over the last hundred nights. */
  vsMax: number | null;
  mAtVsMax: number | null;
  updatedAt: MadeAt;
}

export type CandidateStatus = 'active' | 'investigated' | 'dismissed';

export interface EseCandidatesTable {
  id: Defaulted<string>;
  sourceId: number;
  stripId: number;
  kind: 'dip' | 'flare';
  status: Defaulted<CandidateStatus>;
  significance: number;
  z: number;
  startMjd: number;
  endMjd: number;
  durationDays: number;
  depth: number;
  depthErr: number;
  nInside: number;
  nOutside: number;
  shape: string;
  baselineJy: number;
  minSigma: number;
  reason: string;
  neighboursVerdict: 'quiet' | 'calibration' | 'unchecked';
  nNeighbours: number;
  neighboursDepth: number | null;
  neighboursDepthErr: number | null;
  expectedFalseAlarms: number | null;
  expectationBasis: string | null;
  judgedBy: string | null;
  judgedReason: string | null;
  judgedAt: InstantOrNull;
  alertedAt: InstantOrNull;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}

export interface AlertsTable {
  id: Defaulted<string>;
  kind: string;
  subjectId: string;
  level: 'new' | 'upgraded';
  message: string;
  payload: JsonColumn<JsonObject>;
  deliveredAt: InstantOrNull;
  deliveryError: string | null;
  createdAt: MadeAt;
}
