import type { Migration } from './migration.ts';

/**
 * What watching a folder needs: whether a root is watched, since when a file has not changed, and which files no
 * decision holds as they are now. Those are few beside all files of a disk, so a look at a folder reads only them.
 */
export const watchMigration: Migration = {
  version: 7,
  name: 'watch',
  sql: `
alter table data_roots add column watched boolean not null default false;

alter table subband_files add column unchanged_since timestamptz not null default now();
alter table subband_files add column is_open boolean not null default true;

update subband_files set unchanged_since = first_seen_at;
update subband_files f set is_open = false
  from group_files m
  join observation_groups g on g.id = m.group_id and g.version = m.group_version
  where m.file_id = f.id and g.superseded_at is null and g.state <> 'collecting';

create index subband_files_open on subband_files (root_id, stamp_mjd)
  where is_open and gone_at is null and state in ('seen', 'accepted');
create index subband_files_quarantined on subband_files (root_id, relative_path)
  where state = 'quarantined' and gone_at is null;
create index observation_groups_collecting on observation_groups (root_id)
  where state = 'collecting' and superseded_at is null;
`,
};
