"""From an exception to ``failure.json`` and an exit code."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
import traceback
from pathlib import Path
from typing import Final

from .contract import StageFailure, write_json
from .error_codes import EXIT_INTERNAL, EXIT_STATUS, ErrorCode

_DISK_ERRORS: Final = (errno.ENOSPC, errno.EDQUOT)
#: Room kept in the work folder, so that ``failure.json`` can be written when the disk is full.
_RESERVE_NAME: Final = ".reserve"
_RESERVE_BYTES: Final = 64 * 1024
#: casacore says "write error" and a wrong reason when a disk is full; with less room than this it was that.
_FULL_BYTES: Final = 16 * 1024 * 1024


def reserve_room(workdir: Path) -> None:
    """Occupy some room until the stage ends."""
    try:
        (workdir / _RESERVE_NAME).write_bytes(os.urandom(_RESERVE_BYTES))
    except OSError:
        release_room(workdir)


def release_room(workdir: Path) -> None:
    """Give it back."""
    (workdir / _RESERVE_NAME).unlink(missing_ok=True)


def as_failure(error: Exception, workdir: Path) -> StageFailure:
    """Give every error a code: those of the machine by their kind, the rest are ours."""
    if isinstance(error, StageFailure):
        return error
    if isinstance(error, MemoryError):
        return StageFailure("OUT_OF_MEMORY", "the stage ran out of memory; give it a larger memory class")
    if _is_disk_full(error, workdir):
        free = shutil.disk_usage(workdir).free
        message = f"no space left while writing below {workdir} ({free} bytes free); free some disk"
        return StageFailure("DISK_FULL", message, file=str(workdir))
    traceback.print_exception(error, file=sys.stderr)
    return StageFailure("INTERNAL", f"{type(error).__name__}: {error}")


def _is_disk_full(error: Exception, workdir: Path) -> bool:
    if isinstance(error, OSError) and error.errno in _DISK_ERRORS:
        return True
    if not isinstance(error, (RuntimeError, OSError)):
        return False
    text = str(error)
    if any(os.strerror(number) in text for number in _DISK_ERRORS):
        return True
    return "write" in text and shutil.disk_usage(workdir).free < _FULL_BYTES


def report_failure(failure: StageFailure, workdir: Path) -> int:
    """Write ``failure.json``, say it on stderr, return the exit code."""
    document = {"code": failure.code, "message": failure.message, "context": failure.context}
    print(json.dumps(document), file=sys.stderr)
    release_room(workdir)
    try:
        write_json(workdir / "failure.json", document)
    except OSError as cause:
        print(f"failure.json could not be written: {os.strerror(cause.errno or 0)}", file=sys.stderr)
    return EXIT_STATUS[ErrorCode(failure.code)] if failure.code in ErrorCode.__members__ else EXIT_INTERNAL
