/** Rows of mosaics as they are on the wire. */
import type { z } from 'zod';
import type { Check, QaSummary } from '../../domain/generated/stages.ts';
import type {
  Caltable,
  Image,
  Job,
  JobPhase,
  Mosaic as MosaicRow,
  MosaicGroup,
  MosaicGroupMember,
  Product,
} from '../../registry/index.ts';
import { utcText } from '../contracts/common.ts';
import type { Mosaic, MosaicQa, MosaicSummary } from '../contracts/mosaics.ts';
import { failureView, jobPhaseView, pausedView } from '../jobs/job-views.ts';

export type MosaicView = z.input<typeof Mosaic>;
export type MosaicSummaryView = z.input<typeof MosaicSummary>;

/** What a mosaic comes from: a mosaic group, or a product that was built from a plan and stands for itself. */
export type MosaicOrigin = Pick<
  MosaicGroup,
  | 'id'
  | 'state'
  | 'name'
  | 'jobId'
  | 'workflowId'
  | 'transitMjd'
  | 'startMjd'
  | 'endMjd'
  | 'method'
  | 'createdAt'
  | 'errorCode'
  | 'errorMessage'
  | 'calibrator'
  | 'mosaicId'
  | 'caltableIds'
> & { readonly isGroup?: false };

/** A member as it is shown. */
type Member = Pick<MosaicGroupMember, 'groupId' | 'tileId' | 'isTile' | 'excludedCode' | 'excludedReason'>;

/** Everything that is known of a mosaic. */
export interface MosaicParts {
  readonly group: MosaicOrigin;
  readonly mosaic: MosaicRow | undefined;
  readonly product: Product | undefined;
}

export interface MosaicDetails extends MosaicParts {
  readonly members: readonly Member[];
  readonly tiles: ReadonlyMap<string, { readonly image: Image; readonly product: Product }>;
  readonly caltables: readonly { readonly table: Caltable; readonly path: string }[];
  readonly job: { readonly row: Job; readonly phases: readonly JobPhase[]; readonly etaSeconds: number | null } | null;
}

/** Path of the file with a role; null when the product has none. */
export const fileOf = (product: Product | undefined, role: string): string | null =>
  product?.files.find((file) => file.role === role)?.path ?? null;

/** A mosaic that no group asked for. */
export const originOf = (mosaic: MosaicRow, product: Product): MosaicOrigin => ({
  isGroup: false,
  id: mosaic.id,
  mosaicId: mosaic.id,
  state: 'done',
  name: mosaic.name,
  jobId: product.jobId,
  workflowId: product.createdByWorkflow,
  transitMjd: null,
  startMjd: mosaic.startMjd,
  endMjd: mosaic.endMjd,
  method: mosaic.method,
  createdAt: mosaic.createdAt,
  errorCode: null,
  errorMessage: null,
  calibrator: mosaic.calibrator,
  caltableIds: [],
});

export function mosaicSummaryView(parts: MosaicParts): MosaicSummaryView {
  const { group } = parts;
  return {
    id: group.id,
    status: group.state,
    name: group.name,
    job_id: group.jobId,
    workflow_id: group.workflowId,
    transit_utc: group.transitMjd === null ? null : utcText(group.transitMjd),
    transit_mjd: group.transitMjd,
    start_utc: utcText(group.startMjd),
    end_utc: utcText(group.endMjd),
    start_mjd: group.startMjd,
    end_mjd: group.endMjd,
    method: group.method,
    created_at: group.createdAt,
    error: failureView(group.errorCode, group.errorMessage),
    calibrator: group.calibrator,
    ...productView(parts),
  };
}

/** The part that is known once the mosaic is made. */
function productView({ mosaic, product }: MosaicParts) {
  if (mosaic === undefined) {
    const none = { product_id: null, product_state: null, rms_jy: null, fits: null };
    return { ...none, n_tiles: 0, qa: { verdict: 'not_evaluated' as const } };
  }
  return {
    product_id: mosaic.id,
    product_state: mosaic.state,
    rms_jy: mosaic.rmsJy,
    fits: fileOf(product, 'mosaic'),
    n_tiles: mosaic.nTiles,
    qa: { verdict: mosaic.qa },
    ...(mosaic.calibrator === null ? {} : { calibrator: mosaic.calibrator }),
  };
}

export function mosaicView(details: MosaicDetails): MosaicView {
  const { group, mosaic, product, members, job } = details;
  return {
    ...mosaicSummaryView(details),
    weight: fileOf(product, 'weight'),
    coverage: fileOf(product, 'coverage'),
    pb: fileOf(product, 'pb'),
    picture: fileOf(product, 'picture'),
    fits_url: product === undefined ? null : `/api/mosaics/${group.id}/fits`,
    tiles: members
      .filter(({ isTile, excludedCode }) => isTile && excludedCode === null)
      .map((row) => tileView(row, details)),
    caltables: details.caltables.map(({ table, path }) => ({
      id: table.id,
      type: table.type,
      path,
      calibrator: table.calibrator,
      transit_mjd: table.transitMjd,
      qa: { verdict: table.qa },
    })),
    excluded: members.flatMap(({ groupId, excludedCode, excludedReason }) =>
      excludedCode === null ? [] : [{ group_id: groupId, code: excludedCode, reason: excludedReason ?? '' }],
    ),
    qa: qaView(mosaic),
    job: job === null ? null : jobOf(job),
  };
}

function tileView({ groupId, tileId }: Member, { tiles }: MosaicDetails): MosaicView['tiles'][number] {
  const tile = tileId === null ? undefined : tiles.get(tileId);
  if (tile === undefined) {
    const none = { fits: null, mid_mjd: null, rms_jy: null };
    return { id: tileId, group_id: groupId, ...none, qa: { verdict: 'not_evaluated', checks: [] } };
  }
  const { image, product } = tile;
  return {
    id: tileId,
    group_id: groupId,
    fits: fileOf(product, 'image_pb') ?? fileOf(product, 'image'),
    mid_mjd: image.midMjd,
    rms_jy: image.rmsJy,
    qa: { verdict: image.qa, checks: checksOf(image.qaReport ?? image.summary) },
  };
}

const checksOf = (report: object | null | undefined): Check[] => [
  ...((report as { checks?: readonly Check[] } | null | undefined)?.checks ?? []),
];

/** Verdict, checks, and the numbers they rest on. */
export function qaView(mosaic: MosaicRow | undefined): z.input<typeof MosaicQa> {
  const report = (mosaic?.qaReport ?? null) as QaSummary | null;
  const verdict = mosaic?.qa ?? 'not_evaluated';
  if (report === null) return { verdict, checks: [], metrics: {} };
  const { checks, verdict: _judged, ...metrics } = report;
  return { verdict, checks: checks.map((check) => ({ ...check })), metrics };
}

const jobOf = ({ row, phases, etaSeconds }: NonNullable<MosaicDetails['job']>): NonNullable<MosaicView['job']> => ({
  status: row.status,
  phase: row.phase,
  progress: row.progress,
  eta_seconds: etaSeconds,
  message: row.message,
  phases: phases.map(jobPhaseView),
  paused: pausedView(row),
});
