"""The noise of an image: measured where it is flat, scaled to where it is wanted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..fits_image import SkyImage, read_aligned

Float = NDArray[np.float64]
Pixels = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class NoiseFrame:
    """An image whose noise is even, and what turns its noise into that of the measured image.

    Attributes:
        flat: (n_y, n_x), NaN where there are no data.
        scale: (n_y, n_x), noise of the measured image over that of ``flat``; None: they are the same.
        pb: (n_y, n_x), primary beam; None if it is not known.
    """

    flat: Pixels
    scale: Pixels | None
    pb: Pixels | None

    def scale_at(self, x: Float, y: Float) -> Float:
        """``scale`` at the nearest pixel of each position; NaN outside the image."""
        return np.ones(len(x)) if self.scale is None else sample(self.scale, x, y)


def noise_frame(image: SkyImage, flat_fits: str | None, pb_fits: str | None, weight_fits: str | None) -> NoiseFrame:
    """Find the best frame to measure noise in from the companions an image has.

    A tile has a flat-noise image (the primary beam is the ratio of the two where it is not given). A mosaic has its
    inverse-variance map: image times the root of it is flat. An image alone is its own frame.

    Raises:
        StageFailure: as ``read_aligned``.
    """
    pb = None if pb_fits is None else read_aligned(pb_fits, image).data
    with np.errstate(divide="ignore", invalid="ignore"):
        if weight_fits is not None:
            weight = read_aligned(weight_fits, image).data
            root = np.sqrt(np.where(weight > 0, weight, np.nan)).astype(np.float32)
            return NoiseFrame(flat=image.data * root, scale=1 / root, pb=pb)
        if flat_fits is not None:
            flat = read_aligned(flat_fits, image, "flux").data
            beam = flat / image.data if pb is None else pb
            return NoiseFrame(flat=flat, scale=np.where(beam > 0, 1 / beam, np.nan).astype(np.float32), pb=pb)
        if pb is not None:
            return NoiseFrame(flat=image.data * pb, scale=np.where(pb > 0, 1 / pb, np.nan).astype(np.float32), pb=pb)
    return NoiseFrame(flat=image.data, scale=None, pb=None)


def sample(plane: NDArray[np.floating], x: Float, y: Float) -> Float:
    """Values at the nearest pixels; NaN outside."""
    n_y, n_x = plane.shape
    column, row = np.rint(np.nan_to_num(x, nan=-1.0)), np.rint(np.nan_to_num(y, nan=-1.0))
    inside = (column >= 0) & (column < n_x) & (row >= 0) & (row < n_y)
    column, row = np.where(inside, column, 0).astype(int), np.where(inside, row, 0).astype(int)
    return np.where(inside, plane[row, column].astype(np.float64), np.nan)
