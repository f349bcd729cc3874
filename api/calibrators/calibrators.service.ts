import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { shippedCalibrators } from '../../config/shipped-data.ts';
import { MeridianError } from '../../domain/errors.ts';
import { mjdFromIso, mjdFromUnixMs } from '../../domain/time.ts';
import { requireAboveHorizon, transitsBetween } from '../../domain/transits.ts';
import { groupOfTransit, groupsInWindow, mosaicWindow, GROUP_SECONDS } from '../../domain/windows.ts';
import type { ObservedGroup } from '../../domain/windows.ts';
import { calibratorView, calibratorsInField, calibratorsInStrip, transitView } from '../contracts/calibrator-views.ts';
import type { listCalibrators, listTransits, TransitData } from '../contracts/calibrators.ts';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import { observedGroup, Registry } from '../../registry/index.ts';

const DEFAULT_BACK_DAYS = 7;
const DEFAULT_AHEAD_DAYS = 1;
const LONGEST_DAYS = 3660;

@Injectable()
export class CalibratorsService {
  private readonly registry: Registry;

  constructor(registry: Registry) {
    this.registry = registry;
  }

  list(query: OperationInput<typeof listCalibrators>['query']): OperationResult<typeof listCalibrators> {
    const catalog = shippedCalibrators();
    const { ra_deg: raDeg, dec_deg: decDeg, radius_deg: radiusDeg, min_flux_jy: minFluxJy, limit } = query;
    if (query.name !== undefined) return { items: [calibratorView(catalog.require(query.name))] };
    if (raDeg !== undefined && decDeg === undefined) {
      throw new MeridianError('REQUEST_INVALID', 'query: ra_deg needs dec_deg', { field: 'dec_deg' });
    }
    if (decDeg === undefined) {
      const bright = catalog.all.map(calibratorView).filter(({ flux_scale_jy }) => (flux_scale_jy ?? 0) >= minFluxJy);
      return { items: bright.slice(0, limit) };
    }
    const items =
      raDeg === undefined
        ? calibratorsInStrip(catalog, { decDeg, toleranceDeg: radiusDeg, minFluxJy })
        : calibratorsInField(catalog, { centre: { raDeg, decDeg }, radiusDeg, minFluxJy });
    return { items: items.slice(0, limit) };
  }

  async transits(
    name: string,
    query: OperationInput<typeof listTransits>['query'],
  ): Promise<OperationResult<typeof listTransits>> {
    const calibrator = shippedCalibrators().require(name);
    const range = rangeOf(query);
    const transits = transitsBetween(calibrator.position, range);
    if (transits[0] !== undefined) requireAboveHorizon(calibrator.name, transits[0]);
    const margin = query.timespan_minutes / 1440;
    const groups = await this.registry.groups.list({ fromMjd: range.startMjd - margin, toMjd: range.endMjd + margin });
    const observed = groups.map(observedGroup);
    return {
      calibrator: calibratorView(calibrator),
      transits: transits.map((transit) => transitView(transit, dataOf(observed, transit.mjd, query.timespan_minutes))),
    };
  }
}

function rangeOf(query: { from_utc?: string | undefined; to_utc?: string | undefined }): {
  startMjd: number;
  endMjd: number;
} {
  const now = mjdFromUnixMs(Date.now());
  const startMjd = query.from_utc === undefined ? now - DEFAULT_BACK_DAYS : mjdFromIso(query.from_utc);
  const endMjd = query.to_utc === undefined ? Math.max(now, startMjd) + DEFAULT_AHEAD_DAYS : mjdFromIso(query.to_utc);
  if (endMjd <= startMjd) {
    throw new MeridianError('REQUEST_INVALID', 'query: to_utc must be later than from_utc', { field: 'to_utc' });
  }
  if (endMjd - startMjd > LONGEST_DAYS) {
    const message = `query: from_utc and to_utc may be ${LONGEST_DAYS} days apart at most`;
    throw new MeridianError('REQUEST_INVALID', message, { field: 'to_utc' });
  }
  return { startMjd, endMjd };
}

function dataOf(
  groups: readonly ObservedGroup[],
  transitMjd: number,
  timespanMinutes: number,
): z.input<typeof TransitData> {
  const inWindow = groupsInWindow(groups, mosaicWindow(transitMjd, timespanMinutes));
  const holds = groupOfTransit(inWindow, transitMjd)?.group ?? null;
  return {
    status: holds === null ? 'none' : holds.state === 'complete' ? 'complete' : 'incomplete',
    group_id: holds?.id ?? null,
    first_stamp: null,
    n_subbands: holds?.subbandCount ?? 0,
    n_groups: inWindow.length,
    n_complete: inWindow.filter(({ state }) => state === 'complete').length,
    missing_minutes: Math.max(timespanMinutes - (inWindow.length * GROUP_SECONDS) / 60, 0),
  };
}
