/** Commits of products that take a while, so that a test can do something in their middle. */
import type { Registry } from '../../registry/index.ts';

/** From now on every commit that writes a product lasts this long. */
export const slowDownCommits = (registry: Registry, seconds: number): Promise<unknown> =>
  registry.pool.query(`
    create or replace function wait_at_commit() returns trigger language plpgsql as
      $$ begin perform pg_sleep(${seconds}); return null; end $$;
    drop trigger if exists wait_at_commit on data_registry;
    create constraint trigger wait_at_commit after insert on data_registry
      deferrable initially deferred for each row execute function wait_at_commit()`);

/** Whether somebody is committing now. */
export async function isCommitting(registry: Registry): Promise<boolean> {
  const { rows } = await registry.pool.query(
    `select 1 from pg_stat_activity
      where datname = current_database() and state = 'active' and query ilike 'commit%'`,
  );
  return rows.length > 0;
}
