import type { Migration } from './migration.ts';

/** What light curves add up to, and the events found in them. */
export const variabilityMigration: Migration = {
  version: 10,
  name: 'variability',
  sql: `
-- Sums over all nights but the newest, which is kept apart: it changes with each tile of that night.
create table variability_stats (
  source_id bigint not null references sources,
  strip_id integer not null references strips,
  n integer not null,
  n_errors integer not null,
  reference_flux_jy double precision not null,
  min_flux_jy double precision not null,
  max_flux_jy double precision not null,
  sum_d double precision not null,
  sum_d2 double precision not null,
  sum_w double precision not null,
  sum_wd double precision not null,
  sum_wd2 double precision not null,
  sum_var double precision not null,
  sum_var2 double precision not null,
  sum_var3 double precision not null,
  newest_night integer,
  newest_mjd double precision,
  newest_flux_jy double precision,
  newest_flux_err_jy double precision,
  vs_max double precision,
  m_at_vs_max double precision,
  updated_at timestamptz not null default now(),
  primary key (source_id, strip_id)
);

create table ese_candidates (
  id uuid primary key default uuidv7(),
  source_id bigint not null references sources,
  strip_id integer not null references strips,
  kind text not null check (kind in ('dip', 'flare')),
  status text not null default 'active' check (status in ('active', 'investigated', 'dismissed')),
  significance double precision not null,
  z double precision not null,
  start_mjd double precision not null,
  end_mjd double precision not null,
  duration_days double precision not null,
  depth double precision not null,
  depth_err double precision not null,
  n_inside integer not null,
  n_outside integer not null,
  shape text not null,
  baseline_jy double precision not null,
  min_sigma double precision not null,
  reason text not null,
  neighbours_verdict text not null check (neighbours_verdict in ('quiet', 'calibration', 'unchecked')),
  n_neighbours integer not null,
  neighbours_depth double precision,
  neighbours_depth_err double precision,
  expected_false_alarms double precision,
  expectation_basis text,
  judged_by text,
  judged_reason text,
  judged_at timestamptz,
  alerted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (start_mjd <= end_mjd),
  check ((status = 'active') or (judged_by is not null and judged_reason is not null))
);
create index ese_candidates_by_source on ese_candidates (source_id, start_mjd);
create index ese_candidates_by_significance on ese_candidates (significance desc);
create trigger touch before update on ese_candidates for each row execute function touch_updated_at();

create table alerts (
  id uuid primary key default uuidv7(),
  kind text not null,
  subject_id uuid not null,
  level text not null check (level in ('new', 'upgraded')),
  message text not null,
  payload jsonb not null default '{}',
  delivered_at timestamptz,
  delivery_error text,
  created_at timestamptz not null default now()
);
create index alerts_by_time on alerts (created_at desc);
`,
};
