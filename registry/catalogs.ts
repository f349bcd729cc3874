/** Source catalogues: which there are, and what they list around a place. */
import { sql, type Kysely, type Selectable } from 'kysely';
import { CATALOG_NAMES, CATALOGS, type CatalogName, type FluxKind } from '../domain/catalogs.ts';
import { MeridianError } from '../domain/errors.ts';
import { requirePosition } from '../domain/sky.ts';
import type { CatalogImportsTable } from './schema/catalogs.ts';
import type { Database } from './schema/index.ts';

export type { ImportMode, ImportOrigin } from './schema/catalogs.ts';

/** One import of a catalogue: a version of it, or an addition. */
export type CatalogImport = Selectable<CatalogImportsTable>;

/** A catalogue with the import that made it what it is; null: it was never imported. */
export interface CatalogState {
  readonly name: CatalogName;
  readonly latest: CatalogImport | null;
}

/** A source as the present version of a catalogue has it. */
export interface CatalogRow {
  readonly sourceId: number;
  /** Name of the source, whichever catalogue first listed it. */
  readonly name: string;
  readonly catalog: CatalogName;
  /** What the catalogue itself calls it. */
  readonly catalogId: string | null;
  readonly raDeg: number;
  readonly decDeg: number;
  readonly separationDeg: number;
  /** At `freqHz`. */
  readonly fluxJy: number;
  readonly fluxKind: FluxKind;
  readonly peakFluxJy: number | null;
  readonly fluxErrJy: number | null;
  readonly freqHz: number;
  readonly majArcsec: number | null;
  readonly minArcsec: number | null;
  readonly paDeg: number | null;
  readonly spectralIndex: number | null;
  readonly crowding: number | null;
  readonly resolved: boolean | null;
  readonly confused: boolean | null;
}

/** A cone on the sky, ICRS, degrees. */
export interface Cone {
  readonly raDeg: number;
  readonly decDeg: number;
  readonly radiusDeg: number;
}

export interface ConeQuery extends Cone {
  readonly catalog: CatalogName;
  /** Faintest, at the catalogue's own frequency; default: all. */
  readonly minFluxJy?: number | undefined;
  /** Default: no limit. */
  readonly limit?: number | undefined;
}

export class CatalogRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Every catalogue there can be, in the order of their names' list. */
  async list(): Promise<CatalogState[]> {
    const imports = await this.#db
      .selectFrom('catalogImports')
      .selectAll()
      .distinctOn('catalog')
      .orderBy('catalog')
      .orderBy('version', 'desc')
      .execute();
    return CATALOG_NAMES.map((name) => ({ name, latest: imports.find(({ catalog }) => catalog === name) ?? null }));
  }

  /** The newest import of a catalogue. */
  latest(catalog: CatalogName): Promise<CatalogImport | undefined> {
    const imports = this.#db.selectFrom('catalogImports').selectAll().where('catalog', '=', catalog);
    return imports.orderBy('version', 'desc').limit(1).executeTakeFirst();
  }

  /** @throws MeridianError CATALOG_MISSING saying how to get it. */
  async require(catalog: CatalogName): Promise<CatalogImport> {
    const latest = await this.latest(catalog);
    if (latest !== undefined) return latest;
    const message = `the catalogue ${catalog} is not there; ${CATALOGS[catalog].howToGet}`;
    throw new MeridianError('CATALOG_MISSING', message, { catalog });
  }

  /**
   * Sources of a catalogue within a cone, nearest first; right at RA 0h and at the poles.
   *
   * @throws MeridianError REQUEST_INVALID for a place that is none; CATALOG_MISSING saying how to get the catalogue.
   */
  async cone(query: ConeQuery): Promise<CatalogRow[]> {
    const { catalog, minFluxJy = 0, limit = null } = query;
    const { raDeg, decDeg, radiusDeg } = requireCone(query);
    const { rows } = await sql<CatalogRow>`
      select near.*, sources.name from (
        select listed.*, sky_separation_deg(${raDeg}, ${decDeg}, ra_deg, dec_deg) as separation_deg
        from sky_windows(${raDeg}, ${decDeg}, ${radiusDeg}) zone_window
        cross join lateral (
          select source_id, catalog, catalog_id, ra_deg, dec_deg, flux_jy, flux_kind, peak_flux_jy, flux_err_jy,
            freq_hz, maj_arcsec, min_arcsec, pa_deg, spectral_index, crowding, resolved, confused
          from catalog_sources entry
          where entry.catalog = ${catalog} and entry.superseded_by is null and entry.dec_zone = zone_window.dec_zone
            and entry.ra_deg between zone_window.ra_min_deg and zone_window.ra_max_deg
            and entry.flux_jy >= ${minFluxJy}
          -- Keeps the planner from joining the other way round.
          offset 0
        ) listed
      ) near
      join sources on sources.id = near.source_id
      where near.separation_deg <= ${radiusDeg}
      order by near.separation_deg, near.source_id
      limit ${limit}`.execute(this.#db);
    if (rows.length === 0) await this.require(catalog);
    return rows;
  }
}

/**
 * A cone from outside, RA in [0, 360).
 *
 * @throws MeridianError REQUEST_INVALID naming the field.
 */
export function requireCone({ raDeg, decDeg, radiusDeg }: Cone): Cone {
  if (!(radiusDeg >= 0 && radiusDeg <= 180)) {
    const message = `radius_deg must be between 0 and 180, got ${radiusDeg}`;
    throw new MeridianError('REQUEST_INVALID', message, { field: 'radius_deg' });
  }
  return { ...requirePosition(raDeg, decDeg), radiusDeg };
}
