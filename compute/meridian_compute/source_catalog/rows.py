"""Which rows of a catalogue can be used, and the table that is made of them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from ..specs.catalog import CatalogField
from .columns import CatalogColumns

#: Columns of the table, in order; the registry loads them by these names.
TABLE_COLUMNS: Final = (
    "catalog_id", "ra_deg", "dec_deg", "flux_jy", "flux_kind", "peak_flux_jy", "flux_err_jy", "freq_hz",
    "maj_arcsec", "min_arcsec", "pa_deg", "spectral_index", "crowding", "resolved",
)  # fmt: skip

#: Integrated over peak flux from which a source counts as resolved.
RESOLVED_RATIO: Final = 1.1

#: Names of the fields that are copied when they are positive: −1 and 0 stand for "not measured".
_POSITIVE: Final[Mapping[str, CatalogField]] = {
    "flux_err_jy": "flux_err",
    "peak_flux_jy": "peak_flux",
    "maj_arcsec": "maj",
    "min_arcsec": "min",
}
_ANY: Final[Mapping[str, CatalogField]] = {"pa_deg": "pa", "spectral_index": "spectral_index"}


@dataclass(frozen=True)
class UsableRows:
    """Rows that can be used, and why the others cannot.

    Attributes:
        keep: shape (n_read,), true for usable rows.
        rejected: reason to number of rows; the first that holds counts.
        flux_jy: shape (n_read,), the flux that is taken.
        is_integrated: shape (n_read,), whether it is the integrated one.
    """

    keep: NDArray[np.bool_]
    rejected: dict[str, int]
    flux_jy: NDArray[np.float64]
    is_integrated: NDArray[np.bool_]


def usable_rows(columns: CatalogColumns) -> UsableRows:
    """Take the integrated flux where there is one, else the peak; leave out rows without a place or a flux."""
    numbers = columns.numbers
    ra, dec = numbers["ra"], numbers["dec"]
    nothing = np.full(len(ra), np.nan)
    integrated, peak = numbers.get("flux", nothing), numbers.get("peak_flux", nothing)
    is_integrated = np.isfinite(integrated)
    flux = np.where(is_integrated, integrated, peak)
    reasons = {
        "position is not a number": ~(np.isfinite(ra) & np.isfinite(dec)),
        "position is outside the sky": (np.abs(dec) > 90) | (ra < -360) | (ra > 360),
        "flux is not a number": ~np.isfinite(flux),
        "flux is not positive": ~(flux > 0),
    }
    keep = np.ones(len(ra), dtype=np.bool_)
    rejected: dict[str, int] = {}
    for reason, wrong in reasons.items():
        count = int(np.count_nonzero(wrong & keep))
        if count > 0:
            rejected[reason] = count
        keep &= ~wrong
    return UsableRows(keep=keep, rejected=rejected, flux_jy=flux, is_integrated=is_integrated)


def flux_kind(rows: UsableRows) -> Literal["integrated", "peak"]:
    """Which flux most of the rows have."""
    return "integrated" if np.count_nonzero(rows.is_integrated & rows.keep) * 2 >= rows.keep.sum() else "peak"


def write_table(path: Path, columns: CatalogColumns, rows: UsableRows, freq_hz: float) -> int:
    """Write the usable rows as CSV with the columns of ``TABLE_COLUMNS``; nothing stands for unknown.

    Returns:
        Number of rows whose id is not unique; they are written without it.
    """
    keep, numbers = rows.keep, columns.numbers
    ids, n_doubled = _unique_ids(columns.ids[keep])
    peak = numbers.get("peak_flux")
    cells: dict[str, list[str]] = {
        "catalog_id": ids,
        "ra_deg": _cells(np.mod(numbers["ra"][keep], 360), digits=10),
        "dec_deg": _cells(numbers["dec"][keep], digits=10),
        "flux_jy": _cells(rows.flux_jy[keep]),
        "flux_kind": ["integrated" if own else "peak" for own in rows.is_integrated[keep]],
        "freq_hz": [repr(freq_hz)] * int(keep.sum()),
        "resolved": _resolved(rows, None if peak is None else peak)[keep].tolist(),
    }
    for name, field in {**_POSITIVE, **_ANY}.items():
        if field in numbers:
            values = numbers[field][keep]
            cells[name] = _cells(np.where(values > 0, values, np.nan) if name in _POSITIVE else values)
    if "crowding" in numbers:
        cells["crowding"] = ["" if np.isnan(value) else str(int(value)) for value in numbers["crowding"][keep]]
    blank = [""] * int(keep.sum())
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(TABLE_COLUMNS)
        writer.writerows(zip(*(cells.get(name, blank) for name in TABLE_COLUMNS), strict=True))
    return n_doubled


def _cells(values: NDArray[np.float64], digits: int = 8) -> list[str]:
    return [f"{value:.{digits}g}" if np.isfinite(value) else "" for value in values.tolist()]


def _resolved(rows: UsableRows, peak: NDArray[np.float64] | None) -> NDArray[np.str_]:
    """``t`` or ``f`` where both fluxes are measured, else nothing."""
    unknown = np.full(len(rows.keep), "", dtype="U1")
    if peak is None:
        return unknown
    measured = rows.is_integrated & (peak > 0)
    ratio = np.divide(rows.flux_jy, peak, out=np.zeros_like(peak), where=measured)
    unknown[measured] = np.where(ratio[measured] >= RESOLVED_RATIO, "t", "f")
    return unknown


def _unique_ids(ids: NDArray[np.str_]) -> tuple[list[str], int]:
    _, inverse, counts = np.unique(ids, return_inverse=True, return_counts=True)
    doubled = (counts[inverse] > 1) & (ids != "")
    return np.where(doubled, "", ids).tolist(), int(np.count_nonzero(doubled))
