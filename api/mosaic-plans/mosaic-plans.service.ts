import { Injectable } from '@nestjs/common';
import { MeridianError } from '../../domain/errors.ts';
import { estimateDuration } from '../../domain/eta.ts';
import type { MosaicTile } from '../../domain/generated/stages.ts';
import { mjdFromIso } from '../../domain/time.ts';
import { Registry } from '../../registry/index.ts';
import type { Image, JsonObject, MosaicPlan as PlanRow, Product } from '../../registry/index.ts';
import type { buildMosaicPlan, createMosaicPlan } from '../contracts/mosaic-plans.ts';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import { StageJobsService } from '../jobs/stage-jobs.service.ts';
import { fileOf } from '../mosaics/mosaic-views.ts';
import { chooseTiles } from './choose-tiles.ts';
import { planParameters, planView } from './plan-views.ts';
import type { PlanParameters, PlanParts, PlanView } from './plan-views.ts';

@Injectable()
export class MosaicPlansService {
  private readonly registry: Registry;
  private readonly stageJobs: StageJobsService;

  constructor(registry: Registry, stageJobs: StageJobsService) {
    this.registry = registry;
    this.stageJobs = stageJobs;
  }

  /** Chooses and records tiles, and starts the job that checks whether they agree. */
  async create(body: OperationInput<typeof createMosaicPlan>['body']): Promise<PlanView> {
    const { name, method, backend, requested_by: requestedBy } = body;
    const { mosaics } = this.registry;
    const present = await mosaics.findPlan(name);
    if (present !== undefined && !body.replace) {
      throw new MeridianError('CONFLICT', `there is a mosaic plan named "${name}" already; take another name`, {
        name,
      });
    }
    const range = { fromMjd: mjdFromIso(body.start_utc), toMjd: mjdFromIso(body.end_utc) };
    const rules = { minTiles: body.min_tiles, quickLook: body.quick_look };
    const { tiles, excluded } = chooseTiles(await this.registry.images.list(range), rules);
    const tileIds = tiles.map(({ id }) => id);
    const job = await this.stageJobs.start({
      stage: 'mosaic',
      spec: { name, method, backend, tiles: await this.stageTiles(tileIds), validate_only: true },
      unit: `plan/${name}`,
      requestedBy,
      parameters: { plan: name },
    });
    const parameters: PlanParameters = {
      backend,
      check_job_id: job.id,
      excluded: excluded.map(({ id, groupId, reason }) => ({ id, group_id: groupId, reason })),
    };
    const row = { name, method, startMjd: range.fromMjd, endMjd: range.toMjd, tileIds, checks: [], requestedBy };
    if (present !== undefined) await mosaics.supersedePlan(name);
    return this.view(await mosaics.createPlan({ ...row, parameters: parameters as unknown as JsonObject }));
  }

  async list(): Promise<{ items: PlanView[] }> {
    const plans = await this.registry.mosaics.listPlans();
    return { items: await Promise.all(plans.map((plan) => this.view(plan))) };
  }

  async get(name: string): Promise<PlanView> {
    return this.view(await this.require(name));
  }

  /** Starts the job that combines the tiles, or says what it would do. */
  async build(
    name: string,
    body: OperationInput<typeof buildMosaicPlan>['body'],
  ): Promise<OperationResult<typeof buildMosaicPlan>> {
    const plan = await this.require(name);
    const tiles = await this.stageTiles(plan.tileIds);
    const estimate = estimateDuration(await this.registry.durations.history('mosaic'), 0);
    const answer = { plan: name, n_tiles: tiles.length, estimated_seconds: estimate?.seconds ?? null };
    if (body.dry_run) {
      return {
        ...answer,
        dry_run: true,
        job_id: null,
        message: `would combine ${tiles.length} tiles (${plan.method})`,
      };
    }
    const { backend } = planParameters(plan);
    const job = await this.stageJobs.start({
      stage: 'mosaic',
      spec: { name, method: plan.method, backend, tiles, ignore_validation: body.ignore_validation },
      unit: `plan/${name}`,
      requestedBy: body.requested_by,
      parameters: { plan: name },
    });
    return { ...answer, dry_run: false, job_id: job.id, message: `combining ${tiles.length} tiles (${plan.method})` };
  }

  private async require(name: string): Promise<PlanRow> {
    const plan = await this.registry.mosaics.findPlan(name);
    if (plan === undefined) throw new MeridianError('NOT_FOUND', `there is no mosaic plan "${name}"`, { name });
    return plan;
  }

  private async view(plan: PlanRow): Promise<PlanView> {
    const [images, products, checkJob] = await Promise.all([
      this.registry.images.findMany(plan.tileIds),
      this.registry.products.findMany(plan.tileIds),
      this.registry.jobs.find(planParameters(plan).check_job_id),
    ]);
    const product = (image: Image): Product | undefined => products.find(({ id }) => id === image.id);
    const tiles: PlanParts['tiles'] = images.map((image) => ({ image, product: product(image) }));
    return planView({ plan, tiles, checkJob });
  }

  /** Tiles as the mosaic stage takes them. */
  private async stageTiles(ids: readonly string[]): Promise<MosaicTile[]> {
    const products = await this.registry.products.findMany(ids);
    return products.map((product) => ({
      id: product.id,
      image_pb: requiredFile(product, 'image_pb'),
      image: requiredFile(product, 'image'),
      pb: requiredFile(product, 'pb'),
    }));
  }
}

function requiredFile(product: Product, role: string): string {
  const path = fileOf(product, role);
  if (path !== null) return path;
  throw new MeridianError('FILE_MISSING', `the tile ${product.id} has no file ${role}`, { product_id: product.id });
}
