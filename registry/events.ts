/** The ordered log of what happened: for followers of a job, and for whoever asks later. */
import type { Kysely } from 'kysely';
import { json } from './connection.ts';
import type { Database, JsonObject } from './schema/index.ts';

export interface NewEvent {
  /** What happened, for programs: `phase.started`, `stage.done`, `job.paused`. */
  readonly kind: string;
  readonly jobId?: string | null;
  readonly workflowId?: string | null;
  readonly groupId?: string | null;
  readonly productId?: string | null;
  readonly stage?: string | null;
  /** What happened, for people. */
  readonly message?: string | null;
  readonly payload?: JsonObject;
}

export interface MeridianEvent {
  /** Position in the log: whoever has read up to a number misses nothing below it. */
  readonly id: number;
  readonly at: string;
  readonly kind: string;
  readonly jobId: string | null;
  readonly workflowId: string | null;
  readonly groupId: string | null;
  readonly productId: string | null;
  readonly stage: string | null;
  readonly message: string | null;
  readonly payload: JsonObject;
}

export interface EventFilter {
  readonly jobId?: string;
}

const COLUMNS = [
  'id',
  'at',
  'kind',
  'jobId',
  'workflowId',
  'groupId',
  'productId',
  'stage',
  'message',
  'payload',
] as const;

const PAGE = 500;

export class EventRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Write events, in this order; within a transaction they count, and get their numbers, when it commits. */
  async append(...events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    const rows = events.map(({ payload, ...event }) => ({ ...event, payload: json(payload ?? {}) }));
    await this.#db.insertInto('events').values(rows).execute();
  }

  /** Events after a number, in order. */
  async after(id: number, filter: EventFilter = {}, limit = PAGE): Promise<MeridianEvent[]> {
    return await this.#db
      .selectFrom('events')
      .select(COLUMNS)
      .where('id', '>', id)
      .$if(filter.jobId !== undefined, (q) => q.where('jobId', '=', filter.jobId as string))
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  /** Number of the newest event; 0 when there is none. */
  async latestId(): Promise<number> {
    const row = await this.#db
      .selectFrom('events')
      .select('id')
      .where('id', 'is not', null)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.id ?? 0;
  }
}
