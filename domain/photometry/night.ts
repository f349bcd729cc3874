/** One point per source, strip and sidereal day, out of the tiles of that day. */

/** A flux with the two kinds of error. */
export interface FluxParts {
  readonly fluxJy: number;
  /** Independent from tile to tile, Jy: noise over the primary beam. */
  readonly noiseJy: number;
  /** Shared by neighbouring tiles, Jy: beam model, deconvolution, flux scale of the night. */
  readonly sharedErrJy: number;
}

/** One tile's measurement of a source. */
export interface TileMeasurement {
  readonly midMjd: number;
  readonly raw: FluxParts;
  /** Null where the tile was not normalised. */
  readonly normalized: FluxParts | null;
  readonly rmsJy: number;
  readonly pb: number;
  readonly nuEffHz: number;
}

/** The point of a night; `normalized` is null unless all of its tiles are normalised. */
export type NightMeasurement = TileMeasurement & { readonly nTiles: number };

export const totalOf = ({ noiseJy, sharedErrJy }: FluxParts): number => Math.hypot(noiseJy, sharedErrJy);

/**
 * Combine the tiles of a night with A²/σ²: σ is the noise of the flat image and A the primary beam, so that this is one
 * over the variance of the corrected flux. The shared part of the error does not shrink with the number of tiles.
 *
 * @param tiles at least one, each with a positive noise
 */
export function combineNight(tiles: readonly TileMeasurement[]): NightMeasurement {
  const mean = weightedMean(tiles.map(({ raw }) => 1 / raw.noiseJy ** 2));
  const normalized = tiles.flatMap((tile) => (tile.normalized === null ? [] : [tile.normalized]));
  return {
    midMjd: mean(tiles.map(({ midMjd }) => midMjd)),
    raw: combine(tiles.map(({ raw }) => raw)),
    normalized: normalized.length === tiles.length ? combine(normalized) : null,
    rmsJy: mean(tiles.map(({ rmsJy }) => rmsJy)),
    pb: mean(tiles.map(({ pb }) => pb)),
    nuEffHz: mean(tiles.map(({ nuEffHz }) => nuEffHz)),
    nTiles: tiles.length,
  };
}

function combine(parts: readonly FluxParts[]): FluxParts {
  const weights = parts.map(({ noiseJy }) => 1 / noiseJy ** 2);
  const mean = weightedMean(weights);
  return {
    fluxJy: mean(parts.map(({ fluxJy }) => fluxJy)),
    noiseJy: 1 / Math.sqrt(weights.reduce((sum, weight) => sum + weight, 0)),
    sharedErrJy: mean(parts.map(({ sharedErrJy }) => sharedErrJy)),
  };
}

function weightedMean(weights: readonly number[]): (values: readonly number[]) => number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return (values) => values.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0) / total;
}
