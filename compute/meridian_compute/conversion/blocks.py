"""Raw visibilities of one file to those of the measurement set: flag, turn, average, conjugate, order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import site
from ..ms_summary import CASA_OF_AIPS
from ..uvh5.data import RawBlock, Uvh5Data
from ..uvh5.header import Uvh5Header
from .averaging import Tally, average, flag_invalid
from .geometry import Float, Geometry
from .rows import RowPlan, Span

#: Partner of a polarisation when the antennas change places: XY and YX, RL and LR.
_SWAPPED_POLARIZATION = {-7: -8, -8: -7, -3: -4, -4: -3}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a group is converted.

    Attributes:
        rows: order and antennas of the rows.
        geometry: how far data are turned.
        channels: neighbouring channels per average.
        times: integrations per average.
        clip: amplitudes above it are flagged; None: none are.
        delay_s: shape (n_antenna,), removed; None: nothing is.
        reference_hz: frequency at which removing delays leaves the phase.
    """

    rows: RowPlan
    geometry: Geometry
    channels: int
    times: int
    clip: float | None
    delay_s: Float | None
    reference_hz: float

    @property
    def averages(self) -> bool:
        """Whether anything is averaged; exact zeros are flagged only then, for they would spoil the averages."""
        return self.channels > 1 or self.times > 1


def convert_block(data: Uvh5Data, recipe: Recipe, span: Span, *, out: RawBlock) -> Tally:
    """Read some integrations of a file and make them what the measurement set holds.

    Args:
        data: the open file.
        recipe: what to do.
        span: which integrations, and their rows in the order of ``recipe.rows``.
        out: receives visibilities, flags and weights of shape (n_row, n_channel, n_pol): channels ascending,
            polarisations in CASA's order, conjugated, antennas in the order of ``recipe.rows``.

    Returns:
        What was found in the raw data.
    """
    raw = data.read(recipe.rows.file_rows(span.rows))
    tally = flag_invalid(raw, zeros=recipe.averages, clip=recipe.clip)
    _turn(raw.visibilities, data.header, recipe, span.times)
    block = average(raw, recipe.channels, recipe.rows.rows_per_time, recipe.times)
    swapped = recipe.rows.swapped[span.rows]
    if recipe.times > 1:
        swapped = swapped.reshape(-1, recipe.times, recipe.rows.rows_per_time)[:, 0].reshape(-1)
    _into_measurement_set(block, data.header, swapped, out)
    return tally


def _turn(visibilities: NDArray[np.complex64], header: Uvh5Header, recipe: Recipe, times: slice) -> None:
    """Turn to the new phase centre and remove delays, in place."""
    if recipe.geometry.turn_m is None and recipe.delay_s is None:
        return
    plan, origin = recipe.rows, int(recipe.rows.start[times.start])
    for time in range(times.start, times.stop):
        rows = slice(int(plan.start[time]), int(plan.start[time + 1]))
        # Rows of the file: its own first antenna, whichever comes first in the measurement set.
        first = np.where(plan.swapped[rows], plan.second[rows], plan.first[rows])
        second = np.where(plan.swapped[rows], plan.first[rows], plan.second[rows])
        phasor = _antenna_phasors(header, recipe, time)
        baseline = phasor[first].conj()
        baseline *= phasor[second]
        visibilities[rows.start - origin : rows.stop - origin] *= baseline[..., None]


def _antenna_phasors(header: Uvh5Header, recipe: Recipe, time: int) -> NDArray[np.complex64]:
    """exp(i phase) of each antenna and channel, shape (n_antenna, n_freq), so that baselines turn by conj(1) x 2."""
    phase = np.zeros((header.data_antennas.size, header.freq_hz.size))
    if recipe.geometry.turn_m is not None:
        phase -= recipe.geometry.turn_m[time][:, None] * header.freq_hz / site.SPEED_OF_LIGHT_M_S
    if recipe.delay_s is not None:
        # The gain's phase in a measurement set is 2 pi delay nu; in a file, conj(1) x 2 of the same.
        phase -= recipe.delay_s[:, None] * (header.freq_hz - recipe.reference_hz)
    return np.asarray(np.exp(2j * np.pi * phase).astype(np.complex64))


def _into_measurement_set(block: RawBlock, header: Uvh5Header, swapped: NDArray[np.bool_], out: RawBlock) -> None:
    """Order channels and polarisations and conjugate; where antennas changed places, that conjugates once more."""
    polarizations = header.polarizations
    order = sorted(range(len(polarizations)), key=lambda index: CASA_OF_AIPS[polarizations[index]])
    step = -1 if header.freq_hz[0] > header.freq_hz[-1] else 1
    np.conjugate(_ordered(block.visibilities, step, order), out=out.visibilities)
    out.flags[...] = _ordered(block.flags, step, order)
    out.nsamples[...] = _ordered(block.nsamples, step, order)
    if swapped.any():
        order = _swapped_order(polarizations, order)
        out.visibilities[swapped] = _ordered(block.visibilities[swapped], step, order)
        out.flags[swapped] = _ordered(block.flags[swapped], step, order)
        out.nsamples[swapped] = _ordered(block.nsamples[swapped], step, order)


def _ordered(values: NDArray[Any], step: int, order: list[int]) -> NDArray[Any]:
    in_order = order == list(range(len(order)))
    return values[:, ::step] if in_order else values[:, ::step, :][:, :, order]


def _swapped_order(polarizations: list[int], order: list[int]) -> list[int]:
    """Where each output polarisation comes from when the antennas change places."""
    partners = [_SWAPPED_POLARIZATION.get(polarizations[index], polarizations[index]) for index in order]
    return [
        polarizations.index(code) if code in polarizations else index
        for code, index in zip(partners, order, strict=True)
    ]
