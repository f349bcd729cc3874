import type { PhotometryState, ProductState, QaState } from '../../domain/states.ts';
import type { Defaulted, InstantOrNull, JsonColumn, JsonObject, JsonOrNull, MadeAt } from './columns.ts';

/** What a product is; also the first folder of its path in the store. */
export type ProductKind =
  'ms' | 'calib_ms' | 'caltable' | 'image' | 'mosaic' | 'photometry' | 'qa' | 'catalog' | 'simulation' | 'misc';

/** Which folder of MERIDIAN_HOME a product's path is relative to. */
export type StoreRoot = 'store' | 'published';

export type EffectState = 'running' | 'done' | 'failed' | 'cancelled';

/** `lost`: nobody reported its end; a later attempt took over. */
export type AttemptState = EffectState | 'lost';

export interface EffectsTable {
  key: string;
  stage: string;
  stageVersion: number;
  unit: string;
  state: Defaulted<EffectState>;
  version: Defaulted<number>;
  token: Defaulted<number>;
  spec: JsonColumn<JsonObject>;
  inputHashes: Defaulted<string[]>;
  result: JsonOrNull<JsonObject>;
  finishedAt: InstantOrNull;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}

export interface EffectAttemptsTable {
  effectKey: string;
  token: number;
  state: Defaulted<AttemptState>;
  workflowId: string;
  runId: string;
  attempt: number;
  jobId: string | null;
  groupId: string | null;
  worker: string;
  logFolder: string | null;
  errorCode: string | null;
  errorMessage: string | null;
  errorContext: JsonOrNull<JsonObject>;
  startedAt: MadeAt;
  finishedAt: InstantOrNull;
}

export interface DataRegistryTable {
  id: Defaulted<string>;
  kind: ProductKind;
  state: Defaulted<ProductState>;
  qa: Defaulted<QaState>;
  root: StoreRoot;
  relativePath: string;
  sha256: string;
  sizeBytes: number;
  groupId: string | null;
  effectKey: string | null;
  effectVersion: number | null;
  stage: string;
  stageVersion: number;
  parameters: JsonColumn<JsonObject>;
  toolVersions: JsonColumn<Readonly<Record<string, string>>>;
  warnings: Defaulted<string[]>;
  createdByWorkflow: string;
  createdByRun: string;
  jobId: string | null;
  publishedAt: InstantOrNull;
  publishAttempts: Defaulted<number>;
  publishError: string | null;
  supersededBy: string | null;
  filesMissingAt: InstantOrNull;
  /** Follows the job by a trigger; null before photometry is asked for. */
  photometryStatus: PhotometryState | null;
  photometryJobId: string | null;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}

export interface ProductFilesTable {
  productId: string;
  role: string;
  position: number;
  name: string;
  kind: 'file' | 'folder';
  sizeBytes: number;
  sha256: string;
}

export interface DataRelationshipsTable {
  parentId: string;
  childId: string;
  kind: Defaulted<string>;
  createdAt: MadeAt;
}

export interface UnitProductsTable {
  workflowId: string;
  productId: string;
  createdAt: MadeAt;
  updatedAt: MadeAt;
}

export interface StageDurationsTable {
  id: Defaulted<string>;
  stage: string;
  stageVersion: number;
  unit: string;
  wallSeconds: number;
  inputBytes: number;
  cores: number;
  peakRssBytes: number;
  finishedAt: MadeAt;
}
