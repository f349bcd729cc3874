import type { Migration } from './migration.ts';

/** Measurements of catalogue sources: runs, rows with their versions, strips. */
export const photometryMigration: Migration = {
  version: 9,
  name: 'photometry',
  sql: `
create table strips (
  id integer primary key generated always as identity,
  dec_deg double precision not null,
  created_at timestamptz not null default now()
);

-- Tiles of a strip share beam and grid through the season: the first one of a recipe sets them.
create table strip_forms (
  strip_id integer not null references strips,
  recipe_hash text not null,
  form jsonb,
  set_by text,
  claimed_by text not null,
  claimed_at timestamptz not null default now(),
  primary key (strip_id, recipe_hash),
  check ((form is null) = (set_by is null))
);

alter table data_registry
  add column photometry_status text check (photometry_status in ('pending', 'running', 'completed', 'failed')),
  add column photometry_job_id uuid references jobs;
alter table observation_groups add column accounted_at timestamptz;
alter table mosaic_groups add column photometry_job_id uuid references jobs;
create index data_registry_by_photometry_job on data_registry (photometry_job_id) where photometry_job_id is not null;

-- The status follows the job in the same transaction, whoever changes the job: an activity, a retry, the reconciler.
create function follow_photometry_job() returns trigger language plpgsql as $$
begin
  update data_registry
    set photometry_status = case new.status when 'done' then 'completed' when 'cancelled' then 'failed' else new.status end
    where photometry_job_id = new.id;
  return null;
end $$;
create trigger photometry_status after update of status on jobs
  for each row when (new.type = 'photometry') execute function follow_photometry_job();

create table photometry_runs (
  id uuid primary key default uuidv7(),
  workflow_id text not null unique,
  job_id uuid not null references jobs,
  product_id uuid not null references data_registry,
  series text not null check (series in ('tile', 'mosaic')),
  config jsonb not null,
  photometry_product_id uuid references data_registry,
  n_sources integer,
  n_measured integer,
  n_references integer,
  summary jsonb not null default '{}',
  recorded_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index photometry_runs_by_product on photometry_runs (product_id);
create trigger touch before update on photometry_runs for each row execute function touch_updated_at();

create table photometry (
  source_id bigint not null,
  series text not null check (series in ('tile', 'mosaic', 'night')),
  epoch text not null,
  version integer not null,
  strip_id integer not null references strips,
  night integer not null,
  mid_mjd double precision not null,
  status text not null check (status in ('measured', 'edge', 'masked', 'blended', 'qa_rejected', 'uncalibrated',
    'not_selected', 'not_covered', 'no_data', 'failed', 'pending')),
  reason text,
  flux_jy double precision,
  flux_err_jy double precision,
  rms_jy double precision,
  background_jy double precision,
  sigma_add_jy double precision,
  systematic_err_jy double precision,
  normalized_flux_jy double precision,
  normalized_flux_err_jy double precision,
  norm_factor double precision,
  norm_factor_err double precision,
  norm_version integer,
  pb real,
  nu_eff_hz double precision,
  n_tiles integer,
  tier text,
  flags text[] not null default '{}',
  group_id text,
  product_id uuid,
  run_id uuid,
  job_id uuid,
  caltable_id uuid,
  superseded_at timestamptz,
  superseded_reason text,
  created_at timestamptz not null default now(),
  primary key (source_id, series, epoch, version, mid_mjd),
  check ((status in ('measured', 'edge')) = (flux_jy is not null)),
  check (status = 'measured' or reason is not null),
  check ((superseded_at is null) = (superseded_reason is null))
) partition by range (mid_mjd);
create unique index photometry_current on photometry (source_id, series, epoch, mid_mjd) where superseded_at is null;
create index photometry_by_epoch on photometry (series, epoch, source_id) where superseded_at is null;
create index photometry_by_night on photometry (strip_id, source_id, night) where superseded_at is null;

-- A partition holds hundred days; whoever writes into a range asks for it first.
create function photometry_partition(mjd double precision) returns void language plpgsql as $$
declare
  start_mjd integer := floor(mjd / 100) * 100;
  name text := 'photometry_' || start_mjd;
begin
  if to_regclass(name) is not null then return; end if;
  perform pg_advisory_xact_lock(hashtext('photometry_partition'));
  execute format('create table if not exists %I partition of photometry for values from (%s) to (%s)',
    name, start_mjd, start_mjd + 100);
end $$;

create table norm_factors (
  run_id uuid not null references photometry_runs,
  version integer not null,
  series text not null check (series in ('tile', 'mosaic')),
  strip_id integer not null references strips,
  epoch text not null,
  mid_mjd double precision not null,
  factor double precision not null,
  factor_err double precision not null,
  reference_ids bigint[] not null,
  raw_scatter double precision not null,
  normalized_scatter double precision not null,
  applied boolean not null,
  criterion text not null,
  created_at timestamptz not null default now(),
  primary key (run_id, version)
);
create index norm_factors_by_time on norm_factors (strip_id, series, mid_mjd);
`,
};
