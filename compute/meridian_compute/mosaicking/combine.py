"""Weighted combination of tiles on one grid, with its weight, coverage, time and beam maps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .resample import Patch
from .tiles import Tile

Method = Literal["mean", "weighted", "pbweighted"]
Float = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Combined:
    """Arrays of the mosaic's shape.

    Attributes:
        brightness: Jy/beam, PB-corrected; NaN where no tile counts.
        inverse_variance: Jy^-2, of ``brightness``; 0 where no tile counts.
        coverage: number of tiles.
        mjd: weighted mean time, MJD UTC; NaN where no tile counts.
        pb: largest primary beam of the tiles that count; 0 where none does.
        shares: each tile's share of all weights, in the tiles' order.
    """

    brightness: Float
    inverse_variance: Float
    coverage: NDArray[np.int16]
    mjd: Float
    pb: NDArray[np.float32]
    shares: list[float]


def combine(
    tiles: list[Tile], patches: Iterable[Patch], shape: tuple[int, int], *, method: Method, pb_limit: float
) -> Combined:
    """Combine PB-corrected brightness: sum of w I / sum of w over the tiles with A >= ``pb_limit``.

    With sigma the flat noise of a tile and A its beam, the noise of its corrected image is sigma / A, and

    - mean: w = 1,
    - weighted: w = 1 / sigma^2,
    - pbweighted: w = A^2 / sigma^2, the inverse of the variance.

    The variance of the result is sum of w^2 sigma^2 / A^2 over (sum of w)^2, for every method.

    Args:
        tiles: n tiles.
        patches: each tile on the mosaic's grid, in the order of the tiles; consumed one at a time.
        shape: (n_y, n_x) of the mosaic.
        method: how to weight.
        pb_limit: a tile counts where its beam is at least this.

    Source: Condon et al. (1998), NVSS, section 3.4 (weights by the square of the beam).
    """
    total, weighted, variance, time = (np.zeros(shape) for _ in range(4))
    coverage, pb = np.zeros(shape, dtype=np.int16), np.zeros(shape, dtype=np.float32)
    given = []
    origin = min(tile.mid_mjd for tile in tiles)
    for tile, patch in zip(tiles, patches, strict=True):
        weight = _weight(tile, patch, method, pb_limit)
        counts = weight > 0
        beam = np.where(counts, patch.pb, 1.0).astype(np.float64)
        corrected = np.where(counts, patch.flat, 0.0) / beam
        at = patch.where
        total[at] += weight
        weighted[at] += weight * corrected
        variance[at] += (weight * tile.rms_jy / beam) ** 2
        time[at] += weight * (tile.mid_mjd - origin)
        coverage[at] += counts
        pb[at] = np.maximum(pb[at], np.where(counts, patch.pb, np.float32(0)))
        given.append(float(weight.sum()))
    empty = total == 0
    divisor = np.where(empty, 1.0, total)
    return Combined(
        brightness=np.where(empty, np.nan, weighted / divisor),
        inverse_variance=np.where(empty, 0.0, divisor**2 / np.where(empty, 1.0, variance)),
        coverage=coverage,
        mjd=np.where(empty, np.nan, origin + time / divisor),
        pb=pb,
        shares=[value / max(sum(given), 1e-300) for value in given],
    )


def _weight(tile: Tile, patch: Patch, method: Method, pb_limit: float) -> Float:
    """Weight of each pixel of a patch, 0 where the tile does not count."""
    counts = np.isfinite(patch.flat) & (patch.pb >= pb_limit)
    if method == "mean":
        return np.asarray(counts, dtype=np.float64)
    inverse = 1.0 / tile.rms_jy**2
    if method == "weighted":
        return np.asarray(counts * inverse, dtype=np.float64)
    return np.asarray(np.where(counts, patch.pb.astype(np.float64) ** 2 * inverse, 0.0), dtype=np.float64)
