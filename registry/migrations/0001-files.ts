import type { Migration } from './migration.ts';

/** Raw files and the groups they form. Times of observations are MJD UTC; the `_utc` columns follow from them. */
export const filesMigration: Migration = {
  version: 1,
  name: 'files',
  sql: `
create function touch_updated_at() returns trigger language plpgsql as $$
begin
  new.updated_at := now();
  return new;
end
$$;

create function utc_of_mjd(mjd double precision) returns timestamptz
  language sql immutable strict parallel safe
  return to_timestamp((mjd - 40587) * 86400);

create table data_roots (
  id uuid primary key default uuidv7(),
  name text not null unique,
  path text not null unique check (path like '/%'),
  state text not null default 'active' check (state in ('active', 'retired')),
  last_scan_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table subband_files (
  id uuid primary key default uuidv7(),
  root_id uuid not null references data_roots,
  relative_path text not null check (relative_path not like '/%'),
  state text not null default 'seen' check (state in ('seen', 'accepted', 'quarantined')),
  error_code text,
  error_message text,
  size_bytes bigint not null check (size_bytes >= 0),
  modified_at timestamptz not null,
  sha256 text,
  stamp_mjd double precision,
  subband integer,
  layout text,
  telescope_name text,
  start_mjd double precision,
  mid_mjd double precision,
  end_mjd double precision,
  start_utc timestamptz generated always as (utc_of_mjd(start_mjd)) stored,
  integration_s double precision,
  pointing_dec_deg double precision,
  n_blts integer,
  n_times integer,
  n_freqs integer,
  n_pols integer,
  n_antennas integer,
  freq_min_hz double precision,
  freq_max_hz double precision,
  channel_width_hz double precision,
  header jsonb not null default '{}',
  first_seen_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  gone_at timestamptz,
  inspected_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (root_id, relative_path),
  check ((state = 'quarantined') = (error_code is not null))
);
create index subband_files_by_start on subband_files (start_mjd);
create index subband_files_by_stamp on subband_files (root_id, stamp_mjd);

create table observation_groups (
  id text not null check (id !~ '/'),
  version integer not null check (version >= 1),
  root_id uuid not null references data_roots,
  state text not null default 'collecting' check (state in ('collecting', 'complete', 'incomplete', 'rejected')),
  tier text check (tier in ('science', 'quick_look')),
  error_code text,
  error_message text,
  files_hash text not null,
  start_mjd double precision not null,
  mid_mjd double precision not null,
  end_mjd double precision not null,
  start_utc timestamptz generated always as (utc_of_mjd(start_mjd)) stored,
  pointing_dec_deg double precision,
  expected_subbands integer not null,
  present_subbands integer[] not null,
  missing_subbands integer[] not null,
  has_calibrator boolean,
  calibrators jsonb not null default '[]',
  deadline_at timestamptz,
  decided_at timestamptz,
  superseded_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (id, version),
  unique (root_id, id, files_hash),
  check (start_mjd <= mid_mjd and mid_mjd <= end_mjd)
);
create index observation_groups_by_time on observation_groups (mid_mjd) where superseded_at is null;

create table group_files (
  group_id text not null,
  group_version integer not null,
  file_id uuid not null references subband_files,
  primary key (group_id, group_version, file_id),
  foreign key (group_id, group_version) references observation_groups
);
create index group_files_by_file on group_files (file_id);

create trigger touch before update on data_roots for each row execute function touch_updated_at();
create trigger touch before update on subband_files for each row execute function touch_updated_at();
create trigger touch before update on observation_groups for each row execute function touch_updated_at();
`,
};
