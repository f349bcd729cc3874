/** Points of the night: one per source, out of the tiles of its sidereal day. */
import { combineNight, totalOf, type FluxParts, type TileMeasurement } from '../../domain/photometry/night.ts';
import type { EpochRows, Measurement, NewMeasurement, Repositories } from '../../registry/index.ts';

/** Tiles of one sidereal day of a source lie within minutes; of another day, a day away. */
const SAME_DAY_DAYS = 0.4;

type TileRow = NewMeasurement | Measurement;

/** The night's rows of every source of a tile, as they are with this tile's rows. */
export async function nightRows(
  { photometry }: Pick<Repositories, 'photometry'>,
  rows: readonly NewMeasurement[],
): Promise<EpochRows[]> {
  const [first] = rows;
  if (first === undefined) return [];
  const others = await photometry.tilesAround({
    stripId: first.stripId,
    sourceIds: rows.map(({ sourceId }) => sourceId),
    fromMjd: first.midMjd - SAME_DAY_DAYS,
    toMjd: first.midMjd + SAME_DAY_DAYS,
  });
  const byEpoch = new Map<string, NewMeasurement[]>();
  const tilesOf = groupBySource(others.filter(({ epoch }) => epoch !== first.epoch));
  for (const row of rows) {
    const tiles = [...(tilesOf.get(row.sourceId) ?? []).filter(({ night }) => night === row.night), row];
    const night = nightRow(row, tiles);
    byEpoch.set(night.epoch, [...(byEpoch.get(night.epoch) ?? []), night]);
  }
  const reason = `tile ${first.epoch} was measured`;
  return [...byEpoch].map(([epoch, list]) => ({ series: 'night', epoch, rows: list, reason }));
}

function groupBySource(rows: readonly Measurement[]): ReadonlyMap<number, Measurement[]> {
  const groups = new Map<number, Measurement[]>();
  for (const row of rows) groups.set(row.sourceId, [...(groups.get(row.sourceId) ?? []), row]);
  return groups;
}

/** Science tiles before quick looks, measured before edge; without any value the reason of the tile nearest to one. */
function nightRow(row: NewMeasurement, tiles: readonly TileRow[]): NewMeasurement {
  const epoch = `${row.stripId}/${row.night}`;
  const ranked = [...tiles].sort((a, b) => rankOf(a) - rankOf(b));
  const best = ranked[0] ?? row;
  const same = ranked.filter((tile) => rankOf(tile) === rankOf(best));
  const own = { ...pick(best), series: 'night' as const, epoch, night: row.night, groupId: null };
  if (best.fluxJy === null) return { ...own, nTiles: 0 };
  const point = combineNight(same.map(asTile));
  const { raw, normalized } = point;
  const factor = normalized === null ? null : raw.fluxJy / normalized.fluxJy;
  return {
    ...own,
    midMjd: point.midMjd,
    fluxJy: raw.fluxJy,
    fluxErrJy: totalOf(raw),
    rmsJy: point.rmsJy,
    backgroundJy: null,
    sigmaAddJy: raw.noiseJy,
    systematicErrJy: raw.sharedErrJy,
    normalizedFluxJy: normalized?.fluxJy ?? null,
    normalizedFluxErrJy: normalized === null ? null : totalOf(normalized),
    normFactor: factor !== null && Number.isFinite(factor) ? factor : null,
    normFactorErr: null,
    pb: point.pb,
    nuEffHz: point.nuEffHz,
    nTiles: point.nTiles,
    flags: [...new Set(same.flatMap(({ flags }) => flags))].sort(),
  };
}

/** Lower is better. */
function rankOf({ status, flags }: TileRow): number {
  const quickLook = flags.includes('quick_look') ? 1 : 0;
  if (status === 'measured') return flags.includes('own_calibration') ? 1 + 2 * quickLook : 2 * quickLook;
  return status === 'edge' ? 4 : 5 + LESS_AND_LESS.indexOf(status);
}

/** Reasons, the one nearest to a value first. */
const LESS_AND_LESS: readonly string[] = [
  'blended',
  'masked',
  'qa_rejected',
  'uncalibrated',
  'failed',
  'pending',
  'not_selected',
  'no_data',
  'not_covered',
];

function pick(row: TileRow): NewMeasurement {
  const {
    version: _version,
    supersededAt: _at,
    supersededReason: _reason,
    createdAt: _made,
    ...rest
  } = row as Measurement;
  return rest;
}

function asTile(row: TileRow): TileMeasurement {
  const raw = { fluxJy: row.fluxJy ?? 0, noiseJy: row.sigmaAddJy ?? 0, sharedErrJy: row.systematicErrJy ?? 0 };
  return {
    midMjd: row.midMjd,
    raw,
    normalized: normalizedOf(row, raw),
    rmsJy: row.rmsJy ?? Number.NaN,
    pb: row.pb ?? Number.NaN,
    nuEffHz: row.nuEffHz ?? Number.NaN,
  };
}

function normalizedOf(row: TileRow, raw: FluxParts): FluxParts | null {
  const { normalizedFluxJy, normalizedFluxErrJy, normFactor } = row;
  if (normalizedFluxJy === null || normalizedFluxErrJy === null || normFactor === null) return null;
  const noiseJy = raw.noiseJy / normFactor;
  return {
    fluxJy: normalizedFluxJy,
    noiseJy,
    sharedErrJy: Math.sqrt(Math.max(normalizedFluxErrJy ** 2 - noiseJy ** 2, 0)),
  };
}
