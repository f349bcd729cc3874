/** Options of the image stage; `image` has all of them, `mosaic create` those of its tiles. */
import type { ImageSpec } from '../../domain/generated/stages.ts';
import type { FieldOption } from '../options/field-options.ts';
import { arcsec, fluxJy, integerIn, numberIn } from '../options/parsers.ts';

/** Knobs that mean the same for one image and for every tile of a mosaic. */
export const TILE_IMAGE_OPTIONS: readonly FieldOption<ImageSpec>[] = [
  { flags: '--backend <tool>', field: 'backend', choices: ['auto', 'wsclean', 'tclean'], help: 'tool that images' },
  {
    flags: '--quality-tier <tier>',
    field: 'quality_tier',
    choices: ['development', 'standard', 'high_precision'],
    help: 'sets what the options below leave open (default: standard)',
  },
  {
    flags: '--imsize <pixels>',
    also: ['--size <pixels>'],
    field: 'imsize_px',
    parse: integerIn({ min: 64, max: 16384 }),
    help: 'width and height',
  },
  {
    flags: '--cell <arcsec>',
    also: ['--cell-arcsec <arcsec>'],
    field: 'cell_arcsec',
    parse: arcsec,
    help: 'pixel size',
  },
  {
    flags: '--weighting <scheme>',
    field: 'weighting',
    choices: ['natural', 'uniform', 'briggs'],
    help: 'of the visibilities',
  },
  { flags: '--robust <r>', field: 'robust', parse: numberIn({ min: -2, max: 2 }), help: 'Briggs parameter, -2 to 2' },
  { flags: '--niter <n>', field: 'niter', parse: integerIn({ min: 0 }), help: 'most clean iterations' },
  { flags: '--threshold <flux>', field: 'threshold_jy', parse: fluxJy, help: 'stop cleaning here: 0.005, 5mJy' },
  { flags: '--auto-mask <sigma>', field: 'auto_mask_sigma', parse: numberIn({ min: 0 }), help: 'mask level, in rms' },
  {
    flags: '--auto-threshold <sigma>',
    field: 'auto_threshold_sigma',
    parse: numberIn({ min: 0 }),
    help: 'stop level, in rms',
  },
  { flags: '--mgain <gain>', field: 'mgain', parse: numberIn({ min: 0.05, max: 1 }), help: 'gain of a major cycle' },
  { flags: '--multiscale', field: 'multiscale', help: 'clean on several scales' },
  { flags: '--catalog-mask', also: ['--nvss-mask'], field: 'catalog_mask', help: 'also clean at catalogue positions' },
  { flags: '--mask-radius <arcsec>', field: 'mask_radius_arcsec', parse: arcsec, help: 'around a catalogue position' },
  {
    flags: '--mask-min-flux <flux>',
    field: 'mask_min_flux_jy',
    parse: fluxJy,
    help: 'faintest catalogue source in the mask',
  },
  {
    flags: '--uvmin <wavelengths>',
    field: 'uvmin_lambda',
    parse: numberIn({ min: 0 }),
    help: 'shortest baseline used',
  },
  {
    flags: '--pb-limit <value>',
    field: 'pb_limit',
    parse: numberIn({ min: 0.05, max: 0.9 }),
    help: 'blank below this primary beam',
  },
  {
    flags: '--subtract-drifting <flux>',
    field: 'subtract_drifting_jy',
    parse: fluxJy,
    help: 'subtract sources whose apparent flux changes more',
  },
  {
    flags: '--no-subtract-drifting',
    field: 'subtract_drifting_jy',
    set: null,
    help: 'leave drifting sources to the clean',
  },
];

export const IMAGE_OPTIONS: readonly FieldOption<ImageSpec>[] = [
  ...TILE_IMAGE_OPTIONS,
  {
    flags: '--datacolumn <column>',
    field: 'data_column',
    choices: ['auto', 'DATA', 'CORRECTED_DATA'],
    help: 'column to image',
  },
  {
    flags: '--no-pbcor',
    also: ['--no-pb-correct'],
    field: 'pb_correct',
    set: false,
    help: 'no primary-beam correction',
  },
  { flags: '--skip-fits', field: 'export_fits', set: false, help: 'leave no FITS files' },
  { flags: '--cores <n>', field: 'cores', parse: integerIn({ min: 1 }), help: 'cores to use' },
  { flags: '--memory-gb <gb>', field: 'memory_gb', parse: numberIn({ min: 0.5 }), help: 'memory to use' },
];
