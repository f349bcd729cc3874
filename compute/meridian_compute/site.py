"""Where the array stands: one set of coordinates, used by every stage."""

from __future__ import annotations

from dataclasses import dataclass
from math import degrees
from typing import Final

#: The T-centre, the array position of the survey (WGS84).
LONGITUDE_RAD: Final = -2.064427799136453
LATITUDE_RAD: Final = 0.6498455107238486
ALTITUDE_M: Final = 1188.05

LONGITUDE_DEG: Final = degrees(LONGITUDE_RAD)
LATITUDE_DEG: Final = degrees(LATITUDE_RAD)

TELESCOPE_NAME: Final = "DSA_110"
#: Name in files of the older layout.
OLD_TELESCOPE_NAME: Final = "OVRO_MMA"
#: Names of telescopes that point at the meridian and are fringe-stopped there.
MERIDIAN_TELESCOPES: Final = frozenset({TELESCOPE_NAME, OLD_TELESCOPE_NAME})

DISH_DIAMETER_M: Final = 4.65
SPEED_OF_LIGHT_M_S: Final = 299_792_458.0
EARTH_RADIUS_M: Final = 6_371_000.0
SECONDS_PER_DAY: Final = 86_400.0
#: Sidereal rotation rate, of hour angles against UTC.
EARTH_ROTATION_RAD_S: Final = 7.292_115e-5
#: Julian date of MJD 0.
JD_OF_MJD_ZERO: Final = 2_400_000.5


@dataclass(frozen=True)
class Location:
    """A place on Earth, WGS84."""

    longitude_rad: float
    latitude_rad: float
    altitude_m: float


#: The T-centre; other places are those of foreign telescopes' files.
ARRAY: Final = Location(LONGITUDE_RAD, LATITUDE_RAD, ALTITUDE_M)
