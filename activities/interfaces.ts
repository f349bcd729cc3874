/**
 * What workflows may ask of activities: one input object, one result object, ids and numbers only.
 *
 * Names are stable for ever: a recorded history calls them. New meaning needs a new name; a field may only be added.
 */
import type { EventPreset } from '../domain/events/expectation.ts';
import type { StageName } from '../domain/generated/stages.ts';
import type { TransitKey, TransitPlan } from '../domain/schedule/plan.ts';
import type { TransitState } from '../domain/schedule/transit-states.ts';
import type { QaState } from '../domain/states.ts';
import type { ControlRequest, FailureView, PhaseStatus } from '../workflows/contracts/control.ts';
import type { JobResult } from '../workflows/contracts/job.ts';
import type { Exclusion, GroupRef, MosaicInput, MosaicPlan, PlannedGroup } from '../workflows/contracts/mosaic.ts';
import type { MsInput, MsResult } from '../workflows/contracts/ms.ts';
import type { PhotometryConfig, PhotometryResult } from '../workflows/contracts/photometry.ts';
import type { PolicySnapshot } from '../workflows/contracts/policies.ts';
import type { ImageRecipe, MosaicRecipe, TileForm } from '../workflows/contracts/recipes.ts';
import type { ScanInput, ScanResult } from '../workflows/contracts/scan.ts';
import type { GroupRecipe } from '../workflows/contracts/group.ts';
import type { PlanInput, PlanResult } from '../workflows/contracts/schedule.ts';
import type { StreamLook } from '../workflows/contracts/stream.ts';
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
    /** Left out by histories from before strips had a form. */
    readonly recipe?: ImageRecipe;
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

