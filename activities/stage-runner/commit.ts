/** Making a result count: files into the store, then rows, and either all of it or none. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MeridianError } from '../../domain/errors.ts';
import type { OutputFile, StageName, StageResult } from '../../domain/generated/stages.ts';
import { insertProductRow } from '../../registry/product-rows.ts';
import { isServerAway, uuid7 } from '../../registry/index.ts';
import type { EffectClaim, JsonObject, NewEvent, NewProduct, Registry, Repositories } from '../../registry/index.ts';
import type { ProductPlace, ProductStore } from '../store/product-store.ts';
import type { ProducedOutput, ProductPlan, StageRequest } from './stage-runner.ts';

export interface Finished<S extends StageName> {
  readonly request: StageRequest<S>;
  readonly claim: EffectClaim;
  readonly result: StageResult<S>;
  readonly workdir: string;
  /** Bytes that the stage read. */
  readonly inputBytes: number;
}

export interface CommitDependencies {
  readonly registry: Registry;
  readonly store: ProductStore;
}

/** A product whose files are in the store and whose row is not written yet. */
interface Placed<S extends StageName> {
  readonly place: ProductPlace;
  readonly plan: ProductPlan<S>;
  readonly outputs: readonly OutputFile[];
  /** Name of each output within the product's folder. */
  readonly names: ReadonlyMap<string, string>;
}

const RETRY_MS = 500;
/** How long a server that went away is waited for; the work of hours may depend on it. */
const GIVE_UP_SECONDS = 120;

/**
 * Commit a result. A process that is killed anywhere in here leaves either what was before (and folders without a row,
 * which are swept) or the whole new state: the row decides.
 *
 * @throws MeridianError FENCED_OUT when a newer attempt holds the effect; OUTPUT_CORRUPT when a planned output is not
 *   there; SERVICE_UNAVAILABLE when PostgreSQL stays away; the signal's reason when it is aborted meanwhile.
 */
export async function commitResult<S extends StageName>(
  { registry, store }: CommitDependencies,
  finished: Finished<S>,
  signal: AbortSignal,
): Promise<Record<string, ProducedOutput>> {
  const placed: Placed<S>[] = [];
  const rows = new RowCommit(registry, finished.claim);
  try {
    for (const plan of finished.request.products) placed.push(await placeProduct(store, plan, finished));
    signal.throwIfAborted();
    await rows.write((tx) => writeRows(tx, { store, finished, placed }), signal);
  } catch (error) {
    // Rows that may count after all keep their folders; those that belong to nothing are swept.
    if (!rows.mayCount) for (const { place } of placed) await store.discard(place);
    throw error;
  }
  return outputsOf(store, placed);
}

async function placeProduct<S extends StageName>(
  store: ProductStore,
  plan: ProductPlan<S>,
  { result, workdir }: Finished<S>,
): Promise<Placed<S>> {
  const outputs = plannedOutputs(plan, result);
  const place = { kind: plan.kind, date: plan.date ?? new Date().toISOString().slice(0, 10), id: uuid7() };
  const staged = outputs.map(({ role, path }) => ({ role, path: join(workdir, path) }));
  return { place, plan, outputs, names: await store.place(staged, place) };
}

function plannedOutputs<S extends StageName>(plan: ProductPlan<S>, result: StageResult<S>): OutputFile[] {
  const byRole = new Map(result.outputs.map((output) => [output.role, output]));
  const missing = plan.roles.filter((role) => !byRole.has(role));
  if (missing.length > 0) {
    const message = `${result.stage} left no output ${missing.join(', ')}`;
    throw new MeridianError('OUTPUT_CORRUPT', message, { stage: result.stage, roles: missing });
  }
  const roles = [...plan.roles, ...(plan.optionalRoles ?? [])];
  return roles.map((role) => byRole.get(role)).filter((output): output is OutputFile => output !== undefined);
}

/** Writing rows once, whatever the connection does. */
class RowCommit {
  readonly #registry: Registry;
  readonly #claim: EffectClaim;
  /** The connection broke during a transaction: whether it was committed is not known. */
  mayCount = false;

  constructor(registry: Registry, claim: EffectClaim) {
    this.#registry = registry;
    this.#claim = claim;
  }

