"""Running external tools below a stage, so that none of them outlives it."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

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
            OUT_OF_MEMORY if the kernel counted an OOM kill while it ran and it died of signal 9.
    """
    kills_before = _oom_kills()
    try:
        with log.open("a", encoding="utf-8", errors="replace") as sink, _start(argv, cwd, env) as child:
            tail = _follow(child, sink, on_line)
    except FileNotFoundError as cause:
        message = f"{argv[0]} is not installed; `meridian doctor` says how to get it"
        raise StageFailure("TOOL_MISSING", message, tool=str(argv[0])) from cause
    if child.returncode == 0:
        return
    name = Path(argv[0]).name
    if child.returncode == -signal.SIGKILL and _oom_kills() > kills_before:
        raise StageFailure("OUT_OF_MEMORY", f"{name} was killed because memory ran out; see {log}", tool=name)
    words = f"signal {-child.returncode}" if child.returncode < 0 else f"exit code {child.returncode}"
    message = f"{name} ended with {words}; see {log}: {' | '.join(tail[-3:])}"
    raise StageFailure("TOOL_FAILED", message, tool=name, exit_code=child.returncode)


def _start(argv: Sequence[str], cwd: Path, env: Mapping[str, str] | None) -> subprocess.Popen[str]:
    parent = os.getpid()

    def guard() -> None:
        die_with_parent()
        # The parent may have died before the kernel was asked.
        if os.getppid() != parent:
            os._exit(1)

    return subprocess.Popen(
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


def _follow(child: subprocess.Popen[str], sink: TextIO, on_line: Callable[[str], None] | None) -> list[str]:
    """Copy the child's lines to the log until it ends; the last ones are returned. An error here kills the child."""
    tail: deque[str] = deque(maxlen=20)
    try:
        for line in child.stdout or ():
            sink.write(line)
            tail.append(line.rstrip())
            if on_line is not None:
                on_line(line.rstrip())
        child.wait()
    except BaseException:
        child.kill()
        raise
    return list(tail)


def _oom_kills() -> int:
    """Processes that the kernel has killed for want of memory since it started."""
    try:
        counters = dict(line.split() for line in Path("/proc/vmstat").read_text(encoding="ascii").splitlines())
    except OSError:
        return 0
    return int(counters.get("oom_kill", 0))
