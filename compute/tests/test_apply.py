"""Applying: calibrated data are the sky's, and what would pass for calibrated is refused."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from calibration_tools import C286, SMALL, column, copy_of, put, rows_of
from casacore.tables import table
from conftest import StageRun

from meridian_compute.hashing import hash_folder
from meridian_compute.model import PointSourceModel, observation_of, write_model_column
from meridian_compute.specs.common import CalibratorModel

ORDER = ("K", "B", "G")


@pytest.fixture(scope="module")
def shared() -> dict[str, Any]:
    """Tables that the tests of this module apply."""
    return {}


@pytest.fixture
def tables(run: StageRun, converted: StageRun, shared: dict[str, Any]) -> dict[str, str]:
    """Tables of the small group by type; shared, must not be changed."""
    if not shared:
        solved = run("solve", ms=converted(**SMALL)["ms"], calibrator=C286)
        assert solved["exit_code"] == 0, solved
        shared.update({kind: solved["paths"][f"caltable_{kind}"] for kind in ORDER})
    return shared


def listed(tables: dict[str, str], **changed: str) -> list[dict[str, str]]:
    return [{"path": changed.get(kind, tables[kind]), "type": kind} for kind in ORDER]


def own_copy(path: str, folder: Path) -> str:
    target = folder / f"own-{Path(path).name}"
    shutil.copytree(path, target)
    return str(target)


def test_calibrated_data_are_the_model_of_the_sky(
    run: StageRun, converted: StageRun, tables: dict[str, str], tmp_path: Path
) -> None:
    ms = converted(**SMALL)["ms"]
    before = {path: hash_folder(Path(path)) for path in (ms, *tables.values())}

    result = run("apply", ms=ms, tables=listed(tables)[::-1])

    out = result["paths"]["ms"]
    with table(out, ack=False) as main:
        assert not {"CORRECTED_DATA", "MODEL_DATA"} & set(main.colnames())
        assert main.getcolkeyword("DATA", "QuantumUnits") == ["Jy"]
    expected = copy_of(out, tmp_path)
    write_model_column(expected, PointSourceModel([CalibratorModel(**C286)], observation_of(expected)))
    cross = column(out, "ANTENNA1") != column(out, "ANTENNA2")
    data, model = column(out, "DATA")[cross], column(expected, "MODEL_DATA")[cross]
    ratio = (data * model.conj()).sum() / (np.abs(model) ** 2).sum()
    assert np.abs(ratio) == pytest.approx(1, abs=0.005)
    assert np.rad2deg(np.abs(np.angle(ratio))) < 0.2
    summary = result["summary"]
    assert summary["changed_fraction"] > 0.99
    assert summary["flagged_fraction_after"] == summary["flagged_fraction_before"] == 0
    assert {check["verdict"] for check in summary["checks"]} == {"pass"}
    assert {path: hash_folder(Path(path)) for path in before} == before


def test_weights_are_left_alone(run: StageRun, converted: StageRun, tables: dict[str, str]) -> None:
    ms = converted(**SMALL)["ms"]

    out = run("apply", ms=ms, tables=listed(tables))["paths"]["ms"]

    assert np.array_equal(column(out, "WEIGHT"), column(ms, "WEIGHT"))


def test_data_without_solution_are_flagged(
    run: StageRun, converted: StageRun, tables: dict[str, str], tmp_path: Path
) -> None:
    ms = converted(**SMALL)["ms"]
    band = own_copy(tables["B"], tmp_path)
    flags, antenna = column(band, "FLAG"), column(band, "ANTENNA1")
    flags[antenna == 5] = True
    flags[:, 10] = True
    put(band, "FLAG", flags)

    result = run("apply", ms=ms, tables=listed(tables, B=band))

    out_flags = column(result["paths"]["ms"], "FLAG")
    assert out_flags[rows_of(ms, 5)].all()
    assert out_flags[:, 10].all()
    assert not np.delete(out_flags[~rows_of(ms, 5)], 10, axis=1).any()
    assert result["summary"]["flagged_fraction_after"] == pytest.approx(out_flags.mean())


def test_too_much_without_solution_fails_the_check(
    run: StageRun, converted: StageRun, tables: dict[str, str], tmp_path: Path
) -> None:
    gain = own_copy(tables["G"], tmp_path)
    flags = column(gain, "FLAG")
    flags[:8] = True
    put(gain, "FLAG", flags)

    checks = run("apply", ms=converted(**SMALL)["ms"], tables=listed(tables, G=gain))["summary"]["checks"]

    assert {check["name"]: check["verdict"] for check in checks}["flagged_fraction"] == "fail"


def test_tables_that_do_nothing_are_refused(
    run: StageRun, converted: StageRun, tables: dict[str, str], tmp_path: Path
) -> None:
    gain = own_copy(tables["G"], tmp_path)
    put(gain, "CPARAM", np.ones_like(column(gain, "CPARAM")))

    result = run("apply", ms=converted(**SMALL)["ms"], tables=[{"path": gain, "type": "G"}])

    assert (result["exit_code"], result["code"]) == (3, "APPLY_NO_CHANGE")


def test_tables_without_any_solution_are_refused(
    run: StageRun, converted: StageRun, tables: dict[str, str], tmp_path: Path
) -> None:
    gain = own_copy(tables["G"], tmp_path)
    put(gain, "FLAG", np.ones_like(column(gain, "FLAG")))

    result = run("apply", ms=converted(**SMALL)["ms"], tables=listed(tables, G=gain))

    assert (result["exit_code"], result["code"]) == (3, "CALIBRATION_BAD")


def test_data_that_are_all_flagged_are_refused(
    run: StageRun, converted: StageRun, tables: dict[str, str], tmp_path: Path
) -> None:
    ms = copy_of(converted(**SMALL)["ms"], tmp_path)
    put(ms, "FLAG", np.ones_like(column(ms, "FLAG")))

    result = run("apply", ms=ms, tables=listed(tables))

    assert (result["exit_code"], result["code"]) == (2, "DATA_ALL_FLAGGED")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"n_antennas": 12}, "12"),
        ({"station_numbers": [*range(1, 10), *range(11, 20), 24, 25], "n_antennas": None}, "antenna"),
        ({"channels_per_subband": 4}, "channels"),
    ],
)
def test_tables_of_other_data_are_refused(
    run: StageRun, converted: StageRun, tables: dict[str, str], changes: dict[str, Any], words: str
) -> None:
    other = converted(**{**SMALL, "sky": {"catalog": "none"}, "n_integrations": 2, **changes})["ms"]

    result = run("apply", ms=other, tables=listed(tables))

    assert (result["exit_code"], result["code"]) == (2, "CALTABLE_MISMATCH")
    assert words in result["message"]


def test_a_part_of_the_band_is_calibrated_as_the_whole(
    run: StageRun, converted: StageRun, tables: dict[str, str], simulated: StageRun
) -> None:
    whole = run("apply", ms=converted(**SMALL)["ms"], tables=listed(tables))["paths"]["ms"]
    files = [name for name in simulated(**SMALL)["files"] if int(name[-7:-5]) >= 8]
    part = run("convert", files=files)["paths"]["ms"]

    out = run("apply", ms=part, tables=listed(tables))["paths"]["ms"]

    assert column(out, "DATA").shape[1] == 16
    assert np.allclose(column(out, "DATA"), column(whole, "DATA")[:, :16], rtol=1e-4)


def test_tables_are_checked_before_anything_is_done(
    run: StageRun, converted: StageRun, tables: dict[str, str], tmp_path: Path
) -> None:
    ms = converted(**SMALL)["ms"]
    for wrong, code in (
        ([{"path": tables["K"], "type": "G"}], "CALTABLE_MISMATCH"),
        ([{"path": str(tmp_path / "none.cal"), "type": "G"}], "CALTABLE_MISSING"),
        ([{"path": ms, "type": "G"}], "CALTABLE_MISMATCH"),
        ([{"path": tables["G"], "type": "G"}, {"path": tables["G"], "type": "G"}], "SPEC_INVALID"),
        ([], "SPEC_INVALID"),
    ):
        result = run("apply", ms=ms, tables=wrong)
        assert (result["exit_code"], result["code"]) == (2, code)
    missing = run("apply", ms=str(tmp_path / "no.ms"), tables=listed(tables))
    assert (missing["exit_code"], missing["code"]) == (2, "FILE_MISSING")


def test_gains_of_two_times_are_interpolated_in_between(
    run: StageRun, converted: StageRun, tables: dict[str, str], tmp_path: Path
) -> None:
    ms = converted(**SMALL)["ms"]
    gain = own_copy(tables["G"], tmp_path)
    with table(gain, ack=False, readonly=False) as main:
        n = main.nrows()
        main.copyrows(main)
        values, time_s = main.getcol("CPARAM"), main.getcol("TIME")
        middle = column(ms, "TIME").mean()
        time_s[:n], time_s[n:] = middle - 3600, middle + 3600
        values[n:] *= 1.2
        main.putcol("CPARAM", values)
        main.putcol("TIME", time_s)
    once = run("apply", ms=ms, tables=listed(tables))["paths"]["ms"]

    specs = listed(tables, G=gain)
    linear = run("apply", ms=ms, tables=[*specs[:2], {**specs[2], "interp": "linear"}])["paths"]["ms"]

    cross = column(ms, "ANTENNA1") != column(ms, "ANTENNA2")
    times, when = np.unique(column(ms, "TIME")[cross], return_inverse=True)
    ratio = np.abs(column(once, "DATA")[cross] / column(linear, "DATA")[cross]).mean(axis=(1, 2))
    at_start, at_end = ratio[when == 0].mean(), ratio[when == times.size - 1].mean()
    assert (at_start + at_end) / 2 == pytest.approx(1.1**2, rel=0.005)
    assert at_start < at_end
