/** Measurements for tests, written as photometry writes them. */
import { nightRows } from '../../activities/photometry/nights.ts';
import { updateStatistics } from '../../activities/photometry/statistics.ts';
import type { NewMeasurement, Registry } from '../../registry/index.ts';

export const START_MJD = 61_065.3;
export const SIDEREAL_DAYS = 0.99727;

/** A measured tile row of a source of 1 Jy. */
export function aMeasurement(
  own: Pick<NewMeasurement, 'sourceId' | 'stripId'>,
  overrides: Partial<NewMeasurement> = {},
): NewMeasurement {
  return {
    series: 'tile',
    epoch: '2026-01-25T07:12:00',
    night: 9547,
    midMjd: START_MJD,
    status: 'measured',
    reason: null,
    fluxJy: 1,
    fluxErrJy: Math.hypot(0.003, 0.01),
    rmsJy: 0.003,
    backgroundJy: 0,
    sigmaAddJy: 0.003,
    systematicErrJy: 0.01,
    normalizedFluxJy: null,
    normalizedFluxErrJy: null,
    normFactor: null,
    normFactorErr: null,
    normVersion: null,
    pb: 0.9,
    nuEffHz: 1.4e9,
    nTiles: null,
    tier: 'standard',
    flags: [],
    groupId: '2026-01-25T07:12:00',
    productId: null,
    runId: null,
    jobId: null,
    caltableId: null,
    ...own,
    ...overrides,
  };
}

/** Tile rows of one epoch, their nights and statistics. */
export const recordTile = (registry: Registry, rows: readonly NewMeasurement[], reason = 'measured'): Promise<void> =>
  registry.transaction(async (repositories) => {
    const [first] = rows;
    if (first === undefined) return;
    await repositories.photometry.replace([{ series: 'tile', epoch: first.epoch, rows, reason }]);
    const nights = await nightRows(repositories, rows);
    await repositories.photometry.replace(nights);
    await updateStatistics(
      repositories,
      first.stripId,
      nights.flatMap((night) => night.rows),
    );
  });

/** A night of a source with an error of 1 % that tiles do not share. */
export const aNight = (
  own: Pick<NewMeasurement, 'sourceId' | 'stripId'>,
  { index, fluxJy }: { readonly index: number; readonly fluxJy: number },
  overrides: Partial<NewMeasurement> = {},
): NewMeasurement =>
  aMeasurement(own, {
    epoch: `night ${index}`,
    night: 9547 + index,
    midMjd: START_MJD + index * SIDEREAL_DAYS,
    fluxJy,
    fluxErrJy: 0.01,
    sigmaAddJy: 0.01,
    systematicErrJy: 0,
    ...overrides,
  });
