"""What is in a measurement set: its summary, its times and channels, its dish diameter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from casacore.tables import table
from numpy.typing import NDArray

from . import site
from .contract import StageFailure
from .frames import group_id_of, icrs_to_apparent, utc_of_mjd
from .specs.common import MsSummary

#: Keyword of the main table in which ``convert`` leaves what a measurement set has no column for.
MERIDIAN_KEYWORD: Final = "MERIDIAN"

#: CASA's correlation codes to those of AIPS, which UVH5 files hold: the summary gives AIPS codes everywhere.
_AIPS_OF_CASA: Final = {
    1: 1, 2: 2, 3: 3, 4: 4, 5: -1, 6: -3, 7: -4, 8: -2, 9: -5, 10: -7, 11: -8, 12: -6,
}  # fmt: skip
CASA_OF_AIPS: Final = {aips: casa for casa, aips in _AIPS_OF_CASA.items()}

_ROWS_AT_ONCE = 16_384


def open_table(path: Path | str, *, readonly: bool = True) -> Any:
    """Open a casacore table quietly.

    Raises:
        StageFailure: FILE_MISSING or MS_INVALID.
    """
    if not Path(str(path).split("::")[0]).exists():
        raise StageFailure("FILE_MISSING", f"there is no measurement set at {path}", file=str(path))
    try:
        return table(str(path), readonly=readonly, ack=False)
    except RuntimeError as cause:
        raise StageFailure("MS_INVALID", f"{path} cannot be read as a table: {cause}", file=str(path)) from cause


def read_columns(path: Path | str, *names: str) -> tuple[NDArray[Any], ...]:
    """Columns of a (sub)table, e.g. ``read_columns(f"{ms}::FIELD", "PHASE_DIR")``.

    Raises:
        StageFailure: MS_INVALID if a column is missing.
    """
    with open_table(path) as tab:
        missing = [name for name in names if name not in tab.colnames()]
        if missing:
            raise StageFailure("MS_INVALID", f"{path} has no column {missing[0]}", file=str(path), column=missing[0])
        return tuple(np.asarray(tab.getcol(name)) for name in names)


@dataclass(frozen=True)
class MsGrid:
    """Times and channels of a measurement set.

    Attributes:
        mjd_utc: shape (n_time,), mid-integrations, ascending.
        freq_hz: shape (n_freq,), channel centres of all spectral windows, in the order of the windows.
        channel_width_hz: shape (n_freq,), positive.
        start_mjd: first edge of the first integration.
        end_mjd: last edge of the last one.
    """

    mjd_utc: NDArray[np.float64]
    freq_hz: NDArray[np.float64]
    channel_width_hz: NDArray[np.float64]
    start_mjd: float
    end_mjd: float


def read_grid(path: Path | str) -> MsGrid:
    """Times and channels of a measurement set.

    Raises:
        StageFailure: MS_INVALID if it holds no rows.
    """
    time_s, interval_s = read_columns(path, "TIME", "INTERVAL")
    if time_s.size == 0:
        raise StageFailure("MS_INVALID", f"{path} holds no rows", file=str(path))
    freq_hz, width_hz = [], []
    with open_table(f"{path}::SPECTRAL_WINDOW") as windows:
        for row in range(windows.nrows()):
            freq_hz.append(np.asarray(windows.getcell("CHAN_FREQ", row)))
            width_hz.append(np.abs(np.asarray(windows.getcell("CHAN_WIDTH", row))))
    return MsGrid(
        mjd_utc=np.unique(time_s) / site.SECONDS_PER_DAY,
        freq_hz=np.concatenate(freq_hz),
        channel_width_hz=np.concatenate(width_hz),
        start_mjd=float((time_s - interval_s / 2).min() / site.SECONDS_PER_DAY),
        end_mjd=float((time_s + interval_s / 2).max() / site.SECONDS_PER_DAY),
    )


def dish_diameter_m(path: Path | str) -> float | None:
    """Dish diameter from the ANTENNA table; 4.65 m where a DSA-110 file has none; None if it is unknown or mixed."""
    (diameters,) = read_columns(f"{path}::ANTENNA", "DISH_DIAMETER")
    known = np.unique(np.round(diameters[diameters > 0], 4))
    if known.size == 1:
        return float(known[0])
    if known.size == 0 and telescope_name(path) in site.MERIDIAN_TELESCOPES:
        return site.DISH_DIAMETER_M
    return None


def telescope_name(path: Path | str) -> str:
    """TELESCOPE_NAME of the first observation."""
    (names,) = read_columns(f"{path}::OBSERVATION", "TELESCOPE_NAME")
    return str(names[0]) if len(names) else ""


def phase_centre_deg(path: Path | str) -> tuple[float, float]:
    """ICRS right ascension in [0, 360) and declination, degrees, of the first field's PHASE_DIR."""
    (directions,) = read_columns(f"{path}::FIELD", "PHASE_DIR")
    ra, dec = np.rad2deg(directions[0].reshape(-1)[:2])
    return float(ra % 360), float(dec)


