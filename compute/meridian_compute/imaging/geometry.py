"""Size and cell of an image: from the beam that the baselines give, and from where the primary beam ends."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import site
from ..beam import mean_beam
from ..fits_write import round_up_even_fft
from ..specs.common import Beam
from .coverage import Coverage

Float = NDArray[np.float64]

_ARCSEC = np.pi / (180 * 3600)
#: Largest image that is made without being asked for, pixels.
MAX_AUTO_PX = 8192
MIN_AUTO_PX = 128
#: Field of weighting where the primary beam is not known.
_UNKNOWN_FIELD_DEG = 2.0
#: Channels and rows looked at for the beam: it changes slowly with both.
_CHANNELS = 24
_ROWS = 60_000
#: Half-width of the dirty beam's central part that is fitted, in 1 / longest baseline, as WSClean has it.
_FIT_HALF_WIDTH = 2.0
_PATCH_STEPS = 16
#: Cells are rounded down to this share of themselves, so that tiles of slightly different flagging get the same one.
_CELL_DIGITS = 2


@dataclass(frozen=True, kw_only=True)
class Weighting:
    """Imaging weights as WSClean and CASA name them."""

    kind: str
    robust: float
    uvmin_lambda: float | None = None


@dataclass(frozen=True, kw_only=True)
class DirtyBeam:
    """The dirty beam that weights give.

    Attributes:
        beam: Gaussian fitted to its central part: about what the imager will restore with.
        noise_factor: noise of the image over that of natural weighting, at least 1.
    """

    beam: Beam
    noise_factor: float


def dirty_beam(coverage: Coverage, weighting: Weighting, field_rad: float) -> DirtyBeam:
    """Predict the dirty beam and the loss in sensitivity, without imaging.

    Weights are gridded on cells of 1 / field as the imagers do; the beam near its centre is a Fourier sum.

    Args:
        coverage: data.
        weighting: natural, uniform or briggs.
        field_rad: width of the image, which sets the grid on which weights are counted.

    Source: Briggs (1995), thesis, ch. 3 (robust weighting); Thompson, Moran & Swenson (2017), 10.2.
    """
    u, v, natural = _samples(coverage, weighting)
    cell = 1 / field_rad
    column, row = np.rint(u / cell).astype(np.int64), np.rint(v / cell).astype(np.int64)
    n = int(max(np.abs(column).max(), np.abs(row).max())) + 1
    index = (row + n) * (2 * n + 1) + column + n
    density = np.asarray(np.bincount(index, weights=natural, minlength=(2 * n + 1) ** 2), dtype=np.float64)
    # A visibility and its conjugate are both on the plane.
    density = density + density[::-1]
    weight = natural * _reweight(density, index, weighting)
    gridded = np.asarray(np.bincount(index, weights=weight, minlength=(2 * n + 1) ** 2), dtype=np.float64)
    image = (gridded + gridded[::-1]).reshape(2 * n + 1, 2 * n + 1)
    noise_factor = math.sqrt((weight**2 / natural).sum() * natural.sum()) / weight.sum()
    theoretical = 1 / float(np.hypot(u, v).max())
    return DirtyBeam(beam=_fit_center(image, cell, _FIT_HALF_WIDTH * theoretical), noise_factor=float(noise_factor))


def _samples(coverage: Coverage, weighting: Weighting) -> tuple[Float, Float, Float]:
    """u, v (wavelengths) and natural weights of a sample of the data; v is never negative."""
    rows = slice(None, None, max(1, len(coverage.uv_m) // _ROWS))
    channel_weights = coverage.weights.sum(axis=0)
    step = max(1, len(coverage.freq_hz) // _CHANNELS)
    per_wave = coverage.freq_hz[::step] / site.SPEED_OF_LIGHT_M_S
    share = channel_weights[::step] / max(channel_weights.sum(), 1e-300)
    uv = coverage.uv_m[rows]
    u, v = (uv[:, axis, None] * per_wave for axis in (0, 1))
    weight = coverage.row_weights[rows, None] * share
    keep = weight > 0
    if weighting.uvmin_lambda is not None:
        keep &= np.hypot(u, v) >= weighting.uvmin_lambda
    u, v, weight = u[keep], v[keep], weight[keep]
    sign = np.where(v < 0, -1.0, 1.0)
    return u * sign, v * sign, weight


def _reweight(density: Float, index: NDArray[np.int64], weighting: Weighting) -> Float:
    """Factor of each sample's weight: 1, 1 / W, or 1 / (1 + W f^2) with f of the robustness."""
    if weighting.kind == "natural":
        return np.ones(len(index))
    local = density[index]
    if weighting.kind == "uniform":
        return np.asarray(1 / local)
    mean = (density**2).sum() / density.sum()
    return np.asarray(1 / (1 + local * (5 * 10.0**-weighting.robust) ** 2 / mean))


