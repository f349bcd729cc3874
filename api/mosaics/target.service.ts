import { Injectable } from '@nestjs/common';
import { shippedCalibrators } from '../../config/shipped-data.ts';
import { MeridianError } from '../../domain/errors.ts';
import { mjdFromUnixMs } from '../../domain/time.ts';
import { observedGroup, Registry } from '../../registry/index.ts';
import type { ObservationGroup } from '../../registry/index.ts';
import type { GroupRef } from '../../workflows/contracts/mosaic.ts';
import { DataRootsService } from '../data-roots/data-roots.service.ts';
import type { MosaicRequest } from './mosaic-request.ts';
import { resolveTarget } from './resolve-target.ts';
import type { ResolvedTarget } from './resolve-target.ts';
import { ScanService } from './scan.ts';

export interface FoundTarget extends ResolvedTarget {
  /** Groups with the version of their file list, in order of time. */
  readonly groups: readonly GroupRef[];
}

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
  async find(request: MosaicRequest, actor: string): Promise<FoundTarget> {
    // A slip of the pen is told before a folder is registered or read.
    if (request.calibrator !== undefined) shippedCalibrators().require(request.calibrator);
    const { incoming } = request;
    const rootId = incoming === undefined ? null : (await this.dataRoots.register({ path: incoming })).id;
    await this.scan.lookAt(rootId, actor);
    const rows = await this.registry.groups.list(rootId === null ? {} : { rootIds: [rootId] });
    const observed = {
      catalog: shippedCalibrators(),
      groups: rows.map(observedGroup),
      nowMjd: mjdFromUnixMs(Date.now()),
    };
    const resolved = resolveTarget(request, observed);
    return { ...resolved, groups: groupRefs(resolved.groupIds, rows) };
  }
}

function groupRefs(ids: readonly string[], rows: readonly ObservationGroup[]): GroupRef[] {
  return ids.map((groupId) => {
    const version = rows.find(({ id }) => id === groupId)?.version;
    if (version === undefined) throw new MeridianError('INTERNAL', `group ${groupId} was chosen and is not there`);
    return { groupId, version };
  });
}
