"""Applying tables to a measurement set that may be changed, and proof that it had an effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..contract import StageFailure
from ..ms_summary import open_table
from ..specs.calibrate import ApplyTable
from .caltable import ORDER, read_caltable, table_type
from .casa_calibrater import AppliedTable, TableType

_BLOCK_BYTES = 64_000_000
#: A value counts as changed when it differs by more than rounding.
_CHANGED = 1e-5
#: Rows used for the median amplitude ratio.
_SAMPLE_ROWS = 20_000


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Data before and after, unflagged cells only.

    Attributes:
        changed_fraction: cells whose value changed.
        amplitude_ratio: median of |after| / |before|; 0 without data.
        n_unflagged: cells.
    """

    changed_fraction: float
    amplitude_ratio: float
    n_unflagged: int


def ordered(tables: Sequence[ApplyTable]) -> list[AppliedTable]:
    """Tables in the order K, B, G, each of the type it is said to be and with a solution left.

    Raises:
        StageFailure: CALTABLE_MISSING, CALTABLE_MISMATCH, SPEC_INVALID for two of one type, or CALIBRATION_BAD for a
            table that is flagged throughout.
    """
    typed: list[tuple[TableType, AppliedTable]] = []
    for table in tables:
        path = Path(table.path).resolve()
        kind = table_type(path)
        if kind != table.type:
            message = f"{path.name} is a {kind} table; the spec calls it {table.type}"
            raise StageFailure("CALTABLE_MISMATCH", message, file=str(path))
        if kind in (other for other, _ in typed):
            message = f"two {kind} tables are given; one of each type is applied"
            raise StageFailure("SPEC_INVALID", message, field="tables")
        if read_caltable(path).flags.all():
            raise StageFailure("CALIBRATION_BAD", f"every solution of {path.name} is flagged", file=str(path))
        # Channels that are flagged in a bandpass are flagged in the data, never bridged by interpolation.
        interp = f"{table.interp},linearflag" if kind == "B" else table.interp
        typed.append((kind, AppliedTable(path=path, interp=interp)))
    return [table for _kind, table in sorted(typed, key=lambda pair: ORDER.index(pair[0]))]


def compare(ms: Path) -> Comparison:
    """Compare DATA with CORRECTED_DATA; corrected values that are not finite are flagged on the way."""
    changed = unflagged = 0
    ratios: list[NDArray[np.float32]] = []
    with open_table(ms, readonly=False) as main:
        n_rows = main.nrows()
        at_once = max(1, _BLOCK_BYTES // (8 * max(1, np.asarray(main.getcell("DATA", 0)).size)))
        for start in range(0, n_rows, at_once):
            count = min(at_once, n_rows - start)
            before, after = (main.getcol(name, start, count) for name in ("DATA", "CORRECTED_DATA"))
            flags = main.getcol("FLAG", start, count)
            broken = ~np.isfinite(after) & ~flags
            if broken.any():
                flags |= broken
                main.putcol("FLAG", flags, start, count)
                main.putcol("FLAG_ROW", flags.all(axis=(1, 2)), start, count)
            good = ~flags & ~main.getcol("FLAG_ROW", start, count)[:, None, None]
            before, after = before[good], after[good]
            unflagged += before.size
            changed += int(np.count_nonzero(np.abs(after - before) > _CHANGED * np.abs(before)))
            step = max(1, n_rows // _SAMPLE_ROWS)
            sample = np.abs(before[::step])
            ratios.append(np.abs(after[::step])[sample > 0] / sample[sample > 0])
    ratio = np.concatenate(ratios) if ratios else np.zeros(0)
    return Comparison(
        changed_fraction=changed / unflagged if unflagged else 0.0,
        amplitude_ratio=float(np.median(ratio)) if ratio.size else 0.0,
        n_unflagged=unflagged,
    )


def keep_calibrated(ms: Path) -> None:
    """Make CORRECTED_DATA the DATA column; raw data and models go, so that the set stays small."""
    with open_table(ms, readonly=False) as main:
        main.removecols(["DATA", *(name for name in ("MODEL_DATA",) if name in main.colnames())])
        main.renamecol("CORRECTED_DATA", "DATA")
        main.putcolkeyword("DATA", "QuantumUnits", ["Jy"])
