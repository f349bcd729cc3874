/** Rows of plans as they are on the wire. */
import type { z } from 'zod';
import type { Check } from '../../domain/generated/stages.ts';
import type { QaState } from '../../domain/states.ts';
import type { Image, Job, MosaicPlan as PlanRow, Product } from '../../registry/index.ts';
import { utcText } from '../contracts/common.ts';
import type { MosaicPlan } from '../contracts/mosaic-plans.ts';
import { fileOf } from '../mosaics/mosaic-views.ts';

export type PlanView = z.input<typeof MosaicPlan>;

/** What the row remembers beside its columns. */
export interface PlanParameters {
  readonly backend: 'auto' | 'swarp' | 'reproject';
  readonly check_job_id: string;
  readonly excluded: PlanView['excluded'];
}

export interface PlanParts {
  readonly plan: PlanRow;
  /** In the order of the plan. */
  readonly tiles: readonly { readonly image: Image; readonly product: Product | undefined }[];
  readonly checkJob: Job | undefined;
}

export const planParameters = (plan: PlanRow): PlanParameters => plan.parameters as unknown as PlanParameters;

/** Checks that the job of a plan has made. */
const checksOf = (job: Job | undefined): Check[] => [
  ...((job?.result as { checks?: readonly Check[] } | null | undefined)?.checks ?? []),
];

/** The worst of the checks. */
function verdictOf(checks: readonly Check[], job: Job | undefined): QaState {
  if (job?.status === 'failed') return 'fail';
  if (job?.status !== 'done') return 'not_evaluated';
  if (checks.some(({ verdict }) => verdict === 'fail')) return 'fail';
  return checks.some(({ verdict }) => verdict === 'warn') ? 'warn' : 'pass';
}

export function planView({ plan, tiles, checkJob }: PlanParts): PlanView {
  const checks = checksOf(checkJob);
  return {
    id: plan.id,
    name: plan.name,
    method: plan.method,
    start_utc: plan.startMjd === null ? null : utcText(plan.startMjd),
    end_utc: plan.endMjd === null ? null : utcText(plan.endMjd),
    tiles: tiles.map(({ image, product }) => ({
      id: image.id,
      group_id: image.groupId,
      mid_mjd: image.midMjd,
      rms_jy: image.rmsJy,
      fits: fileOf(product, 'image_pb'),
      qa: { verdict: image.qa },
    })),
    excluded: planParameters(plan).excluded,
    verdict: verdictOf(checks, checkJob),
    checks,
    check_job: checkJob === undefined ? null : { id: checkJob.id, status: checkJob.status },
    created_at: plan.createdAt,
  };
}
