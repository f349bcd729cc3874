"""What a blind search finds of the expected sources, and what it finds besides."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .detect import Peaks, Search, find_peaks, neighbours
from .expected import Drawn
from .field import Field
from .listed import Listed
from .matches import Matches

Mask = NDArray[np.bool_]

#: Sources are expected, and detections counted, above this many times the local noise.
COUNTED_SIGMA = 8.0
#: The search goes deeper, so that noise at the limit does not count as a loss.
SEARCH_SIGMA = 5.0
#: A detection and a source belong together within this many beams, if each has at least half of the other's flux.
_COUNTERPART_FWHM = 1.0
_COUNTERPART_SHARE = 0.5
#: Around an excluded source, which may vary, detections are not judged within this many beams.
_EXCLUDED_FWHM = 2.0
#: Detections are held against the catalogue from this many times its faintest flux: below, it is not complete.
_CATALOG_MARGIN = 1.5


@dataclass(frozen=True, kw_only=True)
class Blind:
    """Result of the blind search.

    Attributes:
        completeness: share of the sources expected above 8 sigma that were found; None if none is expected.
        n_expected: how many are.
        spurious: share of the detections above 8 sigma without a counterpart; None without detections.
        n_detected: how many detections that share is of.
        negative: detections in the negated image over detections, above 8 sigma; None without detections.
        detected: (n_expectation,), which expectations have a detection.
        unexplained: the detections without a counterpart.
    """

    completeness: float | None
    n_expected: int
    spurious: float | None
    n_detected: int
    negative: float | None
    detected: Mask
    unexplained: Peaks


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a blind search is compared with."""

    field: Field
    listed: Listed
    drawn: Drawn
    matches: Matches
    faintest_jy: float | None
    """Of the list, at the image's frequency; None if the list is the whole truth."""


def search_blindly(scene: Scene) -> Blind:
    """Search the image and its negative, and compare with the list."""
    field = scene.field
    search = Search(value=field.snr, shape=field.shape, threshold=SEARCH_SIGMA)
    peaks = find_peaks(search)
    detected = _detected(scene, peaks)
    expected = scene.matches.brighter_than(COUNTED_SIGMA)
    bright = _counted(field, peaks)
    negative = _counted(field, find_peaks(replace(search, value=-field.snr, threshold=COUNTED_SIGMA)))
    judged, explained = _explained(scene, bright)
    n = int(judged.sum())
    return Blind(
        completeness=float(detected[expected].mean()) if expected.any() else None,
        n_expected=int(expected.sum()),
        spurious=float((judged & ~explained).sum() / n) if n else None,
        n_detected=n,
        negative=len(negative.x) / len(bright.x) if len(bright.x) else None,
        detected=detected,
        unexplained=bright.where(judged & ~explained),
    )


def _counted(field: Field, peaks: Peaks) -> Peaks:
    return peaks.where((peaks.value > COUNTED_SIGMA) & field.in_region(peaks.x, peaks.y))


def _flux_jy(field: Field, peaks: Peaks) -> NDArray[np.float64]:
    return np.asarray(peaks.value * field.rms_at(peaks.x, peaks.y))


def _detected(scene: Scene, peaks: Peaks) -> Mask:
    expected, flux = scene.matches.expected, _flux_jy(scene.field, peaks)
    near = neighbours((expected.x, expected.y), (peaks.x, peaks.y), scene.field.shape, _COUNTERPART_FWHM)
    brightest = np.array([flux[found].max(initial=0.0) for found in near])
    return np.asarray(brightest >= _COUNTERPART_SHARE * expected.flux_jy, dtype=bool)


def _explained(scene: Scene, bright: Peaks) -> tuple[Mask, Mask]:
    """Which detections are judged, and which of them have a counterpart in the list."""
    listed, drawn, shape = scene.listed, scene.drawn, scene.field.shape
    flux = _flux_jy(scene.field, bright)
    places = (bright.x, bright.y)
    near = neighbours(places, (drawn.x, drawn.y), shape, _COUNTERPART_FWHM)
    total = np.array([listed.flux_jy[found].sum() for found in near])
    excluded = (np.where(listed.excluded, drawn.x, np.nan), np.where(listed.excluded, drawn.y, np.nan))
    judged = np.array([len(found) == 0 for found in neighbours(places, excluded, shape, _EXCLUDED_FWHM)], dtype=bool)
    if scene.faintest_jy is not None:
        judged &= flux > _CATALOG_MARGIN * scene.faintest_jy
    return judged, np.asarray(total >= _COUNTERPART_SHARE * flux, dtype=bool)
