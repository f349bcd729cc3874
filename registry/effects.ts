/** Effects: work that is done once, the attempts at it, and the tokens that keep old attempts from committing. */
import { sql, type Kysely, type Selectable } from 'kysely';
import { MeridianError, type ErrorRecord } from '../domain/errors.ts';
import { json } from './connection.ts';
import type { AttemptState, EffectAttemptsTable, EffectsTable, EffectState } from './schema/products.ts';
import type { Database, JsonObject } from './schema/index.ts';

export type { AttemptState, EffectState } from './schema/products.ts';
export type Effect = Selectable<EffectsTable>;
export type EffectAttempt = Selectable<EffectAttemptsTable> & { readonly stage: string; readonly unit: string };

/** What an effect is. */
export interface EffectIdentity {
  readonly key: string;
  readonly stage: string;
  readonly stageVersion: number;
  readonly unit: string;
  readonly spec: JsonObject;
  readonly inputHashes: readonly string[];
}

/** Who attempts it. */
export interface AttemptOwner {
  readonly workflowId: string;
  readonly runId: string;
  readonly attempt: number;
  readonly jobId: string | null;
  readonly groupId: string | null;
  /** The worker process, in words: host and pid. */
  readonly worker: string;
  readonly logFolder: string | null;
}

/** The right to commit an effect; the next claim takes it away. */
export interface EffectClaim {
  readonly key: string;
  readonly token: number;
  /** Version of the effect that is being made: more than 1 after files of an earlier one were lost. */
  readonly version: number;
}

export class EffectRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  find(key: string): Promise<Effect | undefined> {
    return this.#db.selectFrom('effects').selectAll().where('key', '=', key).executeTakeFirst();
  }

  /**
   * Claim an effect for a new attempt: earlier attempts can no longer commit. Call it within a transaction.
   *
   * @param redoVersion version that is done but whose files are gone; it is then made again as the next version.
   * @returns undefined when the effect is done (and not to be made again).
   */
  async claim(effect: EffectIdentity, owner: AttemptOwner, redoVersion?: number): Promise<EffectClaim | undefined> {
    const { key, stage, stageVersion, unit } = effect;
    const claimed = await this.#db
      .insertInto('effects')
      .values({ key, stage, stageVersion, unit, spec: json(effect.spec), inputHashes: [...effect.inputHashes] })
      .onConflict((oc) =>
        oc
          .column('key')
          .doUpdateSet({
            state: 'running',
            token: sql<number>`effects.token + 1`,
            version: sql<number>`effects.version + (effects.state = 'done')::int`,
            result: null,
            finishedAt: null,
          })
          .where((eb) => eb.or([eb('effects.state', '<>', 'done'), eb('effects.version', '=', redoVersion ?? 0)])),
      )
      .returning(['token', 'version'])
      .executeTakeFirst();
    if (claimed === undefined) return undefined;
    await this.#db
      .updateTable('effectAttempts')
      .set({ state: 'lost', finishedAt: sql`now()` })
      .where('effectKey', '=', key)
      .where('state', '=', 'running')
      .execute();
    await this.#db
      .insertInto('effectAttempts')
      .values({ ...owner, effectKey: key, token: claimed.token })
      .execute();
    return { key, ...claimed };
  }

  /**
   * Refuse to go on unless this claim still holds; the row stays locked until the end of the transaction.
   *
   * @throws MeridianError FENCED_OUT
   */
  async requireClaim(claim: EffectClaim): Promise<void> {
    const row = await this.#db
      .selectFrom('effects')
      .select(['token', 'state'])
      .where('key', '=', claim.key)
      .forUpdate()
      .executeTakeFirst();
    if (row?.token === claim.token && row.state === 'running') return;
    const message = `a newer attempt has taken over ${claim.key}; this one (token ${claim.token}) may not commit`;
    throw new MeridianError('FENCED_OUT', message, { effect_key: claim.key, token: claim.token });
  }

  /** Whether this claim's version was committed, by the attempt that holds it: asked after a lost connection. */
  async wasCommitted(claim: EffectClaim): Promise<boolean> {
    const row = await this.#db
      .selectFrom('effects')
      .select('state')
      .where('key', '=', claim.key)
      .where('token', '=', claim.token)
      .where('version', '=', claim.version)
      .executeTakeFirst();
    return row?.state === 'done';
  }

  /** Mark an effect done; call it after `requireClaim`, in the same transaction. */
  async complete(claim: EffectClaim, result: JsonObject): Promise<void> {
    await this.#db
      .updateTable('effects')
      .set({ state: 'done', result: json(result), finishedAt: sql`now()` })
      .where('key', '=', claim.key)
      .execute();
    await this.#endAttempt(claim, 'done', null);
  }

  /** Record how an attempt ended without a result; nothing happens to the effect when a newer attempt has it. */
  async fail(claim: EffectClaim, state: 'failed' | 'cancelled', error: ErrorRecord): Promise<void> {
    await this.#db
      .updateTable('effects')
      .set({ state, finishedAt: sql`now()` })
      .where('key', '=', claim.key)
      .where('token', '=', claim.token)
      .where('state', '=', 'running')
      .execute();
    await this.#endAttempt(claim, state, error);
  }

  async #endAttempt(claim: EffectClaim, state: AttemptState & EffectState, error: ErrorRecord | null): Promise<void> {
    await this.#db
      .updateTable('effectAttempts')
      .set({
        state,
        finishedAt: sql`now()`,
        errorCode: error?.code ?? null,
        errorMessage: error?.message ?? null,
        errorContext: error === null ? null : json(error.context as JsonObject),
      })
      .where('effectKey', '=', claim.key)
      .where('token', '=', claim.token)
      .execute();
  }

  /** How often an effect failed with a code on behalf of one run of a workflow: what `attemptLimit` is compared with. */
  async failures(key: string, runId: string, code: string): Promise<number> {
    const { count } = await this.#db
      .selectFrom('effectAttempts')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('effectKey', '=', key)
      .where('runId', '=', runId)
      .where('errorCode', '=', code)
      .executeTakeFirstOrThrow();
    return count;
  }

  /** Attempts of a job or of some workflows, oldest first. */
  attempts(of: { readonly jobId: string } | { readonly workflowIds: readonly string[] }): Promise<EffectAttempt[]> {
    const rows = this.#db
      .selectFrom('effectAttempts')
      .innerJoin('effects', 'effects.key', 'effectAttempts.effectKey')
      .selectAll('effectAttempts')
      .select(['effects.stage', 'effects.unit'])
      .orderBy('startedAt');
    if ('jobId' in of) return rows.where('jobId', '=', of.jobId).execute();
    if (of.workflowIds.length === 0) return Promise.resolve([]);
    return rows.where('workflowId', 'in', of.workflowIds).execute();
  }
}
