/** What lies in a folder of raw files, by names and sizes alone. */
import type { z } from 'zod';
import { listFolder } from '../../activities/incoming/list-folder.ts';
import type { TransitData } from '../../api/contracts/calibrators.ts';
import { clusterFiles } from '../../domain/grouping.ts';
import type { Clustering, SubbandCluster } from '../../domain/grouping.ts';
import { SUBBANDS_PER_GROUP } from '../../domain/subband-files.ts';
import { SECONDS_PER_DAY } from '../../domain/time.ts';
import { GAP_TOLERANCE_SECONDS, GROUP_SECONDS, mosaicWindow } from '../../domain/windows.ts';

/**
 * Groups of a folder of raw files, sub-folders included.
 *
 * @throws MeridianError FILE_MISSING or FILE_UNREADABLE naming the folder.
 */
export async function listIncoming(folder: string): Promise<Clustering> {
  const listing = await listFolder(folder, { strangers: 'passed_over', links: 'followed' });
  const { clusters, quarantined } = clusterFiles(listing.files);
  return { clusters, quarantined: [...listing.quarantined, ...quarantined] };
}

const middleMjd = (cluster: SubbandCluster): number => cluster.firstStampMjd + GROUP_SECONDS / 2 / SECONDS_PER_DAY;

/**
 * The data of a transit as the file stamps tell it. A stamp is up to 82 s off the data's start: enough to see what is
 * there; a mosaic goes by the headers.
 */
export function transitData(
  clusters: readonly SubbandCluster[],
  transitMjd: number,
  timespanMinutes: number,
): z.input<typeof TransitData> {
  const window = mosaicWindow(transitMjd, timespanMinutes);
  const inWindow = clusters.filter(
    (cluster) => middleMjd(cluster) >= window.startMjd && middleMjd(cluster) < window.endMjd,
  );
  const distance = (cluster: SubbandCluster): number => Math.abs(middleMjd(cluster) - transitMjd) * SECONDS_PER_DAY;
  const nearest = [...inWindow].sort((a, b) => distance(a) - distance(b))[0];
  const holds =
    nearest !== undefined && distance(nearest) <= GROUP_SECONDS / 2 + GAP_TOLERANCE_SECONDS ? nearest : null;
  const isComplete = (cluster: SubbandCluster): boolean => cluster.files.length === SUBBANDS_PER_GROUP;
  return {
    status: holds === null ? 'none' : isComplete(holds) ? 'complete' : 'incomplete',
    group_id: null,
    first_stamp: holds?.firstStamp ?? null,
    n_subbands: holds?.files.length ?? 0,
    n_groups: inWindow.length,
    n_complete: inWindow.filter(isComplete).length,
    missing_minutes: Math.max(timespanMinutes - (inWindow.length * GROUP_SECONDS) / 60, 0),
  };
}
