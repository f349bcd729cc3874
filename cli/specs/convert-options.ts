/** Options of `convert`: how a group becomes a measurement set. */
import type { ConvertSpec } from '../../domain/generated/stages.ts';
import type { FieldOption } from '../options/field-options.ts';
import { integerIn, numberIn } from '../options/parsers.ts';

export const CONVERT_OPTIONS: readonly FieldOption<ConvertSpec>[] = [
  {
    flags: '--max-channel-width <hz>',
    field: 'max_channel_width_hz',
    parse: numberIn({ min: 1 }),
    help: 'average channels up to this (default: 1.95e6 for a group, none for a single file)',
  },
  { flags: '--no-channel-averaging', field: 'max_channel_width_hz', set: null, help: 'keep every channel' },
  {
    flags: '--max-integration <seconds>',
    field: 'max_integration_s',
    parse: numberIn({ min: 0.001 }),
    help: 'average integrations up to this (default: do not)',
  },
  {
    flags: '--driver <reader>',
    also: ['--writer <reader>'],
    field: 'driver',
    choices: ['lean', 'pyuvdata'],
    help: 'who reads the files (default: lean)',
  },
];

export const GROUP_OPTIONS: readonly FieldOption<ConvertSpec>[] = [
  {
    flags: '--min-subbands <n>',
    field: 'min_subbands',
    parse: integerIn({ min: 1, max: 16 }),
    help: 'convert a group with this many; missing ones are flagged',
  },
];
