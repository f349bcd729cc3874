/** Calibrators whose transits are to become mosaics. */
import { sql, type Kysely, type Selectable } from 'kysely';
import { MeridianError } from '../domain/errors.ts';
import { json } from './connection.ts';
import type { ScheduledCalibratorsTable } from './schema/schedule.ts';
import type { Database, JsonObject } from './schema/index.ts';

export type ScheduledCalibratorRow = Selectable<ScheduledCalibratorsTable>;

export interface NewScheduledCalibrator {
  readonly name: string;
  /** Degrees; null: at any pointing that has it in the beam. */
  readonly decDeg: number | null;
  readonly timespanMinutes: number;
  readonly deadlineMinutes: number;
  readonly minTiles: number;
  readonly recipe: JsonObject;
  readonly addedBy: string;
  readonly sinceMjd: number;
}

export interface ScheduleRequest {
  readonly requestedBy: string;
  readonly reason: string;
}

export class ScheduledCalibratorRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Put a calibrator on the list, or change how its transits are used; a paused one stays paused. */
  put(calibrator: NewScheduledCalibrator): Promise<ScheduledCalibratorRow> {
    const { name, sinceMjd, recipe, ...facts } = calibrator;
    const values = { ...facts, recipe: json(recipe) };
    return this.#db
      .insertInto('scheduledCalibrators')
      .values({ name, sinceMjd, ...values })
      .onConflict((oc) => oc.column('name').where('removedAt', 'is', null).doUpdateSet(values))
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  /** Those on the list, by name. */
  list(): Promise<ScheduledCalibratorRow[]> {
    return this.#db
      .selectFrom('scheduledCalibrators')
      .selectAll()
      .where('removedAt', 'is', null)
      .orderBy('name')
      .execute();
  }

  /** @throws MeridianError NOT_FOUND */
  async require(name: string): Promise<ScheduledCalibratorRow> {
    const row = await this.#db
      .selectFrom('scheduledCalibrators')
      .selectAll()
      .where('name', '=', name)
      .where('removedAt', 'is', null)
      .executeTakeFirst();
    if (row !== undefined) return row;
    throw new MeridianError('NOT_FOUND', `${name} is not on the schedule`, { calibrator: name });
  }

  /** Plan no further transits of it, until it is resumed. */
  async pause(name: string, by: ScheduleRequest): Promise<void> {
    const pause = { pausedBy: by.requestedBy, pausedReason: by.reason, pausedAt: sql<string>`now()` };
    await this.#change(name, pause);
  }

  /** @param sinceMjd transits of the time of the pause are not made up for */
  async resume(name: string, sinceMjd: number): Promise<void> {
    await this.#change(name, { pausedBy: null, pausedReason: null, pausedAt: null, sinceMjd });
  }

  /** Take it off the list; the row stays with who and why. */
  async remove(name: string, by: ScheduleRequest): Promise<void> {
    const removal = { removedBy: by.requestedBy, removedReason: by.reason, removedAt: sql<string>`now()` };
    await this.#change(name, removal);
  }

  async #change(
    name: string,
    change: Partial<Record<'pausedBy' | 'pausedReason' | 'removedBy' | 'removedReason', string | null>> & {
      readonly pausedAt?: ReturnType<typeof sql<string>> | null;
      readonly removedAt?: ReturnType<typeof sql<string>>;
      readonly sinceMjd?: number;
    },
  ): Promise<void> {
    await this.#db
      .updateTable('scheduledCalibrators')
      .set(change)
      .where('name', '=', name)
      .where('removedAt', 'is', null)
      .execute();
  }
}
