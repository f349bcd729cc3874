/** UT1−UTC from a compact table: how far the Earth's rotation is ahead of civil time. */
import { UT1_TABLE } from './data/ut1-utc.ts';
import { SECONDS_PER_DAY, taiMinusUtcSeconds } from './time.ts';

/** UT1−TAI at even steps; it is continuous, where UT1−UTC jumps at leap seconds. */
export interface Ut1Table {
  readonly startMjd: number;
  readonly stepDays: number;
  readonly ticksPerSecond: number;
  readonly ut1MinusTaiTicks: readonly number[];
}

/**
 * UT1−UTC in seconds, linear between samples (7 ms).
 *
 * Outside the table the nearest sample's UT1−UTC is held: as |UT1−UTC| < 0.9 s by definition of UTC, the error stays
 * below 1.8 s; it grows by some 0.1 s a year after the end of the table.
 */
export function ut1MinusUtcSeconds(mjdUtc: number, table: Ut1Table = UT1_TABLE): number {
  const last = table.ut1MinusTaiTicks.length - 1;
  const steps = Math.min(Math.max((mjdUtc - table.startMjd) / table.stepDays, 0), last);
  const index = Math.min(Math.floor(steps), last - 1);
  const before = table.ut1MinusTaiTicks[index] ?? 0;
  const after = table.ut1MinusTaiTicks[index + 1] ?? before;
  const ut1MinusTai = (before + (after - before) * (steps - index)) / table.ticksPerSecond;
  return ut1MinusTai + taiMinusUtcSeconds(table.startMjd + steps * table.stepDays);
}

/** MJD in UT1. */
export function ut1FromUtc(mjdUtc: number, table: Ut1Table = UT1_TABLE): number {
  return mjdUtc + ut1MinusUtcSeconds(mjdUtc, table) / SECONDS_PER_DAY;
}
