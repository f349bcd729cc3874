"""Where the tiles of a mosaic are centred: the maxima of its map of the largest primary beam."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter

from ..fits_image import SkyImage
from ..specs.common import Position

Pixels = NDArray[np.float32]

#: A tile's beam is at least this at its centre; averaged over its drift it is 0.96 to 1.
_MIN_PEAK = 0.9
#: Maxima closer than this are one tile, or tiles of one pointing.
_APART_DEG = 0.25
#: A parabola is fitted out to here: the beam has fallen by 1 %, and no neighbour's reaches it.
_FIT_RADIUS_DEG = 0.15
_SAMPLE_DEG = 0.02


def centers_of_beam(image: SkyImage, pb: Pixels) -> list[Position]:
    """Directions of the maxima of a beam map, good to a few arcsec.

    Args:
        image: the mosaic, for its coordinates.
        pb: (n_y, n_x), largest primary beam of any tile; NaN or 0 outside.
    """
    cell_deg = image.cell_arcsec / 3600
    step = max(1, round(_SAMPLE_DEG / cell_deg))
    coarse = np.nan_to_num(pb[::step, ::step])
    size = 2 * max(1, round(_APART_DEG / (step * cell_deg))) + 1
    rows, columns = np.nonzero((coarse == maximum_filter(coarse, size=size)) & (coarse >= _MIN_PEAK))
    places: list[tuple[float, float]] = []
    for row, column in zip(rows * step, columns * step, strict=True):
        place = _vertex(pb, (float(column), float(row)), _FIT_RADIUS_DEG / cell_deg)
        if all(np.hypot(place[0] - x, place[1] - y) * cell_deg > _APART_DEG for x, y in places):
            places.append(place)
    found = [image.to_icrs(x, y) for x, y in places]
    return [Position(ra_deg=float(ra), dec_deg=float(dec)) for ra, dec in found]


def _vertex(pb: Pixels, near: tuple[float, float], radius_px: float) -> tuple[float, float]:
    """Top of the parabola through the beam around a pixel (x, y); the pixel itself if there is none near it."""
    reach = int(np.ceil(radius_px))
    stride = max(1, reach // 20)
    offsets = np.arange(-reach, reach + 1, stride)
    dx, dy = (grid.ravel() for grid in np.meshgrid(offsets, offsets))
    column, row = dx + int(near[0]), dy + int(near[1])
    usable = (np.hypot(dx, dy) <= radius_px) & (column >= 0) & (column < pb.shape[1]) & (row >= 0) & (row < pb.shape[0])
    dx, dy, value = dx[usable], dy[usable], pb[row[usable], column[usable]].astype(np.float64)
    known = np.isfinite(value) & (value > 0)
    dx, dy, value = dx[known], dy[known], value[known]
    terms = np.stack([np.ones(len(dx)), dx, dy, dx * dx, dx * dy, dy * dy], axis=1).astype(np.float64)
    _, slope_x, slope_y, xx, xy, yy = np.linalg.lstsq(terms, value, rcond=None)[0]
    curvature = np.array([[2 * xx, xy], [xy, 2 * yy]])
    if np.linalg.det(curvature) <= 0:
        return near
    shift = np.linalg.solve(curvature, [-slope_x, -slope_y])
    return near if np.hypot(*shift) > radius_px else (near[0] + float(shift[0]), near[1] + float(shift[1]))
