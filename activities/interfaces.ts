/**
 * What workflows may ask of activities: one input object, one result object, ids and numbers only.
 *
 * Names are stable for ever: a recorded history calls them. New meaning needs a new name; a field may only be added.
 */
import type { StageName } from '../domain/generated/stages.ts';
import type { QaState } from '../domain/states.ts';
import type { ControlRequest, FailureView, PhaseStatus } from '../workflows/contracts/control.ts';
import type { JobResult } from '../workflows/contracts/job.ts';
import type { Exclusion, MosaicInput, MosaicPlan, PlannedGroup } from '../workflows/contracts/mosaic.ts';
import type { MsInput, MsResult } from '../workflows/contracts/ms.ts';
import type { ImageRecipe, MosaicRecipe, TileForm } from '../workflows/contracts/recipes.ts';
import type { ScanInput, ScanResult } from '../workflows/contracts/scan.ts';
import type { TileInput, TileResult } from '../workflows/contracts/tile.ts';

/** Rows that belong to a run; `mosaicGroupId` is null for a job that makes no mosaic. */
export interface JobRows {
  readonly jobId: string;
  readonly mosaicGroupId: string | null;
}

export interface MosaicRows {
  readonly jobId: string;
  readonly mosaicGroupId: string;
}

/** Jobs on whose behalf a shared unit works at the moment: they are told how far it is. */
export interface ForJobs {
  readonly jobIds: readonly string[];
}

/** Keep the job row, the mosaic group and the events in step with a run. Queue `registry`. */
export interface JobActivities {
  beginJob(rows: JobRows): Promise<void>;
  recordPhase(change: JobRows & { readonly changed: string; readonly phases: readonly PhaseStatus[] }): Promise<void>;
  recordControl(
    control: JobRows & ControlRequest & { readonly action: string; readonly requestId: string },
  ): Promise<void>;
  endJob(
    end: JobRows & {
      readonly state: 'done' | 'failed' | 'cancelled';
      readonly failure: FailureView | null;
      /** What the workflow gives; ids and words only. */
      readonly result: object | null;
    },
  ): Promise<void>;
  recordUnitEnd(
    end: ForJobs & {
      readonly kind: 'ms' | 'tile';
      readonly groupId: string;
      readonly groupVersion: number;
      readonly state: 'failed' | 'cancelled';
      readonly failure: FailureView;
    },
  ): Promise<void>;
}

/** A unit somebody waits for. */
export type UnitRequest =
  | { readonly kind: 'ms'; readonly jobId: string; readonly input: MsInput }
  | { readonly kind: 'tile'; readonly jobId: string; readonly input: TileInput };

export interface UnitProduct {
  readonly groupId: string;
  readonly productId: string;
  readonly qa: QaState;
  /** What other tiles take over from a tile; null for a measurement set. */
  readonly form: TileForm | null;
}

/** Queue `wait`. */
export interface UnitActivities {
  /** Starts or joins the unit's workflow and awaits it; a unit whose product is there is not made again. */
  ensureUnit(request: UnitRequest): Promise<UnitProduct>;
  /** Asks the server to cancel the workflow that calls it. */
  cancelThisWorkflow(): Promise<void>;
}

/** The measurement-set unit. Queue `compute`, `commitMs` on `registry`. */
export interface MsActivities {
  convertGroup(input: MsInput & ForJobs): Promise<{ readonly rawMsId: string }>;
  flagMs(input: MsInput & ForJobs): Promise<{ readonly rawMsId: string; readonly msId: string }>;
  commitMs(input: { readonly groupId: string; readonly rawMsId: string; readonly msId: string }): Promise<MsResult>;
}

/** The tile unit. Queue `compute`, `registerTile` on `registry`. */
export interface TileActivities {
  applyCaltables(input: TileInput & ForJobs): Promise<{ readonly calibratedMsId: string }>;
  imageTile(input: TileInput & ForJobs): Promise<{ readonly calibratedMsId: string; readonly tileId: string }>;
  checkTile(input: ForJobs & { readonly groupId: string; readonly tileId: string }): Promise<void>;
  registerTile(input: {
    readonly groupId: string;
    readonly tileId: string;
    readonly msId: string;
    readonly calibratedMsId: string;
  }): Promise<TileResult>;
}

