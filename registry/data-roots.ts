/** Folders below which raw files may be read. */
import { basename, isAbsolute, normalize } from 'node:path';
import { sql, type Kysely, type Selectable } from 'kysely';
import { MeridianError } from '../domain/errors.ts';
import type { DataRootsTable } from './schema/files.ts';
import type { Database } from './schema/index.ts';

export type DataRoot = Selectable<DataRootsTable>;

const UNIQUE_VIOLATION = '23505';
const NAME_ATTEMPTS = 100;

export class DataRootRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /**
   * Register a folder; the same folder again gives the same row, active again if it was retired.
   *
   * @param root path absolute and resolved (no links) by the caller; name default: the last part of the path.
   * @throws MeridianError REQUEST_INVALID for a relative path; CONFLICT when the name belongs to another folder.
   */
  async register(root: { readonly path: string; readonly name?: string | undefined }): Promise<DataRoot> {
    if (!isAbsolute(root.path)) {
      throw new MeridianError(
        'REQUEST_INVALID',
        `the data root "${root.path}" is no absolute path; give the whole path`,
        {
          path: root.path,
        },
      );
    }
    const path = normalize(root.path).replace(/(.)\/+$/, '$1');
    const known = await this.#activate(path);
    if (known !== undefined) return known;
    const base = root.name ?? (basename(path).replace(/[^A-Za-z0-9+._-]/g, '_') || 'root');
    for (let attempt = 1; attempt <= NAME_ATTEMPTS; attempt += 1) {
      const row = await this.#insert(path, attempt === 1 ? base : `${base}-${attempt}`);
      if (row !== undefined) return row;
      const raced = await this.#activate(path);
      if (raced !== undefined) return raced;
      if (root.name !== undefined) break;
    }
    throw new MeridianError('CONFLICT', `another folder is registered as "${base}"; give another name`, { name: base });
  }

  async #insert(path: string, name: string): Promise<DataRoot | undefined> {
    try {
      return await this.#db.insertInto('dataRoots').values({ path, name }).returningAll().executeTakeFirst();
    } catch (error) {
      if ((error as { code?: string }).code === UNIQUE_VIOLATION) return undefined;
      throw error;
    }
  }

  async #activate(path: string): Promise<DataRoot | undefined> {
    const rows = this.#db.updateTable('dataRoots').set({ state: 'active' }).where('path', '=', path);
    return await rows.returningAll().executeTakeFirst();
  }

  find(id: string): Promise<DataRoot | undefined> {
    return this.#db.selectFrom('dataRoots').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** Active roots, oldest first. */
  list(): Promise<DataRoot[]> {
    return this.#db.selectFrom('dataRoots').selectAll().where('state', '=', 'active').orderBy('id').execute();
  }

  async markScanned(id: string): Promise<void> {
    await this.#db
      .updateTable('dataRoots')
      .set({ lastScanAt: sql`now()` })
      .where('id', '=', id)
      .execute();
  }

  /** Say whether a stream watches a root: then every look at it waits for late files as the stream does. */
  async setWatched(id: string, watched: boolean): Promise<void> {
    await this.#db.updateTable('dataRoots').set({ watched }).where('id', '=', id).execute();
  }

  /** Stop looking for files there; what is known of it stays. */
  async retire(id: string): Promise<void> {
    await this.#db.updateTable('dataRoots').set({ state: 'retired' }).where('id', '=', id).execute();
  }
}
