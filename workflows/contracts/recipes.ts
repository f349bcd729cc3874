/**
 * Parameters of the work, as they travel in workflow inputs: fragments of stage specs, therefore in the specs'
 * snake_case. What is left out takes the stage's default.
 */
import type { PhotometryConfig } from './photometry.ts';
import type { ConvertSpec, FlagSpec, ImageSpec, MosaicSpec } from '../../domain/generated/stages.ts';

/** Options of `convert` and `flag` for a measurement set. Empty: the standard recipe. */
export interface MsRecipe {
  readonly convert: Readonly<Partial<Omit<ConvertSpec, 'stage' | 'files' | 'validate_only'>>>;
  readonly flag: Readonly<Partial<Omit<FlagSpec, 'stage' | 'ms'>>>;
}

type ImageSpecOwn = 'stage' | 'ms' | 'name' | 'calibrator' | 'provenance' | 'cores' | 'memory_gb';

/** What the tiles of a mosaic must have in common to be added pixel by pixel: beam, cell and size of the first of them. */
export interface TileForm {
  readonly restoring_beam: NonNullable<ImageSpec['restoring_beam']>;
  readonly cell_arcsec: number;
  readonly imsize_px: number;
}

/** Options of `image`, with the common form where there is one. */
export type ImageRecipe = Readonly<Partial<Omit<ImageSpec, ImageSpecOwn>>>;

export type MosaicMethod = NonNullable<MosaicSpec['method']>;

/** Everything about a mosaic that is not the sky: part of its hash. */
export interface MosaicRecipe {
  readonly ms: MsRecipe;
  readonly image: ImageRecipe;
  readonly method: MosaicMethod;
  readonly backend: NonNullable<MosaicSpec['backend']>;
  readonly minTiles: number;
  /** Go on with tiles that disagree; the verdict still says so. */
  readonly ignoreValidation: boolean;
  /** Solve although the calibrator's codes or place in the beam say no. */
  readonly forceCalibrator: boolean;
  /** Subbands a group must have to take part; fewer than 16 makes a quick-look tile. */
  readonly minSubbands: number;
  /** Photometry of the tiles and of the mosaic; null: none, left out: the automatic one. */
  readonly photometry?: PhotometryConfig | null;
}

/** The recipe when nothing is asked for. */
export const DEFAULT_MOSAIC_RECIPE: MosaicRecipe = {
  ms: { convert: {}, flag: {} },
  image: {},
  method: 'pbweighted',
  backend: 'auto',
  minTiles: 3,
  ignoreValidation: false,
  forceCalibrator: false,
  minSubbands: 16,
};
