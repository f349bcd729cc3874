/** What an activity asks of a compute stage, and what it gets: once per effect, whoever asks and however often. */
import type { ProductKind, QaState } from '../../registry/products.ts';
import type { ProductRow } from '../../registry/product-rows.ts';
import type { SpecOf, StageName, StageResult } from '../../domain/generated/stages.ts';

/** Which outputs of a stage become one registered product. */
export interface ProductPlan<S extends StageName> {
  readonly kind: ProductKind;
  /** Output roles that go into the product's folder; the first is the main one. */
  readonly roles: readonly string[];
  /** Roles that may be absent from the result (a picture, say) and join the product when they are there. */
  readonly optionalRoles?: readonly string[];
  /** Ids of the products this one was made from. */
  readonly parents: readonly string[];
  readonly groupId?: string;
  /** UTC day of the data, `YYYY-MM-DD`, for the path in the store; default: the day of the commit. */
  readonly date?: string;
  /** Verdict that the result itself allows; default `not_evaluated`. */
  readonly qa?: (result: StageResult<S>) => QaState;
  /** Typed row (`measurement_sets`, `caltables`, `images`, `mosaics`) written in the transaction of the product. */
  readonly row?: (result: StageResult<S>) => ProductRow;
}

/** Limits of one attempt. */
export interface StageLimits {
  readonly wallSeconds: number;
  readonly memoryGb: number;
  readonly diskGb: number;
  readonly cores: number;
}

/** On whose behalf a stage runs. */
export interface StageOwner {
  readonly jobId?: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly attempt: number;
  readonly groupId?: string;
}

export interface StageRequest<S extends StageName> {
  readonly stage: S;
  /** The unit of work, for instance `ms/2026-01-25T22:26:05/v1`; part of the effect key. */
  readonly unit: string;
  readonly spec: SpecOf<S>;
  /**
   * Content hashes of everything the stage reads, in a fixed order. Absolute paths in the spec are places, not
   * parameters: they stay out of the effect key, so each of them needs its hash here.
   */
  readonly inputHashes: readonly string[];
  readonly products: readonly ProductPlan<S>[];
  readonly owner: StageOwner;
  readonly limits: StageLimits;
}

/** One registered output: the product it belongs to, and where its file or folder is. */
export interface ProducedOutput {
  /** Product id; outputs of one product share it. */
  readonly id: string;
  /** Absolute path. */
  readonly path: string;
  /** Content hash of this output, to be used as an input hash of the next stage. */
  readonly sha256: string;
}

export interface StageOutcome<S extends StageName> {
  readonly effectKey: string;
  /** Whether an earlier run's result was taken. */
  readonly reused: boolean;
  readonly result: StageResult<S>;
  /** By output role. */
  readonly products: Readonly<Record<string, ProducedOutput>>;
}

export interface StageProgress {
  /** 0 to 1. */
  readonly fraction: number;
  readonly message: string;
  /** Process id of the stage; 0 while it waits for cores, memory or another attempt. */
  readonly pid: number;
}

export interface StageHooks {
  /**
   * Abort with `AttemptLost` when a next attempt may take the running process over; any other reason cancels it
   * (TERM, 5 s, KILL). `run` then rejects with the signal's reason, after the process is gone.
   */
  readonly signal: AbortSignal;
  /** Called about once a second while the stage runs; also when nothing changed, so that it can carry a heartbeat. */
  readonly onProgress: (progress: StageProgress) => void;
}

export interface StageRunner {
  /**
   * Run a stage, or give the result of an earlier run with the same effect key whose files are still there.
   *
   * @throws MeridianError with the stage's own code, TOOL_TIMED_OUT, OUT_OF_MEMORY, DISK_FULL, OUTPUT_CORRUPT or
   *   FENCED_OUT; the signal's reason when it was aborted.
   */
  run<S extends StageName>(request: StageRequest<S>, hooks: StageHooks): Promise<StageOutcome<S>>;
}
