import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { MeridianError } from '../../domain/errors.ts';
import { hash8Of } from '../../domain/ids.ts';
import type { Json } from '../../domain/ids.ts';
import { askForPhotometry, Registry } from '../../registry/index.ts';
import type { JsonObject, PhotometryRun as RunRow, Product } from '../../registry/index.ts';
import { photometryWorkflowId } from '../../workflows/contracts/ids.ts';
import type { PhotometryConfig } from '../../workflows/contracts/photometry.ts';
import { PRIORITY } from '../../workflows/contracts/queues.ts';
import { photometryStart } from '../../workflows/contracts/start.ts';
import type { measureProduct, PhotometryRun } from '../contracts/photometry.ts';
import type { OperationInput } from '../contracts/operation.ts';
import { TemporalService } from '../temporal/temporal.service.ts';

type RunView = z.input<typeof PhotometryRun>;
type Request = OperationInput<typeof measureProduct>['body'];

const DEFAULT_ACTOR = 'operator';
/** Around the centre, where nothing else was asked for: a tile's inner beam, and twice that of a mosaic. */
const DEFAULT_RADIUS_DEG = { tile: 0.5, mosaic: 1.0 } as const;

/** Photometry of registered tiles and mosaics. */
@Injectable()
export class PhotometryService {
  private readonly registry: Registry;
  private readonly temporal: TemporalService;

  constructor(registry: Registry, temporal: TemporalService) {
    this.registry = registry;
    this.temporal = temporal;
  }

  /** @throws MeridianError NOT_FOUND when the product is no tile or mosaic, or its files are gone */
  async measure(productId: string, request: Request): Promise<RunView> {
    const product = await this.registry.products.require(productId);
    const series = seriesOf(product);
    const { requested_by: requestedBy = DEFAULT_ACTOR, radius_deg: radius, ...rest } = request;
    const config: PhotometryConfig = {
      ...rest,
      radius_deg: radius === undefined ? DEFAULT_RADIUS_DEG[series] : radius,
    };
    await this.registry.catalogs.require(config.catalog);
    const workflowId = photometryWorkflowId(productId, hash8Of(config as unknown as Json));
    const priority = PRIORITY.job;
    const asked = { workflowId, productId, series, requestedBy, priority };
    const { run, job } = await askForPhotometry(this.registry, { ...asked, config: config as unknown as JsonObject });
    if (job.status !== 'done') {
      const policies = this.temporal.stagePolicies;
      const input = { runId: run.id, jobId: job.id, productId, config, priority, policies };
      await this.temporal.start(photometryStart(input, workflowId, this.temporal.queuePrefix));
    }
    return runView(run, await this.registry.products.require(productId));
  }

  async list(productId: string): Promise<{ items: RunView[] }> {
    const product = await this.registry.products.require(productId);
    const runs = await this.registry.photometryRuns.ofProduct(productId);
    return { items: runs.map((run) => runView(run, product)) };
  }
}

function seriesOf({ id, kind, filesMissingAt }: Product): 'tile' | 'mosaic' {
  if (filesMissingAt !== null)
    throw new MeridianError('NOT_FOUND', `the files of product ${id} are gone`, { product_id: id });
  if (kind === 'image') return 'tile';
  if (kind === 'mosaic') return 'mosaic';
  throw new MeridianError('NOT_FOUND', `product ${id} is of kind ${kind}; photometry needs a tile or a mosaic`, {
    product_id: id,
  });
}

const runView = (run: RunRow, product: Product): RunView => ({
  id: run.id,
  product_id: run.productId,
  series: run.series,
  job_id: run.jobId,
  workflow_id: run.workflowId,
  photometry_status: product.photometryJobId === run.jobId ? product.photometryStatus : null,
  sources_total: run.nSources,
  sources_measured: run.nMeasured,
  n_references: run.nReferences,
  config: run.config as unknown as PhotometryConfig,
  created_at: run.createdAt,
});
