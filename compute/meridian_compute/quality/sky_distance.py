"""How far the field is from the Sun, the Moon and the brightest radio sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import erfa
import numpy as np
from numpy.typing import NDArray

from .. import site
from ..frames import separation_rad, zenith_icrs
from ..specs.common import Position

Float = NDArray[np.float64]

#: ICRS degrees. Source: NASA/IPAC Extragalactic Database; SIMBAD for the supernova remnants.
BRIGHT_SOURCES: Final = {
    "cyg_a": (299.868153, 40.733916),
    "cas_a": (350.850000, 58.815000),
    "tau_a": (83.633083, 22.014500),
    "vir_a": (187.705931, 12.391123),
}
_EARTH_RADIUS_AU = 6_378_137.0 / 149_597_870_700.0


def distances_deg(centers: Sequence[Position], mjd_utc: float) -> dict[str, float]:
    """Degrees from the nearest of some directions to Sun, Moon and the bright sources.

    The Moon is taken as seen from the array (its parallax is up to 1 degree); UTC stands in for TDB and light time is
    left out, which moves Sun and Moon by less than 0.02 degrees.
    """
    places = {"sun": _sun(mjd_utc), "moon": _moon(mjd_utc), **BRIGHT_SOURCES}
    return {
        name: min(float(np.rad2deg(separation_rad(ra, dec, c.ra_deg, c.dec_deg))) for c in centers)
        for name, (ra, dec) in places.items()
    }


def _sun(mjd_utc: float) -> tuple[float, float]:
    heliocentric, _ = erfa.epv00(site.JD_OF_MJD_ZERO, mjd_utc)
    return _direction(-np.asarray(heliocentric["p"]))


def _moon(mjd_utc: float) -> tuple[float, float]:
    geocentric = np.asarray(erfa.moon98(site.JD_OF_MJD_ZERO, mjd_utc)["p"])
    zenith = erfa.s2c(*np.deg2rad(zenith_icrs(mjd_utc, site.ARRAY)))
    return _direction(geocentric - _EARTH_RADIUS_AU * zenith)


def _direction(vector: Float) -> tuple[float, float]:
    ra, dec = erfa.c2s(vector)
    return float(np.rad2deg(ra) % 360), float(np.rad2deg(dec))
