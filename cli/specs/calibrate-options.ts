/** Options of `calibrate solve` and `calibrate flag`. */
import { InvalidArgumentError } from 'commander';
import type { FlagStep, SolveSpec } from '../../domain/generated/stages.ts';
import type { FieldOption } from '../options/field-options.ts';
import { listOf, numberIn, text } from '../options/parsers.ts';

const TABLE_TYPES: Readonly<Record<string, string>> = { k: 'K', b: 'B', bp: 'B', g: 'G' };

function tableType(word: string): string {
  const type = TABLE_TYPES[word.toLowerCase()];
  if (type === undefined) throw new InvalidArgumentError('give some of K, B, G.');
  return type;
}

/** Seconds of a CASA interval: `60s`, `2min`, `60`; `inf` is null. */
function interval(word: string): number | null {
  if (word === 'inf') return null;
  const match = /^(\d+(?:\.\d+)?)(s|min|)$/.exec(word);
  if (match === null) throw new InvalidArgumentError('give seconds, 60s, 2min or inf.');
  return Number(match[1]) * (match[2] === 'min' ? 60 : 1);
}

export const SOLVE_OPTIONS: readonly FieldOption<SolveSpec>[] = [
  { flags: '--refant <antenna>', field: 'refant', parse: text, help: 'reference antenna (default: chosen)' },
  { flags: '--types <list>', field: 'types', parse: listOf(tableType), help: 'tables to solve (default: K,B,G)' },
  { flags: '--gain-solint <interval>', field: 'gain_interval_s', parse: interval, help: 'of G (default: inf)' },
  {
    flags: '--minsnr <snr>',
    field: 'min_snr',
    parse: numberIn({ min: 0 }),
    help: 'least SNR of a solution (default: 3)',
  },
  { flags: '--uvmin <metres>', field: 'uvmin_m', parse: numberIn({ min: 0 }), help: 'shortest baseline used' },
  { flags: '--uvmax <metres>', field: 'uvmax_m', parse: numberIn({ min: 0 }), help: 'longest baseline used' },
  {
    flags: '--neighbour-fraction <f>',
    field: 'neighbour_fraction',
    parse: numberIn({ min: 0, max: 1 }),
    help: 'sources this bright beside the calibrator are in the model (default: 0.01)',
  },
  {
    flags: '--min-pb <value>',
    also: ['--min-beam <value>'],
    field: 'min_beam',
    parse: numberIn({ min: 0, max: 1 }),
    help: 'least primary beam at the calibrator (default: 0.3)',
  },
  { flags: '--force', field: 'force', help: 'solve although the codes of the calibrator say no' },
];

export const FLAG_MODES = [
  'rfi', 'tfcrop', 'rflag', 'elevation', 'shadow', 'zeros', 'autocorrelations', 'clip', 'quack', 'antenna', 'reset',
] as const; // prettier-ignore

export const FLAG_OPTIONS: readonly FieldOption<FlagStep>[] = [
  { flags: '--clip-min <jy>', field: 'clip_min_jy', parse: numberIn({ min: 0 }), help: 'flag amplitudes below (clip)' },
  { flags: '--clip-max <jy>', field: 'clip_max_jy', parse: numberIn({ min: 0 }), help: 'flag amplitudes above (clip)' },
  {
    flags: '--elevation-min <deg>',
    field: 'elevation_min_deg',
    parse: numberIn({ min: 0, max: 90 }),
    help: 'flag below (elevation)',
  },
  {
    flags: '--quack <seconds>',
    field: 'quack_s',
    parse: numberIn({ min: 0 }),
    help: 'flag the start of the scan (quack)',
  },
  { flags: '--antennas <list>', field: 'antennas', parse: listOf(text), help: 'names of antennas (antenna)' },
  { flags: '--strategy <file>', field: 'strategy', parse: text, help: 'AOFlagger strategy (rfi)' },
];
