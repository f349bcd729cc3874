"""Solving: planted gains come back, an independent solver agrees, and what cannot be calibrated is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from calibration_tools import (
    C286,
    SMALL,
    antenna_index,
    column,
    copy_of,
    put,
    rows_of,
    secondary,
    solved_gains,
    stefcal,
    truth_of,
)
from conftest import StageRun

from meridian_compute.hashing import hash_folder
from meridian_compute.model import PointSourceModel, observation_of, write_model_column
from meridian_compute.specs.common import CalibratorModel, SourceModel

#: Without gain drift the gains of a group are single numbers.
STEADY = {**SMALL, "corruption": {"gain_drift_deg_per_hour": 0.0, "gain_drift_amplitude": 0.0}}


def verdicts(result: dict[str, Any]) -> dict[str, str]:
    return {check["name"]: check["verdict"] for check in result["summary"]["checks"]}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Results that several tests of this module look at."""
    return {}


@pytest.fixture
def solved(run: StageRun, converted: StageRun, shared: dict[str, Any]) -> dict[str, Any]:
    """The small group solved once, its folder kept."""
    if not shared:
        group = converted(**SMALL)
        before = hash_folder(Path(group["ms"]))
        shared.update(run("solve", ms=group["ms"], calibrator=C286), group=group, untouched=before)
        assert shared["exit_code"] == 0, shared
    return shared


def test_planted_gains_come_back(solved: dict[str, Any]) -> None:
    truth = truth_of(solved["group"], solved)

    assert truth["scale"] == pytest.approx(1, abs=0.003)
    assert truth["amplitude_rms"] < 0.01
    assert truth["phase_rms_deg"] < 1.0
    assert truth["delay_rms_ns"] < 0.05


def test_the_summary_says_what_was_solved_and_for_when(solved: dict[str, Any]) -> None:
    summary, truth = solved["summary"], solved["group"]["truth"]

    assert summary["calibrator"] == "3C286"
    assert summary["transit_mjd"] == pytest.approx(truth["transit_mjd"], abs=1 / 86400)
    assert summary["valid_start_mjd"] == pytest.approx(summary["transit_mjd"] - 0.5)
    assert summary["valid_end_mjd"] == pytest.approx(summary["transit_mjd"] + 25 / 24)
    assert summary["beam_at_transit"] == pytest.approx(1, abs=1e-3)
    assert summary["apparent_flux_jy"] == pytest.approx(truth["sources"][0]["apparent_flux_jy"][0], rel=1e-3)
    assert summary["pointing_dec_deg"] == pytest.approx(truth["pointing_dec_deg"], abs=1e-6)
    assert summary["n_model_sources"] > 5
    assert [table["type"] for table in summary["tables"]] == ["K", "B", "G"]
    assert summary["tables"][0]["max_delay_ns"] > 5
    assert summary["tables"][1]["median_amplitude"] == pytest.approx(1, abs=0.01)
    assert summary["tables"][2]["median_snr"] > 100
    assert not summary["tables"][2]["own_ms_only"]
    assert summary["corrected_over_model_amplitude"] == pytest.approx(1, abs=0.01)
    assert summary["corrected_phase_rms_deg"] < 3
    assert summary["verdict"] == "pass"
    assert set(solved["paths"]) == {"caltable_K", "caltable_B", "caltable_G"}
    assert not (solved["workdir"] / "scratch").exists()
    assert hash_folder(Path(solved["group"]["ms"])) == solved["untouched"]


def test_stefcal_on_the_whole_set_agrees_with_casa(run: StageRun, converted: StageRun, tmp_path: Path) -> None:
    group = converted(**STEADY)
    ms = copy_of(group["ms"], tmp_path)
    truth = group["truth"]
    sources: list[SourceModel] = [CalibratorModel(**C286)]
    for source in truth["sources"]:
        if source["name"] != "3C286":
            place = {"ra_deg": source["ra_deg"], "dec_deg": source["dec_deg"], "name": source["name"]}
            sources.append(SourceModel(**place, flux_jy=source["flux_jy"], ref_freq_hz=truth["nu_eff_hz"]))
    write_model_column(ms, PointSourceModel(sources, observation_of(ms)))
    first, second, time_s = (column(ms, name) for name in ("ANTENNA1", "ANTENNA2", "TIME"))
    _times, when = np.unique(time_s, return_inverse=True)

    def matrices(name: str, channel: int, hand: int) -> np.ndarray:
        values = np.zeros((when.max() + 1, 20, 20), dtype=complex)
        values[when, first, second] = column(ms, name)[:, channel, hand]
        values[when, second, first] = column(ms, name)[:, channel, hand].conj()
        return values

    solved = solved_gains(run("solve", ms=group["ms"], calibrator=C286)["paths"])

    for channel, hand in ((2, 0), (17, 1), (29, 0)):
        data, model = matrices("DATA", channel, hand), matrices("MODEL_DATA", channel, hand)
        oracle = stefcal(data, model, np.zeros(data.shape, dtype=bool))
        ratio = solved[:, channel, hand] / oracle
        ratio *= np.exp(-1j * np.angle(ratio.mean()))
        # CASA's model lacks the sources below 1 % of the calibrator, and it weighs bins, not integrations.
        assert np.std(np.abs(ratio)) < 0.005
        assert np.abs(ratio).mean() == pytest.approx(1, abs=0.005)
        assert np.rad2deg(np.std(np.angle(ratio))) < 0.3


