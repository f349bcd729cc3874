"""Solving: what cannot be calibrated is refused with its reason, or solved under protest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from calibration_tools import C286, SMALL, column, copy_of, put, truth_of
from conftest import FIXTURES, StageRun

from meridian_compute.calibration.suitability import transit_near
from meridian_compute.frames import hour_angle_dec
from meridian_compute.specs.common import CalibratorModel


def shifted(**changes: float) -> dict[str, Any]:
    return {**C286, **{name: C286[name] + change for name, change in changes.items()}}


@pytest.mark.parametrize(
    ("calibrator", "code"),
    [
        (shifted(dec_deg=3.5), "CALIBRATOR_OUTSIDE_BEAM"),
        (shifted(ra_deg=5.0), "CALIBRATOR_OUTSIDE_TIME"),
        (shifted(ra_deg=-1.0), "CALIBRATOR_OUTSIDE_TIME"),
        (shifted(dec_deg=-90.0), "CALIBRATOR_BELOW_HORIZON"),
    ],
)
def test_a_calibrator_that_cannot_serve_is_refused(
    run: StageRun, converted: StageRun, calibrator: dict[str, Any], code: str
) -> None:
    result = run("solve", ms=converted(**SMALL)["ms"], calibrator=calibrator)

    assert (result["exit_code"], result["code"]) == (2, code)
    assert "3C286" in result["message"]
    assert not list(result["workdir"].glob("caltables/*"))


def test_a_transit_in_the_gap_beside_the_data_needs_to_be_named(run: StageRun, converted: StageRun) -> None:
    # Pointed so that the transit comes 100 s after the end of the group.
    start = {**SMALL, "start_utc": "2026-01-25T12:59:10", "pointing_dec_deg": 30.37}
    start.pop("near_utc")
    group = converted(**start)
    end_mjd = (column(group["ms"], "TIME").max() + 6.44) / 86400
    transit_mjd = transit_near(CalibratorModel(**C286), end_mjd)
    assert 20 < (transit_mjd - end_mjd) * 86400 < 150

    refused = run("solve", ms=group["ms"], calibrator=C286)
    named = run("solve", ms=group["ms"], calibrator=C286, transit_mjd=transit_mjd)
    wrong = run("solve", ms=group["ms"], calibrator=C286, transit_mjd=transit_mjd - 0.01)

    assert refused["code"] == "CALIBRATOR_OUTSIDE_TIME"
    assert named["exit_code"] == 0
    assert named["summary"]["verdict"] == "warn"
    assert truth_of(group, named)["scale"] == pytest.approx(1, abs=0.005)
    assert (wrong["code"], wrong["context"]["field"]) == ("SPEC_INVALID", "transit_mjd")


def test_force_solves_where_the_beam_says_no_and_warns(run: StageRun, converted: StageRun) -> None:
    ms = converted(**SMALL)["ms"]

    result = run("solve", ms=ms, calibrator=C286, min_beam=1.1, force=True)

    assert result["exit_code"] == 0
    assert result["summary"]["verdict"] == "warn"
    assert any("beam" in warning for warning in result["warnings"])


def test_nothing_left_to_solve_on_is_said(run: StageRun, converted: StageRun, tmp_path: Path) -> None:
    ms = copy_of(converted(**SMALL)["ms"], tmp_path)
    put(ms, "FLAG", np.ones_like(column(ms, "FLAG")))

    result = run("solve", ms=ms, calibrator=C286)

    assert (result["exit_code"], result["code"]) == (2, "DATA_ALL_FLAGGED")


def test_data_without_the_calibrator_give_no_good_tables(run: StageRun, converted: StageRun, tmp_path: Path) -> None:
    ms = copy_of(converted(**SMALL)["ms"], tmp_path)
    shape, rng = column(ms, "DATA").shape, np.random.default_rng(6)
    put(ms, "DATA", (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)).astype(np.complex64))

    result = run("solve", ms=ms, calibrator=C286)

    if result["exit_code"] == 0:
        assert result["summary"]["verdict"] == "fail"
    else:
        assert (result["exit_code"], result["code"]) == (3, "CALIBRATION_BAD")


def test_an_unknown_beam_is_refused(run: StageRun, converted: StageRun, tmp_path: Path) -> None:
    ms = copy_of(converted(**SMALL)["ms"], tmp_path)
    put(f"{ms}/OBSERVATION", "TELESCOPE_NAME", np.array(["NOWHERE"]))
    put(f"{ms}/ANTENNA", "DISH_DIAMETER", np.zeros(20))

    result = run("solve", ms=ms, calibrator=C286)

    assert (result["exit_code"], result["code"]) == (2, "BEAM_UNKNOWN")


@pytest.mark.parametrize(("interval_s", "field"), [(0.0, "gain_interval_s"), (-5.0, "gain_interval_s")])
def test_an_interval_that_is_none_is_refused(run: StageRun, converted: StageRun, interval_s: float, field: str) -> None:
    result = run("solve", ms=converted(**SMALL)["ms"], calibrator=C286, gain_interval_s=interval_s)

    assert (result["exit_code"], result["code"], result["context"]["field"]) == (2, "SPEC_INVALID", field)


def test_transits_are_where_the_hour_angle_is_zero() -> None:
    calibrator = CalibratorModel(**C286)

    for near in (61065.1, 61065.9, 61066.4):
        transit = transit_near(calibrator, near)
        hour_angle_deg, _dec = hour_angle_dec(calibrator.ra_deg, calibrator.dec_deg, transit)
        assert abs(float(hour_angle_deg)) < 1e-5
        assert abs(transit - near) <= 0.5


def test_real_data_in_which_the_calibrator_is_not_seen_give_no_tables(run: StageRun) -> None:
    (raw,) = (FIXTURES / "uvh5").glob("ata*")
    ms = run("convert", files=[str(raw)])["paths"]["ms"]
    # One integration, without detection on most baselines, and with garbage up to 1e36 in some cells.
    flagged = run("flag", ms=ms, steps=[{"mode": "zeros"}, {"mode": "clip", "clip_max_jy": 1000.0}])["paths"]["ms"]

    result = run("solve", ms=flagged, calibrator=C286)

    assert (result["exit_code"], result["code"]) == (3, "CALIBRATION_BAD")
