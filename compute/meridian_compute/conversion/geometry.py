"""Where antennas are as seen from the phase centre, and how far data must be turned to get there.

Everything here is per antenna, in the convention of UVH5 files: a baseline is antenna 2 minus antenna 1, and a source
at s makes exp(+2 pi i (r2 - r1) . (s - s0) nu / c). A measurement set holds the conjugate with r1 - r2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..frames import hour_angle_dec, meridian_icrs, north_angle_rad, zenith_icrs
from ..uvh5.header import Uvh5Header

Float = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class PhaseCentre:
    """The direction of the measurement set's one field."""

    name: str
    ra_deg: float
    dec_deg: float
    frame: Literal["ICRS", "J2000"]


def choose_phase_centre(header: Uvh5Header) -> PhaseCentre:
    """The file's own centre; the meridian at mid-group; or, for a drift scan, the zenith of its first integration.

    The last is what pyuvdata does with unprojected data.
    """
    phasing = header.phasing
    if phasing.ra_rad is not None and phasing.dec_rad is not None:
        ra_deg, dec_deg = np.rad2deg(phasing.ra_rad), np.rad2deg(phasing.dec_rad)
        name = phasing.name or "phase centre"
        return PhaseCentre(name=name, ra_deg=float(ra_deg % 360), dec_deg=float(dec_deg), frame=phasing.frame)
    if phasing.pointing_dec_rad is not None:
        mid_mjd = (header.start_mjd + header.end_mjd) / 2
        ra, dec = meridian_icrs(np.rad2deg(phasing.pointing_dec_rad), mid_mjd)
        return PhaseCentre(name="meridian", ra_deg=float(ra), dec_deg=float(dec), frame="ICRS")
    ra, dec = zenith_icrs(float(header.mjd_utc[0]), header.location)
    return PhaseCentre(name="zenith", ra_deg=float(ra), dec_deg=float(dec), frame="ICRS")


@dataclass(frozen=True)
class Geometry:
    """Geometry of a group at its distinct times.

    Attributes:
        uvw_m: shape (n_time, n_antenna, 3), towards (east, north, phase centre) in the axes of the phase centre's
            frame; None where the file's own uvw are kept.
        turn_m: shape (n_time, n_antenna), r . (s - s0): path from the data's own phase centre to the new one; None
            where nothing turns.
    """

    uvw_m: Float | None
    turn_m: Float | None


def make_geometry(header: Uvh5Header, centre: PhaseCentre, mjd_utc: Float) -> Geometry:
    """Geometry at some times, for the antennas that have data, in the order of ``header.data_antennas``.

    A phased file keeps its uvw: only its correlator knows how they were made.
    """
    if header.phasing.layout == "phased":
        return Geometry(None, None)
    local_m = local_positions_m(header)
    hour_angle, dec = (np.deg2rad(a) for a in hour_angle_dec(centre.ra_deg, centre.dec_deg, mjd_utc, header.location))
    axes = uvw_axes(hour_angle, dec)
    apparent_m = np.einsum("ak,tik->tai", local_m, axes)
    angle = north_angle_rad(centre.ra_deg, centre.dec_deg, mjd_utc, header.location)
    own_w_m = np.zeros(local_m.shape[0])
    if header.phasing.pointing_dec_rad is not None:
        own_w_m = local_m @ uvw_axes(np.zeros(()), np.array(header.phasing.pointing_dec_rad))[2]
    return Geometry(_turned_north(apparent_m, angle), apparent_m[..., 2] - own_w_m)


def local_positions_m(header: Uvh5Header) -> Float:
    """Positions of the antennas with data towards (meridian at the equator, east, pole), shape (n_antenna, 3)."""
    order = np.argsort(header.antennas.number)
    rows = order[np.searchsorted(header.antennas.number[order], header.data_antennas)]
    x, y, z = header.antennas.itrf_m[rows].T
    cos, sin = np.cos(header.location.longitude_rad), np.sin(header.location.longitude_rad)
    return np.stack([cos * x + sin * y, cos * y - sin * x, z], axis=-1)


def uvw_axes(hour_angle_rad: Float, dec_rad: Float) -> Float:
    """Unit vectors u, v, w (rows) of a direction in the axes of ``local_positions_m``, shape (..., 3, 3).

    Source: Thompson, Moran & Swenson (2017), eq. 4.1.
    """
    sin_h, cos_h, sin_d, cos_d = np.sin(hour_angle_rad), np.cos(hour_angle_rad), np.sin(dec_rad), np.cos(dec_rad)
    sin_d, cos_d = np.broadcast_to(sin_d, sin_h.shape), np.broadcast_to(cos_d, sin_h.shape)
    zero = np.zeros_like(sin_h)
    rows = [
        [sin_h, cos_h, zero],
        [-sin_d * cos_h, sin_d * sin_h, cos_d],
        [cos_d * cos_h, -cos_d * sin_h, sin_d],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def _turned_north(uvw_m: Float, angle_rad: Float) -> Float:
    """Turn (n_time, n_antenna, 3) from apparent north to the frame's north, at position angle ``angle_rad``."""
    cos, sin = np.cos(angle_rad)[:, None], np.sin(angle_rad)[:, None]
    u, v, w = np.moveaxis(uvw_m, -1, 0)
    return np.stack([u * cos - v * sin, u * sin + v * cos, w], axis=-1)
