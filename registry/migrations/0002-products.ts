import type { Migration } from './migration.ts';

/** Products with their files and parents; effects, their attempts, and how long stages took. */
export const productsMigration: Migration = {
  version: 2,
  name: 'products',
  sql: `
create table effects (
  key text primary key,
  stage text not null,
  stage_version integer not null,
  unit text not null,
  state text not null default 'running' check (state in ('running', 'done', 'failed', 'cancelled')),
  version integer not null default 1 check (version >= 1),
  token bigint not null default 1,
  spec jsonb not null default '{}',
  input_hashes text[] not null default '{}',
  result jsonb,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((state = 'done') = (result is not null))
);
create index effects_by_unit on effects (unit);

create table effect_attempts (
  effect_key text not null references effects,
  token bigint not null,
  state text not null default 'running' check (state in ('running', 'done', 'failed', 'cancelled', 'lost')),
  workflow_id text not null,
  run_id text not null,
  attempt integer not null,
  job_id uuid,
  group_id text,
  worker text not null,
  log_folder text,
  error_code text,
  error_message text,
  error_context jsonb,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (effect_key, token),
  check ((state = 'running') = (finished_at is null))
);
create index effect_attempts_by_job on effect_attempts (job_id) where job_id is not null;
create index effect_attempts_by_workflow on effect_attempts (workflow_id);

create table data_registry (
  id uuid primary key default uuidv7(),
  kind text not null check (kind in
    ('ms', 'calib_ms', 'caltable', 'image', 'mosaic', 'photometry', 'qa', 'catalog', 'simulation', 'misc')),
  state text not null default 'staging' check (state in ('staging', 'publishing', 'published', 'withdrawn')),
  qa text not null default 'not_evaluated' check (qa in ('pass', 'warn', 'fail', 'not_evaluated')),
  root text not null check (root in ('store', 'published')),
  relative_path text not null check (relative_path not like '/%'),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  size_bytes bigint not null check (size_bytes >= 0),
  group_id text,
  effect_key text references effects,
  effect_version integer,
  stage text not null,
  stage_version integer not null,
  parameters jsonb not null default '{}',
  tool_versions jsonb not null default '{}',
  warnings text[] not null default '{}',
  created_by_workflow text not null,
  created_by_run text not null,
  job_id uuid,
  published_at timestamptz,
  publish_attempts integer not null default 0,
  publish_error text,
  superseded_by uuid references data_registry,
  files_missing_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (root, relative_path),
  check (state <> 'published' or published_at is not null)
);
create index data_registry_by_kind on data_registry (kind, created_at desc);
create index data_registry_by_group on data_registry (group_id);
create index data_registry_by_effect on data_registry (effect_key);
create index data_registry_by_job on data_registry (job_id) where job_id is not null;

create table product_files (
  product_id uuid not null references data_registry,
  role text not null,
  position integer not null,
  name text not null check (name !~ '^/'),
  kind text not null check (kind in ('file', 'folder')),
  size_bytes bigint not null check (size_bytes >= 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  primary key (product_id, role)
);

create table data_relationships (
  parent_id uuid not null references data_registry,
  child_id uuid not null references data_registry,
  kind text not null default 'input',
  created_at timestamptz not null default now(),
  primary key (parent_id, child_id, kind),
  check (parent_id <> child_id)
);
create index data_relationships_by_child on data_relationships (child_id);

create table stage_durations (
  id uuid primary key default uuidv7(),
  stage text not null,
  stage_version integer not null,
  unit text not null,
  wall_seconds double precision not null check (wall_seconds >= 0),
  input_bytes bigint not null,
  cores double precision not null,
  peak_rss_bytes bigint not null,
  finished_at timestamptz not null default now()
);
create index stage_durations_by_stage on stage_durations (stage, finished_at desc);

create trigger touch before update on effects for each row execute function touch_updated_at();
create trigger touch before update on data_registry for each row execute function touch_updated_at();
`,
};
