"""Fixtures that several test modules use."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from meridian_compute.runner import run_stage

FIXTURES = Path(__file__).resolve().parents[2] / "test" / "fixtures"

StageRun = Callable[..., dict[str, Any]]


@pytest.fixture
def run(tmp_path: Path) -> StageRun:
    """Run a stage in this process as the command line would; give its result, or its failure with ``exit_code``."""
    counter = 0

    def run_in_process(stage: str, **spec: Any) -> dict[str, Any]:
        nonlocal counter
        counter += 1
        workdir = tmp_path / f"{stage}-{counter}"
        workdir.mkdir()
        (workdir / "spec.json").write_text(json.dumps(spec))
        exit_code = run_stage(stage, workdir / "spec.json", workdir)
        name = "result.json" if exit_code == 0 else "failure.json"
        document: dict[str, Any] = json.loads((workdir / name).read_text())
        outputs = {output["role"]: str(workdir / output["path"]) for output in document.get("outputs", [])}
        return {**document, "exit_code": exit_code, "workdir": workdir, "paths": outputs}

    return run_in_process
