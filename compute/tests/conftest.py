"""Fixtures that several test modules use."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from meridian_compute.runner import run_stage

FIXTURES = Path(__file__).resolve().parents[2] / "test" / "fixtures"

#: Switches everything off that the instrument does to the visibilities.
PERFECT = {"bandpass": False, "gains": False, "delays": False, "noise": False}

StageRun = Callable[..., dict[str, Any]]


def _run_in(workdir: Path, stage: str, spec: dict[str, Any]) -> dict[str, Any]:
    workdir.mkdir(parents=True)
    (workdir / "spec.json").write_text(json.dumps(spec))
    exit_code = run_stage(stage, workdir / "spec.json", workdir)
    name = "result.json" if exit_code == 0 else "failure.json"
    document: dict[str, Any] = json.loads((workdir / name).read_text())
    outputs = {output["role"]: str(workdir / output["path"]) for output in document.get("outputs", [])}
    return {**document, "exit_code": exit_code, "workdir": workdir, "paths": outputs}


@pytest.fixture
def run(tmp_path: Path) -> StageRun:
    """Run a stage in this process as the command line would; give its result, or its failure with ``exit_code``."""
    counter = 0

    def run_in_process(stage: str, **spec: Any) -> dict[str, Any]:
        nonlocal counter
        counter += 1
        return _run_in(tmp_path / f"{stage}-{counter}", stage, spec)

    return run_in_process


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> StageRun:
    """Simulate once per session and spec; the files are shared and must not be changed."""
    done: dict[str, dict[str, Any]] = {}

    def simulate(**spec: Any) -> dict[str, Any]:
        key = json.dumps(spec, sort_keys=True)
        if key not in done:
            result = _run_in(tmp_path_factory.mktemp("simulated") / "run", "simulate", spec)
            assert result["exit_code"] == 0, result
            result["truth"] = json.loads(Path(result["paths"]["truth"]).read_text())
            result["files"] = sorted(str(path) for path in Path(result["paths"]["incoming"]).iterdir())
            done[key] = result
        return done[key]

    return simulate


@pytest.fixture(scope="session")
def converted(simulated: StageRun, tmp_path_factory: pytest.TempPathFactory) -> StageRun:
    """The simulation with the measurement set of its first group, ``ms``; shared, must not be changed."""
    done: dict[str, dict[str, Any]] = {}

    def convert(**spec: Any) -> dict[str, Any]:
        result = simulated(**spec)
        key = str(result["workdir"])
        if key not in done:
            stamp = sorted({Path(name).name[:16] for name in result["files"]})[0]
            files = [name for name in result["files"] if Path(name).name.startswith(stamp)]
            workdir = tmp_path_factory.mktemp("converted") / "run"
            spec_of_convert = {"files": files, "expected_subbands": spec.get("n_subbands", 16)}
            group = _run_in(workdir, "convert", spec_of_convert)
            assert group["exit_code"] == 0, group
            done[key] = {**result, "ms": group["paths"]["ms"]}
        return done[key]

    return convert


@pytest.fixture
def tiny_group(simulated: StageRun, tmp_path: Path) -> list[Path]:
    """Three subband files (4 antennas, 2 channels, 4 integrations) of their own, to be damaged at will."""
    result = simulated(
        start_utc="2026-01-25T22:26:05",
        pointing_dec_deg=16.15,
        n_groups=1,
        n_subbands=3,
        channels_per_subband=2,
        n_integrations=4,
        n_antennas=4,
        stamp_jitter_s=0,
        sky={"min_flux_jy": 1.0},
    )
    folder = tmp_path / "incoming"
    shutil.copytree(result["paths"]["incoming"], folder)
    return sorted(folder.iterdir())
