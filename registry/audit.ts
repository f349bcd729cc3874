/** Who did what, and why: requests of people and programs, never changed. */
import type { Kysely, Selectable } from 'kysely';
import { json } from './connection.ts';
import type { AuditLogTable } from './schema/jobs.ts';
import type { Database, JsonObject } from './schema/index.ts';

export type AuditEntry = Selectable<AuditLogTable>;

export interface NewAuditEntry {
  readonly actor: string;
  /** Verb: `mosaic.create`, `job.pause`. */
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly reason?: string | null;
  readonly requestId?: string | null;
  readonly details?: JsonObject;
}

export class AuditRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async record(entry: NewAuditEntry): Promise<void> {
    await this.#db
      .insertInto('auditLog')
      .values({ ...entry, details: json(entry.details ?? {}) })
      .execute();
  }

  /** What was done to a subject, oldest first. */
  of(subjectKind: string, subjectId: string): Promise<AuditEntry[]> {
    return this.#db
      .selectFrom('auditLog')
      .selectAll()
      .where('subjectKind', '=', subjectKind)
      .where('subjectId', '=', subjectId)
      .orderBy('at')
      .execute();
  }
}
