"""Running external tools below a stage, so that none of them outlives it."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .contract import StageFailure

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent() -> None:
    """Ask the kernel to KILL this process when its parent dies; call it from the main thread only."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def run_tool(
    argv: Sequence[str],
    *,
    cwd: Path,
    log: Path,
    env: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] | None = None,
) -> None:
    """Run a tool to its end in the stage's process group; its output goes to a log file, line by line.

    Args:
        argv: program and arguments; no shell is involved.
        cwd: working folder, below the stage's work folder.
        log: file that receives stdout and stderr.
        env: variables added to the stage's own.
        on_line: called with each line, for progress.

    Raises:
        StageFailure: TOOL_MISSING if the program is not there, TOOL_FAILED on a non-zero exit,
            OUT_OF_MEMORY if it was killed by the kernel's OOM killer.
    """
    parent = os.getpid()

    def guard() -> None:
        die_with_parent()
        if os.getppid() != parent:
            os._exit(1)

    tail: list[str] = []
    try:
        with log.open("a", encoding="utf-8", errors="replace") as sink:
            child = subprocess.Popen(
                list(argv),
                cwd=cwd,
                env={**os.environ, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                preexec_fn=guard,
            )
            assert child.stdout is not None
            for line in child.stdout:
                sink.write(line)
                tail = [*tail[-19:], line.rstrip()]
                if on_line is not None:
                    on_line(line.rstrip())
            code = child.wait()
    except FileNotFoundError as cause:
        message = f"{argv[0]} is not installed; `meridian doctor` says how to get it"
        raise StageFailure("TOOL_MISSING", message, tool=str(argv[0])) from cause
    if code != 0:
        name = Path(argv[0]).name
        words = f"signal {-code}" if code < 0 else f"exit code {code}"
        last = " | ".join(tail[-3:])
        raise StageFailure("TOOL_FAILED", f"{name} ended with {words}; see {log}: {last}", tool=name, exit_code=code)
