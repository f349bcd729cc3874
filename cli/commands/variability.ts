/** `variability`: statistics of light curves in a table. */
import { Command } from 'commander';
import { falseAlarmsOf } from '../../domain/variability/false-alarms.ts';
import type { FalseAlarms } from '../../domain/variability/false-alarms.ts';
import { TABLE_PAIR_WINDOW, variabilityOf } from '../../domain/variability/variability.ts';
import type { Variability } from '../../domain/variability/variability.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { flux } from '../output/format.ts';
import { facts, table } from '../output/table.ts';
import { readFluxTable } from '../tables/flux-table.ts';
import type { SourceFluxes } from '../tables/flux-table.ts';

interface Options {
  readonly csv: string;
}

interface Row {
  readonly source_id: string | null;
  readonly statistics: Variability;
}

/** Statistics of one source as `--json` prints them. */
const viewOf = (found: Variability): object => ({
  n: found.n,
  mean_flux_jy: found.meanFluxJy,
  weighted_mean_flux_jy: found.weightedMeanFluxJy,
  weighted_mean_err_jy: found.weightedMeanErrJy,
  std_flux_jy: found.stdFluxJy,
  eta: found.eta,
  v: found.v,
  chi2: found.chi2,
  vs_max: found.largestPair?.vs ?? null,
  m_at_vs_max: found.largestPair?.m ?? null,
  vs_max_mjd: found.largestPair === null ? null : [found.largestPair.earlierMjd, found.largestPair.laterMjd],
  p_values: { eta: found.pEta, v: found.pV, vs_max: found.pVs },
  sigma_deviation: found.sigmaDeviation,
  pair_window: found.pairWindow,
  seed: found.seed,
});

const number = (value: number | null | undefined, digits = 4): string =>
  value === null || value === undefined ? '-' : String(Number(value.toPrecision(digits)));

function oneText(found: Variability): string {
  const pair = found.largestPair;
  return facts([
    ['points', found.n],
    ['mean', flux(found.meanFluxJy)],
    ['weighted mean', `${flux(found.weightedMeanFluxJy)} ± ${flux(found.weightedMeanErrJy)}`],
    ['standard deviation', flux(found.stdFluxJy)],
    ['eta', `${number(found.eta)}  (p = ${number(found.pEta, 3)})`],
    ['V', `${number(found.v)}  (p = ${number(found.pV, 3)})`],
    ['chi2', number(found.chi2)],
    ['largest Vs', `${number(pair?.vs)}  (p = ${number(found.pVs, 3)})`],
    ['m of that pair', number(pair?.m)],
    ['sigma deviation', `${number(found.sigmaDeviation)}  (cannot tell anything by itself)`],
  ]);
}

const manyText = (rows: readonly Row[], alarms: readonly FalseAlarms[]): string =>
  [
    table(rows, [
      { title: 'source', value: (row) => row.source_id, align: 'left' },
      { title: 'n', value: ({ statistics }) => statistics.n },
      { title: 'weighted mean', value: ({ statistics }) => flux(statistics.weightedMeanFluxJy), align: 'right' },
      { title: 'eta', value: ({ statistics }) => number(statistics.eta), align: 'right' },
      { title: 'p', value: ({ statistics }) => number(statistics.pEta, 2), align: 'right' },
      { title: 'V', value: ({ statistics }) => number(statistics.v), align: 'right' },
      { title: 'p', value: ({ statistics }) => number(statistics.pV, 2), align: 'right' },
      { title: 'Vs', value: ({ statistics }) => number(statistics.largestPair?.vs), align: 'right' },
      { title: 'p', value: ({ statistics }) => number(statistics.pVs, 2), align: 'right' },
    ]),
    '',
    'Sources below a probability, and how many there would be if all were constant:',
    table(alarms, [
      { title: 'statistic', value: ({ statistic }) => statistic },
      { title: 'p', value: ({ p }) => p },
      { title: 'found', value: ({ found }) => found },
      { title: 'expected', value: ({ expected }) => number(expected, 3), align: 'right' },
    ]),
  ].join('\n');

const rowOf = ({ sourceId, points }: SourceFluxes): Row => ({
  source_id: sourceId,
  statistics: variabilityOf(points, { pairWindow: TABLE_PAIR_WINDOW }),
});

async function variability({ csv }: Options, _context: CommandContext): Promise<CommandResult> {
  const rows = (await readFluxTable(csv)).map(rowOf);
  const [first] = rows;
  if (rows.length === 1 && first?.source_id === null) {
    return { document: { file: csv, ...viewOf(first.statistics) }, text: oneText(first.statistics) };
  }
  const alarms = falseAlarmsOf(rows.map(({ statistics }) => statistics));
  const sources = rows.map(({ source_id, statistics }) => ({ source_id, ...viewOf(statistics) }));
  return { document: { file: csv, sources, false_alarms: alarms }, text: manyText(rows, alarms) };
}

export function variabilityCommand(): Command {
  const command = new Command('variability')
    .description('variability statistics of the light curves in a table')
    .requiredOption(
      '--csv <file>',
      'columns mjd, flux_jy, flux_err_jy; with source_id one result per source; rows in order of time',
    );
  return runs<Options>(command, variability);
}
