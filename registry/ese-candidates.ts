/** Candidates for scattering events, and the alerts they raised. */
import { sql, type Insertable, type Kysely, type Selectable } from 'kysely';
import { MeridianError } from '../domain/errors.ts';
import { json } from './connection.ts';
import type { CandidateStatus, EseCandidatesTable } from './schema/variability.ts';
import type { Database, JsonObject } from './schema/index.ts';

export type EseCandidate = Selectable<EseCandidatesTable> & { readonly sourceName: string };
export type CandidateFacts = Omit<
  Insertable<EseCandidatesTable>,
  'id' | 'status' | 'judgedBy' | 'judgedReason' | 'judgedAt' | 'alertedAt'
>;

export interface CandidateQuery {
  readonly minSigma?: number;
  readonly sourceId?: number;
  readonly status?: CandidateStatus;
  readonly limit: number;
}

export class EseCandidateRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Candidates of sources in a strip, whatever their status. */
  async ofSources(stripId: number, sourceIds: readonly number[]): Promise<EseCandidate[]> {
    if (sourceIds.length === 0) return [];
    return await this.#rows()
      .where('stripId', '=', stripId)
      .where('sourceId', '=', sql<number>`any(${[...sourceIds]}::bigint[])`)
      .execute();
  }

  /** Most significant first. */
  list({ minSigma, sourceId, status, limit }: CandidateQuery): Promise<EseCandidate[]> {
    return this.#rows()
      .$if(minSigma !== undefined, (q) => q.where('significance', '>=', minSigma as number))
      .$if(sourceId !== undefined, (q) => q.where('sourceId', '=', sourceId as number))
      .$if(status !== undefined, (q) => q.where('status', '=', status as CandidateStatus))
      .orderBy('significance', 'desc')
      .limit(limit)
      .execute();
  }

  /** @throws MeridianError NOT_FOUND */
  async require(id: string): Promise<EseCandidate> {
    const row = await this.#rows().where('eseCandidates.id', '=', id).executeTakeFirst();
    if (row !== undefined) return row;
    throw new MeridianError('NOT_FOUND', `there is no candidate ${id}`, { candidate_id: id });
  }

  async add(facts: CandidateFacts): Promise<string> {
    const { id } = await this.#db.insertInto('eseCandidates').values(facts).returning('id').executeTakeFirstOrThrow();
    return id;
  }

  /** An event that goes on, or that is seen better: the same candidate with newer numbers. */
  async update(id: string, facts: CandidateFacts): Promise<void> {
    await this.#db.updateTable('eseCandidates').set(facts).where('id', '=', id).execute();
  }

  /** What a person thinks of it, with name and reason. */
  async judge(
    id: string,
    by: { readonly status: CandidateStatus; readonly requestedBy: string; readonly reason: string },
  ): Promise<void> {
    await this.#db
      .updateTable('eseCandidates')
      .set({ status: by.status, judgedBy: by.requestedBy, judgedReason: by.reason, judgedAt: sql`now()` })
      .where('id', '=', id)
      .execute();
  }

  /** Store an alert; once per candidate and level. */
  async alert(id: string, level: 'new' | 'upgraded', alert: { message: string; payload: JsonObject }): Promise<void> {
    await this.#db
      .insertInto('alerts')
      .values({ kind: 'ese_candidate', subjectId: id, level, message: alert.message, payload: json(alert.payload) })
      .execute();
    await this.#db
      .updateTable('eseCandidates')
      .set({ alertedAt: sql`now()` })
      .where('id', '=', id)
      .execute();
  }

  #rows() {
    return this.#db
      .selectFrom('eseCandidates')
      .innerJoin('sources', 'sources.id', 'eseCandidates.sourceId')
      .selectAll('eseCandidates')
      .select('sources.name as sourceName');
  }
}
