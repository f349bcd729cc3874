import { Injectable } from '@nestjs/common';
import { MeridianError } from '../../domain/errors.ts';
import { mjdFromIso } from '../../domain/time.ts';
import { Registry } from '../../registry/index.ts';
import type { MosaicGroup } from '../../registry/index.ts';
import type { RegisteredFile } from '../http/file-answer.ts';
import type { queryMosaics } from '../contracts/mosaics.ts';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import { JobsService } from '../jobs/jobs.service.ts';
import { mosaicSummaryView, mosaicView } from './mosaic-views.ts';
import type { MosaicDetails, MosaicParts, MosaicView } from './mosaic-views.ts';

/** Reads mosaics: those asked for and those made. */
@Injectable()
export class MosaicReadService {
  private readonly registry: Registry;
  private readonly jobs: JobsService;

  constructor(registry: Registry, jobs: JobsService) {
    this.registry = registry;
    this.jobs = jobs;
  }

  /**
   * The mosaic group of an id, which may be that of the group, of its product, or of its job.
   *
   * @throws MeridianError NOT_FOUND
   */
  async group(id: string): Promise<MosaicGroup> {
    const { mosaicGroups, jobs } = this.registry;
    const direct = (await mosaicGroups.find(id)) ?? (await mosaicGroups.findByMosaic(id));
    if (direct !== undefined) return direct;
    const job = await jobs.find(id);
    const ofJob = job === undefined ? undefined : await mosaicGroups.findByWorkflow(job.workflowId);
    if (ofJob !== undefined) return ofJob;
    throw new MeridianError('NOT_FOUND', `there is no mosaic ${id}`, { mosaic_id: id });
  }

  async get(id: string): Promise<MosaicView> {
    return mosaicView(await this.details(await this.group(id)));
  }

  async query(body: OperationInput<typeof queryMosaics>['body']): Promise<OperationResult<typeof queryMosaics>> {
    const { items, nextCursor } = await this.registry.mosaicGroups.list({
      limit: body.limit,
      ...(body.start_utc === undefined ? {} : { fromMjd: mjdFromIso(body.start_utc) }),
      ...(body.end_utc === undefined ? {} : { toMjd: mjdFromIso(body.end_utc) }),
      ...(body.calibrator === undefined ? {} : { calibrator: body.calibrator }),
      ...(body.status === undefined ? {} : { state: body.status }),
      ...(body.cursor === undefined ? {} : { cursor: body.cursor }),
    });
    const parts = await Promise.all(items.map((group) => this.parts(group)));
    return { items: parts.map(mosaicSummaryView), next_cursor: nextCursor };
  }

  /**
   * One of the files of a mosaic.
   *
   * @throws MeridianError NOT_FOUND while the mosaic is not made yet.
   */
  async file(id: string, role: 'mosaic' | 'weight' | 'coverage'): Promise<RegisteredFile> {
    const { group, product } = await this.parts(await this.group(id));
    const file = product?.files.find((candidate) => candidate.role === role);
    if (file !== undefined) return { path: file.path, sha256: file.sha256, contentType: 'application/fits' };
    const message = `mosaic ${id} has no ${role} file; it is ${group.state}`;
    throw new MeridianError('NOT_FOUND', message, { mosaic_id: id, state: group.state });
  }

  private async parts(group: MosaicGroup): Promise<MosaicParts> {
    if (group.mosaicId === null) return { group, mosaic: undefined, product: undefined };
    const [mosaic, product] = await Promise.all([
      this.registry.mosaics.find(group.mosaicId),
      this.registry.products.find(group.mosaicId),
    ]);
    return { group, mosaic, product };
  }

  private async details(group: MosaicGroup): Promise<MosaicDetails> {
    const [parts, members, caltables, job] = await Promise.all([
      this.parts(group),
      this.registry.mosaicGroups.members(group.id),
      this.caltables(group.caltableIds),
      this.job(group.jobId),
    ]);
    const tiles = await this.tiles(members.flatMap(({ tileId }) => tileId ?? []));
    return { ...parts, members, tiles, caltables, job };
  }

  private async tiles(ids: readonly string[]): Promise<MosaicDetails['tiles']> {
    const [images, products] = await Promise.all([
      this.registry.images.findMany(ids),
      this.registry.products.findMany(ids),
    ]);
    const byId = new Map(products.map((product) => [product.id, product]));
    return new Map(
      images.flatMap((image) => {
        const product = byId.get(image.id);
        return product === undefined ? [] : [[image.id, { image, product }] as const];
      }),
    );
  }

  private async caltables(ids: readonly string[]): Promise<MosaicDetails['caltables']> {
    const [tables, products] = await Promise.all([
      this.registry.caltables.findMany(ids),
      this.registry.products.findMany(ids),
    ]);
    const paths = new Map(products.map(({ id, path }) => [id, path]));
    return tables.map((table) => ({ table, path: paths.get(table.id) ?? '' }));
  }

  private async job(id: string | null): Promise<MosaicDetails['job']> {
    const row = id === null ? undefined : await this.registry.jobs.find(id);
    if (row === undefined) return null;
    const phases = await this.registry.jobs.phases(row.id);
    return { row, phases, etaSeconds: await this.jobs.eta(row, phases) };
  }
}
