"""Sources that CLEAN cannot handle: subtracted before cleaning, restored after it.

CLEAN assumes a sky that stands still and lies in the image. Sources that change while they drift through the beam, and
sources at the image's edge or beyond it (which would alias into it), are taken out of the visibilities with the beam at
each time and frequency. They are put back into the image as their mean apparent flux times the restoring beam; an error
of a model's flux stays in the data, is imaged there, and adds up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..beam import mean_beam
from ..field_sources import field_sources
from ..fits_write import Grid
from ..model import Observation, PointSourceModel, apparent_flux_jy, observation_of, subtract_model
from ..photometry_fit.stamps import beam_shape
from ..specs.common import Beam, CalibratorModel, SourceModel
from ..specs.image import RestoredSource
from .coverage import Coverage

Float = NDArray[np.float64]

#: Restored beams are drawn out to this many FWHM.
_REACH_FWHM = 3.0
#: Channels for the search of drifting sources; subtraction itself uses all.
_CHANNELS = 8
#: Catalogue sources fainter than this share of the limit on change are not looked at, and not taken out at the edge.
_FAINTEST_SHARE = 1 / 6
#: What lies this close to the edge of the image, as a share of its width, counts as beyond it.
_EDGE_SHARE = 0.012


@dataclass(frozen=True, kw_only=True)
class Drifting:
    """Sources to take out, with their apparent flux averaged over the unflagged data.

    Attributes:
        sources: the models.
        apparent_jy: (n_source,), weighted mean of S(nu) PB(t, nu).
        mean_beam: (n_source,), weighted mean of PB(t, nu).
        observation: what the models are made for.
    """

    sources: list[SourceModel]
    apparent_jy: Float
    mean_beam: Float
    observation: Observation

    def restored(self) -> list[RestoredSource]:
        """For the summary."""
        return [
            RestoredSource(
                name=source.name,
                ra_deg=source.ra_deg,
                dec_deg=source.dec_deg,
                apparent_flux_jy=float(flux),
                mean_beam=float(beam),
            )
            for source, flux, beam in zip(self.sources, self.apparent_jy, self.mean_beam, strict=True)
        ]


def find_drifting(
    coverage: Coverage, grid: Grid, calibrator: CalibratorModel | None, min_change_jy: float | None
) -> Drifting | None:
    """The calibrator, and the catalogue sources that change or lie at the edge of the image or beyond.

    Args:
        coverage: data.
        grid: of the image.
        calibrator: always subtracted where the beam is known.
        min_change_jy: largest minus smallest apparent flux within the data; None: no catalogue source.

    Returns:
        None if the beam is not known or follows the field, or there is nothing to subtract.
    """
    track = coverage.beam_track()
    if track is None or coverage.summary.pointing_dec_deg is None:
        return None
    observation = observation_of(coverage.path)
    known: list[SourceModel] = [] if calibrator is None else [calibrator]
    sources = list(known)
    if min_change_jy is not None:
        candidates = field_sources(observation, min_change_jy * _FAINTEST_SHARE, known)
        removed = _changing(candidates, observation, min_change_jy) | _at_the_edge(candidates, grid)
        sources += [source for source, out in zip(candidates, removed, strict=True) if out]
    if not sources:
        return None
    per_cell = apparent_flux_jy(sources, observation)
    share = coverage.weights / coverage.weights.sum()
    return Drifting(
        sources=sources,
        apparent_jy=np.einsum("stf,tf->s", per_cell, share),
        mean_beam=mean_beam([s.ra_deg for s in sources], [s.dec_deg for s in sources], track),
        observation=observation,
    )


def _changing(sources: Sequence[SourceModel], observation: Observation, min_change_jy: float) -> NDArray[np.bool_]:
    """Which sources change by more than a limit while they drift through the beam."""
    if not sources:
        return np.zeros(0, dtype=bool)
    step = max(1, observation.freq_hz.size // _CHANNELS)
    few = replace(observation, freq_hz=observation.freq_hz[::step])
    per_time = apparent_flux_jy(sources, few).mean(axis=2)
    return np.asarray(per_time.max(axis=1) - per_time.min(axis=1) > min_change_jy)


def _at_the_edge(sources: Sequence[SourceModel], grid: Grid) -> NDArray[np.bool_]:
    """Which sources lie at the edge of the image or beyond it."""
    x, y = grid.wcs.wcs_world2pix([s.ra_deg for s in sources], [s.dec_deg for s in sources], 0)
    margin = _EDGE_SHARE * grid.width_px
    with np.errstate(invalid="ignore"):
        inside = (x > margin) & (x < grid.width_px - 1 - margin) & (y > margin) & (y < grid.height_px - 1 - margin)
    return np.asarray(~inside)


def subtract(ms: Path, drifting: Drifting, column: str) -> None:
    """Take the models out of a column of a copy of the measurement set."""
    subtract_model(ms, PointSourceModel(drifting.sources, drifting.observation), column)


def restore(image: NDArray[np.float32], grid: Grid, beam: Beam, drifting: Drifting) -> None:
    """Add mean apparent flux times restoring beam to a flat-noise image, in place, at sub-pixel positions.

    Args:
        image: (n_y, n_x), Jy/beam, on ``grid``.
        grid: with true ICRS coordinates (aberration's scale taken out).
        beam: restoring beam.
        drifting: what was subtracted.
    """
    shape = beam_shape(beam, grid.wcs)
    n_y, n_x = image.shape
    reach = int(np.ceil(_REACH_FWHM * shape.major_px))
    ra, dec = ([getattr(source, axis) for source in drifting.sources] for axis in ("ra_deg", "dec_deg"))
    for x, y, flux in zip(*grid.wcs.wcs_world2pix(ra, dec, 0), drifting.apparent_jy, strict=True):
        if not (np.isfinite(x) and np.isfinite(y)):
            continue
        low_x, high_x = max(0, round(x) - reach), min(n_x, round(x) + reach + 1)
        low_y, high_y = max(0, round(y) - reach), min(n_y, round(y) + reach + 1)
        if low_x >= high_x or low_y >= high_y:
            continue
        dy, dx = np.mgrid[low_y:high_y, low_x:high_x]
        image[low_y:high_y, low_x:high_x] += (flux * shape.value(dx - x, dy - y)).astype(np.float32)
