/** Options of forced photometry. */
import type { PhotometrySpec } from '../../domain/generated/stages.ts';
import type { FieldOption } from '../options/field-options.ts';
import { integerIn, numberIn } from '../options/parsers.ts';

export const PHOTOMETRY_OPTIONS: readonly FieldOption<PhotometrySpec>[] = [
  {
    flags: '--box <pixels>',
    field: 'box_px',
    parse: integerIn({ min: 3, max: 999 }),
    help: 'width of the fitted stamp',
  },
  { flags: '--use-aegean', field: 'method', set: 'aegean', help: 'priorised fit by Aegean instead of our own' },
  {
    flags: '--no-astrometry',
    field: 'correct_astrometry',
    set: false,
    help: 'do not shift positions by the offset of the image',
  },
  {
    flags: '--pb-measured <value>',
    field: 'pb_measured',
    parse: numberIn({ min: 0, max: 1 }),
    help: 'least primary beam of a measurement (default: 0.3)',
  },
];
