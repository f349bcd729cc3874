"""A blind source finder: local maxima of a flat map, one for each beam."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, kw_only=True)
class Peaks:
    """Detections, brightest first, all arrays (n,): 0-based pixels and the map's value there."""

    x: Float
    y: Float
    value: Float

    def where(self, keep: Mask) -> Peaks:
        """The detections for which ``keep`` is true."""
        return Peaks(x=self.x[keep], y=self.y[keep], value=self.value[keep])


def find_peaks(value: Pixels, shape: BeamShape, threshold: float) -> Peaks:
    """Find local maxima above a threshold; of those within one beam the brightest.

    A maximum next to a pixel without data does not count: it may be a slope that the border cuts.

    Args:
        value: (n_y, n_x), in units of the local noise (or any even map); NaN where there are no data.
        shape: restoring beam in pixels.
        threshold: detections are above this.
    """
    filled = np.where(np.isfinite(value), value, np.float32(np.inf))
    highest = maximum_filter(filled, size=3, mode="constant", cval=np.inf)
    row, column = np.nonzero((filled == highest) & np.isfinite(filled) & (filled > threshold))
    height = value[row, column].astype(np.float64)
    order = np.argsort(-height, kind="stable")
    peaks = Peaks(x=column[order].astype(np.float64), y=row[order].astype(np.float64), value=height[order])
    return peaks.where(_brightest_of_beam(peaks, shape))


def _brightest_of_beam(peaks: Peaks, shape: BeamShape) -> Mask:
    kept = np.ones(len(peaks.x), dtype=bool)
    if len(kept) < 2:
        return kept
    tree = cKDTree(np.column_stack([peaks.x, peaks.y]))
    pairs = tree.query_pairs(_SEPARATION_FWHM * shape.major_px, output_type="ndarray")
    bright, faint = pairs.min(axis=1), pairs.max(axis=1)
    near = shape.metric_fwhm(peaks.x[faint] - peaks.x[bright], peaks.y[faint] - peaks.y[bright]) < _SEPARATION_FWHM
    # Brightest first: when a peak's turn comes, all brighter ones are decided.
    for one, other in sorted(zip(faint[near], bright[near], strict=True)):
        kept[one] &= not kept[other]
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
