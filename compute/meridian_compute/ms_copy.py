"""Copies of measurement sets: committed ones are never changed."""

from __future__ import annotations

import stat
from pathlib import Path

from .contract import Stage, StageFailure
from .process import run_tool


def copy_ms(source: Path, target: Path, stage: Stage) -> None:
    """Copy a measurement set, sharing blocks where the file system can, and make the copy writable.

    Raises:
        StageFailure: FILE_MISSING, MS_INVALID if the source is no casacore table, DISK_FULL or TOOL_FAILED.
    """
    if not source.exists():
        raise StageFailure("FILE_MISSING", f"there is no measurement set at {source}", file=str(source))
    if not (source / "table.dat").is_file():
        raise StageFailure("MS_INVALID", f"{source} is no measurement set: it has no table.dat", file=str(source))
    log = stage.workdir / "copy.log"
    run_tool(["cp", "-R", "--reflink=auto", "--", str(source), str(target)], cwd=stage.workdir, log=log)
    for path in (target, *target.rglob("*")):
        mode = path.stat().st_mode
        wanted = mode | (stat.S_IRWXU if path.is_dir() else stat.S_IRUSR | stat.S_IWUSR)
        if wanted != mode:
            path.chmod(wanted)
