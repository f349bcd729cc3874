/** A look at one data root: new files are read, groups decided, and files of no use set aside, each with its reason. */
import { findCalibrators, hasCalibrator } from '../../domain/calibrator-choice.ts';
import { unsuitability } from '../../domain/calibrators.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import { assembleGroups, type AssembledGroup } from '../../domain/group-assembly.ts';
import { CLUSTER_TOLERANCE_SECONDS, clusterInTime } from '../../domain/grouping.ts';
import { mjdFromUnixMs, SECONDS_PER_DAY } from '../../domain/time.ts';
import type { DataRoot, GroupDecision, JsonObject, ObservationGroup, SubbandFile } from '../../registry/index.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { FolderLook, type FolderChanges } from './folder-look.ts';
import { asFileWithHeader, decisionOf, readFilesOf, type ReadFile } from './group-decisions.ts';
import { FileReading } from './file-reading.ts';
import type { LookRules } from './look-rules.ts';
import { openPages } from './open-pages.ts';

/** What a look needs; whoever puts activities together may give it to them as one more dependency. */
export type LookDependencies = Pick<ActivityDependencies, 'registry' | 'stages' | 'compute' | 'catalog'>;

export interface LookResult {
  /** Files in the folder. */
  readonly files: number;
  readonly newFiles: number;
  /** Files that are set aside, those of earlier looks included. */
  readonly brokenFiles: number;
  /** Versions of groups that this look decided, in order of time. */
  readonly decided: readonly Pick<ObservationGroup, 'id' | 'version' | 'state' | 'tier'>[];
  /** Groups that wait for files. */
  readonly collecting: number;
  readonly quarantined: FolderChanges['quarantined'];
}

/**
 * Looks at a data root, again and again if wanted. Everything it learns is in the registry: another process goes on
 * where one that died left off, and looking twice changes nothing. It must be called within an activity.
 */
export class RootLook {
  private readonly dependencies: LookDependencies;
  private readonly root: DataRoot;
  private readonly rules: LookRules;
  private readonly folder: FolderLook;
  private readonly reading: FileReading;
  /** Whether decided groups may not be what their files are now: so it is for whoever has not looked before. */
  private mustReopen = true;

  constructor(dependencies: LookDependencies, root: DataRoot, rules: LookRules) {
    this.dependencies = dependencies;
    this.root = root;
    this.rules = rules;
    this.folder = new FolderLook(dependencies.registry, root, rules);
    this.reading = new FileReading(dependencies, root, rules);
  }

  /**
   * One look. What it decides counts as soon as it is decided, so that a look at a full disk yields groups early.
   *
   * @throws MeridianError FILE_MISSING or FILE_UNREADABLE when the folder cannot be listed.
   */
  async run(): Promise<LookResult> {
    const { registry } = this.dependencies;
    const { files, newFiles, touchedKnown, quarantined } = await this.folder.compare();
    this.mustReopen ||= touchedKnown;
    if (this.mustReopen) await registry.subbandFiles.reopen(this.root.id, this.rules.reopen);
    this.mustReopen = false;
    const groups: ObservationGroup[] = [];
    for await (const page of openPages(registry.subbandFiles, this.root.id)) groups.push(...(await this.decide(page)));
    await registry.groups.rejectAbandoned(this.root.id);
    await registry.dataRoots.markScanned(this.root.id);
    return {
      files,
      newFiles,
      brokenFiles: await registry.subbandFiles.countQuarantined(this.root.id),
      decided: groups
        .filter(({ state }) => state !== 'collecting')
        .map(({ id, version, state, tier }) => ({ id, version, state, tier })),
      collecting: await registry.groups.countCollecting(this.root.id),
      quarantined,
    };
  }

  /** Decides groups of some files that no decision holds; gives those whose row changed. */
  private async decide(page: readonly SubbandFile[]): Promise<ObservationGroup[]> {
    const open = await this.reading.read(page);
    if (open.length === 0) return [];
    const decided = readFilesOf(await this.decidedBeside(open), true);
    const files = [...open, ...decided];
    const rows = new Map(files.map(({ row }) => [row.path, row]));
    const openPaths = new Set(open.map(({ row }) => row.path));
    const nowMjd = mjdFromUnixMs(Date.now());
    const { groups, quarantined } = assembleGroups(files.map(asFileWithHeader), nowMjd, this.rules.decision);
    for (const { path, code, reason } of quarantined) {
      const row = openPaths.has(path) ? rows.get(path) : undefined;
      if (row !== undefined) await this.setAside(row, { code, message: reason });
    }
    const changed: ObservationGroup[] = [];
    for (const group of groups) {
      const news = [...group.files, ...group.doubled].filter(({ path }) => openPaths.has(path));
      const recorded =
        news.length === 0
          ? null
          : await this.settle(
              group,
              rows,
              news.map(({ path }) => path),
            );
      if (recorded !== null) changed.push(recorded);
    }
    return changed;
  }