def _fit_center(gridded: Float, cell: float, reach_rad: float) -> Beam:
    """Least-squares Gaussian through the central part of the Fourier transform of gridded weights, as WSClean does."""
    from scipy.optimize import least_squares

    n = len(gridded) // 2
    frequency = np.arange(-n, n + 1) * cell
    offset = np.linspace(-1, 1, 2 * _PATCH_STEPS + 1)
    phase = np.exp(2j * np.pi * reach_rad * offset[:, None] * frequency)
    patch = (phase @ gridded @ phase.T).real / gridded.sum()
    m, ell = np.meshgrid(offset, offset, indexing="ij")

    def misfit(form: Float) -> Float:
        # A triangular factor keeps the quadratic form positive.
        a, b, c = form
        return np.asarray((np.exp(-((a * ell + b * m) ** 2) - (c * m) ** 2) - patch).ravel())

    a, b, c = least_squares(misfit, [1.0, 0.0, 1.0], method="lm").x
    values, vectors = np.linalg.eigh(np.array([[a * a, a * b], [a * b, b * b + c * c]]))
    widths = 2 * np.sqrt(np.log(2) / np.maximum(values, 1e-12)) * reach_rad / _ARCSEC
    east, north = vectors[:, 0]
    return Beam(
        bmaj_arcsec=float(widths[0]),
        bmin_arcsec=float(widths[1]),
        bpa_deg=math.degrees(math.atan2(east, north)) % 180,
    )


def field_radius_deg(coverage: Coverage, pb_limit: float) -> float | None:
    """Largest angle from the phase centre at which the mean primary beam is still ``pb_limit``; None: beam unknown."""
    track = coverage.beam_track()
    if track is None:
        return None
    longest = 1.3 * math.degrees(site.SPEED_OF_LIGHT_M_S / coverage.freq_hz.min() / track.diameter_m)
    radius = np.linspace(0, min(longest, 60.0), 400)
    ra0, dec0 = coverage.summary.phase_ra_deg, coverage.summary.phase_dec_deg
    reach = 0.0
    for angle in np.linspace(0, 2 * np.pi, 8, endpoint=False):
        ra, dec = _offset(ra0, dec0, radius * math.sin(angle), radius * math.cos(angle))
        inside = mean_beam(ra, dec, track) >= pb_limit
        # The main lobe only: up to the first place outside.
        end = int(np.argmin(inside)) if not inside.all() else len(radius) - 1
        reach = max(reach, float(radius[end]))
    return reach


def _offset(ra_deg: float, dec_deg: float, east_deg: Float, north_deg: Float) -> tuple[Float, Float]:
    """Directions at offsets in the tangent plane (SIN)."""
    ell, m = np.sin(np.deg2rad(east_deg)), np.sin(np.deg2rad(north_deg))
    n, dec = np.sqrt(np.maximum(1 - ell**2 - m**2, 0)), np.deg2rad(dec_deg)
    out_dec = np.arcsin(np.clip(m * np.cos(dec) + n * np.sin(dec), -1, 1))
    out_ra = np.arctan2(ell, n * np.cos(dec) - m * np.sin(dec))
    return np.mod(ra_deg + np.rad2deg(out_ra), 360), np.rad2deg(out_dec)


def round_cell(cell_arcsec: float) -> float:
    """Round a cell down to two digits: 7.86 to 7.8, 0.0437 to 0.043."""
    scale = 10.0 ** (math.floor(math.log10(cell_arcsec)) - _CELL_DIGITS + 1)
    return float(f"{math.floor(cell_arcsec / scale + 1e-9) * scale:.6g}")


def image_size_px(radius_deg: float, cell_arcsec: float) -> int:
    """Even size with small prime factors that reaches ``radius_deg`` on each side, within the automatic limits."""
    wanted = math.ceil(2 * math.sin(math.radians(radius_deg)) / (cell_arcsec * _ARCSEC))
    return round_up_even_fft(max(MIN_AUTO_PX, min(MAX_AUTO_PX, wanted)))


def unknown_field_deg(coverage: Coverage) -> float:
    """Radius of the field where the dish is not known: no dish is larger than the shortest baseline."""
    shortest = float(np.hypot(*coverage.uv_m.T).min())
    width = math.degrees(site.SPEED_OF_LIGHT_M_S / coverage.nu_eff_hz / max(shortest, 1.0))
    return min(_UNKNOWN_FIELD_DEG, width)
