/** Stages as supervised processes whose results are registered once. */
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { MeridianError, type ErrorRecord } from '../../domain/errors.ts';
import type { StageName } from '../../domain/generated/stages.ts';
import { asRegistryError } from '../../registry/index.ts';
import type { AttemptOwner, EffectClaim, EffectIdentity, Registry } from '../../registry/index.ts';
import { requireFreeDisk } from '../process/disk.ts';
import { LiveAttempts, type AttemptControl } from '../process/live-attempts.ts';
import type { ResourcePool } from '../process/resource-pool.ts';
import { measureContent } from '../store/content-hash.ts';
import { ProductStore } from '../store/product-store.ts';
import { LEFTOVER_HOURS, sweepLeftovers } from '../store/sweep.ts';
import { commitResult } from './commit.ts';
import { findEarlierResult } from './earlier-result.ts';
import { effectOf, pathsOf } from './effect.ts';
import { runStageProcess, type StageProgram } from './stage-process.ts';
import type { StageHooks, StageOutcome, StageRequest, StageRunner } from './stage-runner.ts';
import {
  clearWorkFolder,
  makeWorkFolder,
  newWorkFolder,
  sweepWorkFolders,
  withKeptLogs,
  type WorkFolder,
} from './work-folder.ts';

/** Folders of MERIDIAN_HOME. `store`, `staging` and `work` are on one file system. */
export interface StageFolders {
  readonly store: string;
  readonly staging: string;
  readonly work: string;
  readonly logs: string;
}

export interface StageRunnerOptions {
  readonly registry: Registry;
  readonly program: StageProgram;
  readonly folders: StageFolders;
  /** Cores and memory that the stages of this worker share. */
  readonly resources: ResourcePool;
  /** Disk that must stay free besides what a stage may need, GiB. */
  readonly diskFreeMinGb: number;
  /** How long the process of a lost attempt is kept for the next one; default 120 s. */
  readonly keepSeconds?: number;
}

export class SupervisedStageRunner implements StageRunner {
  readonly #options: StageRunnerOptions;
  readonly #store: ProductStore;
  readonly #attempts: LiveAttempts;

  constructor(options: StageRunnerOptions) {
    this.#options = options;
    this.#store = new ProductStore(options.folders);
    this.#attempts = new LiveAttempts(options.keepSeconds === undefined ? {} : { keepSeconds: options.keepSeconds });
  }

  run<S extends StageName>(request: StageRequest<S>, hooks: StageHooks): Promise<StageOutcome<S>> {
    const effect = effectOf(request);
    return this.#attempts.join(effect.key, hooks, (control) => this.#perform(effect, request, control));
  }

  /**
   * Remove what attempts left behind: work folders of dead workers at once, files that never came to a registered product
   * after a day.
   *
   * @returns absolute paths of what was removed.
   */
  async sweep(olderThanHours = LEFTOVER_HOURS): Promise<string[]> {
    const { folders, registry } = this.#options;
    const worked = await sweepWorkFolders(folders.work, olderThanHours);
    return [...worked, ...(await sweepLeftovers({ folders, products: registry.products, olderThanHours }))];
  }

  /** End every stage of this worker; returns when no process of theirs is alive. */
  async close(): Promise<void> {
    await this.#attempts.endAll(new MeridianError('CANCELLED', 'the worker stops'));
  }

