import type { Migration } from './migration.ts';

/** Mosaic groups with their members, mosaics with their tiles, and recorded plans. */
export const mosaicsMigration: Migration = {
  version: 4,
  name: 'mosaics',
  sql: `
create table mosaic_groups (
  id uuid primary key default uuidv7(),
  workflow_id text not null unique,
  job_id uuid,
  name text not null,
  state text not null default 'pending' check (state in
    ('pending', 'formed', 'calibrated', 'imaged', 'mosaicked', 'done', 'failed', 'cancelled')),
  error_code text,
  error_message text,
  target text not null check (target in ('transit', 'window')),
  calibrator text,
  transit_number integer,
  transit_mjd double precision,
  start_mjd double precision not null,
  end_mjd double precision not null,
  transit_utc timestamptz generated always as (utc_of_mjd(transit_mjd)) stored,
  start_utc timestamptz generated always as (utc_of_mjd(start_mjd)) stored,
  end_utc timestamptz generated always as (utc_of_mjd(end_mjd)) stored,
  dec_deg double precision,
  method text not null check (method in ('mean', 'weighted', 'pbweighted')),
  parameters jsonb not null default '{}',
  calibrator_group_id text,
  caltable_ids uuid[] not null default '{}',
  mosaic_id uuid references data_registry,
  formed_at timestamptz,
  calibrated_at timestamptz,
  imaged_at timestamptz,
  mosaicked_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((target = 'transit') = (transit_mjd is not null and transit_number is not null and calibrator is not null)),
  check (start_mjd < end_mjd),
  check (state <> 'failed' or error_code is not null)
);
create index mosaic_groups_by_time on mosaic_groups (start_mjd, end_mjd);
create index mosaic_groups_by_calibrator on mosaic_groups (calibrator, transit_number);

create table mosaic_group_members (
  mosaic_group_id uuid not null references mosaic_groups,
  group_id text not null,
  group_version integer,
  position integer not null,
  is_tile boolean not null default true,
  ms_id uuid references measurement_sets,
  tile_id uuid references images,
  excluded_code text,
  excluded_reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (mosaic_group_id, group_id),
  check ((excluded_code is null) = (excluded_reason is null))
);
create index mosaic_group_members_by_tile on mosaic_group_members (tile_id);

create table mosaics (
  id uuid primary key references data_registry,
  name text not null,
  mosaic_group_id uuid references mosaic_groups,
  plan_id uuid,
  calibrator text,
  method text not null check (method in ('mean', 'weighted', 'pbweighted')),
  backend text not null,
  bmaj_arcsec double precision not null,
  bmin_arcsec double precision not null,
  bpa_deg double precision not null,
  center_ra_deg double precision not null,
  center_dec_deg double precision not null,
  width_px integer not null,
  height_px integer not null,
  cell_arcsec double precision not null,
  start_mjd double precision not null,
  mid_mjd double precision not null,
  end_mjd double precision not null,
  start_utc timestamptz generated always as (utc_of_mjd(start_mjd)) stored,
  end_utc timestamptz generated always as (utc_of_mjd(end_mjd)) stored,
  nu_eff_hz double precision not null,
  rms_jy double precision,
  peak_jy double precision,
  area_deg2 double precision,
  n_tiles integer not null,
  flux_ratio double precision,
  ra_offset_arcsec double precision,
  dec_offset_arcsec double precision,
  summary jsonb not null default '{}',
  qa_report jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index mosaics_by_time on mosaics (start_mjd, end_mjd);

create table mosaic_tiles (
  mosaic_id uuid not null references mosaics,
  image_id uuid not null references images,
  position integer not null,
  weight_share double precision not null,
  rms_jy double precision not null,
  ra_offset_arcsec double precision,
  dec_offset_arcsec double precision,
  flux_ratio double precision,
  n_matched integer not null,
  primary key (mosaic_id, image_id)
);
create index mosaic_tiles_by_image on mosaic_tiles (image_id);

create table mosaic_plans (
  id uuid primary key default uuidv7(),
  name text not null unique,
  method text not null check (method in ('mean', 'weighted', 'pbweighted')),
  start_mjd double precision,
  end_mjd double precision,
  tile_ids uuid[] not null,
  checks jsonb not null default '[]',
  parameters jsonb not null default '{}',
  requested_by text not null,
  superseded_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table mosaics add foreign key (plan_id) references mosaic_plans;

create trigger touch before update on mosaic_groups for each row execute function touch_updated_at();
create trigger touch before update on mosaic_group_members for each row execute function touch_updated_at();
create trigger touch before update on mosaics for each row execute function touch_updated_at();
create trigger touch before update on mosaic_plans for each row execute function touch_updated_at();
`,
};
