import { Injectable } from '@nestjs/common';
import { MeridianError } from '../../domain/errors.ts';
import { mjdFromIso } from '../../domain/time.ts';
import { Registry } from '../../registry/index.ts';
import type { MosaicGroup } from '../../registry/index.ts';
import type { RegisteredFile } from '../http/file-answer.ts';
import type { getMosaicQa, queryMosaics } from '../contracts/mosaics.ts';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import { JobsService } from '../jobs/jobs.service.ts';
import { mosaicSummaryView, mosaicView, originOf, qaView } from './mosaic-views.ts';
import type { MosaicDetails, MosaicOrigin, MosaicParts, MosaicView } from './mosaic-views.ts';

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
    const found = await this.findGroup(id);
    if (found === undefined) throw new MeridianError('NOT_FOUND', `there is no mosaic ${id}`, { mosaic_id: id });
    return found;
  }

  async get(id: string): Promise<MosaicView> {
    return mosaicView(await this.details(await this.origin(id)));
  }

  /** QA as it was last done. */
  async qa(id: string): Promise<OperationResult<typeof getMosaicQa>> {
    return qaView((await this.parts(await this.origin(id))).mosaic);
  }

  private async findGroup(id: string): Promise<MosaicGroup | undefined> {
    const { mosaicGroups, jobs } = this.registry;
    const direct = (await mosaicGroups.find(id)) ?? (await mosaicGroups.findByMosaic(id));
    if (direct !== undefined) return direct;
    const job = await jobs.find(id);
    return job === undefined ? undefined : mosaicGroups.findByWorkflow(job.workflowId);
  }

  /** Where a mosaic comes from: its mosaic group, or for one built from a plan the product itself. */
  private async origin(id: string): Promise<MosaicOrigin> {
    const group = await this.findGroup(id);
    if (group !== undefined) return group;
    const mosaic = await this.registry.mosaics.find(id);
    const product = mosaic === undefined ? undefined : await this.registry.products.find(id);
    if (mosaic !== undefined && product !== undefined) return originOf(mosaic, product);
    throw new MeridianError('NOT_FOUND', `there is no mosaic ${id}`, { mosaic_id: id });
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
    const { group, product } = await this.parts(await this.origin(id));
    const file = product?.files.find((candidate) => candidate.role === role);
    if (file !== undefined) return { path: file.path, sha256: file.sha256, contentType: 'application/fits' };
    const message = `mosaic ${id} has no ${role} file; it is ${group.state}`;
    throw new MeridianError('NOT_FOUND', message, { mosaic_id: id, state: group.state });
  }

  private async parts(group: MosaicOrigin): Promise<MosaicParts> {
    if (group.mosaicId === null) return { group, mosaic: undefined, product: undefined };
    const [mosaic, product] = await Promise.all([
      this.registry.mosaics.find(group.mosaicId),
      this.registry.products.find(group.mosaicId),
    ]);
    return { group, mosaic, product };
  }

  private async details(group: MosaicOrigin): Promise<MosaicDetails> {
    const [parts, members, caltables, job] = await Promise.all([
      this.parts(group),
      this.members(group),
      this.caltables(group.caltableIds),
      this.job(group.jobId),
    ]);
    const tiles = await this.tiles(members.flatMap(({ tileId }) => tileId ?? []));
    return { ...parts, members, tiles, caltables, job };
  }

  /** Members of the group, or for a mosaic without one its tiles. */
  private async members(origin: MosaicOrigin): Promise<MosaicDetails['members']> {
    if (origin.isGroup !== false) return this.registry.mosaicGroups.members(origin.id);
    const tiles = await this.registry.mosaics.tiles(origin.id);
    const images = await this.registry.images.findMany(tiles.map(({ imageId }) => imageId));
    return images.map(({ id, groupId }) => ({
      groupId: groupId ?? id,
      tileId: id,
      isTile: true,
      excludedCode: null,
      excludedReason: null,
    }));
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