  async #perform<S extends StageName>(
    effect: EffectIdentity,
    request: StageRequest<S>,
    control: AttemptControl,
  ): Promise<StageOutcome<S>> {
    try {
      for (;;) {
        const earlier = await findEarlierResult(this.#options.registry, effect.key, request);
        if (earlier.state === 'done') return earlier.outcome;
        const redoVersion = earlier.state === 'lost' ? earlier.version : undefined;
        const made = await this.#makeIt({ effect, request, control, redoVersion });
        if (made !== undefined) return made;
      }
    } catch (error) {
      throw asRegistryError(error);
    }
  }

  /** Wait for resources, claim the effect, run; undefined when another worker finished it meanwhile. */
  async #makeIt<S extends StageName>(work: Work<S>): Promise<StageOutcome<S> | undefined> {
    const { effect, request, control, redoVersion } = work;
    const { registry, resources, folders, diskFreeMinGb } = this.#options;
    const { cores, memoryGb, diskGb } = request.limits;
    const release = await resources.acquire(
      { cores, memoryGb },
      { signal: control.signal, onWait: (ahead) => control.report(waiting(request.stage, ahead)) },
    );
    try {
      await mkdir(folders.work, { recursive: true });
      await requireFreeDisk(folders.work, diskGb + diskFreeMinGb);
      const folder = newWorkFolder(folders, request.stage);
      const owner = ownerOf(request, folder);
      const claim = await registry.transaction((tx) => tx.effects.claim(effect, owner, redoVersion));
      return claim === undefined ? undefined : await this.#attempt(work, claim, folder);
    } finally {
      release();
    }
  }

  async #attempt<S extends StageName>(work: Work<S>, claim: EffectClaim, folder: WorkFolder): Promise<StageOutcome<S>> {
    const { request, control } = work;
    const { registry, program } = this.#options;
    try {
      await makeWorkFolder(folder);
      const inputBytes = await sizeOfInputs(request.spec);
      const run = { ...request.limits, stage: request.stage, spec: request.spec, workdir: folder.workdir };
      const result = await runStageProcess(program, run, { signal: control.signal, onProgress: control.report });
      const finished = { request, claim, result, inputBytes, workdir: folder.workdir };
      const products = await commitResult({ registry, store: this.#store }, finished, control.signal);
      return { effectKey: claim.key, reused: false, result, products };
    } catch (error) {
      throw await this.#recordFailure(error, { claim, folder, signal: control.signal });
    } finally {
      await clearWorkFolder(folder);
    }
  }

  async #recordFailure(
    error: unknown,
    { claim, folder, signal }: { claim: EffectClaim; folder: WorkFolder; signal: AbortSignal },
  ): Promise<unknown> {
    const known = asRegistryError(error);
    const failure = known instanceof MeridianError ? withKeptLogs(known, folder) : known;
    const cancelled = signal.aborted;
    const record = cancelled ? cancellation(signal) : recordOf(failure);
    // The registry may be away; the next claim then marks this attempt as lost.
    const state = cancelled ? 'cancelled' : 'failed';
    await this.#options.registry.effects.fail(claim, state, record).catch(() => undefined);
    return failure;
  }
}

interface Work<S extends StageName> {
  readonly effect: EffectIdentity;
  readonly request: StageRequest<S>;
  readonly control: AttemptControl;
  /** Version whose files are gone. */
  readonly redoVersion: number | undefined;
}

const waiting = (stage: StageName, ahead: number) => ({
  fraction: 0,
  message: `${stage} waits for cores and memory, ${ahead} ahead of it`,
  pid: 0,
});

const ownerOf = <S extends StageName>({ owner }: StageRequest<S>, { logFolder }: WorkFolder): AttemptOwner => ({
  workflowId: owner.workflowId,
  runId: owner.runId,
  attempt: owner.attempt,
  jobId: owner.jobId ?? null,
  groupId: owner.groupId ?? null,
  worker: `${hostname()} pid ${process.pid}`,
  logFolder,
});

async function sizeOfInputs(spec: object): Promise<number> {
  let sum = 0;
  for (const path of pathsOf(spec)) sum += (await measureContent(path).catch(() => undefined))?.sizeBytes ?? 0;
  return sum;
}

const cancellation = (signal: AbortSignal): ErrorRecord => ({
  code: 'CANCELLED',
  message: signal.reason instanceof Error ? signal.reason.message : 'cancelled',
  context: {},
});

const recordOf = (failure: unknown): ErrorRecord =>
  failure instanceof MeridianError
    ? failure.toJSON()
    : { code: 'INTERNAL', message: failure instanceof Error ? failure.message : String(failure), context: {} };
