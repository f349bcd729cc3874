import type { Migration } from './migration.ts';

/** What each kind of product is: measurement sets, caltables, images. The id of a row is that of its product. */
export const scienceMigration: Migration = {
  version: 3,
  name: 'science',
  sql: `
create table measurement_sets (
  id uuid primary key references data_registry,
  stage text not null check (stage in ('converted', 'flagged', 'calibrated')),
  group_id text,
  group_version integer,
  recipe_hash text not null default '',
  telescope_name text not null,
  n_antennas integer not null,
  n_baselines integer not null,
  n_times integer not null,
  n_channels integer not null,
  n_rows bigint not null,
  polarizations integer[] not null,
  freq_min_hz double precision not null,
  freq_max_hz double precision not null,
  channel_width_hz double precision not null,
  start_mjd double precision not null,
  mid_mjd double precision not null,
  end_mjd double precision not null,
  start_utc timestamptz generated always as (utc_of_mjd(start_mjd)) stored,
  pointing_dec_deg double precision,
  phase_ra_deg double precision not null,
  phase_dec_deg double precision not null,
  dish_diameter_m double precision,
  flagged_fraction double precision not null,
  missing_subbands integer[] not null,
  caltable_ids uuid[] not null default '{}',
  committed_at timestamptz,
  summary jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index measurement_sets_by_group on measurement_sets (group_id, group_version, stage);
create index measurement_sets_by_time on measurement_sets (mid_mjd);

create table caltables (
  id uuid primary key references data_registry,
  set_id uuid not null,
  type text not null check (type in ('K', 'B', 'G')),
  position integer not null,
  status text not null default 'active' check (status in ('active', 'rejected', 'superseded')),
  calibrator text not null,
  group_id text,
  group_version integer,
  ms_id uuid references measurement_sets,
  refant text not null,
  flux_scale text,
  transit_mjd double precision not null,
  valid_start_mjd double precision not null,
  valid_end_mjd double precision not null,
  transit_utc timestamptz generated always as (utc_of_mjd(transit_mjd)) stored,
  pointing_dec_deg double precision not null,
  own_ms_only boolean not null default false,
  flagged_fraction double precision not null,
  n_solutions integer not null,
  median_snr double precision,
  median_amplitude double precision,
  phase_scatter_deg double precision,
  max_delay_ns double precision,
  parameters jsonb not null default '{}',
  summary jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (set_id, type),
  check (valid_start_mjd <= transit_mjd and transit_mjd <= valid_end_mjd)
);
create index caltables_by_validity on caltables (valid_start_mjd, valid_end_mjd) where status = 'active';
create index caltables_by_ms on caltables (ms_id);

create table images (
  id uuid primary key references data_registry,
  name text not null,
  group_id text,
  group_version integer,
  ms_id uuid references measurement_sets,
  recipe_hash text not null default '',
  caltable_ids uuid[] not null default '{}',
  calibrator text,
  backend text not null,
  quality_tier text not null,
  bmaj_arcsec double precision not null,
  bmin_arcsec double precision not null,
  bpa_deg double precision not null,
  imsize_px integer not null,
  cell_arcsec double precision not null,
  center_ra_deg double precision not null,
  center_dec_deg double precision not null,
  start_mjd double precision not null,
  mid_mjd double precision not null,
  end_mjd double precision not null,
  start_utc timestamptz generated always as (utc_of_mjd(start_mjd)) stored,
  nu_eff_hz double precision not null,
  bandwidth_hz double precision not null,
  integration_s double precision not null,
  rms_jy double precision not null,
  thermal_rms_jy double precision,
  peak_jy double precision not null,
  min_jy double precision not null,
  residual_peak_jy double precision not null,
  dynamic_range double precision not null,
  min_over_peak double precision not null,
  pb_corrected boolean not null,
  beam_model text not null,
  quick_look boolean not null,
  flagged_fraction double precision not null,
  flux_ratio double precision,
  ra_offset_arcsec double precision,
  dec_offset_arcsec double precision,
  summary jsonb not null default '{}',
  qa_report jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index images_by_group on images (group_id, group_version);
create index images_by_time on images (mid_mjd);

create trigger touch before update on measurement_sets for each row execute function touch_updated_at();
create trigger touch before update on caltables for each row execute function touch_updated_at();
create trigger touch before update on images for each row execute function touch_updated_at();
`,
};
