"""Expected sources as the image shows them, and what is concluded from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..photometry_fit.centroid import fit_centroids
from ..photometry_fit.measure import FALLBACK_K
from ..photometry_fit.noise import error_scale
from ..photometry_fit.stamps import Spots, fit_alone
from .expected import Expected
from .field import Field

Float = NDArray[np.float64]
Mask = NDArray[np.bool_]

_SIGMA_OF_MAD = 1.4826
#: A fitted source this far above the noise has been found.
_FOUND_SIGMA = 5.0


@dataclass(frozen=True, kw_only=True)
class Matches:
    """One entry for each expectation, all arrays (n,).

    Attributes:
        expected: what should be there.
        flux_jy: fitted peak; where no peak is near, the beam's amplitude at the expected place (it may be negative).
        error_jy: of ``flux_jy``.
        rms_jy: local noise.
        snr: expected flux over local noise.
        pb: primary beam, NaN where it is not known.
        distance_deg: to the nearest tile's centre, NaN where none is known.
        found: a peak above 5 sigma was fitted near the expected place.
        ra_offset_arcsec, dec_offset_arcsec: measured minus expected on the sky; NaN where nothing was found.
        judged: counts: inside the primary beam, neither excluded nor hidden, on valid pixels.
    """

    expected: Expected
    flux_jy: Float
    error_jy: Float
    rms_jy: Float
    snr: Float
    pb: Float
    distance_deg: Float
    found: Mask
    ra_offset_arcsec: Float
    dec_offset_arcsec: Float
    judged: Mask

    @property
    def ratio(self) -> Float:
        """Measured over expected flux."""
        return self.flux_jy / self.expected.flux_jy

    def brighter_than(self, snr: float) -> Mask:
        """Judged ones that are expected above a signal-to-noise ratio."""
        return self.judged & (self.snr > snr)


def match(field: Field, expected: Expected) -> Matches:
    """Measure every expectation, with the fit that its own expected values come from."""
    image, shape = field.image, field.shape
    x, y = expected.x, expected.y
    spots = Spots(x, y, field.background_at(x, y))
    fit = fit_centroids(image.data, spots, shape)
    forced, valid_share = fit_alone(image.data, spots, shape)
    rms = field.rms_at(x, y)
    found = fit.ok & (fit.flux > _FOUND_SIGMA * rms)
    pb = field.pb_at(x, y)
    scale = error_scale(field.frame.flat, shape, Spots(x, y), annulus=field.annulus, scale=field.frame.scale)
    to_sky = image.wcs.pixel_scale_matrix * 3600
    east, north = to_sky @ np.stack([fit.x - x, fit.y - y])
    judged = ~expected.excluded & ~expected.hidden & (valid_share > 0.9) & (rms > 0)
    if field.frame.pb is not None:
        judged &= pb >= field.pb_min
    return Matches(
        expected=expected,
        flux_jy=np.where(found, fit.flux, forced),
        error_jy=(FALLBACK_K if scale.k is None else scale.k) * rms,
        rms_jy=rms,
        snr=expected.flux_jy / rms,
        pb=pb,
        distance_deg=field.distance_deg(expected.ra_deg, expected.dec_deg),
        found=found,
        ra_offset_arcsec=np.where(found, east, np.nan),
        dec_offset_arcsec=np.where(found, north, np.nan),
        judged=judged,
    )


def median_of(values: Float, chosen: Mask) -> float | None:
    """Median of the chosen finite values; None without any."""
    kept = values[chosen & np.isfinite(values)]
    return float(np.median(kept)) if len(kept) else None


def robust_scatter(values: Float, chosen: Mask) -> float | None:
    """Scaled median absolute deviation of the chosen finite values; None with fewer than two."""
    kept = values[chosen & np.isfinite(values)]
    return float(_SIGMA_OF_MAD * np.median(np.abs(kept - np.median(kept)))) if len(kept) > 1 else None
