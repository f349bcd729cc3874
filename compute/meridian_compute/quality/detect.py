"""A blind source finder: local maxima of a flat map that are not the flank of a brighter one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter
from scipy.spatial import cKDTree

from ..photometry_fit.stamps import BeamShape

Float = NDArray[np.float64]
Pixels = NDArray[np.float32]
Mask = NDArray[np.bool_]
Places = tuple[Float, Float]

#: Two maxima closer than this, in beams, are one detection.
_SEPARATION_FWHM = 0.75
#: A brighter detection's flank is taken off out to this far, in beams.
_FLANK_FWHM = 2.5


@dataclass(frozen=True, kw_only=True)
class Search:
    """What to search.

    Attributes:
        value: (n_y, n_x), in units of the local noise (or any even map); NaN where there are no data.
        shape: restoring beam in pixels.
        threshold: detections are above this.
        tolerance: share of a brighter detection's flank that may be left over, since its peak lies between pixels.
    """

    value: Pixels
    shape: BeamShape
    threshold: float
    tolerance: float = 0.05


@dataclass(frozen=True, kw_only=True)
class Peaks:
    """Detections, brightest first, all arrays (n,): 0-based pixels and the map's value there."""

    x: Float
    y: Float
    value: Float

    def where(self, keep: Mask) -> Peaks:
        """The detections for which ``keep`` is true."""
        return Peaks(x=self.x[keep], y=self.y[keep], value=self.value[keep])


def find_peaks(search: Search) -> Peaks:
    """Find local maxima above the threshold, one for each beam.

    From the brightest on, a maximum counts if enough of it is left when the beams of brighter ones near it are taken
    off. A maximum next to a pixel without data does not count: it may be a slope that the border cuts.
    """
    filled = np.where(np.isfinite(search.value), search.value, np.float32(np.inf))
    highest = maximum_filter(filled, size=3, mode="constant", cval=np.inf)
    with np.errstate(invalid="ignore"):
        row, column = np.nonzero((filled == highest) & np.isfinite(filled) & (filled > search.threshold))
    value = search.value[row, column].astype(np.float64)
    order = np.argsort(-value, kind="stable")
    peaks = Peaks(x=column[order].astype(np.float64), y=row[order].astype(np.float64), value=value[order])
    return peaks.where(_stand_alone(peaks, search))


def _stand_alone(peaks: Peaks, search: Search) -> Mask:
    kept = np.ones(len(peaks.x), dtype=bool)
    if len(kept) < 2:
        return kept
    shape = search.shape
    pairs = cKDTree(np.column_stack([peaks.x, peaks.y])).query_pairs(
        _FLANK_FWHM * shape.major_px, output_type="ndarray"
    )
    bright, faint = pairs.min(axis=1), pairs.max(axis=1)
    order = np.lexsort((bright, faint))
    bright, faint = bright[order], faint[order]
    dx, dy = peaks.x[faint] - peaks.x[bright], peaks.y[faint] - peaks.y[bright]
    distance, flank = shape.metric_fwhm(dx, dy), shape.value(dx, dy)
    # Brightest first: when a peak's turn comes, all brighter ones are decided.
    for start, stop in pairwise(np.flatnonzero(np.diff(faint, prepend=-1, append=-1))):
        brighter = bright[start:stop]
        alive = kept[brighter]
        below = float((peaks.value[brighter] * flank[start:stop])[alive].sum())
        left = peaks.value[faint[start]] - (1 + search.tolerance) * below
        kept[faint[start]] = not (distance[start:stop][alive] < _SEPARATION_FWHM).any() and left > search.threshold
    return kept


def has_neighbour(places: Places, others: Places, shape: BeamShape, reach_fwhm: float) -> Mask:
    """Which of some places (n,) have one of others within ``reach_fwhm`` beams; never where a place is NaN."""
    return np.array([len(near) > 0 for near in neighbours(places, others, shape, reach_fwhm)], dtype=bool)


def neighbours(places: Places, others: Places, shape: BeamShape, reach_fwhm: float) -> list[NDArray[np.intp]]:
    """For each of some places (n,), the indices of others within ``reach_fwhm`` beams; none where a place is NaN."""
    known = np.isfinite(others[0]) & np.isfinite(others[1])
    index = np.flatnonzero(known)
    tree = cKDTree(np.column_stack([others[0][known], others[1][known]]).reshape(-1, 2))
    found: list[NDArray[np.intp]] = []
    for x, y in zip(*places, strict=True):
        if not (np.isfinite(x) and np.isfinite(y)):
            found.append(np.empty(0, dtype=np.intp))
            continue
        near = index[np.array(tree.query_ball_point([x, y], reach_fwhm * shape.major_px), dtype=np.intp)]
        distance = shape.metric_fwhm(others[0][near] - x, others[1][near] - y)
        found.append(near[distance <= reach_fwhm])
    return found
