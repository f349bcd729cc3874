import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { addFieldOptions, fieldsFrom } from '../../../cli/options/field-options.ts';
import { IMAGE_OPTIONS } from '../../../cli/specs/image-options.ts';

const fieldsOf = (...argv: string[]): object => {
  const command = addFieldOptions(new Command('image'), IMAGE_OPTIONS)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  command.parse(argv, { from: 'user' });
  return fieldsFrom(IMAGE_OPTIONS, command.opts());
};

describe('options that are fields of a spec', () => {
  it('leaves out what was not given, so that the defaults of the stage hold', () => {
    expect(fieldsOf()).toEqual({});
  });

  it('puts each option into its field', () => {
    expect(
      fieldsOf(
        '--imsize',
        '1800',
        '--cell',
        '7',
        '--threshold',
        '0.5mJy',
        '--quality-tier',
        'development',
        '--multiscale',
      ),
    ).toEqual({
      imsize_px: 1800,
      cell_arcsec: 7,
      threshold_jy: 0.0005,
      quality_tier: 'development',
      multiscale: true,
    });
  });

  it('understands flags that switch off, and other spellings', () => {
    expect(fieldsOf('--no-pbcor', '--skip-fits', '--no-subtract-drifting')).toEqual({
      pb_correct: false,
      export_fits: false,
      subtract_drifting_jy: null,
    });
    expect(fieldsOf('--size', '512')).toEqual({ imsize_px: 512 });
  });

  it('takes a value and its switch apart', () => {
    expect(fieldsOf('--subtract-drifting', '50mJy')).toEqual({ subtract_drifting_jy: 0.05 });
  });

  it('refuses a value that is none, naming the option', () => {
    expect(() => fieldsOf('--robust', '3')).toThrow(/--robust <r>.*from -2 to 2/);
    expect(() => fieldsOf('--backend', 'aips')).toThrow(/auto, wsclean, tclean/);
  });
});
