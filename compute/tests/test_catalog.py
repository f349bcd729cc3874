"""The NVSS list and the station list that come with the product."""

from __future__ import annotations

import numpy as np
import pytest

from meridian_compute.catalog import cone, load_nvss
from meridian_compute.frames import separation_rad
from meridian_compute.stations import active_numbers, array_position_m, load_stations, spread_of_active


def test_the_whole_list_is_there() -> None:
    catalog = load_nvss()

    assert len(catalog) == 125_309
    assert 0.0486 < catalog["flux_jy"].min() < 0.05
    assert not catalog.flags.writeable


@pytest.mark.parametrize(("ra_deg", "dec_deg"), [(0.0, 10.0), (359.9, -35.0), (123.0, 89.0), (202.78, 30.5)])
def test_cone_holds_what_is_near_and_nothing_else(ra_deg: float, dec_deg: float) -> None:
    catalog = load_nvss()
    angle = separation_rad(ra_deg, dec_deg, catalog["ra_deg"], catalog["dec_deg"])

    found = cone(ra_deg, dec_deg, 2.0)

    assert len(found) == np.count_nonzero(angle <= np.deg2rad(2.0)) > 20
    assert (np.diff(found["flux_jy"]) <= 0).all()


def test_a_calibrator_is_where_the_catalogue_has_it() -> None:
    brightest = cone(202.784533, 30.509155, 0.01)[0]

    assert brightest["flux_jy"] == pytest.approx(15.0, abs=1.0)


def test_stations_are_117_and_none_is_at_sea_level() -> None:
    stations = load_stations()

    assert stations.number.tolist() == list(range(1, 118))
    assert stations.name[116] == "DSA-117"
    height_m = np.linalg.norm(stations.itrf_m, axis=1) - np.linalg.norm(array_position_m())
    assert np.abs(height_m).max() < 30


def test_baselines_of_the_active_stations_are_those_known() -> None:
    stations = load_stations()
    position_m = stations.itrf_m[np.array(active_numbers()) - 1]
    first, second = np.triu_indices(len(position_m), 1)
    length_m = np.linalg.norm(position_m[second] - position_m[first], axis=1)

    assert length_m.size == 4560
    assert (length_m.max(), np.median(length_m), length_m.min()) == pytest.approx((2601.63, 308.37, 5.7513), abs=0.01)


def test_a_spread_of_stations_covers_both_arms_and_the_outriggers() -> None:
    chosen = np.array(spread_of_active(40))

    assert chosen.size == 40 and set(chosen) <= set(active_numbers())
    assert (chosen <= 51).sum() > 15 and ((chosen > 51) & (chosen <= 102)).sum() > 10 and (chosen > 102).sum() >= 5
