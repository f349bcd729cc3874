"""The subtables of a measurement set, as CASA, WSClean and pyuvdata accept them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from casacore.tables import complete_ms_desc, makearrcoldesc, makedminfo, maketabdesc, table
from numpy.typing import NDArray

from .. import site
from ..ms_summary import CASA_OF_AIPS
from ..stations import geocentric_m
from ..uvh5.header import Uvh5Header
from .geometry import PhaseCentre

_TOPOCENTRIC: Final = 5
_RECEPTORS = {-1: "R", -2: "L", -3: "R", -4: "L", -5: "X", -6: "Y", -7: "X", -8: "Y"}
_ALL_TIME_S: Final = 1e30
#: ``mallopt`` parameter of glibc.
_M_PERTURB: Final = -6


@dataclass(frozen=True, kw_only=True)
class MsFacts:
    """What the subtables say.

    Attributes:
        freq_hz: shape (n_channel,), ascending.
        history: one line on how the measurement set was made; no clock, so that the same input gives the same bytes.
    """

    header: Uvh5Header
    telescope_name: str
    centre: PhaseCentre
    freq_hz: NDArray[np.float64]
    channel_width_hz: float
    start_mjd: float
    end_mjd: float
    history: str

    @property
    def start_s(self) -> float:
        """Start, seconds of MJD UTC, as CASA counts."""
        return self.start_mjd * site.SECONDS_PER_DAY

    @property
    def end_s(self) -> float:
        """End, seconds of MJD UTC."""
        return self.end_mjd * site.SECONDS_PER_DAY

    @property
    def mid_s(self) -> float:
        """Middle, seconds of MJD UTC."""
        return (self.start_s + self.end_s) / 2


def write_subtables(ms: str, facts: MsFacts) -> None:
    """Fill the empty subtables of a new measurement set."""
    with _zeroed_memory():
        _write_antennas(ms, facts)
        _write_feeds(ms, facts)
        _write_field(ms, facts)
        _write_source(ms, facts)
        _write_spectral_window(ms, facts)
        _write_polarization(ms, facts)
        _write_observation(ms, facts)
        _write_single_rows(ms, facts)


@contextmanager
def _zeroed_memory() -> Iterator[None]:
    """Have the C library hand out zeroed memory.

    casacore pads arrays in its files with whatever its buffers held; this way the same input gives the same bytes.
    """
    libc = ctypes.CDLL(None)
    # New memory is filled with the complement of the byte given here; 0 switches it off.
    libc.mallopt(_M_PERTURB, 0xFF)
    try:
        yield
    finally:
        libc.mallopt(_M_PERTURB, 0)


def _fill(ms: str, subtable: str, rows: int, columns: dict[str, Any]) -> None:
    with table(f"{ms}::{subtable}", readonly=False, ack=False) as tab:
        tab.addrows(rows)
        for name, values in columns.items():
            if isinstance(values, np.ndarray) and values.ndim > 1:
                for row in range(rows):
                    tab.putcell(name, row, values[row])
            else:
                tab.putcol(name, values)


def _write_antennas(ms: str, facts: MsFacts) -> None:
    """Only antennas that have data: CASA solves for every row of this table."""
    header, antennas = facts.header, facts.header.antennas
    order = np.argsort(antennas.number)
    rows = order[np.searchsorted(antennas.number[order], header.data_antennas)]
    place = header.location
    centre_m = geocentric_m(np.rad2deg(place.longitude_rad), np.rad2deg(place.latitude_rad), place.altitude_m)
    diameter_m = antennas.diameter_m[rows] if antennas.diameter_m is not None else np.zeros(rows.size)
    if facts.telescope_name == site.TELESCOPE_NAME:
        diameter_m = np.full(rows.size, site.DISH_DIAMETER_M)
    names = [antennas.name[row] for row in rows]
    _fill(ms, "ANTENNA", rows.size, {
        "NAME": names,
        "STATION": names,
        "TYPE": ["GROUND-BASED"] * rows.size,
        "MOUNT": ["ALT-AZ"] * rows.size,
        "POSITION": antennas.itrf_m[rows] + centre_m,
        "OFFSET": np.zeros((rows.size, 3)),
        "DISH_DIAMETER": diameter_m,
        "FLAG_ROW": np.zeros(rows.size, dtype=bool),
    })  # fmt: skip


def _write_feeds(ms: str, facts: MsFacts) -> None:
    n = facts.header.data_antennas.size
    receptors = sorted({_RECEPTORS.get(code, "X") for code in facts.header.polarizations}, key="RLXY".index)
    receptors = receptors if len(receptors) == 2 else ["X", "Y"]
    with table(f"{ms}::FEED", readonly=False, ack=False) as tab:
        tab.addrows(n)
        for row in range(n):
            tab.putcell("POLARIZATION_TYPE", row, receptors)
            tab.putcell("POL_RESPONSE", row, np.eye(2, dtype=np.complex64))
            tab.putcell("BEAM_OFFSET", row, np.zeros((2, 2)))
            tab.putcell("RECEPTOR_ANGLE", row, np.zeros(2))
            tab.putcell("POSITION", row, np.zeros(3))
        tab.putcol("ANTENNA_ID", np.arange(n, dtype=np.int32))
        tab.putcol("BEAM_ID", np.full(n, -1, dtype=np.int32))
        tab.putcol("SPECTRAL_WINDOW_ID", np.full(n, -1, dtype=np.int32))
        tab.putcol("NUM_RECEPTORS", np.full(n, 2, dtype=np.int32))
        tab.putcol("TIME", np.full(n, facts.mid_s))
        tab.putcol("INTERVAL", np.full(n, _ALL_TIME_S))


def _write_field(ms: str, facts: MsFacts) -> None:
    direction = np.deg2rad([[facts.centre.ra_deg, facts.centre.dec_deg]])
    directions = ("DELAY_DIR", "PHASE_DIR", "REFERENCE_DIR")
    with table(f"{ms}::FIELD", readonly=False, ack=False) as tab:
        tab.addrows(1)
        for name in directions:
            tab.putcell(name, 0, direction)
            measure = tab.getcolkeyword(name, "MEASINFO")
            tab.putcolkeyword(name, "MEASINFO", {**measure, "Ref": facts.centre.frame})
        for name, value in {"NAME": facts.centre.name, "CODE": "", "TIME": facts.mid_s, "NUM_POLY": 0}.items():
            tab.putcell(name, 0, value)
        tab.putcell("SOURCE_ID", 0, 0)


def _write_source(ms: str, facts: MsFacts) -> None:
    description = complete_ms_desc("SOURCE")
    path = f"{ms}/SOURCE"
    with table(path, description, nrow=1, dminfo=makedminfo(description), readonly=False, ack=False) as tab:
        cells = {
            "SOURCE_ID": 0, "SPECTRAL_WINDOW_ID": -1, "NUM_LINES": 0, "CALIBRATION_GROUP": 0,
            "TIME": facts.mid_s, "INTERVAL": _ALL_TIME_S, "NAME": facts.centre.name, "CODE": "",
            "DIRECTION": np.deg2rad([facts.centre.ra_deg, facts.centre.dec_deg]), "PROPER_MOTION": np.zeros(2),
        }  # fmt: skip
        for name, value in cells.items():
            tab.putcell(name, 0, value)
        measure = tab.getcolkeyword("DIRECTION", "MEASINFO")
        tab.putcolkeyword("DIRECTION", "MEASINFO", {**measure, "Ref": facts.centre.frame})
    with table(ms, readonly=False, ack=False) as main:
        main.putkeyword("SOURCE", f"Table: {path}")


def _write_spectral_window(ms: str, facts: MsFacts) -> None:
    n, width = facts.freq_hz.size, np.full(facts.freq_hz.size, facts.channel_width_hz)
    cells = {
        "NUM_CHAN": n, "NAME": "band", "CHAN_FREQ": facts.freq_hz, "CHAN_WIDTH": width, "EFFECTIVE_BW": width,
        "RESOLUTION": width, "REF_FREQUENCY": float(facts.freq_hz[0]), "TOTAL_BANDWIDTH": float(width.sum()),
        "MEAS_FREQ_REF": _TOPOCENTRIC, "NET_SIDEBAND": 1, "IF_CONV_CHAIN": 0, "FREQ_GROUP": 0, "FREQ_GROUP_NAME": "",
    }  # fmt: skip
    with table(f"{ms}::SPECTRAL_WINDOW", readonly=False, ack=False) as tab:
        tab.addrows(1)
        for name, value in cells.items():
            tab.putcell(name, 0, value)


def _write_polarization(ms: str, facts: MsFacts) -> None:
    codes = np.sort([CASA_OF_AIPS[code] for code in facts.header.polarizations]).astype(np.int32)
    # Receptor 0 is R or X, 1 is L or Y: of each CASA code, which two receptors it correlates.
    pairs = [[0, 0], [0, 1], [1, 0], [1, 1]]
    product = np.array([pairs[(code - 1) % 4] for code in codes], dtype=np.int32)
    with table(f"{ms}::POLARIZATION", readonly=False, ack=False) as tab:
        tab.addrows(1)
        for name, value in {"NUM_CORR": codes.size, "CORR_TYPE": codes, "CORR_PRODUCT": product}.items():
            tab.putcell(name, 0, value)


def _write_observation(ms: str, facts: MsFacts) -> None:
    """With the telescope's position, which pyuvdata reads where it does not know the telescope."""
    place = facts.header.location
    position_m = geocentric_m(np.rad2deg(place.longitude_rad), np.rad2deg(place.latitude_rad), place.altitude_m)
    cells = {
        "TELESCOPE_NAME": facts.telescope_name, "OBSERVER": "", "PROJECT": "", "SCHEDULE_TYPE": "",
        "TIME_RANGE": np.array([facts.start_s, facts.end_s]), "RELEASE_DATE": facts.end_s, "LOG": [""],
        "SCHEDULE": [""],
    }  # fmt: skip
    with table(f"{ms}::OBSERVATION", readonly=False, ack=False) as tab:
        tab.addrows(1)
        for name, value in cells.items():
            tab.putcell(name, 0, value)
        column = makearrcoldesc("TELESCOPE_LOCATION", position_m[0], shape=[3], valuetype="double")
        tab.addcols(maketabdesc([column]))
        tab.putcell("TELESCOPE_LOCATION", 0, position_m)


def _write_single_rows(ms: str, facts: MsFacts) -> None:
    """Tables with one row that only has to be there."""
    rows: dict[str, dict[str, Any]] = {
        "DATA_DESCRIPTION": {"SPECTRAL_WINDOW_ID": 0, "POLARIZATION_ID": 0},
        "PROCESSOR": {"TYPE": "CORRELATOR", "SUB_TYPE": "", "TYPE_ID": -1, "MODE_ID": -1},
        "STATE": {"SIG": True, "REF": False, "CAL": 0.0, "LOAD": 0.0, "SUB_SCAN": 0, "OBS_MODE": "OBSERVE_TARGET"},
        "HISTORY": {
            "TIME": facts.end_s, "OBSERVATION_ID": 0, "MESSAGE": facts.history, "PRIORITY": "INFO",
            "ORIGIN": "convert", "OBJECT_ID": 0, "APPLICATION": "meridian", "CLI_COMMAND": [""], "APP_PARAMS": [""],
        },
    }  # fmt: skip
    for subtable, cells in rows.items():
        with table(f"{ms}::{subtable}", readonly=False, ack=False) as tab:
            tab.addrows(1)
            for name, value in cells.items():
                tab.putcell(name, 0, value)
