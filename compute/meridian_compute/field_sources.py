"""Which catalogue sources matter in a field, seen through the drifting beam."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .catalog import CALIBRATOR_TWIN_ARCSEC, cone, nvss_name
from .frames import separation_rad
from .model import Observation, apparent_flux_jy
from .specs.common import SourceModel

#: Half-width of the search: the fourth sidelobe of the beam of a 4.65 m dish at 1.4 GHz.
_SEARCH_RADIUS_DEG = 12.0
#: The beam changes slowly with frequency: so many channels give its mean.
_CHANNELS_OF_MEAN = 12


def field_sources(
    observation: Observation, min_apparent_jy: float, known: Sequence[SourceModel] = ()
) -> list[SourceModel]:
    """NVSS sources whose flux through the beam, averaged over time and frequency, reaches a limit.

    Args:
        observation: where and when the array looked.
        min_apparent_jy: limit on the mean of S(nu) PB(t, nu).
        known: sources modelled otherwise (the calibrator); their twins in the catalogue are left out.

    Returns:
        Brightest apparent flux first.

    Raises:
        StageFailure: CATALOG_MISSING.
    """
    rows = cone(observation.phase_ra_deg, observation.phase_dec_deg, _SEARCH_RADIUS_DEG)
    rows = rows[rows["flux_jy"] >= min_apparent_jy]
    for source in known:
        angle = separation_rad(rows["ra_deg"], rows["dec_deg"], source.ra_deg, source.dec_deg)
        rows = rows[np.rad2deg(angle) * 3600 >= CALIBRATOR_TWIN_ARCSEC]
    sources = [
        SourceModel(
            name=nvss_name(float(row["ra_deg"]), float(row["dec_deg"])),
            ra_deg=float(row["ra_deg"]),
            dec_deg=float(row["dec_deg"]),
            flux_jy=float(row["flux_jy"]),
        )
        for row in rows
    ]
    if not sources:
        return []
    step = max(1, observation.freq_hz.size // _CHANNELS_OF_MEAN)
    mean_jy = apparent_flux_jy(sources, replace(observation, freq_hz=observation.freq_hz[::step])).mean(axis=(1, 2))
    order = [int(index) for index in np.argsort(-mean_jy, kind="stable") if mean_jy[index] >= min_apparent_jy]
    return [sources[index] for index in order]
