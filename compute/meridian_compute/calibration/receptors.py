"""Which receptors see the calibrator, and which antenna the phases refer to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..contract import StageFailure
from ..ms_summary import open_table, read_columns
from .solving_set import SolvingSet

Bool = NDArray[np.bool_]
Float = NDArray[np.float64]

#: A receptor whose signal repeats less than this fraction of the array's median sees only noise.
_COHERENCE_FRACTION = 0.3
#: An antenna with more flagged than this above the best one is no reference.
_REFANT_FLAGGED = 0.2


@dataclass(frozen=True, kw_only=True)
class Receptors:
    """State of each receptor.

    Attributes:
        names: one per row of the ANTENNA table.
        present: shape (n_antenna,): has rows in the data.
        working: shape (n_antenna, n_hand): has unflagged data in which the calibrator repeats.
        flagged: shape (n_antenna,): flagged fraction of the rows of each antenna, 1 without rows.
        distance_m: shape (n_antenna,): from the median position of the working antennas.
    """

    names: list[str]
    present: Bool
    working: Bool
    flagged: Float
    distance_m: Float


def examine_receptors(solving: SolvingSet, ms: Path) -> Receptors:
    """Find receptors without data and those whose data do not repeat from bin to bin.

    Raises:
        StageFailure: DATA_ALL_FLAGGED if none is working.
    """
    names, positions_m = read_columns(f"{ms}::ANTENNA", "NAME", "POSITION")
    n_antennas = len(names)
    coherence, samples = _coherence(solving, n_antennas)
    flagged = np.ones(n_antennas)
    flags_of_row = solving.flags[:, :, solving.hands].mean(axis=(1, 2))
    present = np.zeros(n_antennas, dtype=bool)
    for antenna in np.unique(np.concatenate([solving.antenna1, solving.antenna2])):
        rows = (solving.antenna1 == antenna) | (solving.antenna2 == antenna)
        flagged[antenna] = flags_of_row[rows].mean()
        present[antenna] = True
    working = samples > 0
    if not working.any():
        raise StageFailure("DATA_ALL_FLAGGED", f"{ms}: every receptor is flagged", file=str(ms))
    if solving.n_bins > 1:
        working &= coherence > _COHERENCE_FRACTION * np.median(coherence[working])
    alive = working.any(axis=1)
    centre = np.median(positions_m[alive], axis=0)
    return Receptors(
        names=[str(name) for name in names],
        present=present,
        working=working,
        flagged=flagged,
        distance_m=np.linalg.norm(positions_m - centre, axis=1),
    )


def _coherence(solving: SolvingSet, n_antennas: int) -> tuple[Float, Float]:
    """How much of each receptor's power repeats between bins (0 noise, 1 signal), and its number of samples.

    For n bins of a channel of a baseline, |sum V|^2 - sum |V|^2 is n (n - 1) |signal|^2 in the mean, and
    (n - 1) sum |V|^2 is n (n - 1) (|signal|^2 + |noise|^2).
    """
    pairs = solving.antenna1.astype(np.int64) * n_antennas + solving.antenna2
    baselines, baseline_of_row = np.unique(pairs, return_inverse=True)
    shape = (baselines.size, solving.data.shape[1], len(solving.hands))
    total = np.zeros(shape, dtype=np.complex128)
    power, count = np.zeros(shape), np.zeros(shape, dtype=np.int32)
    for index in range(solving.n_bins):
        rows = solving.bin_of_row == index
        good = ~solving.flags[rows][:, :, solving.hands]
        values = np.where(good, solving.data[rows][:, :, solving.hands], 0).astype(np.complex128)
        # A bin has each baseline once, so plain indexing adds right.
        total[baseline_of_row[rows]] += values
        power[baseline_of_row[rows]] += np.abs(values) ** 2
        count[baseline_of_row[rows]] += good
    repeated = (np.abs(total) ** 2 - power).sum(axis=1)
    possible = ((count - 1).clip(0) * power).sum(axis=1)
    samples = count.sum(axis=1)
    sums = [np.zeros((n_antennas, len(solving.hands))) for _ in range(3)]
    for antennas in (baselines // n_antennas, baselines % n_antennas):
        for into, values in zip(sums, (repeated, possible, samples), strict=True):
            np.add.at(into, antennas, values)
    coherence = np.divide(sums[0], sums[1], out=np.zeros_like(sums[0]), where=sums[1] > 0)
    return coherence, sums[2]


def choose_refant(receptors: Receptors, wanted: str | None) -> tuple[int, str | None]:
    """Reference antenna: the one asked for if it works, else central, working, with few flags.

    Returns:
        Its index, and a warning if another one than asked for was taken.

    Raises:
        StageFailure: SPEC_INVALID if there is no antenna of that name.
    """
    fit = receptors.working.all(axis=1)
    if not fit.any():
        fit = receptors.working.any(axis=1)
    fit &= receptors.flagged <= receptors.flagged[fit].min() + _REFANT_FLAGGED
    scale_m = max(float(np.median(receptors.distance_m[fit])), 1.0)
    cost = np.where(fit, receptors.distance_m / scale_m + receptors.flagged, np.inf)
    best = int(np.argmin(cost))
    if wanted is None:
        return best, None
    index = next((i for i, name in enumerate(receptors.names) if name.upper() == wanted.upper()), None)
    if index is None:
        raise StageFailure("SPEC_INVALID", f"there is no antenna {wanted} to refer phases to", field="refant")
    if not receptors.working[index].all():
        return best, f"reference antenna {wanted} has no useful data; {receptors.names[best]} is taken instead"
    return index, None


def flag_not_working(solving: SolvingSet, working: Bool) -> None:
    """Flag receptors that do not work in the solving set, so that no solution is made from noise.

    Args:
        solving: changed in memory and in the file.
        working: shape (n_antenna, n_hand).
    """
    for position, hand in enumerate(solving.hands):
        dead = np.flatnonzero(~working[:, position])
        rows = np.isin(solving.antenna1, dead) | np.isin(solving.antenna2, dead)
        solving.flags[rows, :, hand] = True
    with open_table(solving.path, readonly=False) as main:
        main.putcol("FLAG", solving.flags)
        main.putcol("FLAG_ROW", solving.flags.all(axis=(1, 2)))


def receptor_names(receptors: Receptors, selected: Bool, hands: list[str]) -> list[str]:
    """Names of selected receptors: ``NAME`` for all of an antenna, ``NAME:XX`` for one."""
    names: list[str] = []
    for antenna in np.flatnonzero(selected.any(axis=1) & receptors.present):
        if selected[antenna].all():
            names.append(receptors.names[antenna])
        else:
            names += [f"{receptors.names[antenna]}:{hands[hand]}" for hand in np.flatnonzero(selected[antenna])]
    return names
