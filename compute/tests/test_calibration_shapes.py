"""Calibration of sets that are not the telescope's usual ones: polarisations, integrations, channels."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from calibration_tools import C286, SMALL, column, truth_of
from conftest import StageRun

#: Few integrations and an odd number of channels.
GROUP: dict[str, Any] = {**SMALL, "n_antennas": 12, "n_integrations": 7, "n_subbands": 5, "channels_per_subband": 5}

LINEAR = {"XX": -5, "YY": -6, "XY": -7, "YX": -8}


def with_polarizations(files: list[str], folder: Path, wanted: list[str]) -> list[str]:
    """Copies of subband files with other polarisations; cross hands hold noise."""
    folder.mkdir()
    rng = np.random.default_rng(8)
    copies = []
    for name in files:
        target = folder / Path(name).name
        shutil.copyfile(name, target)
        with h5py.File(target, "r+") as file:
            data = file["Data/visdata"][()]
            noise = (rng.standard_normal((*data.shape[:-1], 2)) @ np.array([1, 1j])).astype(np.complex64)
            planes = {"XX": data[..., 0], "YY": data[..., 1], "XY": noise, "YX": noise}
            new = {
                "Data/visdata": np.stack([planes[hand] for hand in wanted], axis=-1),
                "Data/flags": np.zeros((*data.shape[:-1], len(wanted)), dtype=bool),
                "Data/nsamples": np.ones((*data.shape[:-1], len(wanted)), dtype=np.float32),
                "Header/polarization_array": np.array([LINEAR[hand] for hand in wanted]),
                "Header/Npols": np.array(len(wanted)),
            }
            for path, values in new.items():
                del file[path]
                file[path] = values
        copies.append(str(target))
    return copies


@pytest.mark.parametrize("wanted", [["XX", "YY"], ["XX", "XY", "YX", "YY"], ["YY", "XX"], ["YY"]])
def test_any_polarizations_and_lengths_are_flagged_solved_and_applied(
    run: StageRun, simulated: StageRun, tmp_path: Path, wanted: list[str]
) -> None:
    group = simulated(**GROUP)
    files = with_polarizations(group["files"], tmp_path / "files", wanted)
    ms = run("convert", files=files)["paths"]["ms"]

    flagged = run("flag", ms=ms)
    solved = run("solve", ms=flagged["paths"]["ms"], calibrator=C286)
    tables = [{"path": solved["paths"][f"caltable_{kind}"], "type": kind} for kind in "KBG"]
    applied = run("apply", ms=flagged["paths"]["ms"], tables=tables)

    assert flagged["summary"]["flagged_fraction_after"] < 0.02
    assert solved["summary"]["verdict"] == "pass", solved["summary"]["checks"]
    if len(wanted) > 1:
        truth = truth_of(group, solved)
        assert truth["amplitude_rms"] < 0.015
        assert truth["phase_rms_deg"] < 1.0
    assert applied["exit_code"] == 0, applied
    data = column(applied["paths"]["ms"], "DATA")
    assert data.shape[2] == len(wanted)
    cross = column(ms, "ANTENNA1") != column(ms, "ANTENNA2")
    order = sorted(wanted, key=lambda hand: ["XX", "XY", "YX", "YY"].index(hand))
    for index, hand in enumerate(order):
        level = np.abs(data[cross][:, :, index].mean())
        assert level == pytest.approx(14.5, abs=1.0) if hand in ("XX", "YY") else level < 1.0
