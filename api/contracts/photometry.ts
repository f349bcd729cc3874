/** Photometry of products, light curves, and the ledger of what was measured and what was not. */
import { z } from 'zod';
import { MEASUREMENT_STATUSES, SERIES } from '../../domain/states.ts';
import { operation } from './operation.ts';
import { Instant, Mjd, UtcTime, Uuid } from './common.ts';

const configFields = {
  catalog: z.enum(['nvss', 'first', 'rax', 'vlass', 'master']).default('nvss'),
  radius_deg: z
    .number()
    .positive()
    .max(10)
    .nullable()
    .default(null)
    .describe('Around the centre; null: everything in the footprint.'),
  min_flux_jy: z.number().min(0).max(1000).default(0.05),
  max_sources: z.number().int().min(1).max(100_000).nullable().default(null).describe('The best of them; null: all.'),
  method: z.enum(['peak', 'aegean']).default('peak'),
  normalize: z.boolean().default(true),
  detect_ese: z.boolean().default(true),
} as const;

export const PhotometryConfig = z.strictObject(configFields);

/** `false`: none. */
export const PhotometryChoice = z
  .union([z.literal(false), PhotometryConfig])
  .describe('Photometry after each image; false: none. Default: the automatic one.');

export const PhotometryRun = z.object({
  id: Uuid,
  product_id: Uuid,
  series: z.enum(['tile', 'mosaic']),
  job_id: Uuid,
  workflow_id: z.string(),
  photometry_status: z.enum(['pending', 'running', 'completed', 'failed']).nullable(),
  sources_total: z.number().int().nullable(),
  sources_measured: z.number().int().nullable(),
  n_references: z.number().int().nullable(),
  config: PhotometryConfig,
  created_at: Instant,
});

export const measureProduct = operation({
  id: 'measureProduct',
  method: 'post',
  path: '/api/photometry/products/{id}',
  tag: 'photometry',
  summary: 'Measure catalogue sources in a tile or a mosaic and write their light curves',
  description:
    'The same product and configuration are the same run. `radius_deg` defaults to 0.5 for a tile, 1.0 for a mosaic.',
  params: z.strictObject({ id: Uuid }),
  body: z.strictObject({
    ...configFields,
    radius_deg: z.number().positive().max(10).nullable().optional(),
    requested_by: z.string().trim().min(1).max(100).optional(),
  }),
  bodyExample: { catalog: 'nvss', radius_deg: 0.5, max_sources: 100 },
  answers: { 202: { description: 'The run: follow its job.', schema: PhotometryRun } },
  errors: ['NOT_FOUND', 'CATALOG_MISSING', 'SERVICE_UNAVAILABLE'],
});

export const listPhotometryRuns = operation({
  id: 'listPhotometryRuns',
  method: 'get',
  path: '/api/photometry/products/{id}',
  tag: 'photometry',
  summary: 'Photometry of a product, newest first',
  params: z.strictObject({ id: Uuid }),
  answers: { 200: { description: 'Runs.', schema: z.object({ items: z.array(PhotometryRun) }) } },
  errors: ['NOT_FOUND', 'SERVICE_UNAVAILABLE'],
});

export const LightCurvePoint = z.object({
  series: z.enum(SERIES),
  epoch: z.string(),
  version: z.number().int(),
  mid_mjd: Mjd,
  status: z.enum(MEASUREMENT_STATUSES),
  reason: z.string().nullable(),
  flux_jy: z.number().nullable(),
  flux_err_jy: z.number().nullable(),
  normalized_flux_jy: z.number().nullable(),
  normalized_flux_err_jy: z.number().nullable(),
  rms_jy: z.number().nullable(),
  pb: z.number().nullable(),
  nu_eff_hz: z.number().nullable(),
  n_tiles: z.number().int().nullable(),
  tier: z.string().nullable(),
  flags: z.array(z.string()),
  product_id: Uuid.nullable(),
  superseded_at: Instant.nullable(),
  superseded_reason: z.string().nullable(),
});

export const LightCurve = z.object({
  source_id: z.number().int(),
  name: z.string(),
  ra_deg: z.number(),
  dec_deg: z.number(),
  series: z.enum(SERIES),
  points: z.array(LightCurvePoint),
});

export const getLightCurve = operation({
  id: 'getLightCurve',
  method: 'get',
  path: '/api/sources/{id}/lightcurve',
  tag: 'sources',
  summary: 'Every expected measurement of a source: a value, or the reason there is none',
  params: z.strictObject({ id: z.coerce.number().int().min(1) }),
  query: z.strictObject({
    series: z.enum(SERIES).default('night'),
    versions: z.enum(['current', 'all']).default('current'),
  }),
  answers: { 200: { description: 'The light curve in the order of time.', schema: LightCurve } },
  errors: ['NOT_FOUND', 'SERVICE_UNAVAILABLE'],
});

export const exportLightCurves = operation({
  id: 'exportLightCurves',
  method: 'get',
  path: '/api/lightcurves.csv',
  tag: 'sources',
  summary: 'All rows of all light curves as CSV',
  query: z.strictObject({ versions: z.enum(['current', 'all']).default('current') }),
  answers: { 200: { description: 'The rows.', contentType: 'text/csv' } },
  errors: ['SERVICE_UNAVAILABLE'],
});

export const LedgerLine = z.object({
  key: z.string().describe('The epoch or source that is added up.'),
  expected: z.number().int(),
  measured: z.number().int(),
  by_status: z.record(z.string(), z.number().int()),
  reasons: z.array(
    z.object({
      status: z.string(),
      reason: z.string(),
      job_id: Uuid.nullable().describe('The job that could not measure.'),
      count: z.number().int(),
    }),
  ),
});

export const Ledger = z.object({
  series: z.enum(SERIES),
  by: z.enum(['epoch', 'source']),
  expected: z.number().int(),
  by_status: z.record(z.string(), z.number().int()),
  unexplained: z
    .number()
    .int()
    .describe('Expected minus everything with a value or a reason: 0, or something is lost.'),
  lines: z.array(LedgerLine),
});

export const getLedger = operation({
  id: 'getLedger',
  method: 'get',
  path: '/api/ledger',
  tag: 'sources',
  summary: 'Expected measurements = measured + each reason, per epoch or source',
  query: z.strictObject({
    series: z.enum(SERIES).default('tile'),
    by: z.enum(['epoch', 'source']).default('epoch'),
    from_utc: UtcTime.optional(),
    to_utc: UtcTime.optional(),
    limit: z.coerce.number().int().min(1).max(10_000).default(500),
  }),
  answers: { 200: { description: 'The sums.', schema: Ledger } },
  errors: ['SERVICE_UNAVAILABLE'],
});
