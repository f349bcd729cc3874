/** Raw files as they were found and as their headers describe them. */
import { sql, type Kysely, type Selectable } from 'kysely';
import type { InspectedFile } from '../domain/generated/stages.ts';
import { readInspected } from '../domain/group-headers.ts';
import { json } from './connection.ts';
import type { SubbandFilesTable } from './schema/files.ts';
import type { Database, JsonObject } from './schema/index.ts';

/** A row with the absolute path of the file. */
export type SubbandFile = Selectable<SubbandFilesTable> & { readonly path: string };

/** What a look at a folder tells of a file. */
export interface FoundFile {
  readonly relativePath: string;
  readonly sizeBytes: number;
  /** ISO 8601 UTC. */
  readonly modifiedAt: string;
  /** Time and subband in its name, null when the name has none. */
  readonly stampMjd: number | null;
  readonly subband: number | null;
}

export interface SeenFiles {
  readonly newFiles: number;
  /** Files that nobody has looked into yet: new ones, changed ones, and those left over from before. */
  readonly toInspect: number;
}

/** What the last look at a folder left of a file. */
export interface KnownFile {
  readonly relativePath: string;
  readonly sizeBytes: number;
  /** Unix time. */
  readonly modifiedMs: number;
}

/** What brings files of a decided group up again. */
export interface ReopenRules {
  /** Groups that lost a file: any, or only those that were rejected (raw files may be removed after use). */
  readonly lost: 'any' | 'rejected';
  /** Groups that were rejected for a second file of a subband. */
  readonly doubled: boolean;
}

