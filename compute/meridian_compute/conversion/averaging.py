"""Flagging of what is no number, and weighted averaging over channels and integrations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..uvh5.data import RawBlock

#: Widths are given rounded: 1.95 MHz stands for the 1.953125 MHz of eight channels.
_WIDTH_TOLERANCE: Final = 1.005

Sample = TypeVar("Sample", np.float32, np.complex64)


def averaging_factor(count: int, width: float, max_width: float | None) -> int:
    """Largest divisor of ``count`` whose averages are no wider than ``max_width``; 1 if that is None."""
    if max_width is None:
        return 1
    limit = max_width * _WIDTH_TOLERANCE / width
    return max((n for n in range(1, count + 1) if count % n == 0 and n <= limit), default=1)


@dataclass
class Tally:
    """What was found in the raw visibilities."""

    n_samples: int = 0
    n_zero: int = 0
    n_nonfinite: int = 0
    n_flagged: int = 0
    n_bad_weights: int = 0

    def add(self, other: Tally) -> None:
        """Add another tally to this one."""
        self.n_samples += other.n_samples
        self.n_zero += other.n_zero
        self.n_nonfinite += other.n_nonfinite
        self.n_flagged += other.n_flagged
        self.n_bad_weights += other.n_bad_weights


def flag_invalid(raw: RawBlock, *, zeros: bool, clip: float | None) -> Tally:
    """Flag NaN and infinity (and make them 0), and if asked exact zeros and amplitudes above ``clip``, in place.

    Weights that are negative or no numbers become 1.
    """
    values = raw.visibilities
    finite = np.isfinite(values)
    n_nonfinite = values.size - int(np.count_nonzero(finite))
    if n_nonfinite:
        values[~finite] = 0
        raw.flags = raw.flags | ~finite
    is_zero = values == 0
    n_zero = int(np.count_nonzero(is_zero)) - n_nonfinite
    if zeros and n_zero:
        raw.flags = raw.flags | is_zero
    if clip is not None:
        raw.flags = raw.flags | (np.abs(values) > clip)
    bad_weights = ~(raw.nsamples >= 0) | np.isinf(raw.nsamples)
    n_bad_weights = int(np.count_nonzero(bad_weights))
    if n_bad_weights:
        raw.nsamples = np.where(bad_weights, np.float32(1), raw.nsamples)
    return Tally(values.size, n_zero, n_nonfinite, int(np.count_nonzero(raw.flags)), n_bad_weights)


def average(raw: RawBlock, channels: int, rows_per_time: int, times: int) -> RawBlock:
    """Weighted means over ``channels`` neighbours and ``times`` integrations; flagged samples do not count.

    A mean is flagged if all its samples are; its weight is the sum of theirs.

    Args:
        raw: rows in order of time, ``rows_per_time`` each, the same baselines at each time.
        channels: divides the number of channels.
        rows_per_time: baselines.
        times: divides the number of integrations in the block.
    """
    if channels == 1 and times == 1:
        return raw
    weight = raw.nsamples[0, 0, 0]
    if not raw.flags.any() and weight > 0 and (raw.nsamples == weight).all():
        summed = _sum(raw.visibilities, channels, rows_per_time, times)
        summed /= np.float32(channels * times)
        weights = np.full(summed.shape, weight * channels * times, dtype=np.float32)
        return RawBlock(summed, np.zeros(summed.shape, dtype=np.bool_), weights)
    weights = np.where(raw.flags, np.float32(0), raw.nsamples)
    raw.visibilities *= weights
    summed = _sum(raw.visibilities, channels, rows_per_time, times)
    weights = _sum(weights, channels, rows_per_time, times)
    flags = weights <= 0
    summed /= np.where(flags, np.float32(1), weights)
    return RawBlock(summed, flags, weights)


def _sum(values: NDArray[Sample], channels: int, rows_per_time: int, times: int) -> NDArray[Sample]:
    """Sum over neighbouring channels (a product of matrices, which is fast), then over integrations."""
    n_row, n_freq, n_pol = values.shape
    parts = n_pol * (2 if values.dtype.kind == "c" else 1)
    flat = np.ascontiguousarray(values).view(np.float32).reshape(-1, channels * parts)
    summed: NDArray[np.float32] = flat @ np.tile(np.eye(parts, dtype=np.float32), (channels, 1))
    n_out = n_freq // channels
    if times > 1:
        summed = summed.reshape(-1, times, rows_per_time, n_out * parts).sum(axis=1)
    return summed.view(values.dtype).reshape(n_row // times, n_out, n_pol)
