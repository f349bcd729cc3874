"""Local noise and background from annuli, robustly, and the scale of errors from empty positions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RectBivariateSpline
from scipy.spatial import cKDTree

from .stamps import BeamShape, Offsets, Spots, fit_alone, gather

Float = NDArray[np.float64]
Pixels = NDArray[np.float32]

#: Radii of the default annulus in major axes (FWHM) of the beam: outside the source, about 100 beams large.
ANNULUS_INNER_FWHM = 3.0
ANNULUS_OUTER_FWHM = 9.0
#: Pixels looked at in an annulus; neighbours are correlated over a beam, so more would add little.
ANNULUS_SAMPLES = 400
#: An annulus with fewer valid pixels says nothing.
MIN_ANNULUS_PIXELS = 20
#: Empty positions wanted for the scale of the errors, and needed at least.
EMPTY_POSITIONS = 1000
MIN_EMPTY_POSITIONS = 200
#: Empty positions keep this many major axes away from known sources.
KEEP_OUT_FWHM = 3.0

#: Spacing of the grid on which noise maps are measured, in major axes of the beam.
_GRID_FWHM = 4.0

_SIGMA_OF_MAD = 1.4826
_CHUNK = 1000


@dataclass(frozen=True)
class LocalNoise:
    """Per position: robust rms and background of the annulus, and how many of its pixels are valid."""

    rms: Float
    background: Float
    n_pixels: NDArray[np.intp]


def annulus_offsets(inner_px: float, outer_px: float) -> Offsets:
    """Up to ``ANNULUS_SAMPLES`` pixel offsets (dx, dy), evenly spread over an annulus (sunflower pattern)."""
    n = int(min(ANNULUS_SAMPLES, max(8.0, np.pi * (outer_px**2 - inner_px**2))))
    index = np.arange(n) + 0.5
    radius = np.sqrt(inner_px**2 + (outer_px**2 - inner_px**2) * index / n)
    angle = np.pi * (3 - np.sqrt(5.0)) * index
    dx, dy = np.rint(radius * np.cos(angle)), np.rint(radius * np.sin(angle))
    unique = np.unique(np.column_stack([dx, dy]).astype(np.intp), axis=0)
    return unique[:, 0], unique[:, 1]


def local_noise(data: Pixels, spots: Spots, offsets: Offsets) -> LocalNoise:
    """Median and scaled median absolute deviation of each annulus, after one clip at 4 sigma.

    Args:
        data: (n_y, n_x), NaN where there are no data.
        spots: positions; their background is not looked at.
        offsets: of ``annulus_offsets``.

    Returns:
        NaN for rms and background where fewer than ``MIN_ANNULUS_PIXELS`` pixels are valid.
    """
    parts = [
        _noise_of_chunk(data, Spots(spots.x[i : i + _CHUNK], spots.y[i : i + _CHUNK]), offsets)
        for i in range(0, len(spots), _CHUNK)
    ]
    if not parts:
        return LocalNoise(np.empty(0), np.empty(0), np.empty(0, dtype=np.intp))
    rms, background, count = (np.concatenate(column) for column in zip(*parts, strict=True))
    return LocalNoise(rms, background, count)


def _noise_of_chunk(data: Pixels, spots: Spots, offsets: Offsets) -> tuple[Float, Float, NDArray[np.intp]]:
    values = gather(data, spots, offsets)
    count = np.isfinite(values).sum(axis=1)
    center = _median(values, count)
    distance = np.abs(values - center[:, None])
    spread = _SIGMA_OF_MAD * _median(distance, count)
    outlier = distance > 4 * spread[:, None]
    values[outlier] = np.nan
    kept = count - outlier.sum(axis=1)
    background = _median(values, kept)
    rms = _SIGMA_OF_MAD * _median(np.abs(values - background[:, None]), kept)
    few = kept < MIN_ANNULUS_PIXELS
    rms[few], background[few] = np.nan, np.nan
    return rms.astype(np.float64), background.astype(np.float64), kept


def _median(values: Pixels, count: NDArray[np.intp]) -> Pixels:
    """Median of each row's finite values; NaN sorts last, so it is the middle of the first ``count``."""
    ordered = np.sort(values, axis=1)
    row = np.arange(len(values))
    low, high = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, values.shape[1] - 1)
    return np.asarray((ordered[row, low] + ordered[row, high]) * np.float32(0.5), dtype=np.float32)


