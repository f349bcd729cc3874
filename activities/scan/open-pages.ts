/** The open files of a root in pages that cut no group. */
import { clusterInTime } from '../../domain/grouping.ts';
import { SECONDS_PER_DAY } from '../../domain/time.ts';
import type { SubbandFile, SubbandFileRepository } from '../../registry/index.ts';

/** Enough for a process to be worth its start, few enough to be held in memory. */
const FILES_PER_PAGE = 2048;
const MILLISECOND = 1 / (SECONDS_PER_DAY * 1000);

const stampOf = ({ stampMjd }: SubbandFile): number => stampMjd ?? 0;

/** Files that no decision holds, in order of stamp; what a page leaves open comes again with the next look only. */
export async function* openPages(
  files: Pick<SubbandFileRepository, 'listOpen'>,
  rootId: string,
): AsyncGenerator<SubbandFile[]> {
  let fromMjd: number | null = null;
  for (;;) {
    const page: SubbandFile[] = await files.listOpen(rootId, { fromMjd, limit: FILES_PER_PAGE });
    if (page.length < FILES_PER_PAGE) {
      yield page;
      return;
    }
    const clusters = clusterInTime(page, stampOf);
    const last = clusters.length > 1 ? clusters.pop() : undefined;
    yield clusters.flat();
    // A page that is one cluster has thousands of files of one time: the rest of them waits for another look.
    fromMjd = last?.[0] === undefined ? stampOf(page.at(-1) as SubbandFile) + MILLISECOND : stampOf(last[0]);
  }
}