  async write(work: (tx: Repositories) => Promise<void>, signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + GIVE_UP_SECONDS * 1000;
    for (;;) {
      try {
        await this.#writeUnlessWritten(work);
        return;
      } catch (error) {
        if (!isAway(error)) throw error;
        this.mayCount = true;
        if (performance.now() > deadline) throw stayedAway(this.#claim, error);
      }
      await sleep(RETRY_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  /**
   * A transaction that still commits while we ask makes ours wait for its lock and then fail as fenced out: hence the
   * second question.
   */
  async #writeUnlessWritten(work: (tx: Repositories) => Promise<void>): Promise<void> {
    if (this.mayCount && (await this.#registry.effects.wasCommitted(this.#claim))) return;
    try {
      await this.#registry.transaction(work);
    } catch (error) {
      if (!this.mayCount || isAway(error)) throw error;
      if (await this.#registry.effects.wasCommitted(this.#claim)) return;
      this.mayCount = false;
      throw error;
    }
  }
}

const isAway = (error: unknown): boolean =>
  isServerAway(error) || (error instanceof MeridianError && error.code === 'SERVICE_UNAVAILABLE');

const stayedAway = ({ key }: EffectClaim, cause: unknown): MeridianError =>
  new MeridianError(
    'SERVICE_UNAVAILABLE',
    `PostgreSQL was away for ${GIVE_UP_SECONDS} s while ${key} was to be committed`,
    { service: 'postgres' },
    { cause },
  );

async function writeRows<S extends StageName>(
  tx: Repositories,
  { store, finished, placed }: { store: ProductStore; finished: Finished<S>; placed: readonly Placed<S>[] },
): Promise<void> {
  const { request, claim, result } = finished;
  await tx.effects.requireClaim(claim);
  for (const product of placed) {
    await tx.products.insert(newProduct(store, finished, product));
    const row = product.plan.row?.(result);
    if (row !== undefined) await insertProductRow(tx.db, product.place.id, row);
  }
  if (claim.version > 1) await tx.products.supersedeEarlier(claim);
  await tx.effects.complete(claim, result as unknown as JsonObject);
  await tx.durations.record({
    stage: request.stage,
    stageVersion: result.stage_version,
    unit: request.unit,
    wallSeconds: result.wall_seconds,
    inputBytes: finished.inputBytes,
    cores: request.limits.cores,
    peakRssBytes: result.peak_rss_bytes,
  });
  await tx.events.append(...placed.map((product) => registeredEvent(request, product)));
}

function newProduct<S extends StageName>(store: ProductStore, finished: Finished<S>, placed: Placed<S>): NewProduct {
  const { request, claim, result } = finished;
  const { plan, place, outputs, names } = placed;
  const files = outputs.map(({ role, kind, size_bytes, sha256 }) => ({
    role,
    kind,
    sizeBytes: size_bytes,
    sha256,
    name: names.get(role) ?? role,
  }));
  return {
    id: place.id,
    kind: plan.kind,
    qa: plan.qa?.(result) ?? 'not_evaluated',
    relativePath: store.relativePath(place),
    sha256: files[0]?.sha256 ?? '',
    sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    groupId: plan.groupId ?? null,
    effect: { key: claim.key, version: claim.version },
    stage: request.stage,
    stageVersion: result.stage_version,
    parameters: request.spec as unknown as JsonObject,
    toolVersions: result.tools,
    warnings: result.warnings,
    workflowId: request.owner.workflowId,
    runId: request.owner.runId,
    jobId: request.owner.jobId ?? null,
    files,
    parents: plan.parents,
  };
}

const registeredEvent = <S extends StageName>({ stage, owner }: StageRequest<S>, placed: Placed<S>): NewEvent => ({
  kind: 'product.registered',
  stage,
  productId: placed.place.id,
  jobId: owner.jobId ?? null,
  workflowId: owner.workflowId,
  groupId: placed.plan.groupId ?? owner.groupId ?? null,
  message: `${placed.plan.kind} ${placed.place.id} is registered`,
  payload: { kind: placed.plan.kind, roles: placed.outputs.map(({ role }) => role) },
});

const outputsOf = <S extends StageName>(store: ProductStore, placed: readonly Placed<S>[]) =>
  Object.fromEntries(
    placed.flatMap(({ place, outputs, names }) =>
      outputs.map(({ role, sha256 }): [string, ProducedOutput] => {
        const path = join(store.folders.store, store.relativePath(place), names.get(role) ?? role);
        return [role, { id: place.id, path, sha256 }];
      }),
    ),
  );
