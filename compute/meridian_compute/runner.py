"""From a spec file to a result file: what every stage process does around the stage itself."""

from __future__ import annotations

import errno
import importlib
import json
import os
import sys
import time
import traceback
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
from .error_codes import EXIT_INTERNAL, EXIT_STATUS, ErrorCode
from .specs.registry import STAGES

StageMain = Callable[[Any, Stage], Model]


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
    try:
        spec = read_spec(name, spec_path)
        stage = Stage(name=name, workdir=workdir, events=Events(workdir / "events.jsonl"))
        stage_main: StageMain = importlib.import_module(f"{__package__}.stages.{name}").main
        summary = stage_main(spec, stage)
        write_result(stage, summary, started)
    except Exception as error:
        return report_failure(as_failure(error), workdir)
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


def as_failure(error: Exception) -> StageFailure:
    """Give every error a code: those of the machine by their kind, the rest are ours."""
    if isinstance(error, StageFailure):
        return error
    if isinstance(error, MemoryError):
        return StageFailure("OUT_OF_MEMORY", "the stage ran out of memory; give it a larger memory class")
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StageFailure("DISK_FULL", f"no space left while writing {error.filename or 'an output'}; free some disk")
    traceback.print_exc(file=sys.stderr)
    return StageFailure("INTERNAL", f"{type(error).__name__}: {error}")


def report_failure(failure: StageFailure, workdir: Path) -> int:
    """Write ``failure.json`` (where the disk still takes it), say it on stderr, return the exit code."""
    document = {"code": failure.code, "message": failure.message, "context": failure.context}
    print(json.dumps(document), file=sys.stderr)
    try:
        write_json(workdir / "failure.json", document)
    except OSError as cause:
        print(f"failure.json could not be written: {os.strerror(cause.errno or 0)}", file=sys.stderr)
    return EXIT_STATUS[ErrorCode(failure.code)] if failure.code in ErrorCode.__members__ else EXIT_INTERNAL
