/** Variability of sources and candidates for extreme scattering events. */
import { z } from 'zod';
import { operation } from './operation.ts';
import { Instant, Mjd, Uuid } from './common.ts';
import { Control } from './mosaics.ts';
import { LightCurve } from './photometry.ts';

const SourceId = z.strictObject({ id: z.coerce.number().int().min(1) });
const Preset = z
  .enum(['conservative', 'moderate', 'sensitive'])
  .describe('Expected false alarms of a full search: 0.01, 0.1, 1.');

export const Variability = z.object({
  source_id: z.number().int(),
  name: z.string(),
  strip_id: z.number().int(),
  n: z.number().int().describe('Nights.'),
  mean_flux_jy: z.number().nullable(),
  weighted_mean_flux_jy: z.number().nullable(),
  std_flux_jy: z.number().nullable(),
  chi2: z.number().nullable().describe('About the weighted mean, n − 1 degrees of freedom.'),
  eta: z.number().nullable().describe('χ² over n − 1.'),
  v: z.number().nullable().describe('Standard deviation over mean.'),
  vs_max: z.number().nullable().describe('Largest two-epoch significance of the last 100 nights.'),
  m_at_vs_max: z.number().nullable().describe('Two-epoch modulation of that pair.'),
  sigma_deviation: z.number().nullable().describe('Reported only: it never exceeds (n − 1)/√n.'),
  p_values: z.object({ eta: z.number().nullable(), v: z.number().nullable() }),
});

export const getVariability = operation({
  id: 'getVariability',
  method: 'get',
  path: '/api/sources/{id}/variability',
  tag: 'sources',
  summary: 'Statistics of the nights of a source, one entry per strip',
  params: SourceId,
  answers: { 200: { description: 'The statistics.', schema: z.object({ items: z.array(Variability) }) } },
  errors: ['NOT_FOUND', 'SERVICE_UNAVAILABLE'],
});

export const Candidate = z.object({
  id: Uuid,
  source_id: z.number().int(),
  name: z.string(),
  strip_id: z.number().int(),
  kind: z.enum(['dip', 'flare']),
  status: z.enum(['active', 'investigated', 'dismissed']),
  significance: z.number().describe('One-sided Gaussian equivalent of p, corrected for templates.'),
  start_mjd: Mjd,
  end_mjd: Mjd,
  duration_days: z.number(),
  depth: z.number().describe('Fraction of the baseline that is missing in a dip, or added in a flare.'),
  depth_err: z.number(),
  n_inside: z.number().int(),
  n_outside: z.number().int(),
  shape: z.string(),
  baseline_jy: z.number(),
  min_sigma: z.number().describe('Threshold of the search that found it.'),
  reason: z.string(),
  neighbours: z.object({
    verdict: z.enum(['quiet', 'calibration', 'unchecked']),
    n: z.number().int(),
    median_depth: z.number().nullable(),
    median_depth_err: z.number().nullable(),
  }),
  expected_false_alarms: z.number().nullable(),
  expectation_basis: z.string().nullable(),
  judged_by: z.string().nullable(),
  judged_reason: z.string().nullable(),
  alerted_at: Instant.nullable(),
  created_at: Instant,
  updated_at: Instant,
});

export const listCandidates = operation({
  id: 'listCandidates',
  method: 'get',
  path: '/api/ese/candidates',
  tag: 'scattering events',
  summary: 'Candidates, most significant first',
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(1000).default(50),
    min_sigma: z.coerce.number().min(0).max(100).optional(),
    source_id: z.coerce.number().int().min(1).optional(),
    status: z.enum(['active', 'investigated', 'dismissed']).optional(),
  }),
  answers: { 200: { description: 'Candidates.', schema: z.object({ items: z.array(Candidate) }) } },
  errors: ['SERVICE_UNAVAILABLE'],
});

export const getCandidateLightCurve = operation({
  id: 'getCandidateLightCurve',
  method: 'get',
  path: '/api/ese/candidates/{source_id}/lightcurve',
  tag: 'scattering events',
  summary: 'Nights of a source with a candidate',
  params: z.strictObject({ source_id: z.coerce.number().int().min(1) }),
  answers: { 200: { description: 'The light curve.', schema: LightCurve } },
  errors: ['NOT_FOUND', 'SERVICE_UNAVAILABLE'],
});

export const judgeCandidate = operation({
  id: 'judgeCandidate',
  method: 'post',
  path: '/api/ese/candidates/{id}/judge',
  tag: 'scattering events',
  summary: 'Say what a candidate turned out to be',
  params: z.strictObject({ id: Uuid }),
  body: z.strictObject({ ...Control.shape, status: z.enum(['active', 'investigated', 'dismissed']) }),
  bodyExample: { status: 'dismissed', requested_by: 'jane', reason: 'a satellite' },
  answers: { 200: { description: 'The candidate after it.', schema: Candidate } },
  errors: ['NOT_FOUND', 'SERVICE_UNAVAILABLE'],
});

export const detectEvents = operation({
  id: 'detectEvents',
  method: 'post',
  path: '/api/jobs/ese-detect',
  tag: 'scattering events',
  summary: 'Search the light curves that are there for scattering events',
  body: z.strictObject({
    source_id: z.number().int().min(1).optional().describe('Only this source; default: all.'),
    min_sigma: z.number().positive().max(100).optional().describe('Default: what the preset asks for.'),
    preset: Preset.default('moderate'),
    replay: z.boolean().default(false).describe('Only say what would change: no candidate is touched.'),
    recompute: z
      .boolean()
      .default(true)
      .describe('Accepted for old scripts: a search by hand always takes all nights.'),
    requested_by: z.string().trim().min(1).max(100).optional(),
  }),
  bodyExample: { preset: 'moderate' },
  answers: {
    202: { description: 'The job.', schema: z.object({ job_id: Uuid, workflow_id: z.string(), status: z.string() }) },
  },
  errors: ['NOT_FOUND', 'SERVICE_UNAVAILABLE'],
});
