"""One mask for a deep clean: where the catalogue has sources, and where a first pass found some.

WSClean takes the intersection of a mask file and its own auto-mask: a source that is not in the catalogue would stay
uncleaned. So a first pass cleans everything above the auto-mask limit without a mask, and its components,
widened, join the catalogue's discs in the mask of the second, deep pass.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation

from ..catalog import cone
from ..fits_write import Grid

Mask = NDArray[np.bool_]


def catalog_mask(grid: Grid, radius_arcsec: float, min_flux_jy: float) -> Mask:
    """Discs around NVSS sources brighter than ``min_flux_jy`` at 1.4 GHz."""
    reach = 0.75 * np.hypot(*grid.shape) * grid.cell_arcsec / 3600
    rows = cone(grid.ra_deg, grid.dec_deg, min(float(reach), 80.0))
    rows = rows[rows["flux_jy"] >= min_flux_jy]
    mask = np.zeros(grid.shape, dtype=bool)
    radius = radius_arcsec / grid.cell_arcsec
    for x, y in zip(*grid.wcs.wcs_world2pix(rows["ra_deg"], rows["dec_deg"], 0), strict=True):
        if np.isfinite(x) and np.isfinite(y):
            _add_disc(mask, float(x), float(y), radius)
    return mask


def _add_disc(mask: Mask, x: float, y: float, radius: float) -> None:
    n_y, n_x = mask.shape
    low_x, high_x = max(0, int(x - radius) - 1), min(n_x, int(x + radius) + 2)
    low_y, high_y = max(0, int(y - radius) - 1), min(n_y, int(y + radius) + 2)
    if low_x >= high_x or low_y >= high_y:
        return
    dy, dx = np.mgrid[low_y:high_y, low_x:high_x]
    mask[low_y:high_y, low_x:high_x] |= np.hypot(dx - x, dy - y) <= max(radius, 0.5)


def merged_mask(catalog: Mask, model: NDArray[np.float32], widen_px: int = 2) -> Mask:
    """Catalogue discs and the components of a first pass, each widened by some pixels."""
    found = binary_dilation(model != 0, iterations=widen_px) if (model != 0).any() else np.zeros_like(catalog)
    return np.asarray(catalog | found)
