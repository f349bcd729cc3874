"""From a spec file to a result file: what every stage process does around the stage itself."""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from .contract import (
    EXIT_DONE,
    Events,
    Model,
    ResultDocument,
    Stage,
    StageFailure,
    describe_output,
    peak_rss_bytes,
    write_json,
)
from .failures import as_failure, release_room, report_failure, reserve_room
from .specs.registry import STAGES

StageMain = Callable[[Any, Stage], Model]

#: Failures stay alive until the process ends: a casacore table that is open in their frames would be flushed when they
#: are freed, and on a full disk that aborts the process.
_failed_with: list[Exception] = []


def run_stage(name: str, spec_path: Path, workdir: Path) -> int:
    """Run one stage and leave ``result.json`` or ``failure.json`` in its work folder.

    Each stage lives in ``stages/<name>.py`` as ``main(spec, stage) -> summary``.

    Returns:
        The exit code: 0 done, 2 bad input, 3 tool failed, 4 out of memory or disk, 1 a fault of our own.
    """
    # Read by OpenBLAS when numpy is first imported, which is when the stage's module is.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    workdir.mkdir(parents=True, exist_ok=True)
    workdir = workdir.resolve()
    started = time.monotonic()
    reserve_room(workdir)
    try:
        spec = read_spec(name, spec_path)
        stage = Stage(name=name, workdir=workdir, events=Events(workdir / "events.jsonl"))
        stage_main: StageMain = importlib.import_module(f"{__package__}.stages.{name}").main
        summary = stage_main(spec, stage)
        write_result(stage, summary, started)
    except Exception as error:
        _failed_with.append(error)
        return report_failure(as_failure(error, workdir), workdir)
    release_room(workdir)
    return EXIT_DONE


def read_spec(name: str, path: Path) -> Model:
    """Read and check a stage's spec.

    Raises:
        StageFailure: SPEC_INVALID naming each wrong field.
    """
    try:
        return STAGES[name].spec.model_validate_json(path.read_bytes())
    except FileNotFoundError as cause:
        raise StageFailure("SPEC_INVALID", f"there is no spec at {path}", file=str(path)) from cause
    except ValidationError as cause:
        faults = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'spec'}: {e['msg']}" for e in cause.errors()[:5])
        raise StageFailure("SPEC_INVALID", f"the spec of {name} is wrong: {faults}", file=str(path)) from cause


def write_result(stage: Stage, summary: Model, started: float) -> None:
    """Measure the outputs and write ``result.json``, last of all."""
    outputs = [describe_output(role, path, stage.workdir) for role, path in stage.outputs.items()]
    document = ResultDocument(
        stage=stage.name,
        stage_version=STAGES[stage.name].version,
        outputs=outputs,
        summary=summary.model_dump(mode="json"),
        warnings=stage.events.warnings,
        tools=stage.tools,
        wall_seconds=round(time.monotonic() - started, 3),
        peak_rss_bytes=peak_rss_bytes(),
    )
    write_json(stage.workdir / "result.json", document.model_dump(mode="json"))
