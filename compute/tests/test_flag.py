"""Flagging: what each step flags on sets whose faults are known, and what it leaves alone."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from calibration_tools import SMALL, column, copy_of, fraction_flagged, put, rows_of
from conftest import PERFECT, StageRun

from meridian_compute.calibration.casa_flagger import run_casa_flagger
from meridian_compute.calibration.flag_steps import shadowed
from meridian_compute.hashing import hash_folder
from meridian_compute.simulator.instrument import make_interference
from meridian_compute.simulator.plan import make_plan
from meridian_compute.specs.simulate import SimulateSpec

#: Four channels of each subband, so that carriers are narrow against the band.
BROAD = {**SMALL, "channels_per_subband": 4}
RFI = {**BROAD, "seed": 9, "corruption": {"rfi_fraction": 0.03}}


def interference(spec: dict[str, Any]) -> np.ndarray:
    """Where the simulator put interference in the first group: shape (n_time, n_channel), channels ascending."""
    parsed = SimulateSpec(**spec)
    plan = make_plan(parsed)
    made = make_interference(parsed, plan, 0)
    assert made is not None
    return np.asarray(made.amplitude_jy[:, np.argsort(plan.freq_hz.ravel())] > 0)


def flagged_cells(ms: str) -> np.ndarray:
    """Fraction of the cross-correlations flagged in each cell of time and channel."""
    cross = column(ms, "ANTENNA1") != column(ms, "ANTENNA2")
    flags, time_s = column(ms, "FLAG")[cross], column(ms, "TIME")[cross]
    return np.array([flags[time_s == time].mean(axis=(0, 2)) for time in np.unique(time_s)])


def test_a_clean_group_with_its_calibrator_loses_next_to_nothing(run: StageRun, converted: StageRun) -> None:
    ms = converted(**BROAD)["ms"]
    before = hash_folder(Path(ms))

    result = run("flag", ms=ms)

    summary = result["summary"]
    assert summary["flagged_fraction_before"] == 0
    assert summary["flagged_fraction_after"] < 0.02
    assert summary["flagged_fraction_after"] == pytest.approx(fraction_flagged(result["paths"]["ms"]))
    assert list(summary["flagged_by_step"]) == ["nonfinite", "zeros", "shadow", "rfi", "dead_antennas"]
    assert summary["dead_antennas"] == []
    assert {check["verdict"] for check in summary["checks"]} == {"pass"}
    assert np.array_equal(column(result["paths"]["ms"], "DATA"), column(ms, "DATA"))
    assert hash_folder(Path(ms)) == before


def test_carriers_and_bursts_are_found_and_little_else(run: StageRun, converted: StageRun) -> None:
    result = run("flag", ms=converted(**RFI)["ms"])

    bad = interference(RFI)
    flagged = flagged_cells(result["paths"]["ms"])
    assert 0.02 < bad.mean() < 0.05
    assert flagged[bad].mean() > 0.99
    assert flagged[~bad].mean() < 0.03
    assert result["tools"]["aoflagger"]


def test_weak_carriers_are_found_in_the_sum_over_baselines(run: StageRun, converted: StageRun, tmp_path: Path) -> None:
    ms = copy_of(converted(**BROAD)["ms"], tmp_path)
    data, first, second = column(ms, "DATA"), column(ms, "ANTENNA1"), column(ms, "ANTENNA2")
    phase = np.exp(2j * np.pi * np.random.default_rng(2).uniform(size=20))
    # A tenth of the calibrator, about twice the noise of one visibility.
    data[:, 30, :] += 1.5 * (phase[first] * phase[second].conj())[:, None]
    put(ms, "DATA", data)

    flagged = flagged_cells(run("flag", ms=ms)["paths"]["ms"])

    assert flagged[:, 30].mean() > 0.9
    assert np.delete(flagged, 30, axis=1).mean() < 0.01


def test_interference_at_one_antenna_is_flagged_there_only(run: StageRun, converted: StageRun, tmp_path: Path) -> None:
    ms = copy_of(converted(**BROAD)["ms"], tmp_path)
    data, mine = column(ms, "DATA"), rows_of(ms, 7)
    phases = np.random.default_rng(3).uniform(0, 2 * np.pi, (mine.sum(), 1))
    data[mine, 12, :] += 60 * np.exp(1j * phases)
    put(ms, "DATA", data)

    result = run("flag", ms=ms, steps=[{"mode": "rfi"}])

    flags = column(result["paths"]["ms"], "FLAG")
    cross = column(ms, "ANTENNA1") != column(ms, "ANTENNA2")
    assert flags[mine & cross, 12].mean() > 0.9
    assert flags[~mine, 12].mean() < 0.05


def test_nan_and_infinite_values_are_flagged_whatever_the_steps(
    run: StageRun, converted: StageRun, tmp_path: Path
) -> None:
    ms = copy_of(converted(**SMALL)["ms"], tmp_path)
    data = column(ms, "DATA")
    data[10, 3, 0], data[500, 7, 1] = np.nan, np.inf
    put(ms, "DATA", data)

    for steps in ([], [{"mode": "reset"}], [{"mode": "zeros"}, {"mode": "rfi"}]):
        flags = column(run("flag", ms=ms, steps=steps)["paths"]["ms"], "FLAG")
        assert flags[10, 3, 0]
        assert flags[500, 7, 1]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"mode": "autocorrelations"}, 20 / 210),
        ({"mode": "antenna", "antennas": ["DSA-001"]}, 20 / 210),
        ({"mode": "quack", "quack_s": 30.0}, 3 / 24),
        ({"mode": "elevation", "elevation_min_deg": 80.0}, 0.0),
        ({"mode": "elevation", "elevation_min_deg": 84.0}, 1.0),
        ({"mode": "clip", "clip_max_jy": 1e-6}, 190 / 210),
        ({"mode": "clip", "clip_min_jy": 0.0, "clip_max_jy": 1e6}, 0.0),
        ({"mode": "shadow"}, 0.0),
    ],
)
def test_a_rule_flags_what_it_names(run: StageRun, converted: StageRun, step: dict[str, Any], expected: float) -> None:
    result = run("flag", ms=converted(**SMALL)["ms"], steps=[step])

    assert result["summary"]["flagged_by_step"][step["mode"]] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"mode": "antenna", "antennas": ["DSA-999"]}, "no antenna DSA-999"),
        ({"mode": "antenna"}, "name at least one"),
        ({"mode": "clip"}, "clip_min_jy or clip_max_jy"),
        ({"mode": "quack"}, "quack_s"),
        ({"mode": "elevation"}, "elevation_min_deg"),
        ({"mode": "guess"}, "mode"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused(
    run: StageRun, converted: StageRun, step: dict[str, Any], words: str
) -> None:
    result = run("flag", ms=converted(**SMALL)["ms"], steps=[step])

    assert (result["exit_code"], result["code"]) == (2, "SPEC_INVALID")
    assert words in result["message"]


def test_zeros_are_flagged_and_the_antenna_that_gives_them_is_dead(run: StageRun, converted: StageRun) -> None:
    result = run("flag", ms=converted(**SMALL, corruption={"dead_antennas": [1]})["ms"])

    summary = result["summary"]
    assert summary["dead_antennas"] == ["DSA-001"]
    assert summary["flagged_by_step"]["zeros"] == pytest.approx(20 / 210, abs=1e-3)
    assert any("DSA-001" in warning for warning in result["warnings"])


def test_antennas_far_from_the_others_in_amplitude_are_dead(run: StageRun, converted: StageRun, tmp_path: Path) -> None:
    ms = copy_of(converted(**SMALL)["ms"], tmp_path)
    data = column(ms, "DATA")
    data[rows_of(ms, 4)] *= 0.01
    data[rows_of(ms, 9)] *= 30
    data[rows_of(ms, 11), :, 1] *= 0.01
    put(ms, "DATA", data)
    names = [str(name) for name in column(f"{ms}::ANTENNA", "NAME")]

    result = run("flag", ms=ms, steps=[])

    assert result["summary"]["dead_antennas"] == [names[4], names[9], f"{names[11]}:YY"]
    flags = column(result["paths"]["ms"], "FLAG")
    assert flags[rows_of(ms, 4)].all()
    assert flags[rows_of(ms, 9)].all()
    assert flags[rows_of(ms, 11), :, 1].all()
    untouched = rows_of(ms, 11) & ~rows_of(ms, 4) & ~rows_of(ms, 9)
    assert not flags[untouched, :, 0].any()


def test_reset_clears_flags_and_counts_them(run: StageRun, converted: StageRun, tmp_path: Path) -> None:
    ms = copy_of(converted(**SMALL)["ms"], tmp_path)
    put(ms, "FLAG", np.ones_like(column(ms, "FLAG")))
    put(ms, "FLAG_ROW", np.ones_like(column(ms, "FLAG_ROW")))

    result = run("flag", ms=ms, steps=[{"mode": "reset"}])

    assert result["summary"]["flagged_fraction_before"] == 1
    assert result["summary"]["flagged_fraction_after"] == 0
    assert result["summary"]["flagged_by_step"]["reset"] == -1
    assert not column(result["paths"]["ms"], "FLAG_ROW").any()


def test_too_much_flagged_fails_the_check(run: StageRun, converted: StageRun) -> None:
    ms = converted(**SMALL)["ms"]
    names = [str(name) for name in column(f"{ms}::ANTENNA", "NAME")][:8]

    checks = run("flag", ms=ms, steps=[{"mode": "antenna", "antennas": names}])["summary"]["checks"]

    verdicts = {check["name"]: check["verdict"] for check in checks}
    assert verdicts == {"flagged_fraction": "fail", "dead_antennas": "warn"}


@pytest.mark.parametrize("mode", ["tfcrop", "rflag"])
def test_casa_finds_strong_interference_too(run: StageRun, converted: StageRun, mode: str) -> None:
    result = run("flag", ms=converted(**RFI)["ms"], steps=[{"mode": mode}])

    bad = interference(RFI)
    flagged = flagged_cells(result["paths"]["ms"])
    assert flagged[bad].mean() > 0.3
    assert flagged[~bad].mean() < 0.2
    assert result["tools"]["casa"]


def test_without_aoflagger_tfcrop_takes_its_place_and_says_so(
    run: StageRun, converted: StageRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "aoflagger", None)

    result = run("flag", ms=converted(**RFI)["ms"])

    assert result["exit_code"] == 0
    assert any("tfcrop" in warning for warning in result["warnings"])
    assert flagged_cells(result["paths"]["ms"])[interference(RFI)].mean() > 0.3
    named = run("flag", ms=converted(**RFI)["ms"], steps=[{"mode": "rfi", "strategy": "/nowhere.lua"}])
    assert (named["exit_code"], named["code"]) == (2, "TOOL_MISSING")


def test_a_strategy_of_the_user_runs_on_each_baseline(run: StageRun, converted: StageRun, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.lua", tmp_path / "bad.lua"
    good.write_text("function execute(input)\n  aoflagger.sumthreshold(input, 3.0, 3.0, true, true)\nend\n")
    bad.write_text("function execute(input)\n  aoflagger.no_such_step(input)\nend\n")
    ms = converted(**RFI)["ms"]

    found = run("flag", ms=ms, steps=[{"mode": "rfi", "strategy": str(good)}])
    refused = run("flag", ms=ms, steps=[{"mode": "rfi", "strategy": str(bad)}])
    missing = run("flag", ms=ms, steps=[{"mode": "rfi", "strategy": str(tmp_path / "none.lua")}])

    assert found["summary"]["flagged_by_step"]["rfi"] > 0.003
    assert (refused["exit_code"], refused["code"]) == (3, "TOOL_FAILED")
    assert (missing["exit_code"], missing["code"]) == (2, "FILE_MISSING")


def test_missing_subbands_stay_flagged_and_fake_no_interference(run: StageRun, converted: StageRun) -> None:
    result = run("flag", ms=converted(**BROAD, damage={"missing_subbands": {0: [3, 4]}})["ms"])

    summary = result["summary"]
    assert summary["flagged_fraction_before"] == pytest.approx(2 / 16)
    assert summary["flagged_by_step"]["rfi"] < 0.01
    assert summary["dead_antennas"] == []


def test_what_is_no_measurement_set_is_refused(run: StageRun, tmp_path: Path) -> None:
    (tmp_path / "empty.ms").mkdir()

    missing = run("flag", ms=str(tmp_path / "no.ms"))
    foreign = run("flag", ms=str(tmp_path / "empty.ms"))

    assert (missing["exit_code"], missing["code"]) == (2, "FILE_MISSING")
    assert (foreign["exit_code"], foreign["code"]) == (2, "MS_INVALID")


def test_an_antenna_behind_another_is_shadowed() -> None:
    positions_m = np.array([[0.0, 0.0, 0.0], [1.0, 4.0, 9.0], [0.0, 4.7, -9.0]])

    assert shadowed(positions_m, np.full(3, 4.65)).tolist() == [True, False, True]
    assert shadowed(positions_m[[0, 2]], np.full(2, 4.65)).tolist() == [False, False]


def test_low_pointings_shadow_the_same_antennas_as_casa_says(
    run: StageRun, converted: StageRun, tmp_path: Path
) -> None:
    low = {
        "start_utc": "2026-01-25T22:26:05",
        "pointing_dec_deg": -30.0,
        "n_groups": 1,
        "station_numbers": [1, 6, 11, 16, 26, 31, *range(68, 73)],
        "n_subbands": 2,
        "channels_per_subband": 2,
        "n_integrations": 4,
        "sky": {"min_flux_jy": 2.0},
        "corruption": PERFECT,
    }
    ms = converted(**low)["ms"]
    ours = run("flag", ms=ms, steps=[{"mode": "shadow"}])["paths"]["ms"]
    theirs = copy_of(ms, tmp_path)
    run_casa_flagger(Path(theirs), "shadow")

    assert 0.3 < column(ours, "FLAG").mean() < 0.8
    assert np.array_equal(column(ours, "FLAG"), column(theirs, "FLAG"))
