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
  NormFactorsTable,
  PhotometryRunsTable,
  PhotometryTable,
  StripFormsTable,
  StripsTable,
} from './photometry.ts';
import type {
  DataRegistryTable,
  DataRelationshipsTable,
  EffectAttemptsTable,
  EffectsTable,
  ProductFilesTable,
  StageDurationsTable,
  UnitProductsTable,
} from './products.ts';
import type { PlannedTransitsTable, ScheduledCalibratorsTable } from './schedule.ts';
import type { CaltablesTable, ImagesTable, MeasurementSetsTable } from './science.ts';

import type { AlertsTable, EseCandidatesTable, VariabilityStatsTable } from './variability.ts';

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
  strips: StripsTable;
  stripForms: StripFormsTable;
  photometryRuns: PhotometryRunsTable;
  photometry: PhotometryTable;
  normFactors: NormFactorsTable;
  variabilityStats: VariabilityStatsTable;
  eseCandidates: EseCandidatesTable;
  alerts: AlertsTable;
  scheduledCalibrators: ScheduledCalibratorsTable;
  plannedTransits: PlannedTransitsTable;
  jobs: JobsTable;
  jobPhases: JobPhasesTable;
  events: EventsTable;
  auditLog: AuditLogTable;
  catalogImports: CatalogImportsTable;
  sources: SourcesTable;
  catalogSources: CatalogSourcesTable;
}

export type { JsonObject } from './columns.ts';
