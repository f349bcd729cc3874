/** `calibrate list-transits`: when a calibrator crosses the meridian, and what data there is for each time. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { shippedCalibrators } from '../../config/shipped-data.ts';
import { MeridianError } from '../../domain/errors.ts';
import { mjdFromIso, mjdFromUnixMs } from '../../domain/time.ts';
import { requireAboveHorizon, transitsBetween } from '../../domain/transits.ts';
import type { TimeRange, Transit } from '../../domain/transits.ts';
import { DEFAULT_WINDOW_MINUTES } from '../../domain/windows.ts';
import { calibratorView, transitView } from '../../api/contracts/calibrator-views.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { numberIn, utcTime } from '../options/parsers.ts';
import { fixed } from '../output/format.ts';
import { table } from '../output/table.ts';
import { listIncoming, transitData } from '../stages/incoming.ts';

type Row = ReturnType<typeof transitView>;

interface Options {
  readonly from?: string;
  readonly to?: string;
  readonly incoming?: string;
  readonly timespanMinutes: number;
}

const DEFAULT_BACK_DAYS = 7;
const DEFAULT_AHEAD_DAYS = 1;
/** A list longer than this is a mistake in the times. */
const LONGEST_DAYS = 3660;

function rangeOf({ from, to }: Options): TimeRange {
  const now = mjdFromUnixMs(Date.now());
  const startMjd = from === undefined ? now - DEFAULT_BACK_DAYS : mjdFromIso(from);
  const endMjd = to === undefined ? Math.max(now, startMjd) + DEFAULT_AHEAD_DAYS : mjdFromIso(to);
  if (endMjd <= startMjd) throw new MeridianError('REQUEST_INVALID', '--to must be later than --from', { field: 'to' });
  if (endMjd - startMjd > LONGEST_DAYS) {
    throw new MeridianError('REQUEST_INVALID', `--from and --to may be ${LONGEST_DAYS} days apart at most`, {
      field: 'to',
    });
  }
  return { startMjd, endMjd };
}

function show(name: string, rows: readonly Row[]): string {
  if (rows.length === 0) return `${name} does not cross the meridian between these times.`;
  return table(rows, [
    { title: 'transit (UTC)', value: (row) => row.transit_utc },
    { title: 'MJD', value: (row) => fixed(row.transit_mjd, 6), align: 'right' },
    { title: 'apparent Dec', value: (row) => `${fixed(row.apparent_dec_deg, 4)}°`, align: 'right' },
    { title: 'altitude', value: (row) => `${fixed(row.altitude_deg, 1)}°`, align: 'right' },
    { title: 'data', value: (row) => (row.data === null ? '' : dataText(row.data)) },
  ]);
}

const dataText = (data: NonNullable<Row['data']>): string =>
  data.status === 'none' && data.n_groups === 0
    ? 'none'
    : `${data.status} (${data.n_subbands} subbands), ${data.n_complete} of ${data.n_groups} groups complete`;

/** Finds the data of a transit: in a folder, in the registry if it can be asked, or nowhere. */
async function dataLookup(
  name: string,
  range: TimeRange,
  options: Options,
): Promise<(transit: Transit) => Row['data']> {
  const { incoming, timespanMinutes } = options;
  if (incoming !== undefined) {
    const { clusters } = await listIncoming(resolve(incoming));
    return ({ mjd }) => transitData(clusters, mjd, timespanMinutes);
  }
  const { registeredTransitData } = await import('../gateway/transit-data.ts');
  const registered = await registeredTransitData(name, range, timespanMinutes);
  return ({ number }) => registered?.get(number) ?? null;
}

async function listTransits(
  options: Options,
  _context: CommandContext,
  args: readonly string[],
): Promise<CommandResult> {
  const calibrator = shippedCalibrators().require(args[0] ?? '');
  const range = rangeOf(options);
  const transits = transitsBetween(calibrator.position, range);
  if (transits[0] !== undefined) requireAboveHorizon(calibrator.name, transits[0]);
  const dataOf = await dataLookup(calibrator.name, range, options);
  const rows = transits.map((transit) => transitView(transit, dataOf(transit)));
  return {
    document: { calibrator: calibratorView(calibrator), transits: rows },
    text: show(calibrator.name, rows),
  };
}

export function listTransitsCommand(): Command {
  const command = new Command('list-transits')
    .description('transits of a calibrator over the site, with the data there is for each')
    .argument('<calibrator>', 'any name of the VLA list: 3C286, 1331+305, J1331+3030')
    .option('--from <utc>', `start (default: ${DEFAULT_BACK_DAYS} days ago)`, utcTime)
    .option('--to <utc>', 'end (default: tomorrow)', utcTime)
    .option(
      '--incoming <folder>',
      'count the raw files in this folder (default: what the registry has, if the services run)',
    )
    .option(
      '--timespan-minutes <minutes>',
      'window around a transit',
      numberIn({ min: 5, max: 360 }),
      DEFAULT_WINDOW_MINUTES,
    );
  return runs<Options>(command, listTransits);
}
