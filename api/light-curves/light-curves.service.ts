import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Series } from '../../domain/states.ts';
import { lightCurveRows, Registry } from '../../registry/index.ts';
import type { LightCurveRow, Measurement } from '../../registry/index.ts';
import type { LightCurve, LightCurvePoint } from '../contracts/photometry.ts';

/** Columns of the export, in order; names that others' scripts know. */
const EXPORT_COLUMNS: readonly (readonly [string, (row: LightCurveRow) => string | number | boolean | null])[] = [
  ['source_id', (row) => row.sourceId],
  ['ra_deg', (row) => row.raDeg],
  ['dec_deg', (row) => row.decDeg],
  ['mid_mjd', (row) => row.midMjd],
  ['flux_jy', (row) => row.fluxJy],
  ['flux_err_jy', (row) => row.fluxErrJy],
  ['normalized_flux_jy', (row) => row.normalizedFluxJy],
  ['normalized_flux_err_jy', (row) => row.normalizedFluxErrJy],
  ['rms_jy', (row) => row.rmsJy],
  ['series', (row) => row.series],
  ['pb', (row) => row.pb],
  ['tier', (row) => row.tier],
  ['status', (row) => row.status],
  ['reason', (row) => row.reason],
  ['version', (row) => row.version],
  ['superseded', (row) => row.supersededAt !== null],
  ['nu_eff_hz', (row) => row.nuEffHz],
  ['norm_factor', (row) => row.normFactor],
  ['norm_version', (row) => row.normVersion],
  ['caltable_id', (row) => row.caltableId],
  ['product_id', (row) => row.productId],
  ['flags', (row) => row.flags.join(' ')],
];

/** Light curves of sources. */
@Injectable()
export class LightCurvesService {
  private readonly registry: Registry;

  constructor(registry: Registry) {
    this.registry = registry;
  }

  /** @throws MeridianError NOT_FOUND */
  async get(
    id: number,
    { series, versions }: { readonly series: Series; readonly versions: 'current' | 'all' },
  ): Promise<z.input<typeof LightCurve>> {
    const source = await this.registry.sources.require(id);
    const rows = await this.registry.photometry.lightCurve(id, series, { allVersions: versions === 'all' });
    return {
      source_id: source.id,
      name: source.name,
      ra_deg: source.raDeg,
      dec_deg: source.decDeg,
      series,
      points: rows.map(pointView),
    };
  }

  /** CSV text of all rows, piece by piece; the first piece is the header. */
  async *export(versions: 'current' | 'all'): AsyncGenerator<string> {
    yield `${EXPORT_COLUMNS.map(([name]) => name).join(',')}\n`;
    for await (const rows of lightCurveRows(this.registry.db, versions === 'all')) {
      yield rows.map((row) => `${EXPORT_COLUMNS.map(([, value]) => cell(value(row))).join(',')}\n`).join('');
    }
  }
}

/** A cell of a CSV file (RFC 4180). */
function cell(value: string | number | boolean | null): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const pointView = (row: Measurement): z.input<typeof LightCurvePoint> => ({
  series: row.series,
  epoch: row.epoch,
  version: row.version,
  mid_mjd: row.midMjd,
  status: row.status,
  reason: row.reason,
  flux_jy: row.fluxJy,
  flux_err_jy: row.fluxErrJy,
  normalized_flux_jy: row.normalizedFluxJy,
  normalized_flux_err_jy: row.normalizedFluxErrJy,
  rms_jy: row.rmsJy,
  pb: row.pb,
  nu_eff_hz: row.nuEffHz,
  n_tiles: row.nTiles,
  tier: row.tier,
  flags: row.flags,
  product_id: row.productId,
  superseded_at: row.supersededAt,
  superseded_reason: row.supersededReason,
});
