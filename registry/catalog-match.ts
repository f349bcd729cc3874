/**
 * Which rows of a catalogue that is being loaded are sources that are known: by the catalogue's own name of a row, then
 * by position. Works on the temporary table `incoming` of `catalog-load.ts`.
 */
import type pg from 'pg';
import { CATALOGS, type CatalogName } from '../domain/catalogs.ts';

/**
 * Two versions of a catalogue give the position of a source that differs by less than this: a tenth of the beam, for
 * errors of position are the beam over twice the signal-to-noise; and at least what is lost in rounding.
 */
const matchRadiusArcsec = (catalog: CatalogName): number => Math.max(CATALOGS[catalog].beamArcsec / 10, 1);

/** Give rows of `incoming` the ids of the sources of this catalogue that they are; one row to a source. */
export async function matchKnownSources(client: pg.Client, catalog: CatalogName): Promise<void> {
  const { rows } = await client.query('select from sources where catalog = $1 limit 1', [catalog]);
  if (rows.length === 0) return;
  await client.query(BY_NAME, [catalog]);
  await client.query(BY_POSITION, [catalog, matchRadiusArcsec(catalog) / 3600]);
}

const BY_NAME = `
update incoming set source_id = sources.id, is_new = false
from sources where sources.catalog = $1 and sources.catalog_id = incoming.catalog_id`;

/** Nearest to each other both ways, among what has no match by name. */
const BY_POSITION = `
with pairs as (
  select incoming.source_id, known.id,
    sky_separation_deg(incoming.ra_deg, incoming.dec_deg, known.ra_deg, known.dec_deg) as separation_deg
  from incoming
  cross join lateral sky_windows(incoming.ra_deg, incoming.dec_deg, $2) zone_window
  cross join lateral (
    select id, ra_deg, dec_deg from sources
    where sources.catalog = $1 and sources.dec_zone = zone_window.dec_zone
      and sources.ra_deg between zone_window.ra_min_deg and zone_window.ra_max_deg
    offset 0
  ) known
  where incoming.is_new
    and not exists (select from incoming named where named.source_id = known.id and not named.is_new)
), nearest as (
  select distinct on (source_id) source_id, id, separation_deg from pairs
  where separation_deg <= $2 order by source_id, separation_deg, id
), mutual as (
  select distinct on (id) source_id, id from nearest order by id, separation_deg, source_id
)
update incoming set source_id = mutual.id, is_new = false
from mutual where mutual.source_id = incoming.source_id`;

/** Tell sources apart whose positions truncate to the same name; returns how many sources are new. */
export async function nameNewSources(client: pg.Client): Promise<number> {
  await client.query(SUFFIXES);
  const { rows } = await client.query<{ count: number }>('select count(*) as count from incoming where is_new');
  return rows[0]?.count ?? 0;
}

/** The second source of a name gets a B, and so on; a name once given stays. */
const SUFFIXES = `
with shared as (
  select name from incoming where is_new group by name having count(*) > 1
  union
  select incoming.name from incoming join sources on sources.name = incoming.name where is_new
), places as (
  select incoming.source_id, given.count - 1
    + row_number() over (partition by incoming.name order by incoming.dec_deg, incoming.ra_deg) as place
  from incoming join shared on shared.name = incoming.name
  cross join lateral (
    select count(*) as count from sources where sources.name = incoming.name or sources.name = any(
      array(select incoming.name || chr(letter) from generate_series(ascii('B'), ascii('Z')) letter))
  ) given
  where incoming.is_new
)
update incoming set suffix = chr(ascii('A') + places.place::integer)
from places where places.source_id = incoming.source_id and places.place > 0`;
