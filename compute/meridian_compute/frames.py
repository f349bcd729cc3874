"""Directions and times: ICRS to apparent places at the site and back, and MJD UTC to text.

Apparent places are topocentric, without refraction: precession, nutation, annual and diurnal aberration, UT1 and
polar motion are in (IAU 2006/2000A, ``erfa``). Hour angle is positive west of the meridian. The apparent right
ascension counts from the true equinox, so hour angle = local apparent sidereal time - apparent right ascension.
Arguments broadcast against each other like numpy arrays; angles are degrees where the name says so.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import erfa
import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import site
from .contract import StageFailure
from .earth_orientation import earth_orientation_at
from .site import ARRAY, Location

Float = NDArray[np.float64]

_MJD_EPOCH = datetime(1858, 11, 17, tzinfo=UTC)
#: Half the arc over which the direction of ICRS north is taken, rad.
_NORTH_STEP_RAD = np.deg2rad(0.5)


def utc_of_mjd(mjd_utc: float) -> str:
    """ISO text with milliseconds, e.g. ``2026-01-25T22:26:05.123Z``."""
    moment = _MJD_EPOCH + timedelta(milliseconds=round(mjd_utc * 86_400_000))
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def mjd_of_utc(text: str) -> float:
    """MJD UTC of ISO text; a time without zone is UTC.

    Raises:
        StageFailure: SPEC_INVALID if the text is no ISO time.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as cause:
        raise StageFailure("SPEC_INVALID", f"{text!r} is no ISO time such as 2026-01-25T22:26:05") from cause
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _MJD_EPOCH) / timedelta(days=1)


def group_id_of(start_mjd: float) -> str:
    """Id of a group: the start of its data in UTC, floored to the second."""
    moment = _MJD_EPOCH + timedelta(milliseconds=round(start_mjd * 86_400_000))
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _astrometry(mjd_utc: ArrayLike, location: Location = ARRAY) -> tuple[Any, Float]:
    """Star-independent parameters and the equation of the origins (rad), both of the shape of ``mjd_utc``."""
    mjd = np.asarray(mjd_utc, dtype=np.float64)
    moments, where = np.unique(mjd, return_inverse=True)
    dut1, xp, yp = earth_orientation_at(moments)
    astrom, origins = erfa.apco13(
        site.JD_OF_MJD_ZERO, moments, dut1,
        location.longitude_rad, location.latitude_rad, location.altitude_m,
        xp, yp, 0.0, 0.0, 0.0, 1.0,
    )  # fmt: skip
    where = where.reshape(mjd.shape)
    return np.asarray(astrom)[where], np.asarray(origins)[where]


def _local(ra_deg: ArrayLike, dec_deg: ArrayLike, astrom: Any) -> tuple[Float, Float]:
    """Hour angle in (-pi, pi] and apparent declination, rad, of ICRS directions."""
    ra_cirs, dec_cirs = erfa.atciqz(np.deg2rad(ra_deg), np.deg2rad(dec_deg), astrom)
    _, _, hour_angle, dec, _ = erfa.atioq(ra_cirs, dec_cirs, astrom)
    return hour_angle, dec


def local_apparent_sidereal_time_rad(mjd_utc: ArrayLike) -> Float:
    """Local apparent sidereal time at the site, rad in [0, 2 pi), of the shape of ``mjd_utc``."""
    astrom, origins = _astrometry(mjd_utc)
    return np.asarray(np.mod(astrom["eral"] - origins, 2 * np.pi))


def hour_angle_dec(
    ra_deg: ArrayLike, dec_deg: ArrayLike, mjd_utc: ArrayLike, location: Location = ARRAY
) -> tuple[Float, Float]:
    """Apparent hour angle (deg, -180 to 180, positive west) and declination (deg) of ICRS directions."""
    hour_angle, dec = _local(ra_deg, dec_deg, _astrometry(mjd_utc, location)[0])
    return np.rad2deg(hour_angle), np.rad2deg(dec)


