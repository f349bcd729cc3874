"""UT1 and polar motion from the table that comes with ``astropy-iers-data``; nothing is downloaded.

The table is read here, not through ``astropy.utils.iers``: that costs 2 s of start per stage process.
A test holds the values against astropy's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from astropy_iers_data import IERS_A_FILE
from numpy.typing import ArrayLike, NDArray

from .contract import StageFailure

_ARCSEC = np.pi / (180 * 3600)
#: Fixed columns of finals2000A (readme.finals2000A of the IERS): Bulletin B where it is given, else Bulletin A.
_COLUMNS = {"xp": ((134, 144), (18, 27)), "yp": ((144, 154), (37, 46)), "dut1": ((154, 165), (58, 68))}


@dataclass(frozen=True)
class EarthOrientation:
    """Daily values: MJD UTC (n_day,), UT1-UTC in s, pole coordinates in rad."""

    mjd: NDArray[np.float64]
    dut1_s: NDArray[np.float64]
    xp_rad: NDArray[np.float64]
    yp_rad: NDArray[np.float64]


@lru_cache(maxsize=1)
def load_earth_orientation() -> EarthOrientation:
    """Read the table once per process."""
    lines = [line for line in Path(IERS_A_FILE).read_text(encoding="ascii").splitlines() if line[58:68].strip()]
    values = {
        name: np.array([float(line[slice(*best)].strip() or line[slice(*other)]) for line in lines])
        for name, (best, other) in _COLUMNS.items()
    }
    mjd = np.array([float(line[7:15]) for line in lines])
    return EarthOrientation(mjd, values["dut1"], values["xp"] * _ARCSEC, values["yp"] * _ARCSEC)


def earth_orientation_at(mjd_utc: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Interpolate UT1-UTC (s) and the pole (rad, rad), linearly, leap seconds respected.

    Args:
        mjd_utc: any shape, MJD UTC.

    Raises:
        StageFailure: HEADER_FIELD_INVALID for a time outside the table.
    """
    table = load_earth_orientation()
    mjd = np.asarray(mjd_utc, dtype=np.float64)
    if not (np.isfinite(mjd).all() and (mjd >= table.mjd[0]).all() and (mjd < table.mjd[-1]).all()):
        raise StageFailure(
            "HEADER_FIELD_INVALID",
            f"a time lies outside the Earth-orientation table (MJD {table.mjd[0]:.0f} to {table.mjd[-1]:.0f}): "
            f"MJD {np.min(mjd):.5f} to {np.max(mjd):.5f}; correct the time, or update astropy-iers-data",
        )
    index = np.searchsorted(table.mjd, mjd, side="right") - 1
    fraction = (mjd - table.mjd[index]) / (table.mjd[index + 1] - table.mjd[index])
    step = table.dut1_s[index + 1] - table.dut1_s[index]
    dut1 = table.dut1_s[index] + fraction * (step - np.round(step))
    xp = table.xp_rad[index] + fraction * (table.xp_rad[index + 1] - table.xp_rad[index])
    yp = table.yp_rad[index] + fraction * (table.yp_rad[index + 1] - table.yp_rad[index])
    return dut1, xp, yp
