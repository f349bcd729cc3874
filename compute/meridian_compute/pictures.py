"""Pictures of images: brightness with the beam and a scale, small enough to look at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from astropy.wcs import WCS
from numpy.typing import NDArray

from .specs.common import Beam

#: Longest side of the drawn array; larger images are reduced by taking the brightest pixel of each block.
_MAX_SIDE = 1200


def draw_image(
    path: Path,
    data: NDArray[np.floating],
    wcs: WCS,
    *,
    title: str,
    rms_jy: float,
    beam: Beam | None = None,
    marks: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
) -> None:
    """Draw an image as PNG: from -3 to 30 sigma, coordinates on the axes, beam in the corner.

    Args:
        path: PNG file.
        data: (n_y, n_x), Jy/beam; NaN is left blank.
        wcs: celestial.
        title: line above the picture.
        rms_jy: noise, which sets the range of grey.
        beam: drawn in the lower left corner.
        marks: 0-based pixels (x, y) to circle.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import Ellipse

    small, reduced, step = shrunk(data, wcs)
    n_y, n_x = small.shape
    # A fixed layout: working one out draws everything twice.
    figure = Figure(figsize=(min(16.0, max(7.0, 7.0 * n_x / n_y + 2.0)), 8.0))
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.10, 0.08, 0.78, 0.86), projection=reduced)
    shown = axes.imshow(1e3 * small, origin="lower", cmap="gray_r", vmin=-3e3 * rms_jy, vmax=30e3 * rms_jy)
    figure.colorbar(shown, ax=axes, label="mJy/beam", fraction=0.03, pad=0.01)
    axes.set_xlabel("Right ascension (ICRS)")
    axes.set_ylabel("Declination (ICRS)")
    axes.set_title(title, fontsize=11)
    axes.grid(color="tab:blue", alpha=0.25, linewidth=0.5)
    if marks is not None:
        axes.scatter(marks[0] / step, marks[1] / step, s=40, facecolors="none", edgecolors="tab:red", linewidths=0.6)
    if beam is not None:
        cell = np.hypot(*wcs.pixel_scale_matrix[:, 1]) * 3600 * step
        corner = (0.04 * n_x, 0.05 * n_y)
        size = (beam.bmaj_arcsec / cell, beam.bmin_arcsec / cell)
        axes.add_patch(Ellipse(corner, *size, angle=90 + beam.bpa_deg, color="tab:orange"))
    figure.savefig(path, dpi=110, metadata={"Software": None})


def shrunk(data: NDArray[np.floating], wcs: WCS) -> tuple[NDArray[np.float32], WCS, int]:
    """An image small enough to draw, its coordinate system, and how many pixels became one along each axis."""
    step = max(1, int(np.ceil(max(data.shape) / _MAX_SIDE)))
    return _reduce(data, step), _reduced_wcs(wcs, step), step


def _reduce(data: NDArray[np.floating], step: int) -> NDArray[np.float32]:
    """Brightest pixel of each block, so that no source is lost between samples."""
    if step == 1:
        return np.asarray(data, dtype=np.float32)
    n_y, n_x = (n // step * step for n in data.shape)
    blocks = np.asarray(data[:n_y, :n_x], dtype=np.float32).reshape(n_y // step, step, n_x // step, step)
    empty = np.isnan(blocks).all(axis=(1, 3))
    brightest = np.where(np.isnan(blocks), -np.inf, blocks).max(axis=(1, 3))
    return np.where(empty, np.float32(np.nan), brightest).astype(np.float32)


def _reduced_wcs(wcs: WCS, step: int) -> WCS:
    small = wcs.deepcopy()
    small.wcs.crpix = (np.array(wcs.wcs.crpix) - 0.5) / step + 0.5
    small.wcs.cdelt = np.array(wcs.wcs.cdelt) * step
    return small
