/** Mosaics on their way: what was asked for, which groups take part, how far it is. */
import { sql, type Kysely, type Selectable } from 'kysely';
import { MeridianError } from '../domain/errors.ts';
import { MOSAIC_GROUP_STATES, requireMove, type MosaicGroupState } from '../domain/states.ts';
import { json } from './connection.ts';
import { limitOf, pageOf, type Page, type PageRequest } from './paging.ts';
import type { MosaicGroupMembersTable, MosaicGroupsTable, MosaicMethod } from './schema/mosaics.ts';
import type { Database, JsonObject } from './schema/index.ts';

export type MosaicGroup = Selectable<MosaicGroupsTable>;
export type MosaicGroupMember = Selectable<MosaicGroupMembersTable>;

export interface NewMosaicGroup {
  readonly id: string;
  readonly workflowId: string;
  readonly jobId: string | null;
  readonly name: string;
  readonly target: 'transit' | 'window';
  readonly calibrator: string | null;
  readonly transitNumber: number | null;
  readonly transitMjd: number | null;
  readonly startMjd: number;
  readonly endMjd: number;
  readonly decDeg: number | null;
  readonly method: MosaicMethod;
  readonly parameters: JsonObject;
}

export interface NewMember {
  readonly groupId: string;
  readonly groupVersion: number | null;
  readonly isTile: boolean;
  readonly msId: string | null;
}

export interface MemberExclusion {
  readonly groupId: string;
  /** Code of `domain/errors.ts`. */
  readonly code: string;
  readonly reason: string;
}

export interface MosaicGroupQuery extends PageRequest {
  /** Groups whose window overlaps this range. */
  readonly fromMjd?: number;
  readonly toMjd?: number;
  readonly calibrator?: string;
  readonly state?: MosaicGroupState;
}

/** The way to a mosaic; the other two states end it. */
const WAY: readonly MosaicGroupState[] = ['pending', 'formed', 'calibrated', 'imaged', 'mosaicked', 'done'];

const REACHED_AT = {
  formed: 'formedAt',
  calibrated: 'calibratedAt',
  imaged: 'imagedAt',
  mosaicked: 'mosaickedAt',
  done: 'finishedAt',
} as const;