def pointing_dec_deg(path: Path | str, mid_mjd: float) -> float | None:
    """Apparent declination of the beam: the phase centre's at mid-group; None for telescopes that track."""
    if telescope_name(path) not in site.MERIDIAN_TELESCOPES:
        return None
    return float(icrs_to_apparent(*phase_centre_deg(path), mid_mjd)[1])


def flagged_fraction(path: Path | str) -> float:
    """Fraction of the visibilities that FLAG or FLAG_ROW flags."""
    flagged = total = 0
    with open_table(path) as main:
        for start in range(0, main.nrows(), _ROWS_AT_ONCE):
            flags = np.asarray(main.getcol("FLAG", start, _ROWS_AT_ONCE))
            rows = np.asarray(main.getcol("FLAG_ROW", start, _ROWS_AT_ONCE))
            flagged += int(np.count_nonzero(flags[~rows])) + int(rows.sum()) * flags[0].size
            total += flags.size
    return flagged / total if total else 0.0


def _missing_subbands(path: Path | str) -> list[int]:
    with open_table(path) as main:
        if MERIDIAN_KEYWORD not in main.keywordnames():
            return []
        return [int(number) for number in main.getkeyword(MERIDIAN_KEYWORD).get("missing_subbands", [])]


def summarize_ms(path: Path | str) -> MsSummary:
    """Everything a reader wants to know of a measurement set.

    Raises:
        StageFailure: FILE_MISSING or MS_INVALID.
    """
    grid = read_grid(path)
    antenna1, antenna2 = read_columns(path, "ANTENNA1", "ANTENNA2")
    (correlations,) = read_columns(f"{path}::POLARIZATION", "CORR_TYPE")
    ra_deg, dec_deg = phase_centre_deg(path)
    name = telescope_name(path)
    mid_mjd = (grid.start_mjd + grid.end_mjd) / 2
    return MsSummary(
        group_id=group_id_of(grid.start_mjd) if name in site.MERIDIAN_TELESCOPES else None,
        telescope_name=name,
        n_antennas=int(np.unique(np.concatenate([antenna1, antenna2])).size),
        n_baselines=int(np.unique(np.stack([antenna1, antenna2]), axis=1).shape[1]),
        n_times=int(grid.mjd_utc.size),
        n_channels=int(grid.freq_hz.size),
        n_rows=int(antenna1.size),
        polarizations=[_AIPS_OF_CASA.get(int(code), int(code)) for code in correlations[0]],
        freq_min_hz=float(grid.freq_hz.min()),
        freq_max_hz=float(grid.freq_hz.max()),
        channel_width_hz=float(np.median(grid.channel_width_hz)),
        start_mjd=grid.start_mjd,
        end_mjd=grid.end_mjd,
        mid_mjd=mid_mjd,
        start_utc=utc_of_mjd(grid.start_mjd),
        pointing_dec_deg=pointing_dec_deg(path, mid_mjd),
        phase_ra_deg=ra_deg,
        phase_dec_deg=dec_deg,
        dish_diameter_m=dish_diameter_m(path),
        flagged_fraction=flagged_fraction(path),
        missing_subbands=_missing_subbands(path),
    )
