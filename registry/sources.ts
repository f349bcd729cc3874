/** Sources: what the catalogues list, once each, with ids that are never given again. */
import { sql, type Kysely } from 'kysely';
import type { CatalogName } from '../domain/catalogs.ts';
import { MeridianError } from '../domain/errors.ts';
import { CatalogRepository, requireCone, type Cone } from './catalogs.ts';
import type { Database } from './schema/index.ts';

/** A source. */
export interface SourceRow {
  readonly id: number;
  /** Made of the position it was first seen at: `NVSS J133108+303032`. */
  readonly name: string;
  /** ICRS. */
  readonly raDeg: number;
  readonly decDeg: number;
  /** At 1.4 GHz. */
  readonly fluxJy: number;
  /** Of S ∝ ν^α; null: not measured. */
  readonly spectralIndex: number | null;
  /** How many neighbours crowd it; null: the catalogue does not say. */
  readonly crowding: number | null;
  /** Larger than the beam of some survey; null: not measured. */
  readonly resolved: boolean | null;
  /** More than one counterpart, or neighbours within the NVSS beam; null: not looked at. */
  readonly confused: boolean | null;
  /** The catalogue that was asked, or the one that first listed it. */
  readonly catalog: CatalogName;
}

export interface FootprintQuery extends Cone {
  readonly catalog: CatalogName;
  /** Faintest at 1.4 GHz; default: all. */
  readonly minFluxJy?: number | undefined;
  /** The brightest so many; default: all. */
  readonly limit?: number | undefined;
}

const COLUMNS = [
  'id', 'name', 'raDeg', 'decDeg', 'fluxJy', 'spectralIndex', 'crowding', 'resolved', 'confused', 'catalog',
] as const; // prettier-ignore

export class SourceRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  find(id: number): Promise<SourceRow | undefined> {
    return this.#db.selectFrom('sources').select(COLUMNS).where('id', '=', id).executeTakeFirst();
  }

  /** @throws MeridianError NOT_FOUND */
  async require(id: number): Promise<SourceRow> {
    const source = await this.find(id);
    if (source !== undefined) return source;
    throw new MeridianError('NOT_FOUND', `there is no source ${id}`, { source_id: id });
  }

  /** Sources by id, in the order of their ids; ids that do not exist are left out. */
  async findMany(ids: readonly number[]): Promise<SourceRow[]> {
    if (ids.length === 0) return [];
    const rows = this.#db.selectFrom('sources').select(COLUMNS);
    return await rows
      .where('id', '=', sql<number>`any(${[...ids]}::bigint[])`)
      .orderBy('id')
      .execute();
  }

  /** @param name as catalogues write it; blanks around and between count once. */
  findByName(name: string): Promise<SourceRow | undefined> {
    const written = name.trim().replace(/\s+/g, ' ').replace('−', '-');
    return this.#db.selectFrom('sources').select(COLUMNS).where('name', '=', written).executeTakeFirst();
  }

  /**
   * Sources that the present version of a catalogue lists within a cone, brightest first; right at RA 0h and at the
   * poles. Positions and flags are those of the catalogue that is asked.
   *
   * @throws MeridianError REQUEST_INVALID for a place that is none; CATALOG_MISSING saying how to get the catalogue.
   */
  async inFootprint(query: FootprintQuery): Promise<SourceRow[]> {
    const { catalog, minFluxJy = 0, limit = null } = query;
    const { raDeg, decDeg, radiusDeg } = requireCone(query);
    const { rows } = await sql<SourceRow>`
      select source.id, source.name, listed.ra_deg, listed.dec_deg, source.flux_jy,
        coalesce(listed.spectral_index, source.spectral_index) as spectral_index,
        coalesce(listed.crowding, source.crowding) as crowding,
        coalesce(listed.resolved, source.resolved) as resolved,
        coalesce(listed.confused, source.confused) as confused, listed.catalog
      from sky_windows(${raDeg}, ${decDeg}, ${radiusDeg}) zone_window
      cross join lateral (
        select source_id, catalog, ra_deg, dec_deg, spectral_index, crowding, resolved, confused
        from catalog_sources entry
        where entry.catalog = ${catalog} and entry.superseded_by is null and entry.dec_zone = zone_window.dec_zone
          and entry.ra_deg between zone_window.ra_min_deg and zone_window.ra_max_deg
        -- Keeps the planner from joining the other way round.
        offset 0
      ) listed
      join sources source on source.id = listed.source_id
      where sky_separation_deg(${raDeg}, ${decDeg}, listed.ra_deg, listed.dec_deg) <= ${radiusDeg}
        and source.flux_jy >= ${minFluxJy}
      order by source.flux_jy desc, source.id
      limit ${limit}`.execute(this.#db);
    if (rows.length === 0) await new CatalogRepository(this.#db).require(catalog);
    return rows;
  }
}
