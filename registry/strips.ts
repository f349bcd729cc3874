/** Strips: pointing declinations of which light curves are made. */
import { sql, type Kysely } from 'kysely';
import type { Database, JsonObject } from './schema/index.ts';

/** Pointings this near are one strip: far less than the beam, far more than a file's declination jitters. */
const SAME_STRIP_DEG = 0.25;

/** Beam and grid of a strip, and the tile that they come from. */
export interface StripForm {
  readonly form: JsonObject;
  readonly setBy: string;
}

export class StripRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Id of the strip of a pointing declination (apparent, degrees); made when it is the first of it. Call it within a transaction. */
  async idFor(decDeg: number): Promise<number> {
    const known = await this.#nearest(decDeg);
    if (known !== undefined) return known;
    await sql`select pg_advisory_xact_lock(hashtext('strips'))`.execute(this.#db);
    const meanwhile = await this.#nearest(decDeg);
    if (meanwhile !== undefined) return meanwhile;
    const made = await this.#db.insertInto('strips').values({ decDeg }).returning('id').executeTakeFirstOrThrow();
    return made.id;
  }

  /** Beam and grid of the tiles of a strip for one recipe; null while no tile has set them. */
  async form(stripId: number, recipeHash: string): Promise<StripForm | null> {
    const row = await this.#db
      .selectFrom('stripForms')
      .select(['form', 'setBy'])
      .where('stripId', '=', stripId)
      .where('recipeHash', '=', recipeHash)
      .executeTakeFirst();
    return row?.form == null ? null : { form: row.form, setBy: row.setBy ?? '' };
  }

  /**
   * Take the right to set the form. A claim whose holder has ended, or that is a day old, may be taken over.
   *
   * @returns whether the workflow holds it now
   */
  async claimForm(stripId: number, recipeHash: string, workflowId: string): Promise<boolean> {
    const { rows } = await sql<{ claimedBy: string }>`
      insert into strip_forms (strip_id, recipe_hash, claimed_by) values (${stripId}, ${recipeHash}, ${workflowId})
      on conflict (strip_id, recipe_hash) do update
        set claimed_by = case when strip_forms.claimed_at < now() - interval '1 day' or exists (select from jobs
            where jobs.workflow_id = strip_forms.claimed_by and jobs.status in ('done', 'failed', 'cancelled'))
          then excluded.claimed_by else strip_forms.claimed_by end,
          claimed_at = case when strip_forms.claimed_by = excluded.claimed_by then strip_forms.claimed_at else now() end
      returning claimed_by as "claimedBy"`.execute(this.#db);
    return rows[0]?.claimedBy === workflowId;
  }

  /** Set the form; one that is set stays. */
  async setForm(stripId: number, recipeHash: string, { form, setBy }: StripForm): Promise<void> {
    await sql`
      insert into strip_forms (strip_id, recipe_hash, claimed_by, form, set_by)
        values (${stripId}, ${recipeHash}, '', ${JSON.stringify(form)}::jsonb, ${setBy})
      on conflict (strip_id, recipe_hash) do update set form = coalesce(strip_forms.form, excluded.form),
        set_by = coalesce(strip_forms.set_by, excluded.set_by)`.execute(this.#db);
  }

  async #nearest(decDeg: number): Promise<number | undefined> {
    const row = await this.#db
      .selectFrom('strips')
      .select('id')
      .where(sql<number>`abs(dec_deg - ${decDeg}::float8)`, '<=', SAME_STRIP_DEG)
      .orderBy(sql`abs(dec_deg - ${decDeg}::float8)`)
      .executeTakeFirst();
    return row?.id;
  }
}
