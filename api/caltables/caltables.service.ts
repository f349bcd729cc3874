import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { chooseCalibration } from '../../domain/caltable-choice.ts';
import type { CalibrationSet } from '../../domain/caltable-choice.ts';
import { MeridianError } from '../../domain/errors.ts';
import type { Caltable as CaltableRow } from '../../registry/index.ts';
import type { Caltable, listActiveCaltables, listCaltables } from '../contracts/caltables.ts';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import { calibrationSetOf, Registry, servesOthers } from '../../registry/index.ts';

type CaltableView = z.input<typeof Caltable>;

@Injectable()
export class CaltablesService {
  private readonly registry: Registry;

  constructor(registry: Registry) {
    this.registry = registry;
  }

  async list(query: OperationInput<typeof listCaltables>['query']): Promise<OperationResult<typeof listCaltables>> {
    const { items, nextCursor } = await this.registry.caltables.list({
      limit: query.limit,
      ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
      ...(query.calibrator === undefined ? {} : { calibrator: query.calibrator }),
      ...(query.type === undefined ? {} : { type: query.type }),
    });
    return { items: await this.views(items), next_cursor: nextCursor };
  }

  async active(
    query: OperationInput<typeof listActiveCaltables>['query'],
  ): Promise<OperationResult<typeof listActiveCaltables>> {
    const { mjd, dec_deg: decDeg } = query;
    const valid = await this.registry.caltables.activeAt({ mjd, ...(decDeg === undefined ? {} : { decDeg }) });
    const sets = valid.filter(servesOthers);
    const candidates = sets.map(calibrationSetOf);
    const pointingDecDeg = decDeg ?? onlyDeclination(candidates);
    if (pointingDecDeg === null) return { mjd, items: [], reason: 'no caltable is valid at this time' };
    const { choice, refused } = chooseCalibration(candidates, { midMjd: mjd, pointingDecDeg });
    if (choice === null) {
      return { mjd, items: [], reason: refused[0]?.message ?? 'no caltable of this declination is valid at this time' };
    }
    const chosen = sets.find(({ setId }) => setId === choice.nearest.id);
    return { mjd, items: await this.views(chosen?.tables ?? []), reason: null };
  }

  private async views(rows: readonly CaltableRow[]): Promise<CaltableView[]> {
    const products = await this.registry.products.findMany(rows.map(({ id }) => id));
    const paths = new Map(products.map(({ id, path }) => [id, path]));
    return rows.map((row) => caltableView(row, paths.get(row.id) ?? ''));
  }
}

/** The declination that all sets share, or null when there is no set. */
function onlyDeclination(sets: readonly CalibrationSet[]): number | null {
  const decs = sets.map(({ pointingDecDeg }) => pointingDecDeg);
  if (decs.length === 0) return null;
  if (Math.max(...decs) - Math.min(...decs) > 1) {
    throw new MeridianError('REQUEST_INVALID', 'query: tables of several declinations are valid then; give dec_deg', {
      field: 'dec_deg',
      declinations_deg: [...new Set(decs.map((dec) => Number(dec.toFixed(2))))],
    });
  }
  return decs[0] ?? null;
}

export const caltableView = (row: CaltableRow, path: string): CaltableView => ({
  id: row.id,
  set_id: row.setId,
  type: row.type,
  path,
  calibrator: row.calibrator,
  group_id: row.groupId,
  transit_mjd: row.transitMjd,
  valid_start_mjd: row.validStartMjd,
  valid_end_mjd: row.validEndMjd,
  pointing_dec_deg: row.pointingDecDeg,
  refant: row.refant,
  status: row.status,
  qa: row.qa,
  flagged_fraction: row.flaggedFraction,
  median_snr: row.medianSnr,
  created_at: row.createdAt,
});
