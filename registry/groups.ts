/** Observation groups: versions of the list of files that belong together. */
import { sql, type Kysely, type Selectable } from 'kysely';
import { MeridianError } from '../domain/errors.ts';
import type { GroupState, GroupTier } from '../domain/states.ts';
import { json } from './connection.ts';
import type { ObservationGroupsTable } from './schema/files.ts';
import type { Database, JsonObject } from './schema/index.ts';

export type ObservationGroup = Selectable<ObservationGroupsTable>;

/** What grouping decided about some files. */
export interface GroupDecision {
  readonly id: string;
  readonly rootId: string;
  readonly state: GroupState;
  readonly tier: GroupTier | null;
  /** Why it is rejected. */
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Hash over the files (paths, sizes, times or contents): another list of files is another version. */
  readonly filesHash: string;
  readonly fileIds: readonly string[];
  readonly startMjd: number;
  readonly midMjd: number;
  readonly endMjd: number;
  readonly pointingDecDeg: number | null;
  readonly expectedSubbands: number;
  readonly presentSubbands: readonly number[];
  readonly missingSubbands: readonly number[];
  /** Until when missing files are waited for; ISO 8601 UTC. */
  readonly deadlineAt: string | null;
}

export interface GroupQuery {
  /** Groups whose middle lies in this range. */
  readonly fromMjd?: number;
  readonly toMjd?: number;
  readonly rootIds?: readonly string[] | undefined;
  readonly states?: readonly GroupState[];
  readonly limit?: number;
}

