/** Transits that are planned, and what became of them. The key is the sidereal transit number; times are data. */
import { sql, type Kysely, type Selectable } from 'kysely';
import { MeridianError } from '../domain/errors.ts';
import { transitWorkflowId } from '../domain/ids.ts';
import type { Pointing, TransitKey, TransitPlan } from '../domain/schedule/plan.ts';
import { TRANSIT_STATES, type TransitState } from '../domain/schedule/transit-states.ts';
import { mayMove } from '../domain/states.ts';
import { json } from './connection.ts';
import type { ScheduleRequest } from './scheduled-calibrators.ts';
import type { PlannedTransitsTable } from './schema/schedule.ts';
import type { Database } from './schema/index.ts';

export type PlannedTransit = Selectable<PlannedTransitsTable>;

export interface PlannedBy {
  readonly requestedBy: string;
  /** 1 to 5; backfill has 5. */
  readonly priority: number;
}

/** What is written down of a change of state. */
export interface TransitFacts {
  readonly reason?: string | null;
  readonly reasonCode?: string | null;
  readonly mosaicGroupId?: string;
  readonly mosaicId?: string;
}

export interface TransitQuery {
  readonly fromMjd?: number;
  readonly toMjd?: number;
  readonly calibrator?: string;
  readonly states?: readonly TransitState[];
  readonly limit?: number;
}

const OPEN: readonly TransitState[] = ['planned', 'waiting'];
const NEWEST_GROUPS = 3;

export class PlannedTransitRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /**
   * Plan a transit. One that is planned already, was asked for or is done stays as it is; one that was struck off,
   * missed or failed is planned anew.
   *
   * @returns whether it is planned anew
   */
  async plan(plan: TransitPlan, { requestedBy, priority }: PlannedBy): Promise<boolean> {
    const { calibrator, transitNumber } = plan;
    const planned = { ...plan, request: json(plan.request), requestedBy, priority };
    const fresh = { state: 'planned', reason: null, reasonCode: null, mosaicGroupId: null, endedAt: null } as const;
    const row = await this.#db
      .insertInto('plannedTransits')
      .values({ ...planned, workflowId: transitWorkflowId(calibrator, transitNumber) })
      .onConflict((oc) =>
        oc
          .columns(['calibrator', 'transitNumber'])
          .doUpdateSet({ ...planned, ...fresh })
          .where('plannedTransits.state', 'in', ['struck', 'missed', 'failed']),
      )
      .returning('calibrator')
      .executeTakeFirst();
    return row !== undefined;
  }

  find({ calibrator, transitNumber }: TransitKey): Promise<PlannedTransit | undefined> {
    return this.#db
      .selectFrom('plannedTransits')
      .selectAll()
      .where('calibrator', '=', calibrator)
      .where('transitNumber', '=', transitNumber)
      .executeTakeFirst();
  }

  /** @throws MeridianError NOT_FOUND */
  async require(key: TransitKey): Promise<PlannedTransit> {
    const row = await this.find(key);
    if (row !== undefined) return row;
    const { calibrator, transitNumber } = key;
    throw new MeridianError('NOT_FOUND', `transit ${transitNumber} of ${calibrator} was never planned`, {
      calibrator,
      transit_number: transitNumber,
    });
  }

  /** In order of time. */
  list(query: TransitQuery = {}): Promise<PlannedTransit[]> {
    const { fromMjd, toMjd, calibrator, states, limit } = query;
    if (states?.length === 0) return Promise.resolve([]);
    return this.#db
      .selectFrom('plannedTransits')
      .selectAll()
      .$if(fromMjd !== undefined, (q) => q.where('transitMjd', '>=', fromMjd as number))
      .$if(toMjd !== undefined, (q) => q.where('transitMjd', '<', toMjd as number))
      .$if(calibrator !== undefined, (q) => q.where('calibrator', '=', calibrator as string))
      .$if(states !== undefined, (q) => q.where('state', 'in', states as TransitState[]))
      .orderBy('transitMjd')
      .orderBy('calibrator')
      .$if(limit !== undefined, (q) => q.limit(limit as number))
      .execute();
  }

  /** Those that may be moved or struck off, and all others in a range of time: what a new plan is compared with. */
  known(range: { readonly startMjd: number; readonly endMjd: number }): Promise<PlannedTransit[]> {
    return this.#db
      .selectFrom('plannedTransits')
      .selectAll()
      .where((eb) =>
        eb.or([
          eb('state', 'in', OPEN),
          eb.and([eb('transitMjd', '>=', range.startMjd), eb('transitMjd', '<', range.endMjd)]),
        ]),
      )
      .orderBy('transitMjd')
      .execute();
  }

  /** Other times or another recipe for an open transit; others stay as they are. */
  async move(plan: TransitPlan, by: ScheduleRequest): Promise<void> {
    const { calibrator, transitNumber, request, ...times } = plan;
    await this.#db
      .updateTable('plannedTransits')
      .set({
        ...times,
        request: json(request),
        movedAt: sql`now()`,
        movedBy: by.requestedBy,
        movedReason: by.reason,
      })
      .where('calibrator', '=', calibrator)
      .where('transitNumber', '=', transitNumber)
      .where('state', 'in', OPEN)
      .execute();
  }

  /** What an open transit waits for. One that was struck off meanwhile stays so. */
  async waitFor(key: TransitKey, { reason, reasonCode = null }: TransitFacts): Promise<void> {
    await this.#db
      .updateTable('plannedTransits')
      .set({ state: 'waiting', reason: reason ?? null, reasonCode })
      .where('calibrator', '=', key.calibrator)
      .where('transitNumber', '=', key.transitNumber)
      .where('state', 'in', OPEN)
      .execute();
  }

  /**
   * Move on to a state; being there writes the facts again (a retried activity says it twice).
   *
   * @throws MeridianError NOT_FOUND; CONFLICT when the state does not follow
   */
  async advance(key: TransitKey, to: TransitState, facts: TransitFacts = {}): Promise<void> {
    const from = (await this.require(key)).state;
    if (from !== to && !mayMove(TRANSIT_STATES as Record<TransitState, readonly TransitState[]>, from, to)) {
      throw new MeridianError(
        'CONFLICT',
        `transit ${key.transitNumber} of ${key.calibrator} is ${from}, not to be ${to}`,
      );
    }
    const isEnd = (['done', 'failed', 'missed', 'struck'] as readonly TransitState[]).includes(to);
    await this.#db
      .updateTable('plannedTransits')
      .set({ state: to, ...facts, ...(isEnd ? { endedAt: sql<string>`coalesce(ended_at, now())` } : {}) })
      .where('calibrator', '=', key.calibrator)
      .where('transitNumber', '=', key.transitNumber)
      .where('state', '=', from)
      .execute();
  }

  /** Pointings of the newest groups, newest first. */
  newestPointings(): Promise<Pointing[]> {
    return this.#db
      .selectFrom('observationGroups')
      .select(['id as groupId', sql<number>`pointing_dec_deg`.as('decDeg')])
      .where('supersededAt', 'is', null)
      .where('pointingDecDeg', 'is not', null)
      .where('state', '<>', 'rejected')
      .orderBy('startMjd', 'desc')
      .limit(NEWEST_GROUPS)
      .execute();
  }
}
