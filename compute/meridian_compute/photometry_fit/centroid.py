"""Positions and peaks of isolated sources: the beam fitted with its position free, for many sources at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .stamps import BeamShape, Spots, Stamps, cut_stamps

Float = NDArray[np.float64]
Pixels = NDArray[np.float32]

_ITERATIONS = 8
#: Beam level of the stamp: narrower than for fluxes, so that neighbours pull less.
_SUPPORT_LEVEL = 0.4


@dataclass(frozen=True, kw_only=True)
class Centroids:
    """Fitted sources.

    Attributes:
        x, y: (n,), 0-based pixels; NaN where the fit failed.
        flux: (n,), peak in the image's unit; NaN where the fit failed.
        ok: (n,), whether the fit stayed within ``reach_fwhm`` of where it began and on valid pixels.
    """

    x: Float
    y: Float
    flux: Float
    ok: NDArray[np.bool_]


def fit_centroids(data: Pixels, spots: Spots, shape: BeamShape, reach_fwhm: float = 0.5) -> Centroids:
    """Fit peak and position of the beam by Gauss-Newton steps, one source at a time.

    Args:
        data: (n_y, n_x), NaN where there are no data.
        spots: where to begin, and the local background.
        shape: restoring beam in pixels.
        reach_fwhm: how far from the beginning a source may be, in beams.
    """
    x, y = spots.x, spots.y
    now_x, now_y = x.copy(), y.copy()
    flux = np.full(len(x), np.nan)
    sound = np.ones(len(x), dtype=bool)
    limit = 0.3 * shape.minor_px
    for _ in range(_ITERATIONS):
        stamps = cut_stamps(data, Spots(now_x, now_y, spots.background), shape.support(_SUPPORT_LEVEL))
        sound &= stamps.valid.mean(axis=1) > 0.9
        flux, step_x, step_y = _gauss_newton(stamps, shape)
        now_x = now_x + np.clip(np.nan_to_num(step_x), -limit, limit)
        now_y = now_y + np.clip(np.nan_to_num(step_y), -limit, limit)
        away = shape.metric_fwhm(now_x - x, now_y - y) > reach_fwhm
        sound &= ~away
        now_x, now_y = np.where(away, x, now_x), np.where(away, y, now_y)
    sound &= np.isfinite(flux)
    lost = ~sound
    now_x[lost], now_y[lost], flux[lost] = np.nan, np.nan, np.nan
    return Centroids(x=now_x, y=now_y, flux=flux, ok=sound)


def _gauss_newton(stamps: Stamps, shape: BeamShape) -> tuple[Float, Float, Float]:
    """Peak and position step of the linearised fit: data = a g + (a sx) dg/dx0 + (a sy) dg/dy0."""
    dx, dy = stamps.dx, stamps.dy
    beam = shape.value(dx, dy)
    slope_x = 2 * (shape.qxx * dx + shape.qxy * dy) * beam
    slope_y = 2 * (shape.qxy * dx + shape.qyy * dy) * beam
    design = np.stack([beam, slope_x, slope_y], axis=-1) * stamps.valid[..., None]
    normal = np.einsum("npi,npj->nij", design, design)
    right = np.einsum("npi,np->ni", design, stamps.data)
    regular = np.abs(np.linalg.det(normal)) > 1e-12
    normal[~regular] = np.eye(3)
    solution = np.linalg.solve(normal, right[..., None])[..., 0]
    solution[~regular] = np.nan
    amplitude = solution[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        return amplitude, solution[:, 1] / amplitude, solution[:, 2] / amplitude
