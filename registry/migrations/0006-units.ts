import type { Migration } from './migration.ts';

/** What each unit of shared work ended with. */
export const unitsMigration: Migration = {
  version: 6,
  name: 'units',
  sql: `
create table unit_products (
  workflow_id text primary key,
  product_id uuid not null references data_registry,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index unit_products_by_product on unit_products (product_id);

create trigger touch before update on unit_products for each row execute function touch_updated_at();
`,
};