  /** Files of decided groups whose data start with those of open files: a late file goes to its siblings. */
  private async decidedBeside(open: readonly ReadFile[]): Promise<SubbandFile[]> {
    const tolerance = CLUSTER_TOLERANCE_SECONDS / SECONDS_PER_DAY;
    const starts = open.map(({ header }) => header.startMjd).sort((a, b) => a - b);
    const ranges = clusterInTime(starts, (mjd) => mjd).map(
      (cluster) => [(cluster[0] ?? 0) - tolerance, (cluster.at(-1) ?? 0) + tolerance] as const,
    );
    return this.dependencies.registry.subbandFiles.listDecided(this.root.id, ranges);
  }

  /** Records a group that has files which no decision holds; null when its row stays as it is. */
  private async settle(
    group: AssembledGroup,
    rows: ReadonlyMap<string, SubbandFile>,
    news: readonly string[],
  ): Promise<ObservationGroup | null> {
    const decision = decisionOf(group, rows);
    if (decision === null) return null;
    const present = await this.dependencies.registry.groups.findPresent(this.root.id, decision.id);
    const refusal = this.refusalOf(group, present);
    if (refusal !== null) {
      for (const path of news) await this.setAside(rows.get(path), refusal);
      return null;
    }
    if (group.state === 'collecting' && keepsRow(present, decision)) return null;
    return this.record(decision, group);
  }

  private async record(decision: GroupDecision, group: AssembledGroup): Promise<ObservationGroup> {
    const recorded = await this.dependencies.registry.transaction(async ({ groups, events }) => {
      const { group: row } = await groups.record(decision);
      if (row.state !== 'collecting') await events.append(decidedEvent(row, group));
      return row;
    });
    await this.lookForCalibrators(recorded);
    return recorded;
  }

  /** Why the new files of a group are of no use to it; null as a rule. */
  private refusalOf(group: AssembledGroup, present: ObservationGroup | undefined): Refusal | null {
    if (group.copyOf !== null) return copyReason(group.copyOf);
    if (present === undefined || present.state === 'collecting' || !this.losesFiles(present, group)) return null;
    return lossReason(present);
  }

  /** Whether what is there now is less than what was decided, as raw files may be removed after use. */
  private losesFiles(present: ObservationGroup, group: AssembledGroup): boolean {
    if (this.rules.reopen.lost === 'any' || present.state === 'rejected' || group.state === 'collecting') return false;
    return group.state === 'rejected' || group.subbands.length < present.presentSubbands.length;
  }

  private async setAside(row: SubbandFile | undefined, error: Refusal): Promise<void> {
    if (row !== undefined) await this.dependencies.registry.subbandFiles.quarantine(row.id, error);
  }

  private async lookForCalibrators(group: ObservationGroup): Promise<void> {
    const { catalog, registry } = this.dependencies;
    const { startMjd, endMjd, midMjd, pointingDecDeg, state } = group;
    if (pointingDecDeg === null || state === 'rejected' || state === 'collecting') return;
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

/** Whether a group that collects leaves its row alone: a decision holds until late files are decided too. */
const keepsRow = (present: ObservationGroup | undefined, decision: GroupDecision): boolean =>
  present !== undefined && (present.state !== 'collecting' || present.filesHash === decision.filesHash);

interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
}

const copyReason = (stamp: string): Refusal => ({
  code: 'GROUP_SUBBAND_DOUBLED',
  message: `the same data are there with the stamp ${stamp}`,
});

const lossReason = ({ id, version, presentSubbands }: ObservationGroup): Refusal => ({
  code: 'GROUP_INCOMPLETE',
  message: `group ${id} was decided with ${presentSubbands.length} subbands (version ${version}), whose files have gone`,
});

const decidedEvent = (row: ObservationGroup, { reason, subbands }: AssembledGroup) => ({
  kind: 'group.decided',
  stage: 'inspect',
  groupId: row.id,
  message: `group ${row.id} is ${row.state}${reason === null ? '' : `: ${reason.message}`}`,
  payload: { version: row.version, state: row.state, tier: row.tier, subbands: subbands.length },
});
