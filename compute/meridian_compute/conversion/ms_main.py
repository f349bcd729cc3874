"""The main table of a measurement set: its storage, and the columns that do not hold visibilities."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
from casacore.tables import default_ms, makearrcoldesc, makedminfo, maketabdesc, required_ms_desc, table
from numpy.typing import NDArray

from .. import site
from ..ms_summary import MERIDIAN_KEYWORD
from ..uvh5.data import RawBlock
from .geometry import Float
from .rows import RowPlan

_TILE_BYTES: Final = 1 << 20
#: Columns whose values repeat from row to row.
_INCREMENTAL = (
    "ARRAY_ID", "EXPOSURE", "FEED1", "FEED2", "FIELD_ID", "INTERVAL", "OBSERVATION_ID", "PROCESSOR_ID", "SCAN_NUMBER",
    "STATE_ID", "TIME", "TIME_CENTROID", "DATA_DESC_ID",
)  # fmt: skip


def create_ms(path: Path, n_channel: int, n_pol: int) -> Any:
    """Create an empty measurement set with DATA and WEIGHT_SPECTRUM and return its main table, open for writing.

    Visibilities are tiled by rows over all channels, which is how CASA and WSClean read them.
    """
    description = required_ms_desc("MAIN")
    for name in _INCREMENTAL:
        description[name].update(dataManagerType="IncrementalStMan", dataManagerGroup="Incremental")
    description["UVW"].update(dataManagerType="TiledColumnStMan", dataManagerGroup="TiledUVW")
    for name in ("WEIGHT", "SIGMA", "FLAG", "FLAG_CATEGORY"):
        description[name].update(dataManagerType="TiledShapeStMan", dataManagerGroup=f"Tiled{name}")
    description["FLAG_CATEGORY"]["keywords"] = {"CATEGORY": np.array("baddata")}
    for name, example, kind in (("DATA", 0j, "complex"), ("WEIGHT_SPECTRUM", 0.0, "float")):
        column = makearrcoldesc(
            name, example, valuetype=kind, ndim=2, datamanagertype="TiledShapeStMan", datamanagergroup=f"Tiled{name}"
        )
        del column["desc"]["shape"]
        description.update(maketabdesc(column))
    managers = makedminfo(description)
    for manager in managers.values():
        tile = _tile_shape(manager["NAME"], n_channel, n_pol)
        if tile is not None:
            manager["SPEC"] = {"DEFAULTTILESHAPE": np.array(tile, dtype=np.int32)}
    return default_ms(str(path), description, managers)


def _tile_shape(manager: str, n_channel: int, n_pol: int) -> list[int] | None:
    cells = {"TiledDATA": 8 * n_pol * n_channel, "TiledWEIGHT_SPECTRUM": 4 * n_pol * n_channel}
    if manager in cells:
        return [n_pol, n_channel, max(1, _TILE_BYTES // cells[manager])]
    if manager == "TiledFLAG":
        return [n_pol, n_channel, max(8, 8 * _TILE_BYTES // (n_pol * n_channel) // 8 * 8)]
    if manager in ("TiledWEIGHT", "TiledSIGMA"):
        return [n_pol, _TILE_BYTES // (4 * n_pol)]
    return [3, _TILE_BYTES // 24] if manager == "TiledUVW" else None


def write_rows(main: Any, plan: RowPlan, times: int, *, uvw_m: Float, integration_s: Float) -> None:
    """Add all rows and fill the columns that describe them.

    Args:
        main: the open main table.
        plan: rows of the files.
        times: integrations that make one row of the measurement set.
        uvw_m: shape (n_out, 3), as the measurement set holds them.
        integration_s: shape (n_out,).
    """
    time_mjd, per_time = averaged_times(plan, times)
    n_out = uvw_m.shape[0]
    time_s = np.repeat(time_mjd, per_time) * site.SECONDS_PER_DAY
    keep = slice(None) if times == 1 else _first_rows(plan, times)
    zeros = np.zeros(n_out, dtype=np.int32)
    main.addrows(n_out)
    columns: dict[str, NDArray[Any]] = {
        "TIME": time_s,
        "TIME_CENTROID": time_s,
        "INTERVAL": integration_s,
        "EXPOSURE": integration_s,
        "ANTENNA1": plan.first[keep].astype(np.int32),
        "ANTENNA2": plan.second[keep].astype(np.int32),
        "UVW": uvw_m,
        "SCAN_NUMBER": zeros + 1,
        "FLAG_ROW": zeros.astype(bool),
    }
    for name in (
        "ARRAY_ID",
        "DATA_DESC_ID",
        "FEED1",
        "FEED2",
        "FIELD_ID",
        "OBSERVATION_ID",
        "PROCESSOR_ID",
        "STATE_ID",
    ):
        columns[name] = zeros
    for name, values in columns.items():
        main.putcol(name, values)


def averaged_times(plan: RowPlan, times: int) -> tuple[Float, NDArray[np.int64]]:
    """Mid-times of the averages (MJD), and how many rows each has."""
    if times == 1:
        return plan.mjd_utc, np.diff(plan.start)
    mjd_utc = plan.mjd_utc.reshape(-1, times).mean(axis=1)
    return mjd_utc, np.full(mjd_utc.size, plan.rows_per_time)


def _first_rows(plan: RowPlan, times: int) -> NDArray[np.intp]:
    """Rows of the first integration of each average."""
    n_time = plan.mjd_utc.size
    return np.arange(plan.n_row).reshape(n_time, plan.rows_per_time)[::times].reshape(-1)


def write_block(main: Any, start: int, block: RawBlock) -> None:
    """Write visibilities, flags and weights of successive rows.

    WEIGHT is the mean weight of a row's unflagged channels, SIGMA its inverse square root; a row with none has
    weight 0 and is flagged as a row.
    """
    n_row = block.flags.shape[0]
    main.putcol("DATA", block.visibilities, start, n_row)
    main.putcol("FLAG", block.flags, start, n_row)
    main.putcol("WEIGHT_SPECTRUM", block.nsamples, start, n_row)
    weight = _row_weights(block)
    main.putcol("WEIGHT", weight, start, n_row)
    sigma = np.zeros_like(weight)
    np.power(weight, np.float32(-0.5), out=sigma, where=weight > 0)
    main.putcol("SIGMA", sigma, start, n_row)
    main.putcol("FLAG_ROW", block.flags.all(axis=(1, 2)), start, n_row)


def _row_weights(block: RawBlock) -> NDArray[np.float32]:
    if not block.flags.any():
        return np.asarray(block.nsamples.mean(axis=1))
    good = ~block.flags
    count = good.sum(axis=1)
    total = np.where(good, block.nsamples, 0).sum(axis=1, dtype=np.float32)
    return np.asarray((total / np.maximum(count, 1)).astype(np.float32))


def set_keywords(path: Path, units: str, facts: dict[str, Any]) -> None:
    """Units of DATA, and what no column holds (``ms_summary`` reads it)."""
    with table(str(path), readonly=False, ack=False) as main:
        main.putcolkeyword("DATA", "QuantumUnits", [units])
        main.putkeyword(MERIDIAN_KEYWORD, facts)