def icrs_to_apparent(ra_deg: ArrayLike, dec_deg: ArrayLike, mjd_utc: ArrayLike) -> tuple[Float, Float]:
    """Apparent right ascension (deg in [0, 360), true equinox) and declination (deg) of ICRS directions."""
    astrom, origins = _astrometry(mjd_utc)
    hour_angle, dec = _local(ra_deg, dec_deg, astrom)
    return np.rad2deg(np.mod(astrom["eral"] - origins - hour_angle, 2 * np.pi)), np.rad2deg(dec)


def hour_angle_dec_to_icrs(ha_deg: ArrayLike, dec_app_deg: ArrayLike, mjd_utc: ArrayLike) -> tuple[Float, Float]:
    """ICRS right ascension (deg in [0, 360)) and declination (deg) of an apparent hour angle and declination."""
    ra, dec = _icrs_of_local(np.deg2rad(ha_deg), np.deg2rad(dec_app_deg), _astrometry(mjd_utc)[0])
    return np.rad2deg(ra), np.rad2deg(dec)


def apparent_to_icrs(ra_app_deg: ArrayLike, dec_app_deg: ArrayLike, mjd_utc: ArrayLike) -> tuple[Float, Float]:
    """ICRS right ascension and declination (deg) of apparent ones; the inverse of ``icrs_to_apparent``."""
    hour_angle = local_apparent_sidereal_time_rad(mjd_utc) - np.deg2rad(ra_app_deg)
    return hour_angle_dec_to_icrs(np.rad2deg(hour_angle), dec_app_deg, mjd_utc)


def meridian_icrs(dec_app_deg: ArrayLike, mjd_utc: ArrayLike) -> tuple[Float, Float]:
    """ICRS right ascension and declination (deg) of apparent hour angle 0 at an apparent declination."""
    return hour_angle_dec_to_icrs(0.0, dec_app_deg, mjd_utc)


def zenith_icrs(mjd_utc: ArrayLike, location: Location) -> tuple[Float, Float]:
    """ICRS right ascension in [0, 360) and declination (deg) of the zenith of a place."""
    astrom, _ = _astrometry(mjd_utc, location)
    ra, dec = erfa.aticq(*erfa.atoiq("A", 0.0, 0.0, astrom), astrom)
    return np.rad2deg(np.mod(ra, 2 * np.pi)), np.rad2deg(dec)


def north_angle_rad(ra_deg: float, dec_deg: float, mjd_utc: ArrayLike, location: Location = ARRAY) -> Float:
    """Position angle of ICRS north in the apparent frame (from apparent north through east), rad, as pyuvdata takes it.

    uvw built in the apparent frame are turned by it to become ICRS coordinates. It is measured where pyuvdata
    measures it, half a degree south of the direction, so that uvw agree to 1 mm with those of pyuvdata. Against the
    direction itself this turns the field by up to 1e-5 rad at declination 30 and 5e-5 rad at 54 (0.25 arcsec at
    1.3 degrees from the centre).

    Source: ``pyuvdata.utils.phasing.calc_frame_pos_angle``.
    """
    astrom, _ = _astrometry(mjd_utc, location)
    hour_angle, dec = _local(ra_deg, dec_deg, astrom)
    south = _icrs_of_local(hour_angle, dec - _NORTH_STEP_RAD, astrom)
    north = _icrs_of_local(hour_angle, dec + _NORTH_STEP_RAD, astrom)
    return -np.asarray(erfa.pas(*south, *north))


def _icrs_of_local(hour_angle: ArrayLike, dec: ArrayLike, astrom: Any) -> tuple[Float, Float]:
    """ICRS right ascension in [0, 2 pi) and declination, rad, of an apparent hour angle and declination in rad."""
    ra_cirs, dec_cirs = erfa.atoiq("H", hour_angle, dec, astrom)
    ra, dec_icrs = erfa.aticq(ra_cirs, dec_cirs, astrom)
    return np.mod(ra, 2 * np.pi), dec_icrs


def separation_rad(ra1_deg: ArrayLike, dec1_deg: ArrayLike, ra2_deg: ArrayLike, dec2_deg: ArrayLike) -> Float:
    """Angle between two directions, rad; right for small and large angles, across RA 0h and at the poles."""
    return np.asarray(erfa.seps(np.deg2rad(ra1_deg), np.deg2rad(dec1_deg), np.deg2rad(ra2_deg), np.deg2rad(dec2_deg)))
