/** The schedule as people read it. */
import type { Schemas } from '../../api/client/client.ts';
import { fixed } from './format.ts';
import { facts, table } from './table.ts';

type Schedule = Schemas['Schedule'];
type PlanSummary = Schemas['PlanSummary'];

const minute = (utc: string): string => utc.slice(0, 16).replace('T', ' ');

const planning = ({ planner }: Schedule): string => {
  if (planner === null) return 'not set up: add a calibrator';
  if (planner.paused) return planner.note === '' ? 'paused' : planner.note;
  return planner.next_run_at === null ? 'running' : `next at ${minute(planner.next_run_at)} UTC`;
};

/** List, pointing and transits. */
export function scheduleText(schedule: Schedule): string {
  const { pointing, calibrators, transits } = schedule;
  const points =
    pointing === null ? 'not known: no group yet' : `Dec ${pointing.dec_deg.toFixed(2)}° (${pointing.group_id})`;
  const head = facts([
    ['pointing', points],
    ['planning', planning(schedule)],
  ]);
  const names =
    calibrators.length === 0
      ? 'no calibrator; `meridian schedule add` adds one'
      : table(calibrators, [
          { title: 'calibrator', value: (row) => row.name },
          { title: 'at Dec', value: (row) => (row.dec_deg === null ? 'any' : fixed(row.dec_deg, 2)), align: 'right' },
          { title: 'window (min)', value: (row) => row.timespan_minutes },
          { title: 'late data (min)', value: (row) => row.deadline_minutes },
          { title: 'tiles', value: (row) => row.min_tiles },
          {
            title: 'paused',
            value: (row) => (row.paused === null ? null : `${row.paused.requested_by}: ${row.paused.reason}`),
          },
        ]);
  return [head, '', names, ...(transits.length === 0 ? [] : ['', transitsText(transits)])].join('\n');
}

const transitsText = (transits: Schedule['transits']): string =>
  table(transits, [
    { title: 'transit (UTC)', value: (row) => minute(row.transit_utc) },
    { title: 'calibrator', value: (row) => row.calibrator },
    { title: 'number', value: (row) => row.transit_number },
    { title: 'state', value: (row) => row.state },
    {
      title: 'what',
      value: (row) => row.reason ?? (row.state === 'planned' ? `window to ${minute(row.end_utc)}` : null),
    },
  ]);

/** What planning changed, in a line. */
export function planText(summary: PlanSummary): string {
  const { started, moved, struck, unchanged, without_data: none } = summary;
  const counts = `started ${started}, moved ${moved}, struck off ${struck}, unchanged ${unchanged}`;
  return none === 0 ? counts : `${counts}; ${none} without data, recorded as missed`;
}