def test_a_calibrator_one_degree_from_the_centre_gives_the_same_scale(run: StageRun, converted: StageRun) -> None:
    group = converted(**SMALL, calibrator_offset_deg=1.0)

    result = run("solve", ms=group["ms"], calibrator=C286)

    truth = truth_of(group, result)
    assert result["summary"]["beam_at_transit"] == pytest.approx(0.69, abs=0.02)
    assert truth["scale"] == pytest.approx(1, abs=0.005)
    assert truth["amplitude_rms"] < 0.01
    assert truth["phase_rms_deg"] < 1.0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ra_deg", "dec_deg", "flux_jy"),
    [(40.1, -10.2, 6.0), (343.49, 16.1482, 12.6), (128.7, 54.3, 8.0), (359.99, 16.15, 5.0)],
)
def test_gains_come_back_from_every_part_of_the_sky(
    run: StageRun, converted: StageRun, ra_deg: float, dec_deg: float, flux_jy: float
) -> None:
    calibrator = secondary("CAL", ra_deg, dec_deg, flux_jy)
    group = converted(**{**SMALL, "calibrator": calibrator, "n_antennas": 40})

    result = run("solve", ms=group["ms"], calibrator=calibrator)

    truth = truth_of(group, result)
    assert truth["scale"] == pytest.approx(1, abs=0.005)
    assert truth["amplitude_rms"] < 0.01
    assert truth["phase_rms_deg"] < 1.0
    assert truth["delay_rms_ns"] < 0.05
    assert result["summary"]["secondary_scale_ratio"] == pytest.approx(1, abs=0.05)
    assert result["summary"]["verdict"] == "pass"


def test_a_wrong_flux_of_a_secondary_calibrator_shows_against_nvss(run: StageRun, converted: StageRun) -> None:
    true, assumed = secondary("CAL", 343.49, 16.1482, 5.0), secondary("CAL", 343.49, 16.1482, 7.0)
    group = converted(**{**SMALL, "calibrator": true})

    result = run("solve", ms=group["ms"], calibrator=assumed)

    # Neighbours come out too bright by the factor by which the calibrator was taken too bright.
    assert result["summary"]["secondary_scale_ratio"] == pytest.approx(7 / 5, rel=0.1)
    assert verdicts(result)["secondary_scale_ratio"] == "warn"
    assert result["summary"]["verdict"] == "warn"


def test_gains_at_intervals_serve_their_own_set_only(run: StageRun, converted: StageRun) -> None:
    result = run("solve", ms=converted(**SMALL)["ms"], calibrator=C286, gain_interval_s=60.0)

    times = np.unique(column(result["paths"]["caltable_G"], "TIME"))
    assert times.size == 5
    assert np.diff(times) == pytest.approx(61.8, abs=7)
    assert [table["own_ms_only"] for table in result["summary"]["tables"]] == [False, False, True]
    assert result["summary"]["verdict"] == "pass"


def test_existing_tables_are_applied_and_not_solved_again(
    run: StageRun, converted: StageRun, solved: dict[str, Any]
) -> None:
    ms = converted(**SMALL)["ms"]
    given = [solved["paths"]["caltable_K"], solved["paths"]["caltable_B"]]

    result = run("solve", ms=ms, calibrator=C286, existing_tables=given)

    assert set(result["paths"]) == {"caltable_G"}
    again, first = column(result["paths"]["caltable_G"], "CPARAM"), column(solved["paths"]["caltable_G"], "CPARAM")
    assert np.abs(again / first - 1).max() < 1e-3
    for existing, code in (
        ([*given, solved["paths"]["caltable_G"]], "SPEC_INVALID"),
        ([given[0], given[0]], "SPEC_INVALID"),
        (["/nowhere/B.cal"], "CALTABLE_MISSING"),
        ([ms], "CALTABLE_MISMATCH"),
    ):
        refused = run("solve", ms=ms, calibrator=C286, existing_tables=existing)
        assert (refused["exit_code"], refused["code"]) == (2, code)


