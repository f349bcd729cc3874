/** The catalogue `master`: NVSS with its counterparts in the other surveys. */
import type pg from 'pg';
import { CATALOGS, type CatalogName } from '../domain/catalogs.ts';
import { MeridianError } from '../domain/errors.ts';
import { beginImport, endImport } from './catalog-load.ts';

export interface MasterRequest {
  /** A source of another survey within this distance is a counterpart. */
  readonly radiusArcsec: number;
  /** Integrated over peak flux from which a source counts as resolved. */
  readonly resolvedRatio: number;
  readonly requestedBy: string;
}

/** What the new version of `master` holds. */
export interface MasterReport {
  readonly catalog: 'master';
  readonly version: number;
  readonly rowsLoaded: number;
  readonly withSpectralIndex: number;
  readonly resolved: number;
  readonly confused: number;
  /** NVSS sources with a counterpart, by survey. */
  readonly counterparts: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** Surveys that counterparts come from. */
const SURVEYS = ['first', 'rax', 'vlass'] as const satisfies readonly CatalogName[];

/** Frequencies nearer than this say nothing of a spectral index. */
const MIN_FREQ_RATIO = 1.1;

/**
 * Cross-match NVSS with the surveys that are there and make the result the present version of `master`; its rows are
 * the sources of NVSS. Sources learn their spectral index and flags from it.
 *
 * - spectral index: slope of ln S against ln ν through NVSS and the nearest counterpart of each survey at another
 *   frequency; none without such a counterpart.
 * - resolved: integrated over peak flux reaches the ratio in any survey that gives both; unknown where none does.
 * - confused: several counterparts in one survey, or another NVSS source within the NVSS beam.
 *
 * @throws MeridianError CATALOG_MISSING when NVSS or all other surveys are missing.
 */
export async function buildMaster(client: pg.Client, request: MasterRequest): Promise<MasterReport> {
  const started = performance.now();
  const { radiusArcsec, resolvedRatio, requestedBy } = request;
  const inputs = await requireInputs(client);
  await client.query(PAIRS, [SURVEYS, radiusArcsec / 3600]);
  await client.query(COUNTERPARTS);
  await client.query(NEIGHBOURS, [CATALOGS.nvss.beamArcsec / 3600]);
  for (const table of ['counterparts', 'neighbours']) await client.query(`analyze ${table}`);
  const begun = await beginImport(client, {
    catalog: 'master',
    mode: 'replace',
    origin: 'built',
    file: null,
    table: null,
    rowsRead: inputs['nvss'] ?? 0,
    rejected: {},
    parameters: { radius_arcsec: radiusArcsec, resolved_ratio: resolvedRatio, versions: inputs },
    requestedBy,
  });
  await client.query(SUPERSEDE, [begun.id]);
  await client.query(ROWS, [begun.id, resolvedRatio, Math.log(MIN_FREQ_RATIO)]);
  await client.query(SOURCES);
  const report = await countsOf(client);
  await endImport(client, begun, { catalog: 'master', rowsLoaded: report.rowsLoaded, sourcesNew: 0 });
  return { catalog: 'master', version: begun.version, ...report, seconds: (performance.now() - started) / 1000 };
}

/** Versions of the catalogues that there are. */
async function requireInputs(client: pg.Client): Promise<Readonly<Record<string, number>>> {
  const { rows } = await client.query<{ catalog: CatalogName; version: number }>(
    'select catalog, max(version) as version from catalog_imports where catalog = any($1) group by catalog',
    [['nvss', ...SURVEYS]],
  );
  const versions = Object.fromEntries(rows.map(({ catalog, version }) => [catalog, version]));
  if (versions['nvss'] === undefined) {
    const message = `master is made of NVSS, which is not there; ${CATALOGS.nvss.howToGet}`;
    throw new MeridianError('CATALOG_MISSING', message, { catalog: 'nvss' });
  }
  if (rows.length === 1) {
    const message = `there is no survey to match NVSS with; ${CATALOGS.master.howToGet}`;
    throw new MeridianError('CATALOG_MISSING', message, { catalog: 'master' });
  }
  return versions;
}

async function countsOf(client: pg.Client): Promise<Omit<MasterReport, 'catalog' | 'version' | 'seconds'>> {
  const { rows } = await client.query<Omit<MasterReport, 'catalog' | 'version' | 'seconds' | 'counterparts'>>(
    `select count(*) as "rowsLoaded", count(spectral_index) as "withSpectralIndex",
       count(*) filter (where resolved) as resolved, count(*) filter (where confused) as confused
     from catalog_sources where catalog = 'master' and superseded_by is null`,
  );
  const matched = await client.query<{ catalog: string; count: number }>(
    'select catalog, count(*) as count from counterparts group by catalog order by catalog',
  );
  const [counts] = rows;
  if (counts === undefined) throw new Error('a count returned no row');
  return { ...counts, counterparts: Object.fromEntries(matched.rows.map(({ catalog, count }) => [catalog, count])) };
}

/** Every counterpart of every NVSS source. */
const PAIRS = `
create temporary table pairs on commit drop as
select nvss.source_id, listed.catalog, listed.flux_jy, listed.flux_kind, listed.peak_flux_jy, listed.freq_hz,
  sky_separation_deg(nvss.ra_deg, nvss.dec_deg, listed.ra_deg, listed.dec_deg) as separation_deg
from catalog_sources nvss
cross join lateral sky_windows(nvss.ra_deg, nvss.dec_deg, $2) zone_window
cross join lateral (
  select catalog, ra_deg, dec_deg, flux_jy, flux_kind, peak_flux_jy, freq_hz from catalog_sources entry
  where entry.catalog = any($1) and entry.superseded_by is null and entry.dec_zone = zone_window.dec_zone
    and entry.ra_deg between zone_window.ra_min_deg and zone_window.ra_max_deg
  offset 0
) listed
where nvss.catalog = 'nvss' and nvss.superseded_by is null
  and sky_separation_deg(nvss.ra_deg, nvss.dec_deg, listed.ra_deg, listed.dec_deg) <= $2`;

/** The nearest of each survey, with how many there were. */
const COUNTERPARTS = `
create temporary table counterparts on commit drop as
select distinct on (source_id, catalog) pairs.*, count(*) over (partition by source_id, catalog) as number
from pairs order by source_id, catalog, separation_deg, flux_jy desc`;

/** NVSS sources with another one within the beam. */
const NEIGHBOURS = `
create temporary table neighbours on commit drop as
select distinct nvss.source_id
from catalog_sources nvss
cross join lateral sky_windows(nvss.ra_deg, nvss.dec_deg, $1) zone_window
cross join lateral (
  select source_id, ra_deg, dec_deg from catalog_sources entry
  where entry.catalog = 'nvss' and entry.superseded_by is null and entry.dec_zone = zone_window.dec_zone
    and entry.ra_deg between zone_window.ra_min_deg and zone_window.ra_max_deg
  offset 0
) other
where nvss.catalog = 'nvss' and nvss.superseded_by is null and other.source_id <> nvss.source_id
  and sky_separation_deg(nvss.ra_deg, nvss.dec_deg, other.ra_deg, other.dec_deg) <= $1`;

const SUPERSEDE = `update catalog_sources set superseded_by = $1 where catalog = 'master' and superseded_by is null`;

const ROWS = `
with fluxes as (
  select source_id, flux_jy, flux_kind, peak_flux_jy, freq_hz, freq_hz as nvss_freq_hz, true as own,
    1 as number
  from catalog_sources where catalog = 'nvss' and superseded_by is null
  union all
  select counterparts.source_id, counterparts.flux_jy, counterparts.flux_kind, counterparts.peak_flux_jy,
    counterparts.freq_hz, nvss.freq_hz, false, counterparts.number
  from counterparts
  join catalog_sources nvss on nvss.source_id = counterparts.source_id
    and nvss.catalog = 'nvss' and nvss.superseded_by is null
), properties as (
  select source_id,
    regr_slope(ln(flux_jy), ln(freq_hz))
      filter (where own or abs(ln(freq_hz / nvss_freq_hz)) > $3) as spectral_index,
    bool_or(flux_jy / nullif(peak_flux_jy, 0) >= $2)
      filter (where flux_kind = 'integrated' and peak_flux_jy > 0) as resolved,
    max(number) > 1 as crowded
  from fluxes group by source_id
)
insert into catalog_sources (import_id, source_id, catalog, catalog_id, ra_deg, dec_deg, flux_jy, flux_kind,
  peak_flux_jy, flux_err_jy, freq_hz, maj_arcsec, min_arcsec, pa_deg, spectral_index, crowding, resolved, confused)
select $1, nvss.source_id, 'master', nvss.catalog_id, nvss.ra_deg, nvss.dec_deg, nvss.flux_jy, nvss.flux_kind,
  nvss.peak_flux_jy, nvss.flux_err_jy, nvss.freq_hz, nvss.maj_arcsec, nvss.min_arcsec, nvss.pa_deg,
  properties.spectral_index, nvss.crowding, properties.resolved,
  properties.crowded or neighbours.source_id is not null
from catalog_sources nvss
join properties on properties.source_id = nvss.source_id
left join neighbours on neighbours.source_id = nvss.source_id
where nvss.catalog = 'nvss' and nvss.superseded_by is null
order by nvss.dec_zone, nvss.ra_deg`;

const SOURCES = `
update sources set spectral_index = coalesce(master.spectral_index, sources.spectral_index),
  resolved = coalesce(master.resolved, sources.resolved), confused = master.confused
from catalog_sources master
where master.source_id = sources.id and master.catalog = 'master' and master.superseded_by is null`;
