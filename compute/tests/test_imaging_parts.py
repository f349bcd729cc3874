"""Parts of imaging whose numbers are known: beam prediction, cells, thermal noise, aberration."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from astropy.coordinates import GCRS, SkyCoord
from astropy.time import Time
from calibration_tools import SMALL
from conftest import PERFECT, StageRun

from meridian_compute.aberration import displaced, field_scale
from meridian_compute.fits_write import Grid, round_up_even_fft
from meridian_compute.frames import meridian_icrs
from meridian_compute.imaging.coverage import Coverage, read_coverage
from meridian_compute.imaging.geometry import Weighting, dirty_beam, field_radius_deg, round_cell
from meridian_compute.imaging.metrics import thermal_rms
from meridian_compute.imaging.products import similarity
from meridian_compute.model import Observation, image_position_deg

SKY = {**SMALL, "corruption": {**PERFECT, "noise": True}}


@pytest.fixture
def coverage(converted: StageRun) -> Coverage:
    return read_coverage(Path(converted(**SKY)["ms"]), "auto")


def test_a_full_tile_has_the_natural_noise_of_the_survey(coverage: Coverage) -> None:
    n_baselines, n_channels, n_times = 96 * 95 // 2, 768, 24
    full = Coverage(
        **{
            **coverage.__dict__,
            "n_samples": n_baselines * n_channels * n_times * 2,
            "channel_width_hz": np.full(n_channels, 244140.625),
            "integration_s": 12.884902,
        }
    )

    assert thermal_rms(full, 1.0) == pytest.approx(0.20e-3, rel=0.03)


def test_averaging_does_not_change_the_thermal_noise(coverage: Coverage) -> None:
    n_baselines, n_channels = 20 * 19 // 2, 32

    expected = 6500 / np.sqrt(2 * 187.5e6 / n_channels * 12.884902) / np.sqrt(n_baselines * n_channels * 24 * 2)

    assert coverage.n_samples == n_baselines * n_channels * 24 * 2
    assert thermal_rms(coverage, 1.0) == pytest.approx(expected, rel=1e-3)


def test_uniform_weights_give_a_narrower_beam_and_more_noise(coverage: Coverage) -> None:
    made = {
        kind: dirty_beam(coverage, Weighting(kind=kind, robust=0.5), 0.07) for kind in ("natural", "briggs", "uniform")
    }

    assert made["natural"].noise_factor == pytest.approx(1.0)
    assert 1.0 < made["briggs"].noise_factor < made["uniform"].noise_factor
    assert made["uniform"].beam.bmin_arcsec < made["briggs"].beam.bmin_arcsec < made["natural"].beam.bmin_arcsec


def test_the_image_reaches_the_edge_of_the_primary_beam(coverage: Coverage) -> None:
    radius = field_radius_deg(coverage, 0.2)

    # (2 J1(x) / x)^2 = 0.2 at x = 2.37; the beam is averaged over the band and smeared by the drift.
    airy = np.rad2deg(np.arcsin(2.37 * 299_792_458.0 / 1.405e9 / np.pi / 4.65))
    assert radius == pytest.approx(airy, rel=0.03)


@pytest.mark.parametrize(("cell", "rounded"), [(7.86, 7.8), (7.1, 7.1), (0.0437, 0.043), (12.99, 12.0)])
def test_cells_are_rounded_down(cell: float, rounded: float) -> None:
    assert round_cell(cell) == rounded


@pytest.mark.parametrize(("wanted", "size"), [(2049, 2058), (2048, 2048), (1, 2), (1801, 1890), (97, 98)])
def test_image_sizes_are_even_and_easy_to_transform(wanted: int, size: int) -> None:
    got = round_up_even_fft(wanted)

    assert wanted <= got <= size


def test_aberration_across_a_field_agrees_with_astropy() -> None:
    mjd, center = 61066.5, SkyCoord(202.8, 30.5, unit="deg")
    ra, dec = np.array([202.8, 204.4, 201.0]), np.array([31.9, 30.4, 29.5])

    frame = GCRS(obstime=Time(mjd, format="mjd"))
    apparent, apparent_center = SkyCoord(ra, dec, unit="deg").transform_to(frame), center.transform_to(frame)
    seen = SkyCoord(*displaced(ra, dec, (202.8, 30.5), mjd), unit="deg")
    true = SkyCoord(ra, dec, unit="deg")

    stretch = apparent_center.separation(apparent).arcsec - center.separation(true).arcsec
    assert center.separation(seen).arcsec - center.separation(true).arcsec == pytest.approx(stretch, abs=0.01)
    assert np.abs(stretch).max() > 0.1
    scale = field_scale(202.8, 30.5, mjd)
    assert center.separation(seen).arcsec == pytest.approx(scale * center.separation(true).arcsec, abs=0.03)


@pytest.mark.parametrize("dec_deg", [-10.0, 30.4, 54.0, 75.0])
def test_true_grid_puts_apparent_places_back(dec_deg: float) -> None:
    mjd = 61066.5 + np.arange(24) * 12.884902 / 86400
    ra, dec = (float(value) for value in meridian_icrs(dec_deg, mjd.mean()))
    observation = Observation(
        mjd_utc=mjd, freq_hz=np.array([1.4e9]), phase_ra_deg=ra, phase_dec_deg=dec, pointing_dec_deg=dec_deg,
        diameter_m=4.65,
    )  # fmt: skip
    plain = Grid(ra_deg=ra, dec_deg=dec, width_px=2000, height_px=2000, cell_arcsec=7.0)

    scale, turn = similarity(observation)
    true = replace(plain, cell_arcsec=7.0 / scale, rotation_rad=turn)

    x, y = np.array([100.0, 1900, 1000, 1000, 200]), np.array([1000.0, 1000, 100, 1900, 300])
    seen = image_position_deg(*true.wcs.wcs_pix2world(x, y, 0), observation)
    seen_x, seen_y = plain.wcs.wcs_world2pix(*seen, 0)
    assert np.hypot(seen_x - x, seen_y - y).max() * 7.0 < 0.02
    uncorrected = image_position_deg(*plain.wcs.wcs_pix2world(x, y, 0), observation)
    plain_x, plain_y = plain.wcs.wcs_world2pix(*uncorrected, 0)
    assert np.hypot(plain_x - x, plain_y - y).max() * 7.0 > 0.1
