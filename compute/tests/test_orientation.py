"""Where sources land in an image: not mirrored, not turned, within half an arcsecond, without any calibration."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import PERFECT, StageRun
from visibility_tools import direction_cosines, peak_near, read_visibilities

from meridian_compute.frames import meridian_icrs, mjd_of_utc, utc_of_mjd
from meridian_compute.model import image_position_deg, observation_of

START_UTC = "2026-01-25T22:26:05"
ARRAY = {"n_antennas": 24, "n_subbands": 2, "channels_per_subband": 2, "n_integrations": 12}
#: Offsets east and north in degrees: no two mirror or turn into each other.
PATTERN = [(0.9, 0.2), (-0.35, 0.8), (-0.1, -0.55)]


def one_source_at(
    run: StageRun, start_utc: str, pointing_dec_deg: float, offset_deg: tuple[float, float]
) -> tuple[str, float, float]:
    """Simulate and convert a sky of one source off the group's centre, uncorrupted: (measurement set, ra, dec)."""
    centre_ra, centre_dec = meridian_icrs(pointing_dec_deg, mjd_of_utc(start_utc) + 77 / 86_400)
    dec_deg = float(centre_dec) + offset_deg[1]
    ra_deg = (float(centre_ra) + offset_deg[0] / np.cos(np.deg2rad(dec_deg))) % 360
    source = {"name": "it", "ra_deg": ra_deg, "dec_deg": dec_deg, "flux_jy": 1.0}
    result = run(
        "simulate",
        start_utc=start_utc,
        pointing_dec_deg=pointing_dec_deg,
        n_groups=1,
        sky={"catalog": "none", "extra_sources": [source]},
        corruption=PERFECT,
        **ARRAY,
    )
    files = [str(path) for path in result["workdir"].glob("incoming/*")]
    return run("convert", files=files, max_channel_width_hz=None)["paths"]["ms"], ra_deg, dec_deg


def start_with_meridian_at(ra_deg: float, dec_deg: float) -> str:
    """A start time whose meridian is near a right ascension."""
    start = mjd_of_utc(START_UTC)
    here = float(meridian_icrs(dec_deg, start)[0])
    return utc_of_mjd(start + ((ra_deg - here + 180) % 360 - 180) / 360.985647)


@pytest.mark.parametrize("offset_deg", PATTERN)
@pytest.mark.parametrize(
    ("pointing_dec_deg", "centre_ra_deg"), [(-10.0, None), (16.0, None), (54.0, None), (16.0, 0.05)]
)
def test_an_uncalibrated_source_is_within_half_an_arcsecond(
    run: StageRun, pointing_dec_deg: float, centre_ra_deg: float | None, offset_deg: tuple[float, float]
) -> None:
    start = START_UTC if centre_ra_deg is None else start_with_meridian_at(centre_ra_deg, pointing_dec_deg)
    ms, ra_deg, dec_deg = one_source_at(run, start, pointing_dec_deg, offset_deg)
    seen = read_visibilities(ms)

    east, north, height = peak_near(seen, *direction_cosines(ra_deg, dec_deg, seen.centre_deg))

    assert np.hypot(east, north) < 0.5
    # What is left is the aberration across the field, which a single phase centre cannot follow, and it is predicted.
    predicted = image_position_deg([ra_deg], [dec_deg], observation_of(ms))
    expected = np.array(direction_cosines(float(predicted[0][0]), float(predicted[1][0]), seen.centre_deg))
    expected -= direction_cosines(ra_deg, dec_deg, seen.centre_deg)
    assert np.array([east, north]) == pytest.approx(np.rad2deg(expected) * 3600, abs=0.05)
    # The beam takes some of the flux; nothing else does.
    assert 0.4 < height < 1.05
    assert height == pytest.approx(float(np.abs(seen.values).mean()), rel=0.03)


def test_the_pattern_is_neither_mirrored_nor_turned(run: StageRun) -> None:
    """One bright source: its place is the brightest of its mirrored and turned places by far."""
    ms, ra_deg, dec_deg = one_source_at(run, START_UTC, 16.0, PATTERN[0])
    seen = read_visibilities(ms)
    east, north = direction_cosines(ra_deg, dec_deg, seen.centre_deg)

    places = [(east, north), (-east, north), (east, -north), (-east, -north), (north, east), (-north, east)]
    heights = seen.image(*np.array(places).T)

    assert heights[0] > 2 * np.abs(heights[1:]).max()