export class GroupRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /**
   * Record a decision. The same files give the same version, whatever was decided before; other files of the same root
   * give the next version and supersede the earlier ones. A version that was still collecting is no decision: it takes
   * what came since. Call it within a transaction.
   */
  async record(decision: GroupDecision): Promise<{ readonly group: ObservationGroup; readonly isNew: boolean }> {
    await sql`select pg_advisory_xact_lock(hashtext(${`meridian.group.${decision.id}`}))`.execute(this.#db);
    const state = {
      state: decision.state,
      tier: decision.tier,
      errorCode: decision.error?.code ?? null,
      errorMessage: decision.error?.message ?? null,
      deadlineAt: decision.deadlineAt,
      decidedAt: decision.state === 'collecting' ? null : sql`coalesce(decided_at, now())`,
    };
    const known = await this.#db
      .updateTable('observationGroups')
      .set({ ...state, supersededAt: null })
      .where('rootId', '=', decision.rootId)
      .where('id', '=', decision.id)
      .where('filesHash', '=', decision.filesHash)
      .returningAll()
      .executeTakeFirst();
    const group = known ?? (await this.#fillCollecting(decision)) ?? (await this.#insertVersion(decision));
    await this.#supersedeOthers(group);
    if (group.state !== 'collecting') await this.#closeFiles(decision.fileIds);
    return { group, isNew: known === undefined };
  }

  async #insertVersion(decision: GroupDecision): Promise<ObservationGroup> {
    const { error, fileIds, presentSubbands, missingSubbands, ...facts } = decision;
    const group = await this.#db
      .insertInto('observationGroups')
      .values(({ selectFrom }) => ({
        ...facts,
        version: selectFrom('observationGroups')
          .where('id', '=', decision.id)
          .select(sql<number>`coalesce(max(version), 0) + 1`.as('next')),
        presentSubbands: [...presentSubbands],
        missingSubbands: [...missingSubbands],
        errorCode: error?.code ?? null,
        errorMessage: error?.message ?? null,
        decidedAt: decision.state === 'collecting' ? null : sql`now()`,
      }))
      .returningAll()
      .executeTakeFirstOrThrow();
    await this.#insertFiles(group, fileIds);
    return group;
  }

  async #insertFiles({ id, version }: ObservationGroup, fileIds: readonly string[]): Promise<void> {
    if (fileIds.length === 0) return;
    const rows = fileIds.map((fileId) => ({ groupId: id, groupVersion: version, fileId }));
    await this.#db.insertInto('groupFiles').values(rows).execute();
  }

  /** The present version with these files instead of its own, if it was collecting. */
  async #fillCollecting(decision: GroupDecision): Promise<ObservationGroup | undefined> {
    const { id, error, fileIds, presentSubbands, missingSubbands, rootId, ...facts } = decision;
    const group = await this.#db
      .updateTable('observationGroups')
      .set({
        ...facts,
        presentSubbands: [...presentSubbands],
        missingSubbands: [...missingSubbands],
        errorCode: error?.code ?? null,
        errorMessage: error?.message ?? null,
        decidedAt: decision.state === 'collecting' ? null : sql`now()`,
      })
      .where('rootId', '=', rootId)
      .where('id', '=', id)
      .where('state', '=', 'collecting')
      .where('supersededAt', 'is', null)
      .returningAll()
      .executeTakeFirst();
    if (group === undefined) return undefined;
    await this.#db
      .deleteFrom('groupFiles')
      .where('groupId', '=', group.id)
      .where('groupVersion', '=', group.version)
      .execute();
    await this.#insertFiles(group, fileIds);
    return group;
  }

  async #closeFiles(fileIds: readonly string[]): Promise<void> {
    await this.#db
      .updateTable('subbandFiles')
      .set({ isOpen: false })
      .where('id', '=', sql<string>`any(${[...fileIds]}::uuid[])`)
      .execute();
  }

  /** Reject groups of a root that are still collecting and have lost every file; gives their ids. */
  async rejectAbandoned(rootId: string): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`
      update observation_groups g set state = 'rejected', decided_at = now(), error_code = 'GROUP_INCOMPLETE',
        error_message = 'its files have gone or were set aside'
      where g.root_id = ${rootId}::uuid and g.state = 'collecting' and g.superseded_at is null
        and not exists (
          select from group_files m join subband_files f on f.id = m.file_id
          where m.group_id = g.id and m.group_version = g.version and f.state = 'accepted' and f.gone_at is null)
      returning g.id`.execute(this.#db);
    return rows.map(({ id }) => id);
  }

  async #supersedeOthers(group: ObservationGroup): Promise<void> {
    await this.#db
      .updateTable('observationGroups')
      .set({ supersededAt: sql`now()` })
      .where('id', '=', group.id)
      .where('rootId', '=', group.rootId)
      .where('version', '<>', group.version)
      .where('supersededAt', 'is', null)
      .execute();
  }

  /** One version of a group; the newest that is not superseded when none is named. */
  find(id: string, version?: number): Promise<ObservationGroup | undefined> {
    const rows = this.#db.selectFrom('observationGroups').selectAll().where('id', '=', id);
    if (version !== undefined) return rows.where('version', '=', version).executeTakeFirst();
    return rows
      .orderBy(sql`superseded_at is null`, 'desc')
      .orderBy('version', 'desc')
      .executeTakeFirst();
  }

  /** The version of a group in a root that no other has superseded. */
  findPresent(rootId: string, id: string): Promise<ObservationGroup | undefined> {
    return this.#db
      .selectFrom('observationGroups')
      .selectAll()
      .where('rootId', '=', rootId)
      .where('id', '=', id)
      .where('supersededAt', 'is', null)
      .executeTakeFirst();
  }

  /** How many groups of a root wait for files. */
  async countCollecting(rootId: string): Promise<number> {
    const { count } = await this.#db
      .selectFrom('observationGroups')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('rootId', '=', rootId)
      .where('state', '=', 'collecting')
      .where('supersededAt', 'is', null)
      .executeTakeFirstOrThrow();
    return count;
  }

  /** @throws MeridianError GROUP_NOT_FOUND */
  async require(id: string, version?: number): Promise<ObservationGroup> {
    const group = await this.find(id, version);
    if (group !== undefined) return group;
    const name = version === undefined ? id : `${id} version ${version}`;
    throw new MeridianError('GROUP_NOT_FOUND', `there is no group ${name}`, { group_id: id });
  }

  /** Present groups in order of time; where several roots hold the same group, the newest version of it. */
  async list(query: GroupQuery = {}): Promise<ObservationGroup[]> {
    const { fromMjd, toMjd, rootIds, states, limit } = query;
    if (rootIds?.length === 0 || states?.length === 0) return [];
    const newest = this.#db
      .selectFrom('observationGroups')
      .distinctOn('id')
      .selectAll()
      .where('supersededAt', 'is', null)
      .$if(rootIds !== undefined, (q) => q.where('rootId', 'in', rootIds as string[]))
      .orderBy('id')
      .orderBy('version', 'desc');
    return await this.#db
      .selectFrom(newest.as('newest'))
      .selectAll()
      .$if(fromMjd !== undefined, (q) => q.where('midMjd', '>=', fromMjd as number))
      .$if(toMjd !== undefined, (q) => q.where('midMjd', '<', toMjd as number))
      .$if(states !== undefined, (q) => q.where('state', 'in', states as GroupState[]))
      .orderBy('startMjd')
      .$if(limit !== undefined, (q) => q.limit(limit as number))
      .execute();
  }

  /** Remember what was found in the beam of a group. */
  async recordCalibrators(
    group: { readonly id: string; readonly version: number },
    calibrators: readonly JsonObject[],
  ): Promise<void> {
    await this.#db
      .updateTable('observationGroups')
      .set({ calibrators: json(calibrators), hasCalibrator: calibrators.length > 0 })
      .where('id', '=', group.id)
      .where('version', '=', group.version)
      .execute();
  }

  /** Every source that was expected in a group without a tile has its reason now. */
  async markAccounted(group: { readonly id: string; readonly version: number }): Promise<void> {
    await this.#db
      .updateTable('observationGroups')
      .set({ accountedAt: sql`coalesce(accounted_at, now())` })
      .where('id', '=', group.id)
      .where('version', '=', group.version)
      .execute();
  }

  /** Mark a group that turned out to be unusable, with the reason. */
  async reject(
    group: { readonly id: string; readonly version: number },
    error: { readonly code: string; readonly message: string },
  ): Promise<void> {
    await this.#db
      .updateTable('observationGroups')
      .set({ state: 'rejected', errorCode: error.code, errorMessage: error.message, decidedAt: sql`now()` })
      .where('id', '=', group.id)
      .where('version', '=', group.version)
      .execute();
  }
}
