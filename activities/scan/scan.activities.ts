/** Looking for new files below the data roots: headers are read, groups decided, broken files set aside. */
import { findCalibrators, hasCalibrator } from '../../domain/calibrator-choice.ts';
import { unsuitability } from '../../domain/calibrators.ts';
import { MeridianError } from '../../domain/errors.ts';
import { hashOf } from '../../domain/ids.ts';
import { isQuarantined, readListedFile } from '../../domain/subband-files.ts';
import { mjdFromUnixMs } from '../../domain/time.ts';
import type { DataRoot, FoundFile, JsonObject, ObservationGroup, SubbandFile } from '../../registry/index.ts';
import type { ScanInput, ScanResult } from '../../workflows/contracts/scan.ts';
import { sayInHeartbeat } from '../activity-progress.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { ScanActivities } from '../interfaces.ts';
import { runStage } from '../run-stage.ts';
import { decideGroups } from './group-files.ts';
import { listRawFiles } from './listing.ts';

/** Headers read by one process. */
const FILES_PER_INSPECTION = 512;
/** Rows written by one statement. */
const FILES_PER_ROW_BATCH = 1000;

export function createScanActivities(dependencies: ActivityDependencies): ScanActivities {
  return {
    async scanDataRoots(input) {
      const total: Tally = { files: 0, newFiles: 0, brokenFiles: 0, groupsChanged: 0 };
      for (const root of await rootsOf(dependencies, input)) {
        sayInHeartbeat({ stage: 'scan', message: `looking into ${root.path}` });
        await scanRoot(dependencies, { root, total, isAsked: input.rootId !== null });
      }
      return total;
    },
  };
}

interface OneRoot {
  readonly root: DataRoot;
  readonly total: Tally;
  /** Whether this very root was asked for. */
  readonly isAsked: boolean;
}

/** A folder that has gone is an error for whoever asks for it; of many it must not keep the others from being seen. */
async function scanRoot(dependencies: ActivityDependencies, { root, total, isAsked }: OneRoot): Promise<void> {
  try {
    await new RootScan(dependencies, root, total).run();
  } catch (error) {
    const isGone = error instanceof MeridianError && ['FILE_MISSING', 'FILE_UNREADABLE'].includes(error.code);
    if (isAsked || !isGone) throw error;
    await dependencies.registry.events.append({
      kind: 'scan.warning',
      stage: 'inspect',
      message: `the data root ${root.name} was passed over: ${error.message}`,
      payload: { root: root.name, code: error.code },
    });
  }
}

type Tally = { -readonly [Field in keyof ScanResult]: ScanResult[Field] };

async function rootsOf({ registry }: ActivityDependencies, { rootId }: ScanInput): Promise<DataRoot[]> {
  if (rootId === null) return registry.dataRoots.list();
  const root = await registry.dataRoots.find(rootId);
  return root === undefined ? [] : [root];
}

class RootScan {
  private readonly dependencies: ActivityDependencies;
  private readonly root: DataRoot;
  private readonly tally: Tally;

  constructor(dependencies: ActivityDependencies, root: DataRoot, tally: Tally) {
    this.dependencies = dependencies;
    this.root = root;
    this.tally = tally;
  }

  async run(): Promise<void> {
    const { dataRoots, subbandFiles } = this.dependencies.registry;
    const startedAt = new Date().toISOString();
    const found = await listRawFiles(this.root.path);
    await this.recordFound(found);
    const gone = await subbandFiles.markGone(this.root.id, startedAt);
    const inspected = await this.inspectAll();
    if (gone > 0 || inspected > 0) await this.decide();
    await dataRoots.markScanned(this.root.id);
    this.tally.files += found.length;
    this.tally.brokenFiles += (await subbandFiles.listQuarantined(this.root.id)).length;
  }

  private async recordFound(found: readonly FoundFile[]): Promise<void> {
    const { subbandFiles } = this.dependencies.registry;
    for (let first = 0; first < found.length; first += FILES_PER_ROW_BATCH) {
      const batch = found.slice(first, first + FILES_PER_ROW_BATCH);
      this.tally.newFiles += (await subbandFiles.recordSeen(this.root.id, batch)).newFiles;
    }
  }

  /** Looks into every file nobody has looked into; one that cannot be used is set aside and blocks nothing. */
  private async inspectAll(): Promise<number> {
    const { subbandFiles } = this.dependencies.registry;
    let count = 0;
    for (;;) {
      const files = await subbandFiles.listToInspect(this.root.id, FILES_PER_INSPECTION);
      if (files.length === 0) return count;
      const usable: SubbandFile[] = [];
      for (const file of files) if (!(await this.setAside(file))) usable.push(file);
      if (usable.length > 0) await this.inspect(usable);
      count += files.length;
    }
  }

  /** Whether name or size already say that a file cannot be used. */
  private async setAside(file: SubbandFile): Promise<boolean> {
    const named = readListedFile(file);
    if (!isQuarantined(named)) return false;
    await this.dependencies.registry.subbandFiles.quarantine(file.id, { code: named.code, message: named.reason });
    return true;
  }

  private async inspect(files: readonly SubbandFile[]): Promise<void> {
    const { registry } = this.dependencies;
    const { result } = await runStage(this.dependencies, {
      stage: 'inspect',
      unit: `scan/${this.root.name}`,
      spec: { stage: 'inspect', paths: files.map(({ path }) => path) },
      inputHashes: files.map(({ path, sizeBytes, modifiedAt }) => hashOf([path, sizeBytes, modifiedAt])),
      inputBytes: 0,
      jobIds: [],
      products: [],
    });
    await registry.transaction(async ({ subbandFiles }) => {
      for (const [index, inspected] of result.summary.files.entries()) {
        const file = files[index];
        if (file !== undefined) await subbandFiles.recordInspection(file.id, inspected);
      }
    });
  }

  /** Decides the groups of this root; what was decided of the same files before stays. */
  private async decide(): Promise<void> {
    const { registry } = this.dependencies;
    const files = await registry.subbandFiles.listAccepted(this.root.id);
    const known = await registry.groups.list({ rootIds: [this.root.id] });
    const knownHashes = new Map(known.map(({ id, filesHash }) => [id, filesHash]));
    for (const decision of decideGroups(files, mjdFromUnixMs(Date.now()))) {
      if (knownHashes.get(decision.id) === decision.filesHash) continue;
      const { group } = await registry.transaction(({ groups }) => groups.record(decision));
      await this.lookForCalibrators(group);
      this.tally.groupsChanged += 1;
    }
  }

  private async lookForCalibrators(group: ObservationGroup): Promise<void> {
    const { catalog, registry } = this.dependencies;
    const { startMjd, endMjd, midMjd, pointingDecDeg } = group;
    if (pointingDecDeg === null || group.state === 'rejected') return;
    const sightings = findCalibrators(catalog.all, { startMjd, endMjd, midMjd, pointingDecDeg })
      .filter((sighting) => hasCalibrator(sighting) && unsuitability(sighting.calibrator) === null)
      .map(({ calibrator, transit, beam, apparentFluxJy }): JsonObject => ({
        name: calibrator.name,
        transit_mjd: transit.mjd,
        beam,
        apparent_flux_jy: apparentFluxJy,
      }));
    await registry.groups.recordCalibrators(group, sightings);
  }
}
