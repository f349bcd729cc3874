import { filesMigration } from './0001-files.ts';
import { productsMigration } from './0002-products.ts';
import { scienceMigration } from './0003-science.ts';
import { mosaicsMigration } from './0004-mosaics.ts';
import { jobsMigration } from './0005-jobs.ts';
import { unitsMigration } from './0006-units.ts';
import { watchMigration } from './0007-watch.ts';
import { catalogsMigration } from './0008-catalogs.ts';
import { photometryMigration } from './0009-photometry.ts';
import { variabilityMigration } from './0010-variability.ts';
import { scheduleMigration } from './0011-schedule.ts';
import type { Migration } from './migration.ts';

export type { Migration } from './migration.ts';

/** Every step of the schema, in order. */
export const MIGRATIONS: readonly Migration[] = [
  filesMigration,
  productsMigration,
  scienceMigration,
  mosaicsMigration,
  jobsMigration,
  unitsMigration,
  watchMigration,
  catalogsMigration,
  photometryMigration,
  variabilityMigration,
  scheduleMigration,
];
