/** The registry: one repository per aggregate, on one pool. */
import type { Kysely } from 'kysely';
import type pg from 'pg';
import { AuditRepository } from './audit.ts';
import { CaltableRepository } from './caltables.ts';
import { CatalogRepository } from './catalogs.ts';
import { asRegistryError, openDatabase, openPool, type ConnectionOptions } from './connection.ts';
import { DataRootRepository } from './data-roots.ts';
import { DurationRepository } from './durations.ts';
import { EffectRepository } from './effects.ts';
import { EseCandidateRepository } from './ese-candidates.ts';
import { EventRepository } from './events.ts';
import { GroupRepository } from './groups.ts';
import { ImageRepository } from './images.ts';
import { JobRepository } from './jobs.ts';
import { LedgerRepository } from './ledger.ts';
import { MeasurementSetRepository } from './measurement-sets.ts';
import { assertSchemaVersion } from './migrate.ts';
import { MosaicGroupRepository } from './mosaic-groups.ts';
import { MosaicRepository } from './mosaics.ts';
import { PhotometryRunRepository } from './photometry-runs.ts';
import { PhotometryRepository } from './photometry.ts';
import { PlannedTransitRepository } from './planned-transits.ts';
import { ProductRepository, type StoreRoots } from './products.ts';
import { ScheduledCalibratorRepository } from './scheduled-calibrators.ts';
import type { Database } from './schema/index.ts';
import { StreamWorkRepository } from './stream-work.ts';
import { StripRepository } from './strips.ts';
import { SourceRepository } from './sources.ts';
import { SubbandFileRepository } from './subband-files.ts';
import { UnitRepository } from './units.ts';
import { VariabilityStatsRepository } from './variability-stats.ts';

/** Every repository on one connection or transaction. */
export class Repositories {
  readonly db: Kysely<Database>;
  readonly dataRoots: DataRootRepository;
  readonly subbandFiles: SubbandFileRepository;
  readonly groups: GroupRepository;
  readonly products: ProductRepository;
  readonly effects: EffectRepository;
  readonly units: UnitRepository;
  readonly measurementSets: MeasurementSetRepository;
  readonly caltables: CaltableRepository;
  readonly images: ImageRepository;
  readonly mosaicGroups: MosaicGroupRepository;
  readonly mosaics: MosaicRepository;
  readonly streamWork: StreamWorkRepository;
  readonly strips: StripRepository;
  readonly photometryRuns: PhotometryRunRepository;
  readonly photometry: PhotometryRepository;
  readonly ledger: LedgerRepository;
  readonly variability: VariabilityStatsRepository;
  readonly eseCandidates: EseCandidateRepository;
  readonly jobs: JobRepository;
  readonly events: EventRepository;
  readonly durations: DurationRepository;
  readonly audit: AuditRepository;
  readonly catalogs: CatalogRepository;
  readonly sources: SourceRepository;
  readonly scheduledCalibrators: ScheduledCalibratorRepository;
  readonly plannedTransits: PlannedTransitRepository;

  constructor(db: Kysely<Database>, roots: StoreRoots) {
    this.db = db;
    this.dataRoots = new DataRootRepository(db);
    this.subbandFiles = new SubbandFileRepository(db);
    this.groups = new GroupRepository(db);
    this.products = new ProductRepository(db, roots);
    this.effects = new EffectRepository(db);
    this.units = new UnitRepository(db);
    this.measurementSets = new MeasurementSetRepository(db);
    this.caltables = new CaltableRepository(db);
    this.images = new ImageRepository(db);
    this.mosaicGroups = new MosaicGroupRepository(db);
    this.mosaics = new MosaicRepository(db);
    this.streamWork = new StreamWorkRepository(db);
    this.strips = new StripRepository(db);
    this.photometryRuns = new PhotometryRunRepository(db);
    this.photometry = new PhotometryRepository(db);
    this.variability = new VariabilityStatsRepository(db);
    this.eseCandidates = new EseCandidateRepository(db);
    this.ledger = new LedgerRepository(db);
    this.jobs = new JobRepository(db);
    this.events = new EventRepository(db);
    this.durations = new DurationRepository(db);
    this.audit = new AuditRepository(db);
    this.catalogs = new CatalogRepository(db);
    this.sources = new SourceRepository(db);
    this.scheduledCalibrators = new ScheduledCalibratorRepository(db);
    this.plannedTransits = new PlannedTransitRepository(db);
  }
}

export interface RegistryOptions extends ConnectionOptions {
  readonly storeRoots: StoreRoots;
}

/** The registry of one process. */
export class Registry extends Repositories {
  readonly pool: pg.Pool;
  readonly #roots: StoreRoots;

  constructor(pool: pg.Pool, roots: StoreRoots) {
    super(openDatabase(pool), roots);
    this.pool = pool;
    this.#roots = roots;
  }

  /**
   * Do several things or none of them.
   *
   * @throws MeridianError SERVICE_UNAVAILABLE when the server goes away; whether a transaction that was being committed
   *   then counts is not known.
   */
  async transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    try {
      return await this.db.transaction().execute((trx) => work(new Repositories(trx, this.#roots)));
    } catch (error) {
      throw asRegistryError(error);
    }
  }

  /** @throws MeridianError SCHEMA_VERSION when the database is not that of this release. */
  assertSchemaVersion(): Promise<void> {
    return assertSchemaVersion(this.pool);
  }

  /** Wait for queries to end, then close every connection. */
  close(): Promise<void> {
    return this.db.destroy();
  }
}

/** Open the registry; it connects when it is first used. */
export const openRegistry = (options: RegistryOptions): Registry => new Registry(openPool(options), options.storeRoots);
