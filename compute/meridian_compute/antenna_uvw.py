"""Antenna positions in uvw axes, from the uvw of baselines."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .contract import StageFailure

Float = NDArray[np.float64]

#: uvw of a measurement set must be differences of antenna positions to this, m (VLA sets close to 1.3 mm). Times the
#: direction cosines of a field it is a phase of 0.3 degrees at most.
_CLOSURE_M = 5e-3


def antenna_uvw_m(uvw_m: Float, pairs: tuple[NDArray[Any], NDArray[Any]], n_antennas: int) -> Float:
    """Least-squares antenna positions whose differences (first minus second) are the uvw of one integration.

    Rows whose uvw are all zero between two antennas are placeholders and not used. Antennas that no row connects
    keep an arbitrary common offset, which no baseline sees.

    Args:
        uvw_m: shape (n_row, 3).
        pairs: index of the first and of the second antenna, shape (n_row,) each, from 0 to n_antennas - 1.
        n_antennas: number of antennas.

    Returns:
        Shape (n_antennas, 3), m.

    Raises:
        StageFailure: MS_INVALID if the differences leave more than 5 mm.
    """
    first, second = pairs
    used = (first != second) & (uvw_m != 0).any(axis=1)
    first, second, uvw = first[used], second[used], uvw_m[used]
    laplacian = np.zeros((n_antennas, n_antennas))
    np.add.at(laplacian, (first, first), 1.0)
    np.add.at(laplacian, (second, second), 1.0)
    np.add.at(laplacian, (first, second), -1.0)
    np.add.at(laplacian, (second, first), -1.0)
    sums = np.zeros((n_antennas, 3))
    np.add.at(sums, first, uvw)
    np.add.at(sums, second, -uvw)
    positions = np.asarray(np.linalg.lstsq(laplacian, sums, rcond=1e-10)[0], dtype=np.float64)
    worst = float(np.abs(positions[first] - positions[second] - uvw).max(initial=0.0))
    if worst > _CLOSURE_M:
        raise StageFailure(
            "MS_INVALID",
            f"the UVW column does not close: {worst:.4f} m between antenna triples",
        )
    return positions
