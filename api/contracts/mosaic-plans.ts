/** Mosaic plans: a recorded choice of tiles, checked, and built by name. */
import { z } from 'zod';
import { operation } from './operation.ts';
import { Check, Instant, Name, QaState, UtcText, UtcTime, Uuid } from './common.ts';
import { JobStatus } from './jobs.ts';
import { MosaicMethod } from './recipes.ts';

const PlanName = Name.regex(/^[A-Za-z0-9+._:-]+$/, 'may hold letters, digits and + . _ : -');

export const PlanTile = z.object({
  id: Uuid,
  group_id: z.string().nullable(),
  mid_mjd: z.number(),
  rms_jy: z.number(),
  fits: z.string().nullable(),
  qa: z.object({ verdict: QaState }),
});

export const MosaicPlan = z.object({
  id: Uuid,
  name: z.string(),
  method: MosaicMethod,
  start_utc: UtcText.nullable(),
  end_utc: UtcText.nullable(),
  tiles: z.array(PlanTile),
  excluded: z.array(z.object({ id: Uuid, group_id: z.string().nullable(), reason: z.string() })),
  verdict: QaState.describe('`not_evaluated` while the checks run.'),
  checks: z.array(Check),
  check_job: z.object({ id: Uuid, status: JobStatus }).nullable(),
  created_at: Instant,
});

export const CreateMosaicPlan = z
  .strictObject({
    name: PlanName,
    start_utc: UtcTime,
    end_utc: UtcTime,
    method: MosaicMethod.default('pbweighted'),
    backend: z.enum(['auto', 'swarp', 'reproject']).default('auto'),
    min_tiles: z.number().int().min(1).max(500).default(3),
    quick_look: z.boolean().default(false).describe('Take quick-look tiles too.'),
    replace: z.boolean().default(false).describe('Replace the plan of this name, if there is one.'),
    requested_by: z.string().trim().min(1).max(100).default('operator'),
  })
  .refine(({ start_utc: start, end_utc: end }) => start < end, {
    path: ['end_utc'],
    message: 'must be later than start_utc',
  });

export const BuildMosaicPlan = z.strictObject({
  dry_run: z.boolean().default(false).describe('Say what would be done, and do nothing.'),
  ignore_validation: z.boolean().default(false).describe('Go on with tiles that disagree; the verdict says so.'),
  requested_by: z.string().trim().min(1).max(100).default('operator'),
});

export const BuildResult = z.object({
  plan: z.string(),
  dry_run: z.boolean(),
  n_tiles: z.number().int(),
  estimated_seconds: z.number().nullable(),
  job_id: Uuid.nullable().describe('Null in a dry run.'),
  message: z.string(),
});

const PlanPath = z.strictObject({ name: PlanName });
const OLD_NAMES = { since: 'start_utc', until: 'end_utc', start_time: 'start_utc', end_time: 'end_utc' } as const;

export const createMosaicPlan = operation({
  id: 'createMosaicPlan',
  method: 'post',
  path: '/api/mosaic-plans',
  tag: 'mosaic plans',
  summary: 'Choose the tiles of a time range, record them, and check that they agree',
  description: 'The checks run as a job (`check_job`); the plan shows them when it is done.',
  body: CreateMosaicPlan,
  bodyExample: { name: 'strip-30-night-1', start_utc: '2026-01-25T12:30:00', end_utc: '2026-01-25T13:30:00' },
  answers: { 202: { description: 'The plan; its checks run.', schema: MosaicPlan } },
  errors: ['CONFLICT', 'WINDOW_EMPTY', 'TOO_FEW_TILES', 'SERVICE_UNAVAILABLE'],
  aliases: OLD_NAMES,
});

export const listMosaicPlans = operation({
  id: 'listMosaicPlans',
  method: 'get',
  path: '/api/mosaic-plans',
  tag: 'mosaic plans',
  summary: 'List plans, newest first',
  answers: { 200: { description: 'All of them.', schema: z.object({ items: z.array(MosaicPlan) }) } },
  errors: ['SERVICE_UNAVAILABLE'],
});

export const getMosaicPlan = operation({
  id: 'getMosaicPlan',
  method: 'get',
  path: '/api/mosaic-plans/{name}',
  tag: 'mosaic plans',
  summary: 'One plan with its tiles and checks',
  params: PlanPath,
  answers: { 200: { description: 'The plan.', schema: MosaicPlan } },
  errors: ['NOT_FOUND', 'SERVICE_UNAVAILABLE'],
});

export const buildMosaicPlan = operation({
  id: 'buildMosaicPlan',
  method: 'post',
  path: '/api/mosaic-plans/{name}/build',
  tag: 'mosaic plans',
  summary: 'Combine the tiles of a plan into a mosaic',
  params: PlanPath,
  body: BuildMosaicPlan,
  bodyExample: { dry_run: true },
  answers: { 202: { description: 'The job that builds it; its result names the product.', schema: BuildResult } },
  errors: ['NOT_FOUND', 'FILE_MISSING', 'SERVICE_UNAVAILABLE'],
});
