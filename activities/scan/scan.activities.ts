/** Looking for new files below the data roots: headers are read, groups decided, broken files set aside. */
import { MeridianError } from '../../domain/errors.ts';
import type { DataRoot } from '../../registry/index.ts';
import type { ScanInput, ScanResult } from '../../workflows/contracts/scan.ts';
import { sayInHeartbeat } from '../activity-progress.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { ScanActivities } from '../interfaces.ts';
import { ASKED_LOOK, WATCHING_LOOK } from './look-rules.ts';
import { RootLook } from './root-look.ts';

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

type Tally = { -readonly [Field in keyof ScanResult]: ScanResult[Field] };

interface OneRoot {
  readonly root: DataRoot;
  readonly total: Tally;
  /** Whether this very root was asked for. */
  readonly isAsked: boolean;
}

/**
 * A folder that has gone is an error for whoever asks for it; of many it must not keep the others from being seen.
 * Where a stream watches, its rules hold: a group that is still arriving must not be decided by somebody else's look.
 */
async function scanRoot(dependencies: ActivityDependencies, { root, total, isAsked }: OneRoot): Promise<void> {
  try {
    const look = await new RootLook(dependencies, root, root.watched ? WATCHING_LOOK : ASKED_LOOK).run();
    total.files += look.files;
    total.newFiles += look.newFiles;
    total.brokenFiles += look.brokenFiles;
    total.groupsChanged += look.decided.length;
    for (const { path, reason } of look.quarantined) await warn(dependencies, root, `${path}: ${reason}`);
  } catch (error) {
    const isGone = error instanceof MeridianError && ['FILE_MISSING', 'FILE_UNREADABLE'].includes(error.code);
    if (isAsked || !isGone) throw error;
    await warn(dependencies, root, `the data root ${root.name} was passed over: ${error.message}`);
  }
}

async function warn({ registry }: ActivityDependencies, root: DataRoot, message: string): Promise<void> {
  await registry.events.append({ kind: 'scan.warning', stage: 'inspect', message, payload: { root: root.name } });
}

async function rootsOf({ registry }: ActivityDependencies, { rootId }: ScanInput): Promise<DataRoot[]> {
  if (rootId === null) return registry.dataRoots.list();
  const root = await registry.dataRoots.find(rootId);
  return root === undefined ? [] : [root];
}