/** Decisions of a mosaic. Queue `registry`. */
export interface PlanActivities {
  verifyWindow(input: MosaicInput): Promise<void>;
  planMosaic(input: MosaicInput): Promise<MosaicPlan>;
  formGroup(input: MosaicRows & { readonly members: readonly GroupMember[] }): Promise<void>;
  recordCalibration(input: MosaicRows & { readonly caltableIds: readonly string[] }): Promise<void>;
  chooseCalibration(input: ChooseCalibration): Promise<TileSetup[]>;
  admitUnits(input: AdmitUnits): Promise<AdmittedUnits>;
}

/** A group of the mosaic with its measurement set. */
export interface GroupMember {
  readonly groupId: string;
  readonly groupVersion: number;
  readonly msId: string;
  readonly isTile: boolean;
}

export interface ChooseCalibration extends MosaicRows {
  readonly groups: readonly (PlannedGroup & { readonly msId: string })[];
  readonly calibrator: string;
  readonly calibratorGroupId: string;
  readonly caltableIds: readonly string[];
  readonly recipe: ImageRecipe;
}

/** Everything about a tile but the form it shares with others. */
export type TileSetup = Omit<TileInput, 'priority' | 'policies'>;

/** How a unit ended. */
export type UnitOutcome =
  | { readonly groupId: string; readonly ok: true; readonly productId: string; readonly qa: QaState }
  | { readonly groupId: string; readonly ok: false; readonly code: string; readonly message: string };

export interface AdmitUnits extends MosaicRows {
  readonly kind: 'ms' | 'tile';
  readonly outcomes: readonly UnitOutcome[];
  readonly groups: readonly PlannedGroup[];
  readonly calibratorGroupId: string;
  readonly minTiles: number;
}

export interface AdmittedUnits {
  /** Products that take part, in order of time; of tiles only those inside the mosaic. */
  readonly productIds: readonly string[];
  readonly excluded: readonly Exclusion[];
}

/** Stages of a mosaic. Queue `compute`. */
export interface MosaicActivities {
  solveCalibrator(input: SolveRequest): Promise<{ readonly caltableIds: readonly string[] }>;
  buildMosaic(input: BuildRequest): Promise<{ readonly mosaicId: string }>;
  judgeMosaic(
    input: MosaicRows & { readonly mosaicId: string; readonly excluded: readonly Exclusion[] },
  ): Promise<{ readonly qa: QaState }>;
}

export interface SolveRequest extends MosaicRows {
  readonly groupId: string;
  readonly msId: string;
  readonly calibrator: string;
  readonly transitMjd: number;
  readonly force: boolean;
}

export interface BuildRequest extends MosaicRows {
  readonly name: string;
  readonly recipe: MosaicRecipe;
  readonly tileIds: readonly string[];
  readonly calibrator: string;
}

/** Queue `publish`. */
export interface PublishActivities {
  publishProduct(input: MosaicRows & { readonly productId: string }): Promise<void>;
  confirmPublished(input: MosaicRows & { readonly productId: string }): Promise<void>;
}

/** Queue `compute`. */
export interface ScanActivities {
  scanDataRoots(input: ScanInput): Promise<ScanResult>;
}

/** Queue `compute`. */
export interface StageJobActivities {
  runJobStage(input: {
    readonly jobId: string;
    readonly stage: StageName;
    readonly unit: string;
    readonly spec: Readonly<Record<string, unknown>>;
  }): Promise<JobResult>;
}

/** Every activity by its name. */
export interface Activities
  extends
    JobActivities,
    UnitActivities,
    MsActivities,
    TileActivities,
    PlanActivities,
    MosaicActivities,
    PublishActivities,
    ScanActivities,
    StageJobActivities {}