def test_the_reference_antenna_is_central_working_and_the_same_every_time(
    run: StageRun, converted: StageRun, solved: dict[str, Any], tmp_path: Path
) -> None:
    ms = copy_of(converted(**SMALL)["ms"], tmp_path)
    best = solved["summary"]["refant"]
    positions_m = column(f"{ms}::ANTENNA", "POSITION")
    distance_m = np.linalg.norm(positions_m - np.median(positions_m, axis=0), axis=1)
    assert distance_m[antenna_index(ms, best)] == distance_m.min()
    flags = column(ms, "FLAG")
    flags[rows_of(ms, antenna_index(ms, best))] = True
    put(ms, "FLAG", flags)

    chosen = run("solve", ms=ms, calibrator=C286)
    asked = run("solve", ms=ms, calibrator=C286, refant=best)
    named = run("solve", ms=ms, calibrator=C286, refant="dsa-001", types=["G"])
    unknown = run("solve", ms=ms, calibrator=C286, refant="DSA-999")

    assert chosen["summary"]["refant"] != best
    assert chosen["summary"]["dead_antennas"] == [best]
    assert asked["summary"]["refant"] == chosen["summary"]["refant"]
    assert any(best in warning for warning in asked["warnings"])
    assert asked["summary"]["verdict"] == "warn"
    assert named["summary"]["refant"] == "DSA-001"
    assert (unknown["exit_code"], unknown["code"]) == (2, "SPEC_INVALID")


def test_dead_and_noisy_receptors_are_flagged_in_the_tables_and_harm_no_other(
    run: StageRun, converted: StageRun, tmp_path: Path
) -> None:
    group = converted(**SMALL)
    ms = copy_of(group["ms"], tmp_path)
    data, rng = column(ms, "DATA"), np.random.default_rng(4)
    noise = (rng.standard_normal(data.shape) + 1j * rng.standard_normal(data.shape)).astype(np.complex64)
    data[rows_of(ms, 3)] = 0
    data[rows_of(ms, 6)] = noise[rows_of(ms, 6)]
    data[rows_of(ms, 12), :, 1] = noise[rows_of(ms, 12), :, 1]
    data[100:110, 4, :] = np.nan
    put(ms, "DATA", data)
    names = [str(name) for name in column(f"{ms}::ANTENNA", "NAME")]

    result = run("solve", ms=ms, calibrator=C286)

    assert result["summary"]["dead_antennas"] == [names[3], names[6], f"{names[12]}:YY"]
    for role, path in result["paths"].items():
        values = column(path, "FPARAM" if role == "caltable_K" else "CPARAM")
        flags, antenna = column(path, "FLAG"), column(path, "ANTENNA1")
        assert np.isfinite(values[~flags]).all()
        assert flags[np.isin(antenna, [3, 6])].all()
        assert flags[antenna == 12][..., 1].all()
        assert not flags[antenna == 12][..., 0].any()
    truth = truth_of(group, result)
    assert truth["amplitude_rms"] < 0.01
    assert truth["phase_rms_deg"] < 1.0


def test_channels_without_data_are_flagged_in_the_bandpass(run: StageRun, converted: StageRun) -> None:
    group = converted(**SMALL, damage={"missing_subbands": {0: [5]}})

    result = run("solve", ms=group["ms"], calibrator=C286)

    flags = column(result["paths"]["caltable_B"], "FLAG")
    # sb05 is the sixth from the top; channels ascend.
    missing = np.arange(32)[20:22]
    assert flags[:, missing].all()
    assert not np.delete(flags, missing, axis=1).any()
    truth = truth_of(group, result)
    assert truth["amplitude_rms"] < 0.01
    assert truth["phase_rms_deg"] < 1.0
    assert verdicts(result)["B_solved_channels"] == "pass"
    assert result["summary"]["dead_antennas"] == []


def test_the_range_of_baselines_is_kept(run: StageRun, converted: StageRun, tmp_path: Path) -> None:
    group = converted(**SMALL)
    ms = copy_of(group["ms"], tmp_path)
    data, uvw_m = column(ms, "DATA"), column(ms, "UVW")
    short = np.hypot(uvw_m[:, 0], uvw_m[:, 1]) < 0.5 * 213.4
    data[short] *= 3 + 1j
    put(ms, "DATA", data)

    kept = run("solve", ms=ms, calibrator={**C286, "uvmin_klambda": 0.5})
    none = run("solve", ms=ms, calibrator={**C286, "uvmin_klambda": 2.0}, uvmax_m=400.0)
    empty = run("solve", ms=ms, calibrator=C286, uvmin_m=5000.0)

    assert truth_of(group, kept)["amplitude_rms"] < 0.01
    assert truth_of(group, kept)["scale"] == pytest.approx(1, abs=0.005)
    assert (none["exit_code"], none["code"]) == (2, "SPEC_INVALID")
    assert (empty["exit_code"], empty["code"]) == (2, "DATA_ALL_FLAGGED")
