"""Directions, times and Earth orientation against astropy and pyuvdata."""

from __future__ import annotations

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import EarthLocation, HADec, SkyCoord
from astropy.time import Time
from astropy.utils import iers
from hypothesis import given, settings
from hypothesis import strategies as st
from pyuvdata.utils.phasing import calc_app_coords, calc_frame_pos_angle

from meridian_compute import frames, site
from meridian_compute.contract import StageFailure
from meridian_compute.earth_orientation import earth_orientation_at

iers.conf.auto_download = False
iers.conf.auto_max_age = None

LOCATION = EarthLocation.from_geodetic(site.LONGITUDE_DEG * u.deg, site.LATITUDE_DEG * u.deg, site.ALTITUDE_M * u.m)
DIRECTIONS = [(202.784533, 30.509155), (0.01, -10.0), (359.99, 54.0), (100.0, 89.5), (271.3, 16.15)]
MJDS = np.array([57754.9, 60000.25, 61065.936, 61365.5])

ra = st.floats(0, 359.999)
dec = st.floats(-50, 89.9)
mjd = st.floats(50_000, 61_600)


@pytest.mark.parametrize(("ra_deg", "dec_deg"), DIRECTIONS)
def test_apparent_hour_angle_and_declination_are_astropys(ra_deg: float, dec_deg: float) -> None:
    frame = HADec(obstime=Time(MJDS, format="mjd", scale="utc"), location=LOCATION)
    expected = SkyCoord(ra_deg * u.deg, dec_deg * u.deg).transform_to(frame)

    hour_angle, declination = frames.hour_angle_dec(ra_deg, dec_deg, MJDS)

    turn = np.abs((hour_angle - expected.ha.deg + 180) % 360 - 180) * np.cos(np.deg2rad(dec_deg))
    assert turn.max() * 3600 < 1e-3
    assert np.abs(declination - expected.dec.deg).max() * 3600 < 1e-3


def test_sidereal_time_is_astropys() -> None:
    expected = Time(MJDS, format="mjd", scale="utc", location=LOCATION).sidereal_time("apparent").rad

    assert np.abs(frames.local_apparent_sidereal_time_rad(MJDS) - expected).max() < 1e-8


def test_earth_orientation_is_astropys() -> None:
    table = iers.IERS_Auto.open()
    expected = table.ut1_utc(MJDS + 2_400_000.5).to_value("s")
    pole = [angle.to_value("rad") for angle in table.pm_xy(MJDS + 2_400_000.5)]

    dut1_s, xp_rad, yp_rad = earth_orientation_at(MJDS)

    assert np.abs(dut1_s - expected).max() < 1e-4
    assert np.abs(np.array([xp_rad, yp_rad]) - pole).max() < 1e-9


def test_ut1_steps_over_a_leap_second() -> None:
    before, after = earth_orientation_at([57753.999, 57754.001])[0]

    assert after - before == pytest.approx(1.0, abs=1e-3)


def test_a_time_outside_the_earth_orientation_table_is_refused() -> None:
    with pytest.raises(StageFailure, match="Earth-orientation table") as caught:
        frames.local_apparent_sidereal_time_rad(70_000.0)
    assert caught.value.code == "HEADER_FIELD_INVALID"


@settings(max_examples=60, deadline=None)
@given(ra, dec, mjd)
def test_apparent_place_and_back(ra_deg: float, dec_deg: float, mjd_utc: float) -> None:
    back = frames.apparent_to_icrs(*frames.icrs_to_apparent(ra_deg, dec_deg, mjd_utc), mjd_utc)

    assert np.rad2deg(frames.separation_rad(ra_deg, dec_deg, *back)) * 3600 < 1e-4


@settings(max_examples=60, deadline=None)
@given(dec, mjd)
def test_the_meridian_is_at_hour_angle_zero(dec_deg: float, mjd_utc: float) -> None:
    hour_angle, declination = frames.hour_angle_dec(*frames.meridian_icrs(dec_deg, mjd_utc), mjd_utc)

    assert abs(hour_angle) * np.cos(np.deg2rad(dec_deg)) * 3600 < 1e-3
    assert abs(declination - dec_deg) * 3600 < 1e-3


def test_precession_moves_the_meridian_away_from_sidereal_time() -> None:
    mjd_utc = 61065.93657
    ra_deg, _ = frames.meridian_icrs(16.15, mjd_utc)

    assert 0.2 < np.rad2deg(frames.local_apparent_sidereal_time_rad(mjd_utc)) - ra_deg < 0.45


@pytest.mark.parametrize(("ra_deg", "dec_deg"), DIRECTIONS[:3])
def test_north_is_where_pyuvdata_takes_it(ra_deg: float, dec_deg: float) -> None:
    jd = MJDS + 2_400_000.5
    lon, lat = np.deg2rad([ra_deg, dec_deg])
    place = calc_app_coords(lon_coord=lon, lat_coord=lat, time_array=jd, telescope_loc=LOCATION, coord_frame="icrs")
    expected = calc_frame_pos_angle(
        time_array=jd, app_ra=place[0], app_dec=place[1], telescope_loc=LOCATION, ref_frame="icrs"
    )

    assert np.abs(frames.north_angle_rad(ra_deg, dec_deg, MJDS) - expected).max() < 1e-9


@pytest.mark.parametrize(
    "text", ["2026-01-25T22:26:05.250Z", "2026-01-25T22:26:05.250", "2026-01-26T00:26:05.250+02:00"]
)
def test_utc_text_and_mjd(text: str) -> None:
    assert frames.mjd_of_utc(text) == pytest.approx(61065 + (22 * 3600 + 26 * 60 + 5.25) / 86_400, abs=1e-9)
    assert frames.utc_of_mjd(frames.mjd_of_utc(text)) == "2026-01-25T22:26:05.250Z"


def test_wrong_utc_text_is_refused() -> None:
    with pytest.raises(StageFailure, match="no ISO time"):
        frames.mjd_of_utc("yesterday")


def test_a_group_is_named_after_the_second_its_data_start_in() -> None:
    assert frames.group_id_of(frames.mjd_of_utc("2026-01-25T22:26:05.999")) == "2026-01-25T22:26:05"


@pytest.mark.parametrize(
    ("one", "two", "degrees"),
    [((359.9, 0.0), (0.1, 0.0), 0.2), ((10.0, 89.0), (190.0, 89.0), 2.0), ((0, -90), (0, 90), 180)],
)
def test_separations_across_zero_hours_and_poles(
    one: tuple[float, float], two: tuple[float, float], degrees: float
) -> None:
    assert np.rad2deg(frames.separation_rad(*one, *two)) == pytest.approx(degrees)
