"""Rows of a group: their order in time, their antennas, and the blocks in which they are worked on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..contract import StageFailure
from ..uvh5.header import Uvh5Header

Int = NDArray[np.int64]


class Span(NamedTuple):
    """Successive integrations and their rows."""

    times: slice
    rows: slice


@dataclass(frozen=True)
class RowPlan:
    """Rows in order of time.

    Attributes:
        order: row of the file for each row here; None where the file is in this order already.
        mjd_utc: shape (n_time,), distinct times.
        start: shape (n_time + 1,), first row of each time.
        first: shape (n_row,), index of the first antenna among the antennas with data.
        second: shape (n_row,); not below ``first``.
        swapped: shape (n_row,), True where the file has the antennas the other way round.
    """

    order: Int | None
    mjd_utc: NDArray[np.float64]
    start: Int
    first: Int
    second: Int
    swapped: NDArray[np.bool_]

    @property
    def n_row(self) -> int:
        """Rows of the file."""
        return int(self.start[-1])

    @property
    def rows_per_time(self) -> int:
        """Baselines of one integration; meaningful where all integrations have the same."""
        return int(self.start[1])

    def file_rows(self, rows: slice) -> slice | Int:
        """Where some rows are in the file."""
        return rows if self.order is None else self.order[rows]

    def blocks(self, times_at_once: int) -> Iterator[Span]:
        """Blocks of so many integrations, the last one of what is left."""
        n_time = self.mjd_utc.size
        for begin in range(0, n_time, times_at_once):
            end = min(begin + times_at_once, n_time)
            yield Span(slice(begin, end), slice(int(self.start[begin]), int(self.start[end])))


def plan_rows(header: Uvh5Header) -> RowPlan:
    """Put the rows of a file in order of time; pairs of antennas are turned so that the lower comes first."""
    mjd_utc, index = header.times_mjd, np.searchsorted(header.times_mjd, header.mjd_utc)
    order = None
    if (np.diff(index) < 0).any():
        order = np.argsort(index, kind="stable")
        index = index[order]
    ends = []
    for antennas in (header.antenna_1, header.antenna_2):
        numbers = antennas if order is None else antennas[order]
        ends.append(np.searchsorted(header.data_antennas, numbers))
    swapped = ends[0] > ends[1]
    return RowPlan(
        order=order,
        mjd_utc=mjd_utc,
        start=np.searchsorted(index, np.arange(mjd_utc.size + 1)),
        first=np.minimum(*ends),
        second=np.maximum(*ends),
        swapped=swapped,
    )


def require_same_baselines(plan: RowPlan, header: Uvh5Header) -> None:
    """Averaging over time needs every integration to hold the same baselines in the same order.

    Raises:
        StageFailure: SHAPE_MISMATCH otherwise.
    """
    n_time = plan.mjd_utc.size
    if plan.n_row == n_time * plan.rows_per_time and (np.diff(plan.start) == plan.rows_per_time).all():
        first, second = (ends.reshape(n_time, -1) for ends in (plan.first, plan.second))
        if (first == first[0]).all() and (second == second[0]).all():
            return
    message = f"{header.path}: integrations cannot be averaged: they do not hold the same baselines"
    raise StageFailure("SHAPE_MISMATCH", message, file=str(header.path), field="Header/ant_1_array")
