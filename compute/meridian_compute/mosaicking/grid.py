"""The grid of a mosaic: one projection centred on the tiles, just large enough for them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import erfa
import numpy as np

from ..contract import StageFailure
from ..fits_write import Grid
from .tiles import Tile

#: More pixels than this do not fit into a worker's memory: the tiles lie too far apart for one mosaic.
MAX_PIXELS = 300_000_000
#: Tiles further than this from the middle cannot be shown in a SIN projection without heavy distortion.
MAX_RADIUS_DEG = 40.0
_EDGE_SAMPLES = 64


def common_grid(tiles: Sequence[Tile], cell_arcsec: float | None = None) -> Grid:
    """A grid about the tiles' mean direction that holds every covered pixel; right across RA 0h.

    One tile keeps its own centre and cell, so that resampling leaves its pixels as they are.

    Args:
        tiles: at least one.
        cell_arcsec: None: the smallest cell of the tiles.

    Raises:
        StageFailure: TILES_INCONSISTENT if the tiles lie too far apart.
    """
    cell = min(tile.corrected.cell_arcsec for tile in tiles) if cell_arcsec is None else cell_arcsec
    ra, dec = mean_direction_deg([tile.corrected.center_deg for tile in tiles])
    probe = Grid(ra_deg=ra, dec_deg=dec, width_px=1, height_px=1, cell_arcsec=cell, reference_px=(0.0, 0.0))
    x, y = [], []
    for tile in tiles:
        lon, lat = _outline(tile)
        offset = np.rad2deg(erfa.seps(*np.deg2rad((ra, dec)), np.deg2rad(lon), np.deg2rad(lat)))
        if offset.max() > MAX_RADIUS_DEG:
            raise _too_far(f"tile {tile.id} reaches {offset.max():.0f} degrees from the middle of the tiles")
        tile_x, tile_y = probe.wcs.wcs_world2pix(lon, lat, 0)
        x.append(tile_x)
        y.append(tile_y)
    low_x, high_x = _whole_pixels(np.concatenate(x))
    low_y, high_y = _whole_pixels(np.concatenate(y))
    width, height = high_x - low_x + 1, high_y - low_y + 1
    if width * height > MAX_PIXELS:
        raise _too_far(f"the mosaic would have {width} x {height} pixels")
    return Grid(
        ra_deg=ra, dec_deg=dec, width_px=width, height_px=height, cell_arcsec=cell,
        reference_px=(float(-low_x), float(-low_y)),
    )  # fmt: skip


def mean_direction_deg(centers: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Direction of the sum of unit vectors: ICRS right ascension in [0, 360) and declination, degrees."""
    if len(centers) == 1:
        return centers[0][0] % 360, centers[0][1]
    angles = np.deg2rad(np.array(centers))
    ra, dec = erfa.c2s(erfa.s2c(angles[:, 0], angles[:, 1]).sum(axis=0))
    return math.degrees(float(ra)) % 360, math.degrees(float(dec))


def _outline(tile: Tile) -> tuple[np.ndarray, np.ndarray]:
    """ICRS positions along the outline of a tile's covered pixels: the ends of rows and columns."""
    rows, columns = np.flatnonzero(tile.covered.any(axis=1)), np.flatnonzero(tile.covered.any(axis=0))
    x, y = [], []
    for row in rows[np.linspace(0, len(rows) - 1, _EDGE_SAMPLES).astype(int)]:
        inside = np.flatnonzero(tile.covered[row])
        x += [inside[0], inside[-1]]
        y += [row, row]
    for column in columns[np.linspace(0, len(columns) - 1, _EDGE_SAMPLES).astype(int)]:
        inside = np.flatnonzero(tile.covered[:, column])
        x += [column, column]
        y += [inside[0], inside[-1]]
    return tile.corrected.to_icrs(np.array(x), np.array(y))


def _whole_pixels(values: np.ndarray) -> tuple[int, int]:
    return math.floor(values.min() + 1e-3) - 1, math.ceil(values.max() - 1e-3) + 1


def _too_far(what: str) -> StageFailure:
    return StageFailure("TILES_INCONSISTENT", f"{what}; combine tiles of one part of the sky")
