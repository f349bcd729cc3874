"""The primary beam: a power pattern of a uniformly lit dish, which follows the meridian.

The telescope does not track: its beam stays at apparent hour angle 0 and the pointing declination, so a source drifts
through it. Everything here is a power beam (1 at the centre), to be multiplied with Stokes I or XX or YY.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import j1

from . import site
from .frames import meridian_icrs, separation_rad

Float = NDArray[np.float64]

#: Nodes of the frequency-averaged beam over the angle; the error of linear interpolation is below 1e-7.
_TABLE_NODES = 4096
#: Beyond this angle the pattern means nothing: a dish does not see behind itself.
_HORIZON_RAD = np.pi / 2


def airy_power(theta_rad: ArrayLike, freq_hz: ArrayLike, diameter_m: float) -> Float:
    """Airy power pattern (2 J1(x)/x)^2 with x = pi D sin(theta) nu / c.

    Args:
        theta_rad: angle from the beam's centre, rad; broadcasts with ``freq_hz``.
        freq_hz: frequency, Hz.
        diameter_m: dish diameter, m.

    Returns:
        Power relative to the centre, 0 to 1, of the broadcast shape; 0 beyond 90 degrees, NaN for NaN.

    Source: Born & Wolf, Principles of Optics, 8.5.2.
    """
    theta = np.asarray(theta_rad, dtype=np.float64)
    x = np.pi * diameter_m * np.sin(theta) * np.asarray(freq_hz, dtype=np.float64) / site.SPEED_OF_LIGHT_M_S
    small = np.abs(x) < 1e-6
    safe = np.where(small, 1.0, x)
    power = np.where(small, 1.0, (2 * j1(safe) / safe) ** 2)
    return np.where(theta > _HORIZON_RAD, 0.0, power)


def beam_towards(
    ra_deg: float,
    dec_deg: float,
    mjd_utc: ArrayLike,
    freq_hz: ArrayLike,
    pointing_dec_deg: float,
    diameter_m: float,
) -> Float:
    """Power beam towards one ICRS direction at each time and frequency.

    Args:
        ra_deg: ICRS, degrees.
        dec_deg: ICRS, degrees.
        mjd_utc: shape (n_time,), mid-integrations.
        freq_hz: shape (n_freq,).
        pointing_dec_deg: apparent declination of the beam's centre.
        diameter_m: dish diameter.

    Returns:
        Shape (n_time, n_freq).
    """
    centre_ra, centre_dec = meridian_icrs(pointing_dec_deg, np.atleast_1d(mjd_utc))
    theta = separation_rad(ra_deg, dec_deg, centre_ra, centre_dec)
    return airy_power(theta[:, None], np.atleast_1d(freq_hz)[None, :], diameter_m)


@dataclass(frozen=True, kw_only=True)
class BeamTrack:
    """What an observation's mean beam depends on.

    Attributes:
        mjd_utc: shape (n_time,), mid-integrations.
        freq_hz: shape (n_freq,).
        weights: shape (n_time, n_freq), the sum of the unflagged visibility weights of each cell; any scale.
        pointing_dec_deg: apparent declination of a beam that stays on the meridian.
        diameter_m: dish diameter, from the measurement set's ANTENNA table.
        tracked_deg: ICRS direction that a telescope follows instead of staying on the meridian.
    """

    mjd_utc: Float
    freq_hz: Float
    weights: Float
    pointing_dec_deg: float
    diameter_m: float
    tracked_deg: tuple[float, float] | None = None

    def centres_deg(self) -> tuple[Float, Float]:
        """ICRS direction of the beam's centre at each time, degrees, two arrays (n_time,)."""
        if self.tracked_deg is None:
            return meridian_icrs(self.pointing_dec_deg, self.mjd_utc)
        return np.full(self.mjd_utc.shape, self.tracked_deg[0]), np.full(self.mjd_utc.shape, self.tracked_deg[1])


def mean_beam(ra_deg: ArrayLike, dec_deg: ArrayLike, track: BeamTrack) -> Float:
    """Power beam averaged over time and frequency with the observation's weights, towards ICRS directions.

    Args:
        ra_deg: any shape, ICRS degrees; NaN (pixels off the sky) gives NaN.
        dec_deg: same shape.
        track: times, frequencies, weights and pointing of the observation.

    Returns:
        Same shape as ``ra_deg``.
    """
    ra, dec = np.broadcast_arrays(np.asarray(ra_deg, dtype=np.float64), np.asarray(dec_deg, dtype=np.float64))
    centre_ra, centre_dec = track.centres_deg()
    per_time = track.weights.sum(axis=1)
    total = np.zeros(ra.shape)
    for index in np.flatnonzero(per_time > 0):
        theta = separation_rad(ra, dec, centre_ra[index], centre_dec[index])
        total += per_time[index] * _band_average(theta, track, track.weights[index])
    return np.asarray(total / per_time.sum())


def _band_average(theta_rad: Float, track: BeamTrack, weights: Float) -> Float:
    """Airy power averaged over frequency with ``weights`` (n_freq,), through a table where there are many angles."""
    freq, shares = track.freq_hz, weights / weights.sum()
    if theta_rad.size <= _TABLE_NODES:
        return np.asarray(airy_power(theta_rad[..., None], freq, track.diameter_m) @ shares)
    finite = theta_rad[np.isfinite(theta_rad)]
    if finite.size == 0:
        return np.full(theta_rad.shape, np.nan)
    nodes = np.linspace(finite.min(), finite.max(), _TABLE_NODES)
    return np.asarray(np.interp(theta_rad, nodes, airy_power(nodes[:, None], freq, track.diameter_m) @ shares))


def mean_beam_map(
    shape: tuple[int, int],
    pixel_to_icrs: Callable[[Float, Float], tuple[Float, Float]],
    track: BeamTrack,
    step_px: int = 8,
) -> NDArray[np.float32]:
    """Mean beam on an image's pixel grid: computed on every ``step_px``-th pixel, cubic splines between.

    The beam changes over a degree, a pixel is some arcseconds: the spline's error is far below 1e-5.

    Args:
        shape: (n_y, n_x).
        pixel_to_icrs: 0-based pixel coordinates (x, y) of any shape to ICRS (ra, dec) in degrees; NaN off the sky.
        track: times, frequencies, weights and pointing of the observation.
        step_px: spacing of the computed pixels.

    Returns:
        Shape (n_y, n_x), 0 to 1; NaN off the sky.
    """
    # Imported here: it takes half a second, and only images need it.
    from scipy.interpolate import RectBivariateSpline

    n_y, n_x = shape
    y, x = (np.linspace(0, n - 1, max(4, -(-(n - 1) // step_px) + 1)) for n in (n_y, n_x))
    ra, dec = pixel_to_icrs(*np.meshgrid(x, y))
    coarse = mean_beam(ra, dec, track)
    if not np.isfinite(coarse).all():
        ra, dec = pixel_to_icrs(*np.meshgrid(np.arange(float(n_x)), np.arange(float(n_y))))
        return mean_beam(ra, dec, track).astype(np.float32)
    fine = RectBivariateSpline(y, x, coarse)(np.arange(n_y), np.arange(n_x))
    return np.asarray(fine.astype(np.float32))
