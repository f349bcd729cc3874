"""The blind search: one detection for each source, however bright."""

from __future__ import annotations

import numpy as np
import pytest
from sky_images import FakeSky

from meridian_compute.photometry_fit.stamps import beam_shape
from meridian_compute.quality.detect import Peaks, Search, find_peaks
from meridian_compute.specs.common import Beam

BEAM = Beam(bmaj_arcsec=36.0, bmin_arcsec=24.0, bpa_deg=20.0)


def found(*sources: tuple[float, float, float], rms_jy: float = 1.0, blank: slice | None = None) -> Peaks:
    """Detections above 5 sigma of sources (x, y, signal-to-noise ratio) in noise."""
    grid = FakeSky()
    sky = FakeSky(sources=[(*grid.at(x, y), snr) for x, y, snr in sources], rms_jy=rms_jy)
    value = sky.pixels().astype(np.float32)
    if blank is not None:
        value[:, blank] = np.nan
    return find_peaks(Search(value=value, shape=beam_shape(BEAM, sky.wcs), threshold=5.0))


@pytest.mark.parametrize("snr", [8.0, 300.0, 30_000.0])
def test_a_source_is_one_detection(snr: float) -> None:
    peaks = found((201.4, 150.3, snr))

    assert len(peaks.x) == 1
    assert (peaks.x[0], peaks.y[0]) == (pytest.approx(201.4, abs=1.2), pytest.approx(150.3, abs=1.2))
    assert peaks.value[0] == pytest.approx(snr, rel=0.06, abs=3)


def test_neighbours_two_beams_apart_are_two_detections() -> None:
    peaks = found((200, 150, 1000.0), (200, 164, 30.0))

    assert [round(value, -1) for value in peaks.value] == [1000, 30]