export interface SolveRequest extends JobRows {
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

/** Queue `registry`. */
export interface EventActivities {
  /** Searches light curves for scattering events, keeps candidates, raises alerts. */
  detectEvents(input: DetectEvents): Promise<EventsFound>;
}

export interface EventsFound {
  readonly nSearched: number;
  readonly nInsufficient: number;
  readonly nCandidates: number;
  readonly nNew: number;
  /** Of new candidates per night, or of all in a full search. */
  readonly expectedFalseAlarms: number;
  /** Of a replay: what would be there and is not, and the other way round; at most a hundred. */
  readonly changes?: readonly EventChange[];
}

export interface EventChange {
  readonly change: 'appears' | 'disappears';
  readonly sourceId: number;
  readonly kind: 'dip' | 'flare';
  readonly significance: number;
  readonly startMjd: number;
}

export interface DetectEvents {
  readonly jobId: string;
  /** The sources of this photometry run, and only what its night can have brought; null: a full search. */
  readonly runId: string | null;
  /** Only this source; null: all. */
  readonly sourceId: number | null;
  /** Null: the preset decides. */
  readonly minSigma: number | null;
  readonly preset: EventPreset;
  /** Only say what would change; left out: keep what is found. */
  readonly replay?: boolean;
}

/** The incoming folder. Queue `wait`: it heartbeats and mostly sleeps. */
export interface StreamActivities {
  /** Looks until it could start a group, something changed, or a minute is over. */
  takeGroups(input: TakeGroups): Promise<StreamLook>;
}

export interface TakeGroups {
  readonly jobId: string;
  readonly rootId: string;
  readonly once: boolean;
  readonly maxInFlight: number;
  readonly recipe: GroupRecipe;
  readonly policies: PolicySnapshot;
}

/** Decisions about one group of the stream. Queue `registry`. */
export interface GroupActivities {
  planGroup(group: GroupRef): Promise<GroupPlan>;
  chooseTables(input: ChooseTables): Promise<TableChoice>;
  /** A group that gives no tile: every source that was expected in it gets a row with the reason. */
  recordAbsence(input: RecordAbsence): Promise<{ readonly nSources: number }>;
}

export interface GroupPlan {
  /** Transits in this group that can be solved on. */
  readonly transits: readonly { readonly calibrator: string; readonly transitMjd: number }[];
}

export interface ChooseTables extends GroupRef {
  readonly msId: string;
  readonly recipe: ImageRecipe;
  /** Image with what there is when no table serves the group; else wait, or give up. */
  readonly imageUncalibrated: boolean;
}

/** `wait`: something that is under way may still serve it. `none`: nothing will. */
export type TableChoice =
  | { readonly kind: 'tile'; readonly setup: TileSetup }
  | { readonly kind: 'wait'; readonly reason: string }
  | { readonly kind: 'none'; readonly reason: string };

export interface RecordAbsence extends GroupRef {
  readonly jobId: string;
  readonly status: 'no_data' | 'failed' | 'uncalibrated' | 'qa_rejected';
  readonly reason: string;
}

/** Queue `registry`; `measurePhotometry` on `compute`. */
export interface PhotometryActivities {
  /** Writes the request down and starts its workflow; asked for again, it is the same one. */
  requestPhotometry(input: PhotometryRequest): Promise<PhotometryAsked>;
  /** Null when no catalogue source is expected in the image. */
  measurePhotometry(input: {
    readonly runId: string;
    readonly jobId: string;
  }): Promise<{ readonly photometryProductId: string | null }>;
  recordPhotometry(input: {
    readonly runId: string;
    readonly jobId: string;
    readonly photometryProductId: string | null;
  }): Promise<PhotometryResult>;
}

export interface PhotometryRequest {
  /** A tile or a mosaic. */
  readonly productId: string;
  readonly series: 'tile' | 'mosaic';
  readonly config: PhotometryConfig;
  readonly requestedBy: string;
  readonly priority: number;
  readonly policies: PolicySnapshot;
}

export interface PhotometryAsked {
  readonly runId: string;
  readonly jobId: string;
  readonly workflowId: string;
}

/** The observation-driven schedule. Queue `registry`; `awaitMosaic` on `wait`. */
export interface ScheduleActivities {
  /** Makes the plan anew and starts, moves and strikes off what changed. */
  planTransits(input: PlanInput): Promise<PlanResult>;
  beginTransit(key: TransitKey): Promise<BegunTransit>;
  /** Are the groups of the window there, and if not: wait, or give up? */
  lookAtTransit(key: TransitKey): Promise<TransitLook>;
  askForTransitMosaic(
    input: Pick<PlanInput, 'policies'> & {
      readonly key: TransitKey;
      readonly priority: number;
      readonly remark: string;
    },
  ): Promise<({ readonly kind: 'asked' } & MosaicRef) | ({ readonly kind: 'missed' } & FailureView)>;
  /** Waits until the mosaic's workflow has ended. */
  awaitMosaic(mosaic: MosaicRef): Promise<{ readonly mosaicId: string | null; readonly failure: FailureView | null }>;
  recordTransitChange(
    change: ControlRequest & {
      readonly key: TransitKey;
      readonly kind: 'move' | 'strike';
      readonly plan: TransitPlan | null;
      readonly requestId: string;
    },
  ): Promise<void>;
  endTransit(end: {
    readonly key: TransitKey;
    readonly state: 'done' | 'failed' | 'missed' | 'struck';
    readonly code: string | null;
    readonly reason: string | null;
    readonly mosaicId: string | null;
  }): Promise<void>;
}

export interface MosaicRef {
  readonly mosaicGroupId: string;
  readonly workflowId: string;
}

export interface BegunTransit {
  readonly state: TransitState;
  readonly reason: string | null;
  readonly mosaicId: string | null;
  /** The mosaic that was asked for and has not ended. */
  readonly asked: MosaicRef | null;
}

/** `unwatched`: no stream watches the folders, so files may be there that nobody has seen. */
export type TransitLook =
  | { readonly kind: 'ask'; readonly remark: string }
  | { readonly kind: 'wait'; readonly until: string; readonly reason: string; readonly unwatched: boolean }
  | ({ readonly kind: 'missed'; readonly unwatched: boolean } & FailureView);

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
    PhotometryActivities,
    GroupActivities,
    StreamActivities,
    EventActivities,
    ScanActivities,
    ScheduleActivities,
    StageJobActivities {}
