/** Options of the simulator. */
import type { Corruption, SimulateSpec, Sky } from '../../domain/generated/stages.ts';
import type { FieldOption } from '../options/field-options.ts';
import { fluxJy, integerIn, listOf, numberIn, utcTime, decDeg } from '../options/parsers.ts';

export const SIMULATE_OPTIONS: readonly FieldOption<SimulateSpec>[] = [
  { flags: '--seed <n>', field: 'seed', parse: integerIn({ min: 0 }), help: 'same seed, same files (default: 1)' },
  { flags: '--near <utc>', field: 'near_utc', parse: utcTime, help: 'transit nearest to this time' },
  {
    flags: '--start <utc>',
    also: ['--start-time <utc>'],
    field: 'start_utc',
    parse: utcTime,
    help: 'start of the first group, instead of a transit',
  },
  {
    flags: '--dec <deg>',
    field: 'pointing_dec_deg',
    parse: decDeg,
    help: "apparent pointing declination (default: the calibrator's)",
  },
  {
    flags: '--calibrator-offset <deg>',
    field: 'calibrator_offset_deg',
    parse: numberIn({ min: -5, max: 5 }),
    help: 'pointing minus calibrator declination',
  },
  {
    flags: '--groups <n>',
    field: 'n_groups',
    parse: integerIn({ min: 1, max: 400 }),
    help: 'groups of 309 s (default: 5)',
  },
  {
    flags: '--antennas <n>',
    field: 'n_antennas',
    parse: integerIn({ min: 3, max: 96 }),
    help: 'antennas (default: all 96)',
  },
  {
    flags: '--stations <list>',
    field: 'station_numbers',
    parse: listOf(integerIn({ min: 1, max: 117 })),
    help: 'station numbers, instead of --antennas',
  },
  {
    flags: '--subbands <n>',
    field: 'n_subbands',
    parse: integerIn({ min: 1, max: 16 }),
    help: 'subband files of a group (default: 16)',
  },
  {
    flags: '--channels-per-subband <n>',
    field: 'channels_per_subband',
    parse: integerIn({ min: 1, max: 384 }),
    help: 'default: 48',
  },
  {
    flags: '--integrations <n>',
    field: 'n_integrations',
    parse: integerIn({ min: 1, max: 240 }),
    help: 'of a group (default: 24)',
  },
  {
    flags: '--group-spacing <seconds>',
    field: 'group_spacing_s',
    parse: numberIn({ min: 309 }),
    help: 'default: no gap',
  },
  {
    flags: '--stamp-jitter <seconds>',
    field: 'stamp_jitter_s',
    parse: numberIn({ min: 0, max: 82 }),
    help: 'spread of file stamps in a group (default: 5)',
  },
  { flags: '--layout <layout>', field: 'layout', choices: ['new', 'old'], help: 'shape of the arrays in the files' },
];

export const SKY_OPTIONS: readonly FieldOption<Sky>[] = [
  { flags: '--sky <catalog>', field: 'catalog', choices: ['nvss', 'none'], help: 'background sources (default: nvss)' },
  {
    flags: '--min-flux <flux>',
    field: 'min_flux_jy',
    parse: fluxJy,
    help: 'faintest background source (default: 50mJy)',
  },
];

export const CORRUPTION_OPTIONS: readonly FieldOption<Corruption>[] = [
  { flags: '--no-bandpass', field: 'bandpass', set: false, help: 'flat bandpasses' },
  { flags: '--no-gains', field: 'gains', set: false, help: 'perfect gains' },
  { flags: '--no-delays', field: 'delays', set: false, help: 'no residual delays' },
  { flags: '--no-noise', field: 'noise', set: false, help: 'no thermal noise' },
  { flags: '--gain-drift <deg/h>', field: 'gain_drift_deg_per_hour', parse: numberIn({ min: 0 }), help: 'default: 5' },
  { flags: '--sefd <jy>', field: 'sefd_jy', parse: numberIn({ min: 1 }), help: 'of one antenna (default: 6500)' },
  {
    flags: '--rfi <fraction>',
    field: 'rfi_fraction',
    parse: numberIn({ min: 0, max: 0.9 }),
    help: 'share of channels and times with RFI',
  },
  {
    flags: '--dead-antennas <list>',
    field: 'dead_antennas',
    parse: listOf(integerIn({ min: 1, max: 117 })),
    help: 'station numbers',
  },
  { flags: '--time-smearing', field: 'time_smearing', help: 'average the sky over each integration' },
  { flags: '--bandwidth-smearing', field: 'bandwidth_smearing', help: 'average the sky over each channel' },
];
