import { Injectable } from '@nestjs/common';
import { shippedCalibrators } from '../../config/shipped-data.ts';
import { mjdFromUnixMs } from '../../domain/time.ts';
import { findMosaicTarget, Registry } from '../../registry/index.ts';
import type { FoundTarget } from '../../workflows/contracts/mosaic-request.ts';
import { DataRootsService } from '../data-roots/data-roots.service.ts';
import type { CreateMosaicRequest } from './mosaics.service.ts';
import { ScanService } from './scan.ts';

/** Finds what a mosaic is made of, with the data roots read anew. */
@Injectable()
export class TargetService {
  private readonly registry: Registry;
  private readonly dataRoots: DataRootsService;
  private readonly scan: ScanService;

  constructor(registry: Registry, dataRoots: DataRootsService, scan: ScanService) {
    this.registry = registry;
    this.dataRoots = dataRoots;
    this.scan = scan;
  }

  /**
   * @throws MeridianError that says why there is no such mosaic: see `resolveTarget`; SERVICE_UNAVAILABLE while nobody
   *   can look at the data roots.
   */
  async find(request: CreateMosaicRequest, actor: string): Promise<FoundTarget> {
    // A slip of the pen is told before a folder is registered or read.
    if (request.calibrator !== undefined) shippedCalibrators().require(request.calibrator);
    const { incoming } = request;
    const rootId = incoming === undefined ? null : (await this.dataRoots.register({ path: incoming })).id;
    await this.scan.lookAt(rootId, actor);
    return findMosaicTarget(this.registry, request, {
      catalog: shippedCalibrators(),
      nowMjd: mjdFromUnixMs(Date.now()),
      ...(rootId === null ? {} : { rootIds: [rootId] }),
    });
  }
}
