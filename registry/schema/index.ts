/** Tables by name, as kysely sees them: camelCase for the snake_case of the database. */
import type { CatalogImportsTable, CatalogSourcesTable, SourcesTable } from './catalogs.ts';
import type { DataRootsTable, GroupFilesTable, ObservationGroupsTable, SubbandFilesTable } from './files.ts';
import type { AuditLogTable, EventsTable, JobPhasesTable, JobsTable } from './jobs.ts';
import type {
  MosaicGroupMembersTable,
  MosaicGroupsTable,
  MosaicPlansTable,
  MosaicsTable,
  MosaicTilesTable,
} from './mosaics.ts';
import type {
  DataRegistryTable,
  DataRelationshipsTable,
  EffectAttemptsTable,
  EffectsTable,
  ProductFilesTable,
  StageDurationsTable,
  UnitProductsTable,
} from './products.ts';
import type { CaltablesTable, ImagesTable, MeasurementSetsTable } from './science.ts';

export interface Database {
  dataRoots: DataRootsTable;
  subbandFiles: SubbandFilesTable;
  observationGroups: ObservationGroupsTable;
  groupFiles: GroupFilesTable;
  effects: EffectsTable;
  effectAttempts: EffectAttemptsTable;
  dataRegistry: DataRegistryTable;
  productFiles: ProductFilesTable;
  dataRelationships: DataRelationshipsTable;
  stageDurations: StageDurationsTable;
  unitProducts: UnitProductsTable;
  measurementSets: MeasurementSetsTable;
  caltables: CaltablesTable;
  images: ImagesTable;
  mosaicGroups: MosaicGroupsTable;
  mosaicGroupMembers: MosaicGroupMembersTable;
  mosaics: MosaicsTable;
  mosaicTiles: MosaicTilesTable;
  mosaicPlans: MosaicPlansTable;
  jobs: JobsTable;
  jobPhases: JobPhasesTable;
  events: EventsTable;
  auditLog: AuditLogTable;
  catalogImports: CatalogImportsTable;
  sources: SourcesTable;
  catalogSources: CatalogSourcesTable;
}

export type { JsonObject } from './columns.ts';
