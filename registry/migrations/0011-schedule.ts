import type { Migration } from './migration.ts';

/** Calibrators whose transits are wanted, and what became of each transit. */
export const scheduleMigration: Migration = {
  version: 11,
  name: 'schedule',
  sql: `
create table scheduled_calibrators (
  id uuid primary key default uuidv7(),
  name text not null,
  dec_deg double precision check (dec_deg between -90 and 90),
  timespan_minutes double precision not null check (timespan_minutes > 0),
  deadline_minutes double precision not null check (deadline_minutes >= 0),
  min_tiles integer not null check (min_tiles > 0),
  recipe jsonb not null default '{}',
  added_by text not null,
  since_mjd double precision not null,
  paused_by text,
  paused_reason text,
  paused_at timestamptz,
  removed_by text,
  removed_reason text,
  removed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((paused_at is null) = (paused_by is null)),
  check ((removed_at is null) = (removed_by is null))
);
create unique index scheduled_calibrators_present on scheduled_calibrators (name) where removed_at is null;
create trigger touch before update on scheduled_calibrators for each row execute function touch_updated_at();

create table planned_transits (
  calibrator text not null,
  transit_number integer not null,
  transit_mjd double precision not null,
  apparent_dec_deg double precision not null,
  start_mjd double precision not null,
  end_mjd double precision not null,
  deadline_mjd double precision not null,
  transit_utc timestamptz generated always as (utc_of_mjd(transit_mjd)) stored,
  request jsonb not null,
  workflow_id text not null unique,
  priority integer not null check (priority between 1 and 5),
  requested_by text not null,
  state text not null default 'planned' check (state in
    ('planned', 'waiting', 'asked', 'done', 'failed', 'struck', 'missed')),
  reason text,
  reason_code text,
  mosaic_group_id uuid references mosaic_groups,
  mosaic_id uuid references data_registry,
  moved_at timestamptz,
  moved_by text,
  moved_reason text,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (calibrator, transit_number),
  check (start_mjd < end_mjd),
  check (state not in ('failed', 'struck', 'missed') or reason is not null),
  check (state <> 'asked' or mosaic_group_id is not null),
  check ((state = 'done') = (mosaic_id is not null))
);
create index planned_transits_by_time on planned_transits (transit_mjd);
create index planned_transits_open on planned_transits (state) where state in ('planned', 'waiting', 'asked');
create trigger touch before update on planned_transits for each row execute function touch_updated_at();
`,
};
