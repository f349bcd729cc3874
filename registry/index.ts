/** The registry as others see it. */
export { openRegistry, Registry, Repositories, type RegistryOptions } from './registry.ts';
export { asRegistryError, isServerAway, type ConnectionOptions } from './connection.ts';
export { EventFeed, type EventFeedOptions, type EventSubscription } from './listen.ts';
export { uuid7 } from './uuid7.ts';
export { calibrationSetOf, observedGroup, servesOthers } from './as-domain.ts';
export type { Page, PageRequest } from './paging.ts';
export type { JsonObject } from './schema/index.ts';

export type { AuditEntry, NewAuditEntry } from './audit.ts';
export type { ActiveAt, Caltable, CaltableQuery, CaltableSet, CaltableStatus, CaltableType } from './caltables.ts';
export type { CatalogImport, CatalogRow, CatalogState, Cone, ConeQuery } from './catalogs.ts';
export type { DataRoot } from './data-roots.ts';
export type { NewDuration } from './durations.ts';
export type { AttemptOwner, AttemptState, Effect, EffectAttempt, EffectClaim, EffectIdentity } from './effects.ts';
export type { EventFilter, MeridianEvent, NewEvent } from './events.ts';
export type { GroupDecision, GroupQuery, ObservationGroup } from './groups.ts';
export type { Image } from './images.ts';
export type { Job, JobPhase, JobQuery, JobRequest, PhaseRecord, RequestOutcome, StageProgressRecord } from './jobs.ts';
export type { MeasurementSet, MsStage } from './measurement-sets.ts';
export type {
  MemberExclusion,
  MosaicGroup,
  MosaicGroupMember,
  MosaicGroupQuery,
  NewMember,
  NewMosaicGroup,
} from './mosaic-groups.ts';
export type { Mosaic, MosaicMethod, MosaicPlan, MosaicTile, NewMosaicPlan } from './mosaics.ts';
export {
  CALTABLE_ORDER,
  caltableRow,
  imageRow,
  measurementSetRow,
  mosaicRow,
  type CaltableFacts,
  type ImageFacts,
  type MeasurementSetFacts,
  type MosaicFacts,
  type ProductRow,
} from './product-rows.ts';
export type {
  NewProduct,
  Product,
  ProductFile,
  ProductKind,
  ProductQuery,
  ProductState,
  QaState,
  Relative,
  StoreRoot,
  StoreRoots,
} from './products.ts';
export type { Baseline, EpochRows, Measurement, NewMeasurement } from './photometry.ts';
export type { NewNormFactor, NewPhotometryRun, PhotometryRun } from './photometry-runs.ts';
export type { FootprintQuery, SourceRow } from './sources.ts';
export { askForMosaic, findMosaicTarget, type MosaicAsked } from './mosaic-request.ts';
export { askForPhotometry, type PhotometryAsk } from './photometry-request.ts';
export { lightCurveRows, type LightCurveRow } from './light-curve-rows.ts';
export type { LedgerEntry, LedgerQuery } from './ledger.ts';
export type { CandidateFacts, CandidateQuery, EseCandidate } from './ese-candidates.ts';
export type { NightPoint, SourceStatistics } from './variability-stats.ts';
export type { PlannedTransit } from './planned-transits.ts';
export type { ScheduledCalibratorRow, ScheduleRequest } from './scheduled-calibrators.ts';
export type { StreamCounts, WaitingGroup } from './stream-work.ts';
export type { FoundFile, ReopenRules, SubbandFile, SubbandFileRepository } from './subband-files.ts';
