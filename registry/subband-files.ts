/** Raw files as they were found and as their headers describe them. */
import { sql, type Kysely, type Selectable } from 'kysely';
import type { InspectedFile } from '../domain/generated/stages.ts';
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

export class SubbandFileRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
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
      )
      insert into subband_files as known (root_id, relative_path, size_bytes, modified_at, stamp_mjd, subband)
      select ${rootId}::uuid, "relativePath", "sizeBytes", "modifiedAt", "stampMjd", subband from found
      on conflict (root_id, relative_path) do update set
        last_seen_at = now(), gone_at = null,
        size_bytes = excluded.size_bytes, modified_at = excluded.modified_at,
        state = case when (known.size_bytes, known.modified_at) = (excluded.size_bytes, excluded.modified_at)
          then known.state else 'seen' end,
        error_code = case when (known.size_bytes, known.modified_at) = (excluded.size_bytes, excluded.modified_at)
          then known.error_code end,
        error_message = case when (known.size_bytes, known.modified_at) = (excluded.size_bytes, excluded.modified_at)
          then known.error_message end,
        inspected_at = case when (known.size_bytes, known.modified_at) = (excluded.size_bytes, excluded.modified_at)
          then known.inspected_at end,
        sha256 = case when (known.size_bytes, known.modified_at) = (excluded.size_bytes, excluded.modified_at)
          then known.sha256 end
      returning (xmax = 0) as is_new, state`.execute(this.#db);
    return {
      newFiles: rows.filter((row) => row.isNew).length,
      toInspect: rows.filter((row) => row.state === 'seen').length,
    };
  }

  /** Files that nobody has looked into yet, oldest stamp first. */
  listToInspect(rootId: string, limit = 1000): Promise<SubbandFile[]> {
    return this.#withPath()
      .where('subbandFiles.rootId', '=', rootId)
      .where('subbandFiles.state', '=', 'seen')
      .where('goneAt', 'is', null)
      .orderBy('stampMjd')
      .orderBy('relativePath')
      .limit(limit)
      .execute();
  }

  /** Record what the header of a file says, or why it cannot be used; `inspected` is one entry of the inspect stage. */
  async recordInspection(id: string, inspected: InspectedFile): Promise<void> {
    const failed = inspected.status === 'error';
    await this.#db
      .updateTable('subbandFiles')
      .set({
        ...headerFacts(inspected),
        state: failed ? 'quarantined' : 'accepted',
        errorCode: failed ? (inspected.error_code ?? 'FILE_FOREIGN') : null,
        errorMessage: failed ? (inspected.error ?? 'the file cannot be read') : null,
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

  /** Mark files of a root that a scan, begun at this time, did not find. */
  async markGone(rootId: string, scanStartedAt: string): Promise<number> {
    const result = await this.#db
      .updateTable('subbandFiles')
      .set({ goneAt: sql`now()` })
      .where('rootId', '=', rootId)
      .where('lastSeenAt', '<', scanStartedAt)
      .where('goneAt', 'is', null)
      .executeTakeFirst();
    return Number(result.numUpdatedRows);
  }

  /** Usable files of a root, in order of time and subband: what groups are made of. */
  listAccepted(
    rootId: string,
    range: { readonly fromMjd?: number; readonly toMjd?: number } = {},
  ): Promise<SubbandFile[]> {
    return this.#withPath()
      .where('subbandFiles.rootId', '=', rootId)
      .where('subbandFiles.state', '=', 'accepted')
      .where('goneAt', 'is', null)
      .$if(range.fromMjd !== undefined, (query) => query.where('endMjd', '>=', range.fromMjd as number))
      .$if(range.toMjd !== undefined, (query) => query.where('startMjd', '<=', range.toMjd as number))
      .orderBy('startMjd')
      .orderBy('subband')
      .execute();
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
