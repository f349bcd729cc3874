"""Model visibilities: against astropy's own astrometry, and against the simulator's sky."""

from __future__ import annotations

from pathlib import Path

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import ITRS, EarthLocation, SkyCoord
from astropy.time import Time
from astropy.utils import iers
from calibration_tools import C286, SMALL, column, copy_of, put
from conftest import PERFECT, StageRun

from meridian_compute import site
from meridian_compute.aberration import displaced
from meridian_compute.contract import StageFailure
from meridian_compute.field_sources import field_sources
from meridian_compute.model import (
    Observation,
    PointSourceModel,
    apparent_flux_jy,
    image_position_deg,
    observation_of,
    source_flux_jy,
    subtract_model,
    write_model_column,
)
from meridian_compute.specs.common import CalibratorModel, SourceModel

iers.conf.auto_download = False

OUTRIGGERS = {**SMALL, "station_numbers": [1, 27, 51, 70, 101, 103, 109, 116], "n_integrations": 4}
OUTRIGGERS.pop("n_antennas")


def source_at(ra_deg: float, dec_deg: float, **changes: float) -> SourceModel:
    return SourceModel(**{"name": "S", "ra_deg": ra_deg, "dec_deg": dec_deg, "flux_jy": 1.0, **changes})


def apparent_direction(ra_deg: float, dec_deg: float, mjd_utc: float) -> np.ndarray:
    """Unit vector in ITRF by astropy: topocentric, with aberration and the Earth's orientation."""
    place = EarthLocation.from_geodetic(site.LONGITUDE_DEG * u.deg, site.LATITUDE_DEG * u.deg, site.ALTITUDE_M * u.m)
    time = Time(mjd_utc, format="mjd", scale="utc")
    seen = SkyCoord(ra_deg * u.deg, dec_deg * u.deg).transform_to(ITRS(obstime=time, location=place))
    return np.asarray(seen.cartesian.xyz / np.linalg.norm(seen.cartesian.xyz))


@pytest.mark.parametrize(("d_ra", "d_dec"), [(1.2, 0.7), (-0.9, -1.1), (0.0, 0.0)])
def test_phase_is_that_of_astropy_to_a_degree_on_the_longest_baselines(
    converted: StageRun, d_ra: float, d_dec: float
) -> None:
    ms = converted(**OUTRIGGERS)["ms"]
    observation = observation_of(ms)
    source = source_at(observation.phase_ra_deg + d_ra, observation.phase_dec_deg + d_dec)
    uvw_m, first, second = (column(ms, name) for name in ("UVW", "ANTENNA1", "ANTENNA2"))
    mjd_utc = column(ms, "TIME") / site.SECONDS_PER_DAY
    positions_m = column(f"{ms}::ANTENNA", "POSITION")

    model = PointSourceModel([source], observation).visibilities(uvw_m, (first, second), mjd_utc)

    for mjd in np.unique(mjd_utc)[[0, -1]]:
        rows = mjd_utc == mjd
        centre = apparent_direction(observation.phase_ra_deg, observation.phase_dec_deg, mjd)
        shift = apparent_direction(source.ra_deg, source.dec_deg, mjd) - centre
        path_m = (positions_m[first[rows]] - positions_m[second[rows]]) @ shift
        turns = path_m[:, None] * observation.freq_hz / site.SPEED_OF_LIGHT_M_S
        difference = np.angle(model[rows] * np.exp(-2j * np.pi * turns))
        assert np.rad2deg(np.abs(difference).max()) < 1.0


def test_amplitude_is_the_spectrum_through_the_beam_that_drifts(converted: StageRun) -> None:
    observation = observation_of(converted(**OUTRIGGERS)["ms"])
    calibrator = CalibratorModel(**C286)

    apparent = apparent_flux_jy([calibrator], observation)[0]

    assert source_flux_jy(calibrator, 1.405e9) == pytest.approx(15.06, abs=0.02)
    assert source_flux_jy(source_at(0, 0), 2.8e9) == pytest.approx(2**-0.7)
    assert apparent.shape == (4, 32)
    # Four integrations about the transit: 0.1 degrees of drift cost less than 1 %, and most at the edges.
    on_axis = source_flux_jy(calibrator, observation.freq_hz)
    assert (apparent < on_axis * 1.0001).all()
    assert (apparent > on_axis * 0.99).all()
    assert (apparent[[0, 3]].mean(axis=1) < apparent[[1, 2]].mean(axis=1)).all()


