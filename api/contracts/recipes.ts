/** Parameters of the work that a request may set; field names and meanings are those of the stage specs. */
import { z } from 'zod';

/** Fields of the image stage that make sense for the tiles of a mosaic. What is left out takes the tier's value. */
export const ImageRecipe = z.strictObject({
  backend: z.enum(['auto', 'wsclean', 'tclean']).optional(),
  quality_tier: z.enum(['development', 'standard', 'high_precision']).optional(),
  imsize_px: z.number().int().min(64).max(16384).optional(),
  cell_arcsec: z.number().positive().max(120).optional(),
  weighting: z.enum(['natural', 'uniform', 'briggs']).optional(),
  robust: z.number().min(-2).max(2).optional(),
  niter: z.number().int().min(0).max(1_000_000).optional(),
  threshold_jy: z.number().positive().optional(),
  auto_mask_sigma: z.number().positive().optional(),
  auto_threshold_sigma: z.number().positive().optional(),
  mgain: z.number().positive().max(1).optional(),
  multiscale: z.boolean().optional(),
  catalog_mask: z.boolean().optional(),
  mask_radius_arcsec: z.number().positive().optional(),
  mask_min_flux_jy: z.number().positive().optional(),
  uvmin_lambda: z.number().min(0).optional(),
  pb_limit: z.number().min(0.05).max(0.9).optional(),
  subtract_drifting_jy: z.number().positive().nullable().optional(),
});

export const ConvertRecipe = z.strictObject({
  max_channel_width_hz: z.number().positive().nullable().optional(),
  max_integration_s: z.number().positive().nullable().optional(),
  driver: z.enum(['lean', 'pyuvdata']).optional(),
});

export const MosaicMethod = z.enum(['mean', 'weighted', 'pbweighted']);

/** How a mosaic is made: everything that is not the sky. */
export const recipeFields = {
  method: MosaicMethod.default('pbweighted'),
  backend: z.enum(['auto', 'swarp', 'reproject']).default('auto').describe('Tool that combines the tiles.'),
  min_tiles: z.number().int().min(1).max(500).default(3),
  min_subbands: z.number().int().min(1).max(16).default(16).describe('Fewer than 16 makes quick-look tiles.'),
  ignore_validation: z.boolean().default(false).describe('Go on with tiles that disagree; the verdict says so.'),
  force_calibrator: z.boolean().default(false).describe('Solve although the codes of the calibrator say no.'),
  convert: ConvertRecipe.default({}),
  image: ImageRecipe.default({}),
} as const;
