import type { Migration } from './migration.ts';

/**
 * Catalogues of radio sources and the sources they tell of. Places are indexed by zones of declination, 0.1 degrees
 * high, and right ascension within (docs/adr/0011-sky-zones.md).
 */
export const catalogsMigration: Migration = {
  version: 8,
  name: 'catalogs',
  sql: `
-- Vincenty (1975), Survey Review 23, 88, on the unit sphere: exact for small and for antipodal separations.
create function sky_separation_deg(
  ra1_deg double precision, dec1_deg double precision, ra2_deg double precision, dec2_deg double precision
) returns double precision language sql immutable parallel safe as $$
  select degrees(atan2(
    sqrt(
      power(cosd(dec2_deg) * sind(ra2_deg - ra1_deg), 2)
      + power(cosd(dec1_deg) * sind(dec2_deg) - sind(dec1_deg) * cosd(dec2_deg) * cosd(ra2_deg - ra1_deg), 2)
    ),
    sind(dec1_deg) * sind(dec2_deg) + cosd(dec1_deg) * cosd(dec2_deg) * cosd(ra2_deg - ra1_deg)
  ))
$$;

create function sky_zone(dec_deg double precision) returns smallint
  language sql immutable parallel safe
  return floor(dec_deg * 10)::smallint;

-- Zones and ranges of right ascension that together hold a cone: two ranges where it crosses 0h, all around where it
-- holds a pole. The margin covers rounding.
create function sky_windows(ra_deg double precision, dec_deg double precision, radius_deg double precision)
returns table (dec_zone smallint, ra_min_deg double precision, ra_max_deg double precision)
language sql immutable parallel safe rows 12 as $$
  select zone::smallint, greatest(span.from_deg, 0), least(span.to_deg, 360)
  from generate_series(
    sky_zone(greatest(dec_deg - radius_deg - 1e-9, -90))::integer,
    sky_zone(least(dec_deg + radius_deg + 1e-9, 90))::integer
  ) zone
  cross join lateral (
    select case when abs(dec_deg) + radius_deg >= 90 - 1e-9 then 360.0
      else degrees(asin(least(sind(radius_deg) / cosd(dec_deg), 1))) + 1e-9 end as half_deg
  ) width
  cross join lateral (
    select turn + ra_deg - half_deg as from_deg, turn + ra_deg + half_deg as to_deg
      from unnest(array[-360, 0, 360]) turn where half_deg < 180
    union all select 0, 360 where half_deg >= 180
  ) span
  where span.to_deg >= 0 and span.from_deg <= 360
$$;

-- A name in the way of the IAU: the position truncated, not rounded. The small number keeps what is written in the
-- catalogue with a last digit from falling below it.
create function iau_name(
  prefix text, ra_deg double precision, dec_deg double precision, ra_decimals integer, dec_decimals integer
) returns text language sql immutable parallel safe as $$
  select prefix || ' J'
    || lpad((ra_units / (3600 * ra_scale))::text, 2, '0')
    || lpad((ra_units / (60 * ra_scale) % 60)::text, 2, '0')
    || lpad((ra_units / ra_scale % 60)::text, 2, '0')
    || case when ra_decimals > 0 then '.' || lpad((ra_units % ra_scale)::text, ra_decimals, '0') else '' end
    || case when dec_deg < 0 then '-' else '+' end
    || lpad((dec_units / (3600 * dec_scale))::text, 2, '0')
    || lpad((dec_units / (60 * dec_scale) % 60)::text, 2, '0')
    || lpad((dec_units / dec_scale % 60)::text, 2, '0')
    || case when dec_decimals > 0 then '.' || lpad((dec_units % dec_scale)::text, dec_decimals, '0') else '' end
  from (select power(10, ra_decimals)::bigint as ra_scale, power(10, dec_decimals)::bigint as dec_scale) scales
  cross join lateral (
    select floor(ra_deg / 15 * 3600 * ra_scale + 1e-6)::bigint % (86400 * ra_scale) as ra_units,
      floor(abs(dec_deg) * 3600 * dec_scale + 1e-6)::bigint as dec_units
  ) units
$$;

create table catalog_imports (
  id bigint generated always as identity primary key,
  catalog text not null check (catalog in ('nvss', 'first', 'rax', 'vlass', 'master')),
  version integer not null check (version >= 1),
  -- replace: the whole catalogue, all rows before it are superseded; add: only the rows of the same sources are.
  mode text not null check (mode in ('replace', 'add')),
  origin text not null check (origin in ('shipped', 'file', 'vizier', 'built')),
  file_name text,
  file_sha256 text,
  table_sha256 text,
  rows_read bigint not null,
  rows_loaded bigint not null default 0,
  -- Reason to number of rows that were left out for it.
  rejected jsonb not null default '{}',
  -- Rows of the catalogue that are not superseded, after this import.
  rows_current bigint not null default 0,
  sources_new bigint not null default 0,
  parameters jsonb not null default '{}',
  requested_by text not null,
  imported_at timestamptz not null default now(),
  unique (catalog, version)
);

-- One row per object in the sky that some catalogue lists. Never deleted, ids never given again.
create table sources (
  id bigint generated always as identity primary key,
  name text collate "C" not null unique,
  catalog text not null check (catalog in ('nvss', 'first', 'rax', 'vlass')),
  catalog_id text,
  ra_deg double precision not null check (ra_deg >= 0 and ra_deg < 360),
  dec_deg double precision not null check (dec_deg between -90 and 90),
  dec_zone smallint generated always as (sky_zone(dec_deg)) stored,
  -- At 1.4 GHz; scaled with the spectral index, or -0.7 where there is none.
  flux_jy double precision not null check (flux_jy > 0),
  flux_kind text not null check (flux_kind in ('integrated', 'peak')),
  spectral_index double precision,
  crowding smallint,
  resolved boolean,
  confused boolean,
  first_import_id bigint not null,
  last_import_id bigint not null,
  first_seen_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index sources_by_catalog_id on sources (catalog, catalog_id) where catalog_id is not null;
create index sources_by_place on sources (catalog, dec_zone, ra_deg);

-- What each version of a catalogue says of a source.
create table catalog_sources (
  import_id bigint not null,
  source_id bigint not null references sources,
  catalog text not null check (catalog in ('nvss', 'first', 'rax', 'vlass', 'master')),
  catalog_id text,
  ra_deg double precision not null check (ra_deg >= 0 and ra_deg < 360),
  dec_deg double precision not null check (dec_deg between -90 and 90),
  dec_zone smallint generated always as (sky_zone(dec_deg)) stored,
  -- At freq_hz, of the kind that flux_kind names.
  flux_jy double precision not null check (flux_jy > 0),
  flux_kind text not null check (flux_kind in ('integrated', 'peak')),
  peak_flux_jy double precision,
  flux_err_jy double precision check (flux_err_jy > 0),
  freq_hz double precision not null check (freq_hz > 0),
  maj_arcsec real,
  min_arcsec real,
  pa_deg real,
  spectral_index double precision,
  crowding smallint,
  resolved boolean,
  confused boolean,
  superseded_by bigint,
  primary key (import_id, source_id)
);
create index catalog_sources_by_place on catalog_sources (catalog, dec_zone, ra_deg) where superseded_by is null;
create unique index catalog_sources_current on catalog_sources (source_id, catalog) where superseded_by is null;

create trigger touch before update on sources for each row execute function touch_updated_at();
`,
};
