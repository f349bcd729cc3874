"""Calibration tables as CASA writes them: what is in one, whether it fits, what it is worth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..contract import StageFailure
from ..model import parallel_hands
from ..ms_summary import MERIDIAN_KEYWORD, open_table, read_columns
from .casa_calibrater import TableType
from .flag_editor import correlation_names

Bool = NDArray[np.bool_]
Float = NDArray[np.float64]

#: Order in which tables are applied.
ORDER: tuple[TableType, ...] = ("K", "B", "G")

_TYPE_OF_VISCAL: dict[str, TableType] = {"K Jones": "K", "B Jones": "B", "G Jones": "G"}
#: A channel solved for fewer receptors than this has no data.
_MINORITY = 0.2
#: A receptor solved in fewer of its channels and times than this is noise.
_MIN_SOLVED = 0.5
_AMPLITUDE_FACTOR = 10.0


@dataclass(frozen=True, kw_only=True)
class Caltable:
    """One table in memory.

    Attributes:
        path: its folder.
        type: Jones term.
        values: shape (n_row, n_channel, n_hand); delays in ns for K, complex gains else.
        flags: shape (n_row, n_channel, n_hand).
        snr: shape (n_row, n_channel, n_hand).
        antenna: shape (n_row,), index of the ANTENNA table.
        time_s: shape (n_row,), MJD UTC in seconds.
    """

    path: Path
    type: TableType
    values: NDArray[np.complex128] | Float
    flags: Bool
    snr: Float
    antenna: NDArray[np.int32]
    time_s: Float

    def good(self) -> Bool:
        """Solutions that are not flagged."""
        return ~self.flags


def table_type(path: Path) -> TableType:
    """Jones term of a table.

    Raises:
        StageFailure: CALTABLE_MISSING if there is no table, CALTABLE_MISMATCH if it is of another kind.
    """
    if not (path / "table.dat").is_file():
        raise StageFailure("CALTABLE_MISSING", f"there is no calibration table at {path}", file=str(path))
    with open_table(path) as main:
        term = str(main.getkeyword("VisCal")) if "VisCal" in main.keywordnames() else "no calibration table"
    if term not in _TYPE_OF_VISCAL:
        message = f"{path} is {term}; only K, B and G tables are used"
        raise StageFailure("CALTABLE_MISMATCH", message, file=str(path))
    return _TYPE_OF_VISCAL[term]


def read_caltable(path: Path) -> Caltable:
    """Read a whole table.

    Raises:
        StageFailure: CALTABLE_MISSING or CALTABLE_MISMATCH.
    """
    kind = table_type(path)
    column = "FPARAM" if kind == "K" else "CPARAM"
    values, flags, snr, antenna, time_s = read_columns(path, column, "FLAG", "SNR", "ANTENNA1", "TIME")
    return Caltable(path=path, type=kind, values=values, flags=flags, snr=snr, antenna=antenna, time_s=time_s)


def flag_solutions(table: Caltable, bad: Bool) -> Caltable:
    """Flag solutions in memory and in the file.

    Args:
        table: as read.
        bad: shape (n_row, n_channel, n_hand).
    """
    table.flags[bad] = True
    with open_table(table.path, readonly=False) as main:
        main.putcol("FLAG", table.flags)
    return table


def flag_receptors(table: Caltable, dead: Bool) -> Caltable:
    """Flag all solutions of some receptors.

    Args:
        table: as read.
        dead: shape (n_antenna, n_hand).
    """
    return flag_solutions(table, np.broadcast_to(dead[table.antenna][:, None, :], table.flags.shape))


def unusable_receptors(table: Caltable, n_antennas: int) -> Bool:
    """Receptors of a B or G table whose solutions are mostly flagged, not finite, or far from the array's amplitude.

    Channels that are flagged for most receptors (missing subbands, interference) do not count against anyone.

    Returns:
        Shape (n_antenna, n_hand).
    """
    n_hands = table.flags.shape[2]
    dead = np.zeros((n_antennas, n_hands), dtype=bool)
    amplitude = np.abs(table.values)
    good = table.good() & np.isfinite(amplitude) & (amplitude > 0)
    counted = good.mean(axis=0) > _MINORITY
    for antenna in np.unique(table.antenna):
        rows = table.antenna == antenna
        share = np.where(counted, good[rows], False).sum(axis=(0, 1))
        possible = np.maximum(counted.sum(axis=0) * rows.sum(), 1)
        dead[antenna] = share < _MIN_SOLVED * possible
    for hand in range(n_hands):
        if not good[:, :, hand].any():
            continue
        typical = np.median(amplitude[:, :, hand][good[:, :, hand]])
        for antenna in np.unique(table.antenna):
            of_antenna = table.antenna == antenna
            mine = amplitude[of_antenna, :, hand][good[of_antenna, :, hand]]
            if mine.size:
                ratio = np.median(mine) / typical
                dead[antenna, hand] |= not 1 / _AMPLITUDE_FACTOR < ratio < _AMPLITUDE_FACTOR
    return dead


@dataclass(frozen=True, kw_only=True)
class Grid:
    """What a table and a measurement set must agree on."""

    antenna_names: list[str]
    freq_hz: Float
    width_hz: float
    hands: list[str] | None


def grid_of(path: Path) -> Grid:
    """Antennas, channels and polarisations of a measurement set or of a table.

    K and G tables have one channel as wide as the band.

    Raises:
        StageFailure: MS_INVALID if the subtables are not there.
    """
    (names,) = read_columns(f"{path}::ANTENNA", "NAME")
    with open_table(f"{path}::SPECTRAL_WINDOW") as windows:
        freq = np.asarray(windows.getcell("CHAN_FREQ", 0), dtype=np.float64)
        width = float(np.median(np.abs(np.asarray(windows.getcell("CHAN_WIDTH", 0)))))
    return Grid(
        antenna_names=[str(name) for name in names],
        freq_hz=freq,
        width_hz=width,
        hands=hand_names(path),
    )


def hand_names(path: Path) -> list[str] | None:
    """Polarisations that are calibrated: of a measurement set its parallel hands, of a table those it was solved for.

    CASA's tables do not say; ``name_source`` writes it. None for a table of another origin.
    """
    with open_table(path) as main:
        if "VisCal" in main.keywordnames():
            facts = main.getkeyword(MERIDIAN_KEYWORD) if MERIDIAN_KEYWORD in main.keywordnames() else {}
            return [str(name) for name in facts["polarizations"]] if "polarizations" in facts else None
    names = correlation_names(path)
    return [names[hand] for hand in parallel_hands(path)]


def name_source(table: Path, ms: Path) -> None:
    """Write into a table which measurement set it comes from, and for which polarisations it is."""
    facts = {"polarizations": hand_names(ms)}
    with open_table(table, readonly=False) as main:
        main.putkeyword("MSName", ms.name)
        main.putkeyword(MERIDIAN_KEYWORD, facts)


def check_fit(table: Path, ms: Path) -> None:
    """Refuse a table that was not made for data like these.

    Raises:
        StageFailure: CALTABLE_MISMATCH naming what differs; CALTABLE_MISSING.
    """
    kind = table_type(table)
    own, data = grid_of(table), grid_of(ms)
    problem = _antenna_problem(own, data) or _channel_problem(kind, own, data) or _hand_problem(own, data)
    if problem is not None:
        message = f"{kind} table {table.name} does not fit {ms.name}: {problem}"
        raise StageFailure("CALTABLE_MISMATCH", message, file=str(table), ms=str(ms))


def _antenna_problem(own: Grid, data: Grid) -> str | None:
    if own.antenna_names == data.antenna_names:
        return None
    if len(own.antenna_names) != len(data.antenna_names):
        return f"it has {len(own.antenna_names)} antennas, the data {len(data.antenna_names)}"
    pairs = zip(own.antenna_names, data.antenna_names, strict=True)
    first = next((a, b) for a, b in pairs if a != b)
    return f"its antenna {first[0] or '(blank)'} is {first[1] or '(blank)'} in the data"


def _channel_problem(kind: TableType, own: Grid, data: Grid) -> str | None:
    """The data's band lies within the table's; channels of a bandpass are those of the data, or more of them."""
    low, high = own.freq_hz.min() - own.width_hz / 2, own.freq_hz.max() + own.width_hz / 2
    data_low, data_high = data.freq_hz.min() - data.width_hz / 2, data.freq_hz.max() + data.width_hz / 2
    tolerance_hz = data.width_hz / 10
    if low > data_low + tolerance_hz or high < data_high - tolerance_hz:
        return (
            f"its band is {low / 1e6:.3f} to {high / 1e6:.3f} MHz, "
            f"that of the data {data_low / 1e6:.3f} to {data_high / 1e6:.3f} MHz"
        )
    if kind == "B":
        nearest_hz = np.abs(own.freq_hz[:, None] - data.freq_hz[None, :]).min(axis=0)
        if abs(own.width_hz - data.width_hz) > tolerance_hz or nearest_hz.max() > tolerance_hz:
            return (
                f"its {own.freq_hz.size} channels of {own.width_hz / 1e3:.1f} kHz are not those of the data "
                f"({data.freq_hz.size} of {data.width_hz / 1e3:.1f} kHz)"
            )
    return None


def _hand_problem(own: Grid, data: Grid) -> str | None:
    missing = [] if own.hands is None else [hand for hand in data.hands or [] if hand not in own.hands]
    if not missing:
        return None
    return f"it is for {' and '.join(own.hands or [])}, the data have {' and '.join(data.hands or [])}"
