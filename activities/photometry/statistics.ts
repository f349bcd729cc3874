/** Running statistics brought up to date with the nights that were written. */
import { appendPoint, NO_SUMS, sumsOf, type RunningSums } from '../../domain/variability/running-sums.ts';
import type { NewMeasurement, NightPoint, Repositories, SourceStatistics } from '../../registry/index.ts';

type Stats = Pick<Repositories, 'variability'>;

const NOT_COUNTED: ReadonlySet<string> = new Set(['quick_look', 'calibrator']);

/**
 * One more night costs the same whatever came before: the newest night stands beside the sums and joins them when the
 * next one begins. A night from before the newest changes what is in the sums: those of that source are built again.
 */
export async function updateStatistics(
  { variability }: Stats,
  stripId: number,
  nights: readonly NewMeasurement[],
): Promise<void> {
  const ids = [...new Set(nights.map(({ sourceId }) => sourceId))];
  const known = await variability.findMany(stripId, ids);
  const changed = new Map<number, SourceStatistics>();
  const toRebuild = new Set<number>();
  for (const row of nights) {
    const stats = changed.get(row.sourceId) ?? known.get(row.sourceId) ?? nothing(row.sourceId, stripId);
    const next = withNight(stats, row);
    if (next === 'rebuild') toRebuild.add(row.sourceId);
    else changed.set(row.sourceId, next);
  }
  for (const stats of await rebuilt({ variability }, stripId, [...toRebuild])) changed.set(stats.sourceId, stats);
  await variability.save([...changed.values()]);
}

const nothing = (sourceId: number, stripId: number): SourceStatistics => ({
  sourceId,
  stripId,
  ...NO_SUMS,
  newestNight: null,
  newestMjd: null,
  newestFluxJy: null,
  newestFluxErrJy: null,
  vsMax: null,
  mAtVsMax: null,
});

function withNight(stats: SourceStatistics, row: NewMeasurement): SourceStatistics | 'rebuild' {
  const point = usable(row);
  if (stats.newestNight !== null && row.night < stats.newestNight) return 'rebuild';
  const newest = {
    newestNight: row.night,
    newestMjd: row.midMjd,
    newestFluxJy: point?.fluxJy ?? null,
    newestFluxErrJy: point?.fluxErrJy ?? null,
  };
  if (stats.newestNight === row.night) return { ...stats, ...newest };
  return { ...stats, ...folded(stats), ...newest };
}

/** The sums with the newest night in them. */
export function folded(stats: SourceStatistics): RunningSums {
  if (stats.newestFluxJy === null) return stats;
  return appendPoint(stats, { fluxJy: stats.newestFluxJy, fluxErrJy: stats.newestFluxErrJy });
}

function usable(row: NewMeasurement): { readonly fluxJy: number; readonly fluxErrJy: number } | null {
  const fluxJy = row.normalizedFluxJy ?? row.fluxJy;
  const fluxErrJy = row.normalizedFluxErrJy ?? row.fluxErrJy;
  if (row.status !== 'measured' || fluxJy === null || fluxErrJy === null) return null;
  return row.flags.some((flag) => NOT_COUNTED.has(flag)) ? null : { fluxJy, fluxErrJy };
}

async function rebuilt(
  { variability }: Stats,
  stripId: number,
  sourceIds: readonly number[],
): Promise<SourceStatistics[]> {
  if (sourceIds.length === 0) return [];
  const points = await variability.nights({ stripId, sourceIds });
  const bySource = new Map<number, NightPoint[]>(sourceIds.map((id) => [id, []]));
  for (const point of points) bySource.get(point.sourceId)?.push(point);
  return [...bySource].map(([sourceId, list]) => {
    const newest = list.at(-1);
    return {
      ...nothing(sourceId, stripId),
      ...sumsOf(list.slice(0, -1)),
      newestNight: newest?.night ?? null,
      newestMjd: newest?.mjd ?? null,
      newestFluxJy: newest?.fluxJy ?? null,
      newestFluxErrJy: newest?.fluxErrJy ?? null,
    };
  });
}
