"""The primary beam: its shape, its drift, its averages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meridian_compute import frames
from meridian_compute.beam import BeamTrack, airy_power, beam_towards, mean_beam, mean_beam_map

DEC_DEG, DIAMETER_M = 16.15, 4.65
MJD_UTC = 61065.936 + (np.arange(24) + 0.5) * 12.884902 / 86_400
FREQ_HZ = np.linspace(1.3125e9, 1.4975e9, 16)


def track(weights: np.ndarray | None = None) -> BeamTrack:
    return BeamTrack(
        mjd_utc=MJD_UTC,
        freq_hz=FREQ_HZ,
        weights=np.ones((24, 16)) if weights is None else weights,
        pointing_dec_deg=DEC_DEG,
        diameter_m=DIAMETER_M,
    )


@pytest.mark.parametrize(("freq_hz", "fwhm_deg"), [(1.31e9, 2.90), (1.40e9, 2.72), (1.50e9, 2.53)])
def test_full_width_at_half_maximum(freq_hz: float, fwhm_deg: float) -> None:
    theta = np.linspace(0, np.deg2rad(2), 20_001)
    half = theta[np.argmin(np.abs(airy_power(theta, freq_hz, DIAMETER_M) - 0.5))]

    assert 2 * np.rad2deg(half) == pytest.approx(fwhm_deg, abs=0.01)


@settings(max_examples=100, deadline=None)
@given(st.floats(0, np.pi), st.floats(1e9, 2e9), st.floats(1, 30))
def test_power_is_between_zero_and_one(theta_rad: float, freq_hz: float, diameter_m: float) -> None:
    assert 0 <= airy_power(theta_rad, freq_hz, diameter_m) <= 1


def test_first_null_and_sidelobe_are_those_of_an_airy_disc() -> None:
    x = np.array([3.8317, 5.1356])
    theta = np.arcsin(x * 299_792_458 / (np.pi * DIAMETER_M * 1.4e9))

    assert airy_power(theta, 1.4e9, DIAMETER_M) == pytest.approx([0.0, 0.0175], abs=1e-4)


def test_a_source_that_transits_in_the_middle_averages_to_less_than_its_peak() -> None:
    ra_deg, dec_deg = frames.meridian_icrs(DEC_DEG, MJD_UTC.mean())
    power = beam_towards(float(ra_deg), float(dec_deg), MJD_UTC, FREQ_HZ, DEC_DEG, DIAMETER_M)

    assert power.shape == (24, 16)
    assert power.argmax(axis=0) == pytest.approx(11.5, abs=0.5)
    assert power.mean() == pytest.approx(0.951, abs=0.005)


def test_mean_beam_is_the_weighted_mean_over_time_and_frequency() -> None:
    weights = np.random.default_rng(1).uniform(0, 1, (24, 16))
    weights[3] = 0
    power = beam_towards(343.0, 16.9, MJD_UTC, FREQ_HZ, DEC_DEG, DIAMETER_M)

    assert mean_beam(343.0, 16.9, track(weights)) == pytest.approx((power * weights).sum() / weights.sum(), rel=1e-9)


def test_mean_beam_of_many_directions_is_that_of_each() -> None:
    rng = np.random.default_rng(2)
    ra_deg, dec_deg = rng.uniform(341, 347, 5000), rng.uniform(13, 19, 5000)

    many = mean_beam(ra_deg, dec_deg, track())

    assert many[:50] == pytest.approx(
        [float(mean_beam(*place, track())) for place in zip(ra_deg[:50], dec_deg[:50], strict=True)], abs=1e-6
    )


def test_map_on_a_pixel_grid_is_the_beam_of_each_pixel() -> None:
    def pixel_to_icrs(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return (343.8 - (x - 150) * 0.012) % 360, 16.0 + (y - 120) * 0.012

    beam = mean_beam_map((240, 300), pixel_to_icrs, track())

    ra_deg, dec_deg = pixel_to_icrs(*np.meshgrid(np.arange(300.0), np.arange(240.0)))
    assert beam.shape == (240, 300)
    assert np.abs(beam - mean_beam(ra_deg, dec_deg, track())).max() < 1e-5


def test_pixels_off_the_sky_have_no_beam() -> None:
    def pixel_to_icrs(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.where(x < 3, np.nan, 343.8), np.where(x < 3, np.nan, 16.0)

    beam = mean_beam_map((10, 10), pixel_to_icrs, track())

    assert np.isnan(beam[:, :3]).all() and np.isfinite(beam[:, 3:]).all()