export class MosaicGroupRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /**
   * The mosaic group of a workflow: made if there is none, begun again (`pending`) if the last run failed or was
   * cancelled, else as it is.
   */
  async request(group: NewMosaicGroup): Promise<{ readonly group: MosaicGroup; readonly isNew: boolean }> {
    const made = await this.#db
      .insertInto('mosaicGroups')
      .values({ ...group, parameters: json(group.parameters) })
      .onConflict((oc) => oc.column('workflowId').doNothing())
      .returningAll()
      .executeTakeFirst();
    if (made !== undefined) return { group: made, isNew: true };
    await this.#db
      .updateTable('mosaicGroups')
      .set({ state: 'pending', errorCode: null, errorMessage: null, finishedAt: null })
      .where('workflowId', '=', group.workflowId)
      .where('state', 'in', ['failed', 'cancelled'])
      .execute();
    const known = await this.findByWorkflow(group.workflowId);
    if (known === undefined) throw new MeridianError('INTERNAL', `mosaic group of ${group.workflowId} has gone`);
    return { group: known, isNew: false };
  }

  find(id: string): Promise<MosaicGroup | undefined> {
    return this.#db.selectFrom('mosaicGroups').selectAll().where('id', '=', id).executeTakeFirst();
  }

  findByWorkflow(workflowId: string): Promise<MosaicGroup | undefined> {
    return this.#db.selectFrom('mosaicGroups').selectAll().where('workflowId', '=', workflowId).executeTakeFirst();
  }

  /** The group that made a mosaic. */
  findByMosaic(mosaicId: string): Promise<MosaicGroup | undefined> {
    return this.#db.selectFrom('mosaicGroups').selectAll().where('mosaicId', '=', mosaicId).executeTakeFirst();
  }

  /** Newest request first. */
  async list(query: MosaicGroupQuery = {}): Promise<Page<MosaicGroup>> {
    const limit = limitOf(query);
    const rows = await this.#db
      .selectFrom('mosaicGroups')
      .selectAll()
      .$if(query.fromMjd !== undefined, (q) => q.where('endMjd', '>', query.fromMjd as number))
      .$if(query.toMjd !== undefined, (q) => q.where('startMjd', '<', query.toMjd as number))
      .$if(query.calibrator !== undefined, (q) => q.where('calibrator', '=', query.calibrator as string))
      .$if(query.state !== undefined, (q) => q.where('state', '=', query.state as MosaicGroupState))
      .$if(query.cursor !== undefined, (q) => q.where('id', '<', query.cursor as string))
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    return pageOf(rows, limit, (row) => row.id);
  }

  /**
   * Move on to a state of the way; being there, or further, changes nothing (a retried activity says it twice).
   *
   * @throws MeridianError NOT_FOUND; CONFLICT when the group has failed or was cancelled, or a state would be skipped.
   */
  async advance(id: string, to: keyof typeof REACHED_AT): Promise<void> {
    for (;;) {
      const from = await this.#stateOf(id);
      if (WAY.includes(from) && WAY.indexOf(from) >= WAY.indexOf(to)) return;
      requireMove(MOSAIC_GROUP_STATES, `mosaic group ${id}`, { from, to });
      const { numUpdatedRows } = await this.#db
        .updateTable('mosaicGroups')
        .set({ state: to, [REACHED_AT[to]]: sql`now()` })
        .where('id', '=', id)
        .where('state', '=', from)
        .executeTakeFirst();
      // Somebody moved it in between: look again.
      if (numUpdatedRows > 0n) return;
    }
  }

  async #stateOf(id: string): Promise<MosaicGroupState> {
    const row = await this.#db.selectFrom('mosaicGroups').select('state').where('id', '=', id).executeTakeFirst();
    if (row !== undefined) return row.state;
    throw new MeridianError('NOT_FOUND', `there is no mosaic group ${id}`, { mosaic_group_id: id });
  }

  /** End without a mosaic; nothing changes when it has ended already. */
  async end(
    id: string,
    to: 'failed' | 'cancelled',
    error: { readonly code: string; readonly message: string } | null,
  ): Promise<void> {
    await this.#db
      .updateTable('mosaicGroups')
      .set({ state: to, errorCode: error?.code ?? null, errorMessage: error?.message ?? null, finishedAt: sql`now()` })
      .where('id', '=', id)
      .where('state', 'not in', ['done', 'failed', 'cancelled'])
      .execute();
  }

  /** Record which groups take part, in order of time; what was recorded of a group before is kept up to date. */
  async setMembers(id: string, members: readonly NewMember[]): Promise<void> {
    if (members.length === 0) return;
    await this.#db
      .insertInto('mosaicGroupMembers')
      .values(members.map((member, position) => ({ ...member, mosaicGroupId: id, position })))
      .onConflict((oc) =>
        oc.columns(['mosaicGroupId', 'groupId']).doUpdateSet({
          groupVersion: sql`excluded.group_version`,
          isTile: sql`excluded.is_tile`,
          msId: sql`excluded.ms_id`,
          position: sql`excluded.position`,
          excludedCode: null,
          excludedReason: null,
        }),
      )
      .execute();
  }

  /** Record what was left out, and why. */
  async exclude(id: string, exclusions: readonly MemberExclusion[]): Promise<void> {
    if (exclusions.length === 0) return;
    const rows = exclusions.map(({ groupId, code, reason }, position) => ({
      mosaicGroupId: id,
      groupId,
      position: 1000 + position,
      excludedCode: code,
      excludedReason: reason,
    }));
    await this.#db
      .insertInto('mosaicGroupMembers')
      .values(rows)
      .onConflict((oc) =>
        oc.columns(['mosaicGroupId', 'groupId']).doUpdateSet({
          excludedCode: sql`excluded.excluded_code`,
          excludedReason: sql`excluded.excluded_reason`,
        }),
      )
      .execute();
  }

  async setTile(id: string, groupId: string, tileId: string): Promise<void> {
    await this.#db
      .updateTable('mosaicGroupMembers')
      .set({ tileId })
      .where('mosaicGroupId', '=', id)
      .where('groupId', '=', groupId)
      .execute();
  }

  /** Members in order of time, then what was left out. */
  members(id: string): Promise<MosaicGroupMember[]> {
    return this.#db
      .selectFrom('mosaicGroupMembers')
      .selectAll()
      .where('mosaicGroupId', '=', id)
      .orderBy('position')
      .orderBy('groupId')
      .execute();
  }

  /** Facts that are found on the way. */
  async record(
    id: string,
    facts: {
      readonly decDeg?: number;
      readonly calibratorGroupId?: string;
      readonly caltableIds?: readonly string[];
      readonly mosaicId?: string;
    },
  ): Promise<void> {
    if (Object.keys(facts).length === 0) return;
    const { caltableIds, ...rest } = facts;
    await this.#db
      .updateTable('mosaicGroups')
      .set({ ...rest, ...(caltableIds === undefined ? {} : { caltableIds: [...caltableIds] }) })
      .where('id', '=', id)
      .execute();
  }
}
