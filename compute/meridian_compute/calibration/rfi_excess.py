"""How much each cell of time and frequency stands out, summed over baselines.

Interference is often too weak to be seen on one baseline and plain in the sum over thousands. For each baseline the
amplitude is compared with its neighbours in frequency (carriers) and in time (bursts); the squares of the deviations,
in units of the baseline's own scatter, are averaged over all baselines and over those of each antenna.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from .flag_editor import FlagEditor, baseline_grids

Bool = NDArray[np.bool_]
Float32 = NDArray[np.float32]
Float = NDArray[np.float64]

#: Window of the running medians: channels, integrations.
_CHANNELS = 9
_INTEGRATIONS = 5
_BACKGROUND_CHANNELS = 25
_BACKGROUND_INTEGRATIONS = 11
#: Scatter of a baseline is at least this fraction of its amplitude: bandpasses are not that smooth.
_SCATTER_FLOOR = 0.02
#: A single wild baseline must not fake interference for all: squares are cut here.
_LARGEST_SQUARE = 50.0
#: Single samples beyond this many times the scatter are flagged by themselves.
_WILD_SIGMA = 7.0


@dataclass(frozen=True)
class Excess:
    """Mean squared deviations; 1 or so where nothing happens, NaN where there are no data.

    Attributes:
        array: shape (2, n_time, n_channel): against neighbours in frequency, in time.
        antenna: shape (n_antenna, 2, n_time, n_channel), over the baselines of each antenna.
    """

    array: Float
    antenna: Float


def measure_excess(editor: FlagEditor, on_progress: Callable[[float], None]) -> Excess:
    """Measure the excess of unflagged cross-correlations, and flag wild single samples on the way."""
    times = np.unique(editor.time_s)
    shape = (len(editor.antenna_names), 2, times.size, editor.flags.shape[1])
    total, count = np.zeros(shape), np.zeros(shape)
    for done, rows in baseline_grids(editor):
        data = editor.rows_of_data(rows.ravel()).reshape(*rows.shape, *editor.flags.shape[1:])
        flags = editor.flags[rows]
        amplitude, good = mean_amplitude(data, flags)
        squares, wild = deviations(amplitude, good)
        editor.flags[rows] = flags | wild[..., None]
        good &= ~wild
        when = np.searchsorted(times, editor.time_s[rows[:, 0]])
        for antennas in (editor.antenna1[rows[0]], editor.antenna2[rows[0]]):
            for antenna in np.unique(antennas):
                mine = antennas == antenna
                total[antenna][:, when] += np.where(good[:, mine], squares[:, :, mine], 0).sum(axis=2)
                count[antenna][:, when] += good[:, mine].sum(axis=1)
        on_progress(done)
    with np.errstate(invalid="ignore", divide="ignore"):
        return Excess(array=total.sum(axis=0) / count.sum(axis=0), antenna=total / count)


def over_background(excess: Float) -> Float:
    """Excess over its running median, as a fraction of it: 0 where nothing happens; NaN where there are no data.

    Args:
        excess: shape (2, n_time, n_channel), as in ``Excess``; each image is compared along its own axis.
    """
    present = np.isfinite(excess)
    out = np.full(excess.shape, np.nan)
    for index, window in enumerate(((1, _BACKGROUND_CHANNELS), (_BACKGROUND_INTEGRATIONS, 1))):
        image, good = excess[index], present[index]
        if good.any():
            filled = np.where(good, image, np.median(image[good]))
            background = median_filter(filled, size=window, mode="mirror")
            out[index] = np.where(good, filled / np.maximum(background, np.finfo(np.float64).tiny) - 1, np.nan)
    return out


def mean_amplitude(data: NDArray[np.complex64], flags: Bool) -> tuple[Float32, Bool]:
    """Amplitude averaged over the unflagged correlations (last axis), and where there is one."""
    good = ~flags & np.isfinite(data)
    count = good.sum(axis=-1)
    total = np.where(good, np.abs(data), np.float32(0)).sum(axis=-1, dtype=np.float32)
    return total / np.maximum(count, 1).astype(np.float32), count > 0


def deviations(amplitude: Float32, good: Bool) -> tuple[Float32, Bool]:
    """Squared deviations from neighbours, and samples that are wild.

    Args:
        amplitude: shape (n_time, n_baseline, n_channel).
        good: where there are data, same shape.

    Returns:
        Shape (2, n_time, n_baseline, n_channel), in units of each baseline's variance, cut at a largest value;
        shape (n_time, n_baseline, n_channel).
    """
    level = _median(amplitude, good)
    filled = _bridge_gaps(np.where(good, amplitude, level), good)
    floor = np.maximum((_SCATTER_FLOOR * level) ** 2, np.finfo(np.float32).tiny)

    def along(window: tuple[int, int, int]) -> Float32:
        residual = filled - median_filter(filled, size=window, mode="mirror")
        scatter = np.float32(1.4826) * _median(np.abs(residual), good)
        return np.asarray(residual**2 / (scatter**2 + floor))

    with ThreadPoolExecutor(2) as pool:
        squares = np.stack(list(pool.map(along, ((1, 1, _CHANNELS), (_INTEGRATIONS, 1, 1)))))
    wild = good & (squares > _WILD_SIGMA**2).any(axis=0)
    return np.minimum(squares, np.float32(_LARGEST_SQUARE)), wild


def _bridge_gaps(amplitude: Float32, good: Bool) -> Float32:
    """Straight lines over channels that no baseline has (missing subbands), so that their borders do not stand out."""
    present = np.flatnonzero(good.any(axis=(0, 1)))
    gap = np.setdiff1d(np.arange(amplitude.shape[2]), present)
    if gap.size == 0 or present.size == 0:
        return amplitude
    after = np.searchsorted(present, gap)
    left, right = present[np.maximum(after - 1, 0)], present[np.minimum(after, present.size - 1)]
    share = ((gap - left) / np.maximum(right - left, 1)).astype(np.float32)
    amplitude[:, :, gap] = (1 - share) * amplitude[:, :, left] + share * amplitude[:, :, right]
    return amplitude


def _median(values: Float32, good: Bool) -> Float32:
    """Median of each baseline's good values, shape (1, n_baseline, 1); 1 where it has none."""
    if good.all():
        return np.asarray(np.median(values, axis=(0, 2), keepdims=True), dtype=np.float32)
    kept = np.where(good, values, np.float32(np.nan)).transpose(1, 0, 2).reshape(values.shape[1], -1)
    kept[~good.any(axis=(0, 2))] = 1.0
    return np.asarray(np.nanmedian(kept, axis=1), dtype=np.float32)[None, :, None]