def test_the_model_of_the_true_sky_leaves_nothing_of_noiseless_data(converted: StageRun, tmp_path: Path) -> None:
    result = converted(**OUTRIGGERS, corruption=PERFECT, calibrator_offset_deg=0.7)
    ms = copy_of(result["ms"], tmp_path)
    observation = observation_of(ms)
    truth = result["truth"]
    catalogue = [
        source_at(source["ra_deg"], source["dec_deg"], flux_jy=source["flux_jy"], ref_freq_hz=truth["nu_eff_hz"])
        for source in truth["sources"]
        if source["name"] != "3C286"
    ]
    model = PointSourceModel([CalibratorModel(**C286), *catalogue], observation)

    write_model_column(ms, model)
    data = column(ms, "DATA")
    assert len(catalogue) > 100
    assert np.abs(column(ms, "MODEL_DATA") - data).max() < 1e-4 * np.abs(data).max()
    subtract_model(ms, model)

    assert np.abs(column(ms, "DATA")).max() < 1e-4 * np.abs(data).max()


def test_rows_may_come_in_any_order(converted: StageRun) -> None:
    ms = converted(**OUTRIGGERS)["ms"]
    model = PointSourceModel([CalibratorModel(**C286)], observation_of(ms))
    uvw_m, first, second, time_s = (column(ms, name) for name in ("UVW", "ANTENNA1", "ANTENNA2", "TIME"))
    mjd_utc = time_s / site.SECONDS_PER_DAY
    order = np.random.default_rng(1).permutation(time_s.size)

    straight = model.visibilities(uvw_m, (first, second), mjd_utc)
    shuffled = model.visibilities(uvw_m[order], (first[order], second[order]), mjd_utc[order])

    assert np.allclose(shuffled, straight[order], atol=1e-4)


def test_uneven_channels_are_computed_one_by_one(converted: StageRun) -> None:
    observation = observation_of(converted(**OUTRIGGERS)["ms"])
    uneven = Observation(**{**observation.__dict__, "freq_hz": observation.freq_hz[[0, 1, 5, 30]]})
    source = source_at(observation.phase_ra_deg + 0.5, observation.phase_dec_deg)
    uvw_m, antennas = np.array([[500.0, 300.0, 20.0]]), (np.array([0]), np.array([1]))
    mjd_utc = observation.mjd_utc[:1]

    some = PointSourceModel([source], uneven).visibilities(uvw_m, antennas, mjd_utc)
    all_of_them = PointSourceModel([source], observation).visibilities(uvw_m, antennas, mjd_utc)

    assert np.allclose(some, all_of_them[:, [0, 1, 5, 30]], atol=1e-5)


def test_uvw_that_are_no_differences_of_antennas_are_refused(converted: StageRun, tmp_path: Path) -> None:
    ms = copy_of(converted(**OUTRIGGERS)["ms"], tmp_path)
    uvw_m = column(ms, "UVW")
    uvw_m[5, 0] += 1.0
    put(ms, "UVW", uvw_m)

    with pytest.raises(StageFailure) as failure:
        write_model_column(ms, PointSourceModel([CalibratorModel(**C286)], observation_of(ms)))

    assert failure.value.code == "MS_INVALID"
    assert "UVW" in failure.value.message


def test_sources_show_up_in_images_where_aberration_puts_them(converted: StageRun) -> None:
    observation = observation_of(converted(**OUTRIGGERS)["ms"])
    centre = (observation.phase_ra_deg, observation.phase_dec_deg)
    ra_deg = centre[0] + np.array([-1.4, 0.0, 1.3])
    dec_deg = centre[1] + np.array([0.2, 1.4, -1.2])

    ra_seen, dec_seen = image_position_deg(ra_deg, dec_deg, observation)

    ra_displaced, dec_displaced = displaced(ra_deg, dec_deg, centre, float(observation.mjd_utc.mean()))
    assert np.abs((ra_seen - ra_displaced) * np.cos(np.deg2rad(dec_deg))).max() * 3600 < 0.05
    assert np.abs(dec_seen - dec_displaced).max() * 3600 < 0.05
    assert np.hypot((ra_seen - ra_deg) * np.cos(np.deg2rad(dec_deg)), dec_seen - dec_deg).max() * 3600 > 0.1


def test_field_sources_leave_the_calibrator_out_and_keep_what_shines_through_the_beam(converted: StageRun) -> None:
    observation = observation_of(converted(**OUTRIGGERS)["ms"])
    calibrator = CalibratorModel(**C286)

    with_twin = field_sources(observation, 0.15)
    without = field_sources(observation, 0.15, [calibrator])

    assert [source.name for source in with_twin if source not in without] == ["NVSS J133108+303032"]
    apparent = apparent_flux_jy(without, observation).mean(axis=(1, 2))
    assert (np.diff(apparent) <= 1e-3).all()
    assert apparent.min() > 0.149
    assert len(field_sources(observation, 0.05, [calibrator])) > len(without) > 3
