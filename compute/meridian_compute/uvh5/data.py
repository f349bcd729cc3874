"""Visibilities, flags and sample counts of a UVH5 file, a range of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from .header import Uvh5Header
from .open import open_uvh5, unreadable_is_truncated

Rows = slice | NDArray[np.intp]


@dataclass
class RawBlock:
    """Some rows of a file, in the file's order of channels and polarisations.

    Attributes:
        visibilities: shape (n_row, n_freq, n_pol), complex64, a copy that may be changed.
        flags: same shape, True is bad.
        nsamples: same shape, float32.
    """

    visibilities: NDArray[np.complex64]
    flags: NDArray[np.bool_]
    nsamples: NDArray[np.float32]


class Uvh5Data:
    """The ``Data`` group of an open file."""

    def __init__(self, header: Uvh5Header, group: h5py.Group) -> None:
        self.header = header
        self._group = group

    def read(self, rows: Rows) -> RawBlock:
        """Read some rows; a slice is much faster than a list of them.

        Raises:
            StageFailure: FILE_TRUNCATED if the file cannot be read there.
        """
        with unreadable_is_truncated(self.header.path):
            return RawBlock(
                visibilities=as_complex(self._rows("visdata", rows)),
                flags=self._rows("flags", rows).astype(np.bool_, copy=False),
                nsamples=self._rows("nsamples", rows).astype(np.float32, copy=False),
            )

    def _rows(self, name: str, rows: Rows) -> NDArray[Any]:
        values: NDArray[Any]
        if isinstance(rows, slice):
            values = self._group[name][rows]
        else:
            # HDF5 reads lists of rows in ascending order only.
            order = np.argsort(rows)
            values = self._group[name][rows[order]][np.argsort(order)]
        return values[:, 0] if self.header.has_spw_axis else values


def as_complex(values: NDArray[Any]) -> NDArray[np.complex64]:
    """Complex64 from complex numbers of any precision, or from pairs of fields ``r`` and ``i`` of any number type."""
    if values.dtype.names is None:
        # Garbage beyond the range of complex64 becomes infinite, and is flagged as such later.
        with np.errstate(over="ignore"):
            return values.astype(np.complex64, copy=False)
    out = np.empty(values.shape, dtype=np.complex64)
    out.real = values["r"]
    out.imag = values["i"]
    return out


@contextmanager
def open_data(header: Uvh5Header) -> Iterator[Uvh5Data]:
    """Open a file's data for reading.

    Raises:
        StageFailure: as ``open_uvh5``.
    """
    with open_uvh5(header.path) as file:
        yield Uvh5Data(header, file["Data"])
