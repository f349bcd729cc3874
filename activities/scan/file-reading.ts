/** Headers of new files: which are read now, and what comes of it. */
import { readInspected } from '../../domain/group-headers.ts';
import { clusterInTime } from '../../domain/grouping.ts';
import { hashOf } from '../../domain/ids.ts';
import { isQuarantined, readListedFile, SUBBANDS_PER_GROUP } from '../../domain/subband-files.ts';
import type { DataRoot, SubbandFile } from '../../registry/index.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { runStage } from '../run-stage.ts';
import { readFilesOf, type ReadFile } from './group-decisions.ts';
import type { LookRules } from './look-rules.ts';

/** Headers read by one process. */
const FILES_PER_INSPECTION = 512;

type Dependencies = Pick<ActivityDependencies, 'registry' | 'stages' | 'compute'>;

export class FileReading {
  private readonly dependencies: Dependencies;
  private readonly root: DataRoot;
  private readonly rules: LookRules;

  constructor(dependencies: Dependencies, root: DataRoot, rules: LookRules) {
    this.dependencies = dependencies;
    this.root = root;
    this.rules = rules;
  }

  /** Reads headers where it is time to; gives the files that can be used, those read before included. */
  async read(files: readonly SubbandFile[]): Promise<ReadFile[]> {
    const accepted = files.filter(({ state }) => state === 'accepted');
    const usable: SubbandFile[] = [];
    const nowMs = Date.now();
    for (const file of files) {
      if (file.state === 'seen' && this.isStable(file, nowMs) && !(await this.setAside(file))) usable.push(file);
    }
    const read = readFilesOf(accepted, false);
    const due = this.dueToRead(usable, accepted, nowMs);
    for (let first = 0; first < due.length; first += FILES_PER_INSPECTION) {
      read.push(...(await this.inspect(due.slice(first, first + FILES_PER_INSPECTION))));
    }
    return read;
  }

  /** Unchanged between two looks, or by its own time for as long: a copy carries an old time only once it is whole. */
  private isStable({ unchangedSince, modifiedAt }: SubbandFile, nowMs: number): boolean {
    const limitMs = nowMs - this.rules.stableSeconds * 1000;
    return this.rules.stableSeconds === 0 || Date.parse(unchangedSince) <= limitMs || Date.parse(modifiedAt) <= limitMs;
  }

  /** A process for each file of a group would cost more than the headers: it waits until the group seems whole. */
  private dueToRead(usable: readonly SubbandFile[], accepted: readonly SubbandFile[], nowMs: number): SubbandFile[] {
    const waitMs = this.rules.readAfterSeconds * 1000;
    const stampOf = ({ stampMjd }: SubbandFile): number => stampMjd ?? 0;
    const ordered = [...usable, ...accepted].sort((a, b) => stampOf(a) - stampOf(b));
    const due = clusterInTime(ordered, stampOf).filter(
      (cluster) =>
        new Set(cluster.map(({ subband }) => subband)).size === SUBBANDS_PER_GROUP ||
        cluster.some(({ state, unchangedSince }) => state === 'seen' && nowMs - Date.parse(unchangedSince) >= waitMs),
    );
    return due.flat().filter(({ state }) => state === 'seen');
  }

  /** Whether name or size already say that a file cannot be used. */
  private async setAside(file: SubbandFile): Promise<boolean> {
    const named = readListedFile(file);
    if (!isQuarantined(named)) return false;
    const error = { code: named.code, message: named.reason };
    await this.dependencies.registry.subbandFiles.quarantine(file.id, error);
    return true;
  }

  private async inspect(files: readonly SubbandFile[]): Promise<ReadFile[]> {
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
    const read: ReadFile[] = [];
    await registry.transaction(async ({ subbandFiles }) => {
      for (const [index, inspected] of result.summary.files.entries()) {
        const row = files[index];
        if (row === undefined) continue;
        await subbandFiles.recordInspection(row.id, inspected);
        const header = readInspected(inspected);
        if (!('reason' in header)) read.push({ row, header, isDecided: false });
      }
    });
    return read;
  }
}
