"""The contract between a stage and whoever runs it.

A stage is one process: ``python -m meridian_compute <stage> --spec spec.json --workdir DIR``.
It reads everything from its spec, writes only below its work folder, appends events to ``events.jsonl``
and ends with ``result.json`` (exit code 0) or ``failure.json`` (exit codes below).
"""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from .hashing import folder_size_bytes, hash_file, hash_folder

EXIT_DONE = 0

#: Seconds between two progress events: more would only fill the disk.
EVENT_INTERVAL_SECONDS = 1.0

Value = str | int | float | bool | None


class Model(BaseModel):
    """Base of every spec and summary: unknown fields are errors, instances are immutable."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, json_schema_serialization_defaults_required=True
    )


class OutputFile(Model):
    """One file or folder that a stage leaves in its work folder."""

    role: str
    path: str
    kind: Literal["file", "folder"]
    size_bytes: int
    sha256: str


class ResultDocument(Model):
    """``result.json``, written last: what a stage that ended well leaves. ``summary`` is the stage's own model."""

    stage: str
    stage_version: int
    outputs: list[OutputFile]
    summary: dict[str, Any]
    warnings: list[str]
    tools: dict[str, str]
    wall_seconds: float
    peak_rss_bytes: int


class StageFailure(Exception):
    """A failure with a code of the closed list (``error_codes.py``).

    Args:
        code: e.g. ``FILE_TRUNCATED``; decides exit code and whether a retry makes sense.
        message: one sentence for a person: what is wrong and what to do, naming file or field.
        context: facts for programs (file, field, values).
    """

    def __init__(self, code: str, message: str, **context: Value) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.context: dict[str, Value] = context


@dataclass
class Events:
    """Appends events to ``events.jsonl``: progress, metrics and warnings."""

    path: Path
    warnings: list[str] = field(default_factory=list)
    _last_progress: float = 0.0

    def progress(self, fraction: float, message: str) -> None:
        """Report how far the stage is, 0 to 1, in words; at most one event a second is written."""
        now = time.monotonic()
        if now - self._last_progress < EVENT_INTERVAL_SECONDS and fraction < 1:
            return
        self._last_progress = now
        self._append({"kind": "progress", "fraction": round(min(max(fraction, 0.0), 1.0), 4), "message": message})

    def metric(self, name: str, value: float) -> None:
        """Report a number worth following while the stage runs."""
        self._append({"kind": "metric", "name": name, "value": value})

    def warning(self, message: str) -> None:
        """Report something the astronomer should know; also kept in the result."""
        self.warnings.append(message)
        self._append({"kind": "warning", "message": message})

    def _append(self, event: Mapping[str, Value]) -> None:
        line = json.dumps({"at": time.time(), **event}) + "\n"
        with self.path.open("a", encoding="utf-8") as handle:
            handle.write(line)


@dataclass
class Stage:
    """What a running stage is given: its work folder, its events, and where it collects outputs and tools."""

    name: str
    workdir: Path
    events: Events
    outputs: dict[str, Path] = field(default_factory=dict)
    tools: dict[str, str] = field(default_factory=dict)

    def output(self, role: str, relative: str) -> Path:
        """Declare an output below the work folder and return its absolute path; the stage then writes it."""
        path = self.workdir / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        self.outputs[role] = path
        return path


def describe_output(role: str, path: Path, workdir: Path) -> OutputFile:
    """Measure one output.

    Raises:
        StageFailure: OUTPUT_CORRUPT if the stage declared it and did not write it.
    """
    if not path.exists():
        raise StageFailure("OUTPUT_CORRUPT", f"the stage did not write its output {role} at {path}", file=str(path))
    if path.is_dir():
        return OutputFile(
            role=role,
            path=str(path.relative_to(workdir)),
            kind="folder",
            size_bytes=folder_size_bytes(path),
            sha256=hash_folder(path),
        )
    return OutputFile(
        role=role,
        path=str(path.relative_to(workdir)),
        kind="file",
        size_bytes=path.stat().st_size,
        sha256=hash_file(path),
    )


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write a JSON document so that a reader sees all of it or nothing."""
    draft = path.with_name(path.name + ".tmp")
    with draft.open("w", encoding="utf-8") as handle:
        json.dump(document, handle, indent=1, allow_nan=False)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)


def peak_rss_bytes() -> int:
    """Largest resident memory of this process or of any child it waited for, in bytes."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return int(max(own, children)) * 1024
