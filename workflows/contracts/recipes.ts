/**
 * Parameters of the work, as they travel in workflow inputs and in spec files: fragments of stage specs, therefore in
 * the specs' snake_case. What is left out takes the stage's default.
 */

/** Restoring beam, as `Beam` of the specs. */
export interface BeamParameters {
  readonly bmaj_arcsec: number;
  readonly bmin_arcsec: number;
  readonly bpa_deg: number;
}

/** Options of `convert` and `flag` for a measurement set. Empty: the standard recipe. */
export interface MsRecipe {
  readonly convert: Readonly<Record<string, unknown>>;
  readonly flag: Readonly<Record<string, unknown>>;
}

/** Options of `image`: fields of `ImageSpec` other than the measurement set, tables and provenance. */
export type ImageRecipe = Readonly<Record<string, unknown>>;

export type MosaicMethod = 'mean' | 'weighted' | 'pbweighted';

/** Everything about a mosaic that is not the sky: part of its hash. */
export interface MosaicRecipe {
  readonly ms: MsRecipe;
  readonly image: ImageRecipe;
  readonly method: MosaicMethod;
  /** Backend of the mosaic stage. */
  readonly backend: 'auto' | 'swarp' | 'reproject';
  readonly minTiles: number;
  /** Go on with tiles that disagree; the verdict still says so. */
  readonly ignoreValidation: boolean;
  /** Solve although the calibrator's codes or place in the beam say no. */
  readonly forceCalibrator: boolean;
  /** Subbands a group must have to take part; fewer than 16 makes a quick-look tile. */
  readonly minSubbands: number;
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
