import type { GroupState, GroupTier, SubbandFileState } from '../../domain/states.ts';
import type { Defaulted, Derived, Instant, InstantOrNull, JsonColumn, JsonObject, MadeAt } from './columns.ts';

export interface DataRootsTable {
  id: Defaulted<string>;
  name: string;
  path: string;
  state: Defaulted<'active' | 'retired'>;
  watched: Defaulted<boolean>;
  lastScanAt: InstantOrNull;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}

export interface SubbandFilesTable {
  id: Defaulted<string>;
  rootId: string;
  relativePath: string;
  state: Defaulted<SubbandFileState>;
  errorCode: string | null;
  errorMessage: string | null;
  sizeBytes: number;
  modifiedAt: Instant;
  sha256: string | null;
  stampMjd: number | null;
  subband: number | null;
  layout: string | null;
  telescopeName: string | null;
  startMjd: number | null;
  midMjd: number | null;
  endMjd: number | null;
  startUtc: Derived<string | null>;
  integrationS: number | null;
  pointingDecDeg: number | null;
  nBlts: number | null;
  nTimes: number | null;
  nFreqs: number | null;
  nPols: number | null;
  nAntennas: number | null;
  freqMinHz: number | null;
  freqMaxHz: number | null;
  channelWidthHz: number | null;
  header: JsonColumn<JsonObject>;
  firstSeenAt: MadeAt;
  lastSeenAt: InstantOrNull;
  goneAt: InstantOrNull;
  unchangedSince: MadeAt;
  isOpen: Defaulted<boolean>;
  inspectedAt: InstantOrNull;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}

export interface ObservationGroupsTable {
  id: string;
  version: number;
  rootId: string;
  state: GroupState;
  tier: GroupTier | null;
  errorCode: string | null;
  errorMessage: string | null;
  filesHash: string;
  startMjd: number;
  midMjd: number;
  endMjd: number;
  startUtc: Derived<string>;
  pointingDecDeg: number | null;
  expectedSubbands: number;
  presentSubbands: number[];
  missingSubbands: number[];
  hasCalibrator: boolean | null;
  calibrators: JsonColumn<readonly JsonObject[]>;
  deadlineAt: InstantOrNull;
  decidedAt: InstantOrNull;
  supersededAt: InstantOrNull;
  /** When every source expected in a group without a tile got its reason. */
  accountedAt: InstantOrNull;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}

export interface GroupFilesTable {
  groupId: string;
  groupVersion: number;
  fileId: string;
}
