import type { Migration } from './migration.ts';

/** Jobs with their phases, the ordered log of events, and who did what. */
export const jobsMigration: Migration = {
  version: 5,
  name: 'jobs',
  sql: `
create table jobs (
  id uuid primary key default uuidv7(),
  type text not null,
  status text not null default 'pending' check (status in ('pending', 'running', 'done', 'failed', 'cancelled')),
  workflow_id text not null unique,
  run_id text,
  parent_id uuid references jobs,
  request_id text unique,
  parameters jsonb not null default '{}',
  requested_by text not null,
  priority integer not null default 3 check (priority between 1 and 5),
  progress double precision not null default 0 check (progress between 0 and 1),
  phase text,
  stage text,
  stage_started_at timestamptz,
  stage_fraction double precision check (stage_fraction between 0 and 1),
  stage_size double precision not null default 0,
  message text,
  paused_by text,
  paused_reason text,
  paused_at timestamptz,
  error_code text,
  error_message text,
  result jsonb,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (status <> 'failed' or error_code is not null),
  check ((status in ('done', 'failed', 'cancelled')) = (finished_at is not null)),
  check ((paused_at is null) = (paused_by is null))
);
create index jobs_by_status on jobs (status, created_at desc);
create index jobs_by_type on jobs (type, created_at desc);
create index jobs_by_parent on jobs (parent_id) where parent_id is not null;

create table job_phases (
  job_id uuid not null references jobs,
  name text not null,
  position integer not null,
  state text not null check (state in ('pending', 'running', 'done', 'failed', 'cancelled')),
  done integer not null default 0,
  total integer not null default 0,
  message text not null default '',
  started_at timestamptz,
  ended_at timestamptz,
  primary key (job_id, name)
);

-- Events get their number at commit, under a lock that is held until the commit is visible: whoever reads up to a
-- number has seen every event with a smaller one. (A serial alone is given before the commit, and numbers overtake.)
create table events (
  key uuid primary key default uuidv7(),
  id bigint unique,
  at timestamptz not null default clock_timestamp(),
  kind text not null,
  job_id uuid,
  workflow_id text,
  group_id text,
  product_id uuid,
  stage text,
  message text,
  payload jsonb not null default '{}'
);
create index events_by_job on events (job_id, id) where job_id is not null;

create sequence event_numbers;

create function number_event() returns trigger language plpgsql as $$
declare
  number bigint;
begin
  perform pg_advisory_xact_lock(hashtext('meridian.events'));
  number := nextval('event_numbers');
  update events set id = number where key = new.key;
  perform pg_notify('meridian_events', number::text);
  return null;
end
$$;

create constraint trigger number_event after insert on events
  deferrable initially deferred for each row execute function number_event();

create table audit_log (
  id uuid primary key default uuidv7(),
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  subject_kind text not null,
  subject_id text not null,
  reason text,
  request_id text,
  details jsonb not null default '{}'
);
create index audit_log_by_subject on audit_log (subject_kind, subject_id, at desc);

create trigger touch before update on jobs for each row execute function touch_updated_at();
`,
};