export class SubbandFileRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** What is known of the files that a root held at the last look. */
  async listKnown(rootId: string): Promise<KnownFile[]> {
    return await this.#db
      .selectFrom('subbandFiles')
      .select(['relativePath', 'sizeBytes'])
      .select(sql<number>`(extract(epoch from modified_at) * 1000)::bigint`.as('modifiedMs'))
      .where('rootId', '=', rootId)
      .where('goneAt', 'is', null)
      .execute();
  }

  /**
   * Record what a folder holds. A file whose size or time changed is `seen` again: what was known of it is forgotten.
   */
  async recordSeen(rootId: string, files: readonly FoundFile[]): Promise<SeenFiles> {
    if (files.length === 0) return { newFiles: 0, toInspect: 0 };
    const { rows } = await sql<{ isNew: boolean; state: string }>`
      with found as (
        select * from jsonb_to_recordset(${JSON.stringify(files)}::jsonb) as f (
          "relativePath" text, "sizeBytes" bigint, "modifiedAt" timestamptz, "stampMjd" double precision, subband integer)
      ), changed as (
        select found.*, known.id is not null
            and (known.size_bytes, known.modified_at) is distinct from ("sizeBytes", "modifiedAt") as is_changed
        from found left join subband_files known on known.root_id = ${rootId}::uuid and known.relative_path = "relativePath"
      ), forgotten as (
        update subband_files known set
          state = 'seen', error_code = null, error_message = null, inspected_at = null, sha256 = null,
          unchanged_since = now(), is_open = true, last_seen_at = now(), gone_at = null,
          size_bytes = "sizeBytes", modified_at = "modifiedAt"
        from changed where is_changed and known.root_id = ${rootId}::uuid and known.relative_path = "relativePath"
        returning false as is_new, known.state
      ), recorded as (
        insert into subband_files as known (root_id, relative_path, size_bytes, modified_at, stamp_mjd, subband)
        select ${rootId}::uuid, "relativePath", "sizeBytes", "modifiedAt", "stampMjd", subband
        from changed where not is_changed
        on conflict (root_id, relative_path) do update set last_seen_at = now(), gone_at = null
        returning (xmax = 0) as is_new, known.state
      )
      select * from forgotten union all select * from recorded`.execute(this.#db);
    return {
      newFiles: rows.filter((row) => row.isNew).length,
      toInspect: rows.filter((row) => row.state === 'seen').length,
    };
  }

  /**
   * Files that no decision holds as they are now, in order of stamp, those without one first.
   *
   * @param page stamps from this MJD on (null: all), and how many at most
   */
  listOpen(rootId: string, page: { readonly fromMjd: number | null; readonly limit: number }): Promise<SubbandFile[]> {
    return this.#withPath()
      .where('subbandFiles.rootId', '=', rootId)
      .where('subbandFiles.state', 'in', ['seen', 'accepted'])
      .where('isOpen', '=', true)
      .where('goneAt', 'is', null)
      .$if(page.fromMjd !== null, (query) => query.where('stampMjd', '>=', page.fromMjd as number))
      .orderBy('stampMjd', (order) => order.asc().nullsFirst())
      .orderBy('relativePath')
      .limit(page.limit)
      .execute();
  }

  /** Files that the present decisions hold and whose data start in one of these ranges. */
  listDecided(rootId: string, ranges: readonly (readonly [fromMjd: number, toMjd: number])[]): Promise<SubbandFile[]> {
    const bounds = JSON.stringify(ranges.map(([from, to]) => ({ from, to })));
    return this.#withPath()
      .where('subbandFiles.rootId', '=', rootId)
      .where('subbandFiles.state', '=', 'accepted')
      .where('isOpen', '=', false)
      .where('goneAt', 'is', null)
      .where(
        sql<boolean>`exists (
          select from jsonb_to_recordset(${bounds}::jsonb) as r ("from" double precision, "to" double precision)
          where start_mjd between r."from" and r."to")`,
      )
      .execute();
  }

  /** Record what the header of a file says, or why it cannot be used; `inspected` is one entry of the inspect stage. */
  async recordInspection(id: string, inspected: InspectedFile): Promise<void> {
    const read = readInspected(inspected);
    const refusal = 'reason' in read ? read : null;
    await this.#db
      .updateTable('subbandFiles')
      .set({
        ...headerFacts(inspected),
        state: refusal === null ? 'accepted' : 'quarantined',
        errorCode: refusal?.code ?? null,
        errorMessage: refusal?.reason ?? null,
        header: json(inspected as unknown as JsonObject),
        inspectedAt: sql`now()`,
      })
      .where('id', '=', id)
      .execute();
  }

  /** Set a file aside for a reason that only its group shows (a doubled subband, say). */
  async quarantine(id: string, error: { readonly code: string; readonly message: string }): Promise<void> {
    await this.#db
      .updateTable('subbandFiles')
      .set({ state: 'quarantined', errorCode: error.code, errorMessage: error.message })
      .where('id', '=', id)
      .execute();
  }

  /** Remember the content hash of files, so that they are read once. */
  async recordHash(id: string, sha256: string): Promise<void> {
    await this.#db.updateTable('subbandFiles').set({ sha256 }).where('id', '=', id).execute();
  }

  /** Mark files of a root that are not there any more. */
  async markGone(rootId: string, relativePaths: readonly string[]): Promise<number> {
    if (relativePaths.length === 0) return 0;
    const result = await this.#db
      .updateTable('subbandFiles')
      .set({ goneAt: sql`now()` })
      .where('rootId', '=', rootId)
      .where('relativePath', '=', sql<string>`any(${[...relativePaths]}::text[])`)
      .where('goneAt', 'is', null)
      .executeTakeFirst();
    return Number(result.numUpdatedRows);
  }

  /** Brings up again the files of groups that a decision no longer describes. */
  async reopen(rootId: string, rules: ReopenRules): Promise<void> {
    await sql`
      update subband_files set is_open = true
      where not is_open and id in (
        select sibling.file_id
        from observation_groups g
        join group_files member on member.group_id = g.id and member.group_version = g.version
        join subband_files f on f.id = member.file_id
        join group_files sibling on sibling.group_id = g.id and sibling.group_version = g.version
        where g.root_id = ${rootId}::uuid and g.superseded_at is null and g.state <> 'collecting'
          and (f.state = 'quarantined'
            or (f.gone_at is not null and (g.state = 'rejected' or ${rules.lost === 'any'}))
            or (g.error_code = 'GROUP_SUBBAND_DOUBLED' and ${rules.doubled})))`.execute(this.#db);
  }

  /** Files that cannot be used, with the reason. */
  listQuarantined(rootId: string): Promise<SubbandFile[]> {
    return this.#withPath()
      .where('subbandFiles.rootId', '=', rootId)
      .where('subbandFiles.state', '=', 'quarantined')
      .where('goneAt', 'is', null)
      .orderBy('relativePath')
      .execute();
  }

  async countQuarantined(rootId: string): Promise<number> {
    const { count } = await this.#db
      .selectFrom('subbandFiles')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('rootId', '=', rootId)
      .where('state', '=', 'quarantined')
      .where('goneAt', 'is', null)
      .executeTakeFirstOrThrow();
    return count;
  }

  /** Files of one version of a group, in order of subband. */
  listOfGroup(group: { readonly id: string; readonly version: number }): Promise<SubbandFile[]> {
    return this.#withPath()
      .innerJoin('groupFiles', 'groupFiles.fileId', 'subbandFiles.id')
      .where('groupFiles.groupId', '=', group.id)
      .where('groupFiles.groupVersion', '=', group.version)
      .orderBy('subband')
      .orderBy('relativePath')
      .execute();
  }

  #withPath() {
    return this.#db
      .selectFrom('subbandFiles')
      .innerJoin('dataRoots', 'dataRoots.id', 'subbandFiles.rootId')
      .selectAll('subbandFiles')
      .select(sql<string>`data_roots.path || '/' || subband_files.relative_path`.as('path'));
  }
}

const headerFacts = (file: InspectedFile) => ({
  ...(file.subband === null ? {} : { subband: file.subband }),
  layout: file.layout,
  telescopeName: file.telescope_name,
  startMjd: file.start_mjd,
  midMjd: file.mid_mjd,
  endMjd: file.end_mjd,
  integrationS: file.integration_s,
  pointingDecDeg: file.pointing_dec_deg,
  nBlts: file.n_blts,
  nTimes: file.n_times,
  nFreqs: file.n_freqs,
  nPols: file.n_pols,
  nAntennas: file.n_antennas,
  freqMinHz: file.freq_min_hz,
  freqMaxHz: file.freq_max_hz,
  channelWidthHz: file.channel_width_hz,
});
