"""Interference found by AOFlagger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..contract import StageFailure
from .flag_editor import FlagEditor, baseline_grids
from .rfi_excess import mean_amplitude, measure_excess, over_background

Bool = NDArray[np.bool_]

#: The strategy that comes with the product, for images of excess.
SHIPPED_STRATEGY = Path(__file__).parent.parent / "data" / "rfi_excess.lua"

#: An image with more cells missing than this leaves nothing to compare with.
_HOPELESS_FRACTION = 0.9

#: Interference raises the scatter by at least this fraction: over the array, over the baselines of an antenna.
_MIN_EXCESS_ARRAY = 0.4
_MIN_EXCESS_ANTENNA = 4.0
#: At the edges a running median has neighbours on one side only, and a slope looks like an excess.
_EDGE_FACTOR = 10.0

Progress = Callable[[float], None]


def load_aoflagger() -> Any | None:
    """The binding, or None where it is not installed."""
    try:
        import aoflagger
    except ImportError:
        return None
    return aoflagger


class _Strategy:
    """A loaded strategy for images of one shape."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise StageFailure("FILE_MISSING", f"there is no AOFlagger strategy at {path}", file=str(path))
        aoflagger = load_aoflagger()
        assert aoflagger is not None
        self._flagger = aoflagger.AOFlagger()
        self._loaded = self._flagger.load_strategy_file(str(path))
        self.version = str(self._flagger.get_version_string())

    def run(self, image: NDArray[np.floating[Any]], missing: Bool) -> Bool:
        """Flags of an image of shape (n_time, n_channel); what is missing is left out and not flagged again."""
        if missing.mean() > _HOPELESS_FRACTION:
            return np.zeros(image.shape, dtype=bool)
        n_times, n_channels = image.shape
        images = self._flagger.make_image_set(n_times, n_channels, 1)
        images.set_image_buffer(0, np.ascontiguousarray(np.where(missing, 0.0, image).T, dtype=np.float64))
        mask = self._flagger.make_flag_mask(n_times, n_channels, False)
        mask.set_buffer(np.ascontiguousarray(missing.T))
        found = np.asarray(self._loaded.run(images, mask).get_buffer()).T
        return np.asarray(found & ~missing)


def flag_rfi(editor: FlagEditor, strategy: str | None, on_progress: Progress) -> str:
    """Flag interference in the cross-correlations; flags that are there are left out and kept.

    Without a strategy AOFlagger is shown the excess of the whole array and of each antenna (``rfi_excess``): what it
    finds is flagged for all baselines, or for those of the antenna. A strategy that is given is run on the amplitudes
    of each baseline, averaged over the correlations.

    Args:
        editor: flags and data.
        strategy: path of a Lua strategy, or None.
        on_progress: called with the fraction done.

    Returns:
        AOFlagger's version.

    Raises:
        StageFailure: FILE_MISSING without the strategy, TOOL_FAILED if AOFlagger refuses it.
    """
    path = SHIPPED_STRATEGY if strategy is None else Path(strategy)
    try:
        loaded = _Strategy(path)
        if strategy is None:
            _flag_by_excess(editor, loaded, on_progress)
        else:
            _flag_by_baseline(editor, loaded, on_progress)
    except RuntimeError as cause:
        raise StageFailure("TOOL_FAILED", f"AOFlagger with {path.name}: {cause}", tool="aoflagger") from cause
    return loaded.version


def _flag_by_excess(editor: FlagEditor, strategy: _Strategy, on_progress: Progress) -> None:
    excess = measure_excess(editor, lambda done: on_progress(0.9 * done))
    everywhere = _stands_out(strategy, excess.array, _MIN_EXCESS_ARRAY)
    _times, time_of_row = np.unique(editor.time_s, return_inverse=True)
    cross = np.flatnonzero(editor.cross)
    editor.flags[cross] |= everywhere[time_of_row[cross]][:, :, None]
    for antenna, image in enumerate(excess.antenna):
        if not np.isfinite(image).any():
            continue
        local = _stands_out(strategy, np.where(everywhere, np.nan, image), _MIN_EXCESS_ANTENNA)
        if local.any():
            rows = cross[(editor.antenna1[cross] == antenna) | (editor.antenna2[cross] == antenna)]
            editor.flags[rows] |= local[time_of_row[rows]][:, :, None]


def _stands_out(strategy: _Strategy, excess: NDArray[np.float64], limit: float) -> Bool:
    """Cells of (n_time, n_channel) that AOFlagger finds in either image and that matter.

    The images are so quiet that AOFlagger finds ripples of a few per cent, which are the sky's and harm nothing.
    """
    found = np.zeros(excess.shape[1:], dtype=bool)
    limits = np.full(excess.shape, limit)
    limits[0][:, [0, -1]] *= _EDGE_FACTOR
    limits[1][[0, -1], :] *= _EDGE_FACTOR
    for image, lowest in zip(over_background(excess), limits, strict=True):
        found |= strategy.run(image, ~np.isfinite(image)) & (np.nan_to_num(image) > lowest)
    return found


def _flag_by_baseline(editor: FlagEditor, strategy: _Strategy, on_progress: Progress) -> None:
    for done, rows in baseline_grids(editor):
        flags = editor.flags[rows]
        data = editor.rows_of_data(rows.ravel()).reshape(flags.shape)
        amplitude, good = mean_amplitude(data, flags)
        for baseline in range(rows.shape[1]):
            found = strategy.run(amplitude[:, baseline], ~good[:, baseline])
            flags[:, baseline] |= found[:, :, None]
        editor.flags[rows] = flags
        on_progress(done)
