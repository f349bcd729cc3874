/** Where groups are missing in time. */
import { SECONDS_PER_DAY } from './time.ts';
import { GROUP_SECONDS } from './windows.ts';

/** From the start of a group to that of the next one. */
export interface Gap {
  readonly afterMjd: number;
  readonly untilMjd: number;
  readonly seconds: number;
}

/** Groups follow each other after 309 to 415 s; where it takes longer than this, at least one is missing. */
export const GAP_SECONDS = 1.5 * GROUP_SECONDS;

/**
 * Gaps between groups.
 *
 * @param startsMjd of the groups, in order of time
 */
export function gapsBetween(startsMjd: readonly number[]): Gap[] {
  return startsMjd.slice(1).flatMap((untilMjd, index) => {
    const afterMjd = startsMjd[index] ?? untilMjd;
    const seconds = (untilMjd - afterMjd) * SECONDS_PER_DAY;
    return seconds > GAP_SECONDS ? [{ afterMjd, untilMjd, seconds }] : [];
  });
}
