"""Annual aberration across a field: why a correct interferometer image is a little too large or too small.

An interferometer measures apparent directions. Its image is labelled with the ICRS position of the phase centre, so
that is right there; aberration draws directions towards the apex of the Earth's motion, so offsets from the phase
centre are scaled by 1 - (v . s) / c: up to 0.5 arcsec at 1.4 degrees. An image whose pixel size was divided by that
scale has ICRS coordinates everywhere; it says so with the card ``ABERSCL``.
"""

from __future__ import annotations

import erfa
import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import site

Float = NDArray[np.float64]

#: Header card: the scale that was taken out of the pixel size; absent in images whose coordinates are uncorrected.
SCALE_CARD = "ABERSCL"

_ASTRONOMICAL_UNIT_M = 149_597_870_700.0


def earth_velocity(mjd_utc: float) -> Float:
    """Velocity of the Earth about the solar system's barycentre, shape (3,), in units of the speed of light.

    UTC stands in for TDB: a minute changes the velocity by 1e-11.
    """
    _, barycentric = erfa.epv00(site.JD_OF_MJD_ZERO, mjd_utc)
    return np.asarray(barycentric["v"]) * _ASTRONOMICAL_UNIT_M / site.SECONDS_PER_DAY / site.SPEED_OF_LIGHT_M_S


def field_scale(ra_deg: float, dec_deg: float, mjd_utc: float) -> float:
    """Apparent over true size of a small field at an ICRS direction; 1 - v.s/c to first order.

    Source: Green, Spherical Astronomy (1985), 8.3 (aberration is conformal; its scale to first order).
    """
    return float(1.0 - earth_velocity(mjd_utc) @ erfa.s2c(np.deg2rad(ra_deg), np.deg2rad(dec_deg)))


def displaced(
    ra_deg: ArrayLike, dec_deg: ArrayLike, center_deg: tuple[float, float], mjd_utc: float
) -> tuple[Float, Float]:
    """Where sources appear in an image of uncorrected coordinates.

    Args:
        ra_deg: ICRS, any shape, within 90 degrees of the centre.
        dec_deg: same shape.
        center_deg: ICRS of the phase centre.
        mjd_utc: mid-exposure.

    Returns:
        ICRS right ascension in [0, 360) and declination that the image's coordinates give for them, degrees.
    """
    ra0, dec0 = np.deg2rad(center_deg)
    center = erfa.s2c(ra0, dec0)
    north = np.array([-np.sin(dec0) * np.cos(ra0), -np.sin(dec0) * np.sin(ra0), np.cos(dec0)])
    east = np.cross(north, center)
    seen_center = _aberrate(center, mjd_utc)
    # The image's north is that of the ICRS at the phase centre, carried along by the aberration.
    seen_north = _aberrate(_unit(center + 1e-4 * north), mjd_utc) - _aberrate(_unit(center - 1e-4 * north), mjd_utc)
    seen_north = _unit(seen_north - (seen_north @ seen_center) * seen_center)
    seen_east = np.cross(seen_north, seen_center)
    seen = _aberrate(erfa.s2c(np.deg2rad(ra_deg), np.deg2rad(dec_deg)), mjd_utc)
    along_east, along_north = seen @ seen_east, seen @ seen_north
    depth = np.sqrt(np.maximum(1 - along_east**2 - along_north**2, 0))
    direction = along_east[..., None] * east + along_north[..., None] * north + depth[..., None] * center
    ra, dec = erfa.c2s(direction)
    return np.mod(np.rad2deg(ra), 360), np.rad2deg(dec)


def _aberrate(direction: Float, mjd_utc: float) -> Float:
    velocity = earth_velocity(mjd_utc)
    return np.asarray(erfa.ab(direction, velocity, 1.0, np.sqrt(1 - velocity @ velocity)))


def _unit(vector: Float) -> Float:
    return vector / np.linalg.norm(vector)
