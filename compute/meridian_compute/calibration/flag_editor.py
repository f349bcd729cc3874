"""Flags of a measurement set in memory: steps change them, one write puts them back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..ms_summary import open_table, read_columns

Bool = NDArray[np.bool_]
Complex = NDArray[np.complex64]

#: CASA's codes of correlations.
_CORRELATION_NAMES = {5: "RR", 6: "RL", 7: "LR", 8: "LL", 9: "XX", 10: "XY", 11: "YX", 12: "YY"}

_BLOCK_BYTES = 64_000_000
#: Data up to this size are read once and kept: every step looks at them.
_KEPT_BYTES = 400_000_000
_BASELINES_AT_ONCE = 256
#: Shorter series hold too few samples to compare.
_MIN_INTEGRATIONS = 4


def correlation_names(ms: Path) -> list[str]:
    """Names of the correlations of a measurement set, e.g. XX and YY."""
    (codes,) = read_columns(f"{ms}::POLARIZATION", "CORR_TYPE")
    return [_CORRELATION_NAMES.get(int(code), str(code)) for code in codes[0]]


class FlagEditor:
    """Flags, row geometry and blocks of data of a measurement set that may be changed.

    Attributes:
        flags: shape (n_row, n_channel, n_correlation); a flagged row counts as all its cells.
        antenna1: shape (n_row,).
        antenna2: shape (n_row,).
        time_s: shape (n_row,), mid-integrations, MJD UTC in seconds.
        interval_s: shape (n_row,).
        scan: shape (n_row,).
        uvw_m: shape (n_row, 3).
        antenna_names: one per row of the ANTENNA table.
        correlation_names: e.g. XX and YY.
    """

    def __init__(self, ms: Path) -> None:
        """Read flags and geometry; data are read in blocks when a step asks for them."""
        self.ms = ms
        columns = read_columns(ms, "ANTENNA1", "ANTENNA2", "TIME", "INTERVAL", "SCAN_NUMBER", "UVW")
        self.antenna1, self.antenna2, self.time_s, self.interval_s, self.scan, self.uvw_m = columns
        (names,) = read_columns(f"{ms}::ANTENNA", "NAME")
        self.antenna_names = [str(name) for name in names]
        self.correlation_names = correlation_names(ms)
        self._kept: Complex | None = None
        self.load()

    def load(self) -> None:
        """Read the flags that are in the file."""
        flags, flag_row = read_columns(self.ms, "FLAG", "FLAG_ROW")
        self.flags: Bool = flags | flag_row[:, None, None]

    def save(self) -> None:
        """Write the flags; a row is flagged when all its cells are."""
        with open_table(self.ms, readonly=False) as main:
            main.putcol("FLAG", self.flags)
            main.putcol("FLAG_ROW", self.flags.all(axis=(1, 2)))

    @property
    def cross(self) -> Bool:
        """Rows of two different antennas."""
        return np.asarray(self.antenna1 != self.antenna2)

    def flagged_fraction(self) -> float:
        """Fraction of flagged cells."""
        return float(self.flags.mean()) if self.flags.size else 0.0

    def blocks(self) -> Iterator[tuple[slice, Complex]]:
        """Data in blocks of rows: (rows, visibilities of shape (n, n_channel, n_correlation))."""
        n_rows = self.flags.shape[0]
        kept = self._keep()
        at_once = max(1, _BLOCK_BYTES // (8 * max(1, self.flags[0].size)))
        for start in range(0, n_rows, at_once):
            rows = slice(start, min(start + at_once, n_rows))
            yield rows, self._read(start, rows.stop - start) if kept is None else kept[rows]

    def rows_of_data(self, rows: NDArray[Any]) -> Complex:
        """Data of some rows, in their order."""
        kept = self._keep()
        if kept is not None:
            return np.asarray(kept[rows])
        with open_table(self.ms) as main:
            return np.asarray(main.selectrows(rows).getcol("DATA"))

    def _keep(self) -> Complex | None:
        if self._kept is None and 8 * self.flags.size <= _KEPT_BYTES:
            self._kept = self._read(0, self.flags.shape[0])
        return self._kept

    def _read(self, start: int, count: int) -> Complex:
        with open_table(self.ms) as main:
            return np.asarray(main.getcol("DATA", start, count))


def baseline_grids(editor: FlagEditor) -> list[tuple[float, NDArray[np.intp]]]:
    """Rows of the cross-correlations as (n_time, n_baseline) grids, with the fraction that is done after each.

    Baselines that lack integrations are gathered with those that lack as many.
    """
    rows = np.flatnonzero(editor.cross)
    order = rows[np.lexsort((editor.time_s[rows], editor.antenna2[rows], editor.antenna1[rows]))]
    pairs = np.stack([editor.antenna1[order], editor.antenna2[order]], axis=1)
    starts = np.flatnonzero(np.r_[True, (pairs[1:] != pairs[:-1]).any(axis=1)]) if order.size else np.zeros(0, int)
    lengths = np.diff(np.r_[starts, order.size])
    grids: list[NDArray[np.intp]] = []
    for length in np.unique(lengths[lengths >= _MIN_INTEGRATIONS]):
        of_length = starts[lengths == length]
        grid = order[of_length[None, :] + np.arange(length)[:, None]]
        grids += [grid[:, i : i + _BASELINES_AT_ONCE] for i in range(0, grid.shape[1], _BASELINES_AT_ONCE)]
    total = max(1, sum(grid.size for grid in grids))
    done = np.cumsum([grid.size for grid in grids]) / total
    return list(zip(done.tolist(), grids, strict=True))
