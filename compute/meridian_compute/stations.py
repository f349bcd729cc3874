"""Stations of the array: where they are, and which were active."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import erfa
import numpy as np
from numpy.typing import NDArray

from . import site
from .contract import StageFailure

_DATA = Path(__file__).parent / "data"
#: The list gives DSA-117 no elevation; the survey's own code takes that of the core.
_CORE_ELEVATION_M: Final = 1182.6
_WGS84: Final = 1


@dataclass(frozen=True)
class Stations:
    """All stations, active or not.

    Attributes:
        number: shape (n,), 1 for DSA-001.
        name: e.g. ``DSA-001``.
        itrf_m: shape (n, 3), geocentric.
    """

    number: NDArray[np.int32]
    name: list[str]
    itrf_m: NDArray[np.float64]

    @property
    def relative_m(self) -> NDArray[np.float64]:
        """Positions minus the array position, ITRF axes, shape (n, 3)."""
        return self.itrf_m - array_position_m()


def geocentric_m(longitude_deg: float, latitude_deg: float, altitude_m: float) -> NDArray[np.float64]:
    """ITRF coordinates (3,) of a WGS84 position."""
    return np.asarray(erfa.gd2gc(_WGS84, np.deg2rad(longitude_deg), np.deg2rad(latitude_deg), altitude_m))


def array_position_m() -> NDArray[np.float64]:
    """ITRF coordinates (3,) of the T-centre."""
    return geocentric_m(site.LONGITUDE_DEG, site.LATITUDE_DEG, site.ALTITUDE_M)


@lru_cache(maxsize=1)
def load_stations() -> Stations:
    """The station list that comes with the product."""
    with (_DATA / "dsa110_stations.csv").open(newline="", encoding="utf-8") as handle:
        rows = [row for row in csv.reader(handle) if len(row) >= 5 and row[1][:4] == "DSA-" and row[1][4:].isdigit()]
    return Stations(
        number=np.array([int(row[1].removeprefix("DSA-")) for row in rows], dtype=np.int32),
        name=[row[1] for row in rows],
        itrf_m=np.array(
            [geocentric_m(float(row[3]), float(row[2]), float(row[4] or _CORE_ELEVATION_M)) for row in rows]
        ),
    )


def active_numbers() -> list[int]:
    """Numbers of the 96 stations that were active on 2026-01-25, ascending."""
    return sorted(int(word) for word in (_DATA / "dsa110_active.csv").read_text(encoding="utf-8").split(","))


def spread_of_active(count: int | None) -> list[int]:
    """``count`` of the active stations, evenly over both arms and the outriggers; None: all.

    Raises:
        StageFailure: SPEC_INVALID if there are not so many.
    """
    active = active_numbers()
    if count is None:
        return active
    if not 2 <= count <= len(active):
        raise StageFailure("SPEC_INVALID", f"n_antennas is {count}; there are 2 to {len(active)} active stations")
    return [active[index] for index in np.round(np.linspace(0, len(active) - 1, count)).astype(int)]