def noise_maps(data: Pixels, shape: BeamShape, offsets: Offsets) -> tuple[Pixels, Pixels]:
    """Local rms and background on every pixel: annuli on a coarse grid, linear between.

    Args:
        data: (n_y, n_x), flat noise, NaN where there are no data.
        shape: beam in pixels.
        offsets: of ``annulus_offsets``.

    Returns:
        Two arrays (n_y, n_x), finite on every pixel; NaN everywhere if no annulus holds enough data.
    """
    n_y, n_x = data.shape
    step = _GRID_FWHM * shape.major_px
    grid_y, grid_x = (np.linspace(0, n - 1, max(2, int(np.ceil(n / step)) + 1)) for n in (n_y, n_x))
    mesh_x, mesh_y = np.meshgrid(grid_x, grid_y)
    noise = local_noise(data, Spots(mesh_x.ravel(), mesh_y.ravel()), offsets)
    maps: list[Pixels] = []
    for values in (noise.rms, noise.background):
        known = np.isfinite(values)
        if not known.any():
            maps.append(np.full(data.shape, np.nan, dtype=np.float32))
            continue
        filled = np.where(known, values, np.median(values[known])).reshape(mesh_x.shape)
        fine = RectBivariateSpline(grid_y, grid_x, filled, kx=1, ky=1)(np.arange(n_y), np.arange(n_x))
        maps.append(fine.astype(np.float32))
    return maps[0], maps[1]


@dataclass(frozen=True)
class ErrorScale:
    """sigma of a fitted flux = k x local rms; k is None where there were too few empty positions."""

    k: float | None
    n_empty: int


def error_scale(
    data: Pixels, shape: BeamShape, known: Spots, *, annulus: Offsets, scale: Pixels | None = None
) -> ErrorScale:
    """Fit the beam at empty positions: the robust scatter of flux / local rms.

    Args:
        data: flat-noise image.
        shape: beam in pixels.
        known: positions of sources to stay away from.
        annulus: offsets of the annulus.
        scale: where it is not finite or not positive, nothing is measured (outside the primary beam).
    """
    empty = _empty_positions(data, shape, known, scale)
    noise = local_noise(data, empty, annulus)
    flux, share = fit_alone(data, Spots(empty.x, empty.y, noise.background), shape)
    good = (share > 0.99) & (noise.rms > 0)
    # Sources that nobody listed: a positive excess far beyond noise, left out; weak ones do not move the median.
    good &= ~(flux > 10 * noise.rms)
    ratio = flux[good] / noise.rms[good]
    if len(ratio) < MIN_EMPTY_POSITIONS:
        return ErrorScale(None, len(ratio))
    return ErrorScale(float(_SIGMA_OF_MAD * np.median(np.abs(ratio - np.median(ratio)))), len(ratio))


def _empty_positions(data: Pixels, shape: BeamShape, known: Spots, scale: Pixels | None) -> Spots:
    """A jittered grid of positions, more than a major axis apart, away from known sources and from the border."""
    n_y, n_x = data.shape
    spacing = max(1.2 * shape.major_px, np.sqrt(n_x * n_y / (4 * EMPTY_POSITIONS)))
    grid_y, grid_x = np.mgrid[spacing / 2 : n_y - 1 : spacing, spacing / 2 : n_x - 1 : spacing]
    # A fixed seed: the same image always gives the same errors.
    jitter = np.random.default_rng(110).uniform(-0.05, 0.05, (2, grid_x.size)) * spacing
    x = np.clip(grid_x.ravel() + jitter[0], 0, n_x - 1)
    y = np.clip(grid_y.ravel() + jitter[1], 0, n_y - 1)
    column, row = np.rint(x).astype(int), np.rint(y).astype(int)
    keep = np.isfinite(data[row, column])
    if scale is not None:
        keep &= np.isfinite(scale[row, column]) & (scale[row, column] > 0)
    if len(known):
        distance, _ = cKDTree(np.column_stack([known.x, known.y])).query(np.column_stack([x, y]))
        keep &= distance > KEEP_OUT_FWHM * shape.major_px
    x, y = x[keep], y[keep]
    chosen = np.random.default_rng(110).permutation(len(x))[:EMPTY_POSITIONS]
    return Spots(x[chosen], y[chosen])
