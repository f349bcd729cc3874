"""Forced photometry of one image: from positions to rows with a value, or the reason there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..fits_image import SkyImage
from ..specs.photometry import PhotometryPosition, PhotometryRow, PhotometryStatus
from .field_catalog import FieldAgreement, predicted_pixels
from .noise import (
    ANNULUS_INNER_FWHM,
    ANNULUS_OUTER_FWHM,
    ErrorScale,
    LocalNoise,
    annulus_offsets,
    error_scale,
    local_noise,
)
from .noise_frame import NoiseFrame, sample
from .stamps import Amplitudes, BeamShape, Offsets, Spots, beam_shape, fit_amplitudes

Float = NDArray[np.float64]

#: Error scale where an image is too small for 200 empty positions: noise correlated like the beam itself.
FALLBACK_K = 1.41
#: A blend whose joint fit enlarges the error more than this cannot be taken apart.
MAX_ERROR_GROWTH = 3.0
#: At least this share of the beam's power must lie on valid pixels.
MIN_VALID_SHARE = 0.5


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How to measure.

    Attributes:
        box_px: square to fit in; None: where the beam is above 0.25.
        annulus_inner_arcsec, annulus_outer_arcsec: None: 3 and 9 major axes of the beam.
        pb_measured: at this primary beam and above a value counts.
        pb_edge: between this and ``pb_measured`` a value is kept and marked ``edge``.
    """

    box_px: int | None = None
    annulus_inner_arcsec: float | None = None
    annulus_outer_arcsec: float | None = None
    pb_measured: float = 0.3
    pb_edge: float = 0.2


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """Rows in the order of the positions, and the error scale that is in them."""

    rows: list[PhotometryRow]
    scale: ErrorScale


def annulus_of(shape: BeamShape, cell_arcsec: float, limits: Limits) -> Offsets:
    """Pixel offsets of the annulus that the limits ask for."""
    inner, outer = limits.annulus_inner_arcsec, limits.annulus_outer_arcsec
    inner_px = ANNULUS_INNER_FWHM * shape.major_px if inner is None else inner / cell_arcsec
    outer_px = max(ANNULUS_OUTER_FWHM * shape.major_px, 2 * inner_px) if outer is None else outer / cell_arcsec
    return annulus_offsets(inner_px, max(outer_px, inner_px + 2))


def measure(
    image: SkyImage,
    frame: NoiseFrame,
    positions: Sequence[PhotometryPosition],
    shift: FieldAgreement,
    limits: Limits,
    mjd: Float | None = None,
) -> Measurement:
    """Measure the peak flux of the beam at each position.

    Args:
        image: brightness, Jy/beam, with a restoring beam.
        frame: where the noise is measured.
        positions: ICRS.
        shift: median astrometric shift, added to every position.
        limits: stamp, annulus and primary-beam limits.
        mjd: (n_y, n_x), mean time of each pixel, MJD; None: the image's own time.
    """
    shape = beam_shape(image.require_beam(), image.wcs)
    x, y = _pixels(image, positions, shift)
    onto = np.isfinite(x) & np.isfinite(y)
    n_y, n_x = image.data.shape
    onto &= (x > -0.5) & (x < n_x - 0.5) & (y > -0.5) & (y < n_y - 0.5)
    annulus = annulus_of(shape, image.cell_arcsec, limits)
    spots = Spots(x[onto], y[onto])
    noise = local_noise(frame.flat, spots, annulus)
    factor = frame.scale_at(spots.x, spots.y)
    fit = fit_amplitudes(image.data, replace(spots, background=noise.background * factor), shape, limits.box_px)
    scale = error_scale(frame.flat, shape, spots, annulus=annulus, scale=frame.scale)
    at = _Values(
        noise=LocalNoise(noise.rms * factor, noise.background * factor, noise.n_pixels),
        fit=fit,
        pb=np.full(len(spots), np.nan) if frame.pb is None else sample(frame.pb, spots.x, spots.y),
        mjd=np.full(len(spots), image.mid_mjd or np.nan) if mjd is None else sample(mjd, spots.x, spots.y),
        k=FALLBACK_K if scale.k is None else scale.k,
    )
    rows = []
    index_of = np.cumsum(onto) - 1
    for position, inside, index in zip(positions, onto, index_of, strict=True):
        rows.append(_row(position, at, int(index), limits) if inside else _outside(position))
    return Measurement(rows=rows, scale=scale)


@dataclass(frozen=True, kw_only=True)
class _Values:
    """Everything measured at the positions inside the image; noise in the image's unit."""

    noise: LocalNoise
    fit: Amplitudes
    pb: Float
    mjd: Float
    k: float


def _pixels(image: SkyImage, positions: Sequence[PhotometryPosition], shift: FieldAgreement) -> tuple[Float, Float]:
    ra = np.array([position.ra_deg for position in positions])
    dec = np.array([position.dec_deg for position in positions])
    x, y = predicted_pixels(image, ra, dec)
    offset_deg = np.array([shift.ra_shift_arcsec or 0.0, shift.dec_shift_arcsec or 0.0]) / 3600
    dx, dy = np.linalg.solve(image.wcs.pixel_scale_matrix, offset_deg)
    return x + dx, y + dy


def _outside(position: PhotometryPosition) -> PhotometryRow:
    return PhotometryRow(
        id=position.id,
        ra_deg=position.ra_deg,
        dec_deg=position.dec_deg,
        status="not_covered",
        reason="the position is outside the image",
    )


def _row(position: PhotometryPosition, at: _Values, index: int, limits: Limits) -> PhotometryRow:
    """One row: the status first, then the numbers it allows."""
    status, reason = _status(at, index, limits)
    has_value = status in ("measured", "edge")
    rms = float(at.noise.rms[index])
    return PhotometryRow(
        id=position.id,
        ra_deg=position.ra_deg,
        dec_deg=position.dec_deg,
        status=status,
        reason=reason,
        pb=_finite(at.pb[index]),
        n_blended=int(at.fit.n_blended[index]),
        peak_flux_jy=float(at.fit.flux[index]) if has_value else None,
        peak_flux_err_jy=at.k * rms * float(at.fit.error_growth[index]) if has_value else None,
        local_rms_jy=rms if has_value else None,
        background_jy=float(at.noise.background[index]) if has_value else None,
        mid_mjd=_finite(at.mjd[index]) if has_value else None,
    )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _status(at: _Values, index: int, limits: Limits) -> tuple[PhotometryStatus, str | None]:
    """Whether a position has a value, and why not."""
    pb, share = at.pb[index], at.fit.valid_share[index]
    if np.isfinite(pb) and pb < limits.pb_edge:
        return "not_covered", f"the primary beam is {pb:.2f} there, below {limits.pb_edge}"
    if share <= 0 and at.noise.n_pixels[index] == 0:
        return "not_covered", "the image has no data there"
    if share < MIN_VALID_SHARE:
        return "masked", f"only {100 * share:.0f} % of the beam lies on valid pixels"
    if at.fit.error_growth[index] > MAX_ERROR_GROWTH:
        return "blended", f"too close to another position to be taken apart ({at.fit.n_blended[index]} in the blend)"
    if not (at.noise.rms[index] > 0 and np.isfinite(at.fit.flux[index])):
        return "failed", f"no local noise: {at.noise.n_pixels[index]} valid pixels in the annulus"
    if np.isfinite(pb) and pb < limits.pb_measured:
        return "edge", f"the primary beam is {pb:.2f} there, below {limits.pb_measured}"
    return "measured", None
