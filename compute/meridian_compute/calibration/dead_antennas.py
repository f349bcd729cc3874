"""Receptors that give nothing useful: no data, or amplitudes far from those of the array."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .flag_editor import FlagEditor

Float = NDArray[np.float64]

#: A receptor with amplitudes below (above) the array's median by this factor is dead (broken).
AMPLITUDE_FACTOR = 10.0
#: A receptor with more than this fraction of its cells flagged is dead.
FLAGGED_FRACTION = 0.95


def receptor_levels(editor: FlagEditor) -> tuple[Float, Float]:
    """Amplitude and flagged fraction of each receptor, from its cross-correlations.

    Returns:
        Median over its baselines of the mean amplitude, relative to the array's median (NaN without data), and the
        flagged fraction (1 without rows); shape (n_antenna, n_correlation) each.
    """
    n_rows, n_channels, n_correlations = editor.flags.shape
    amplitude = np.full((n_rows, n_correlations), np.nan)
    for rows, data in editor.blocks():
        good = ~editor.flags[rows]
        # One sample in eight channels is plenty for an amplitude.
        step = max(1, n_channels // 12)
        count = good[:, ::step].sum(axis=1)
        total = np.where(good[:, ::step], np.abs(data[:, ::step]), 0).sum(axis=1)
        np.divide(total, count, out=amplitude[rows], where=count > 0)
    flagged = editor.flags.mean(axis=1)
    level = np.full((len(editor.antenna_names), n_correlations), np.nan)
    fraction = np.ones_like(level)
    for antenna in np.unique(np.concatenate([editor.antenna1, editor.antenna2])):
        rows_of_antenna = ((editor.antenna1 == antenna) | (editor.antenna2 == antenna)) & editor.cross
        if not rows_of_antenna.any():
            continue
        fraction[antenna] = flagged[rows_of_antenna].mean(axis=0)
        for correlation in range(n_correlations):
            values = amplitude[rows_of_antenna, correlation]
            values = values[np.isfinite(values)]
            level[antenna, correlation] = np.median(values) if values.size else np.nan
    with np.errstate(invalid="ignore", divide="ignore"):
        typical = [np.median(column[np.isfinite(column)]) if np.isfinite(column).any() else 1.0 for column in level.T]
        return level / np.array(typical), fraction


def flag_dead_antennas(editor: FlagEditor) -> list[str]:
    """Flag everything of dead receptors.

    Returns:
        Names of the antennas whose receptors are all dead; ``NAME:XX`` for a single dead receptor.
    """
    level, fraction = receptor_levels(editor)
    used = np.zeros(len(editor.antenna_names), dtype=bool)
    used[np.concatenate([editor.antenna1, editor.antenna2])] = True
    alive = np.isfinite(level) & (level > 1 / AMPLITUDE_FACTOR) & (level < AMPLITUDE_FACTOR)
    alive &= fraction <= FLAGGED_FRACTION
    dead = ~alive & used[:, None]
    names: list[str] = []
    for antenna in np.flatnonzero(dead.any(axis=1)):
        rows = (editor.antenna1 == antenna) | (editor.antenna2 == antenna)
        for correlation in np.flatnonzero(dead[antenna]):
            editor.flags[rows, :, correlation] = True
        name = editor.antenna_names[antenna]
        if dead[antenna].all():
            names.append(name)
        else:
            names += [
                f"{name}:{editor.correlation_names[correlation]}" for correlation in np.flatnonzero(dead[antenna])
            ]
    return names
