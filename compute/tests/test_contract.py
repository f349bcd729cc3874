"""What every stage process promises: exit codes, documents, hashes, no survivors."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from meridian_compute.contract import Events, Stage, StageFailure, describe_output
from meridian_compute.failures import as_failure, report_failure
from meridian_compute.hashing import hash_folder
from meridian_compute.process import run_tool
from meridian_compute.runner import run_stage

COMPUTE = Path(__file__).resolve().parents[1]


def run_process(stage: str, spec: Path, workdir: Path) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "meridian_compute", stage, "--spec", str(spec), "--workdir", str(workdir)]
    return subprocess.run(argv, cwd=COMPUTE, capture_output=True, text=True, timeout=120, check=False)


def test_a_stage_process_leaves_a_result_and_exits_with_0(tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text(json.dumps({"paths": [str(tmp_path / "absent.hdf5")]}))

    process = run_process("inspect", tmp_path / "spec.json", tmp_path / "work")

    assert process.returncode == 0, process.stderr
    assert process.stdout == ""
    result = json.loads((tmp_path / "work" / "result.json").read_text())
    assert result["stage"] == "inspect"
    assert result["summary"]["files"][0]["error_code"] == "FILE_MISSING"
    assert result["peak_rss_bytes"] > 1e7


def test_bad_input_exits_with_2_and_says_what_to_do_on_stderr(tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text(json.dumps({"files": [str(tmp_path / "absent.hdf5")]}))

    process = run_process("convert", tmp_path / "spec.json", tmp_path / "work")

    assert process.returncode == 2
    failure = json.loads((tmp_path / "work" / "failure.json").read_text())
    assert failure["code"] == "FILE_MISSING" and "absent.hdf5" in failure["message"]
    assert json.loads(process.stderr) == failure
    assert not (tmp_path / "work" / "result.json").exists()


@pytest.mark.parametrize(
    ("text", "field"),
    [('{"paths": []}', "paths"), ('{"paths": ["a"], "colour": 1}', "colour"), ("{", "spec"), ('{"paths": 3}', "paths")],
)
def test_a_wrong_spec_names_the_field(tmp_path: Path, text: str, field: str) -> None:
    (tmp_path / "spec.json").write_text(text)

    assert run_stage("inspect", tmp_path / "spec.json", tmp_path) == 2
    failure = json.loads((tmp_path / "failure.json").read_text())
    assert failure["code"] == "SPEC_INVALID" and field in failure["message"]


def test_a_missing_spec_is_said(tmp_path: Path) -> None:
    assert run_stage("inspect", tmp_path / "none.json", tmp_path) == 2


@pytest.mark.parametrize(
    ("error", "code", "exit_code"),
    [
        (StageFailure("TOOL_FAILED", "x"), "TOOL_FAILED", 3),
        (MemoryError(), "OUT_OF_MEMORY", 4),
        (OSError(28, "No space left", "out.ms"), "DISK_FULL", 4),
        (RuntimeError("FilebufIO: write error for file x: No space left on device"), "DISK_FULL", 4),
        (KeyError("x"), "INTERNAL", 1),
    ],
)
def test_exit_codes_tell_kinds_of_failure_apart(tmp_path: Path, error: Exception, code: str, exit_code: int) -> None:
    failure = as_failure(error, tmp_path)

    assert failure.code == code
    assert report_failure(failure, tmp_path) == exit_code


def test_an_output_that_was_not_written_is_a_failure(tmp_path: Path) -> None:
    stage = Stage("convert", tmp_path, Events(tmp_path / "events.jsonl"))

    with pytest.raises(StageFailure, match="did not write its output ms"):
        describe_output("ms", stage.output("ms", "x.ms"), tmp_path)


def test_a_folders_hash_covers_names_and_contents_but_no_lock_files(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "data").write_bytes(b"1")
    first = hash_folder(tmp_path)

    (tmp_path / "a" / "table.lock").write_bytes(b"pid")
    assert hash_folder(tmp_path) == first
    (tmp_path / "a" / "data").rename(tmp_path / "a" / "other")
    assert hash_folder(tmp_path) != first


def test_events_are_limited_to_one_a_second_but_the_last_is_always_written(tmp_path: Path) -> None:
    events = Events(tmp_path / "events.jsonl")
    for step in range(100):
        events.progress(step / 100, "working")
    events.progress(1.0, "done")
    events.warning("odd")

    lines = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["progress", "progress", "warning"]
    assert lines[1]["fraction"] == 1 and events.warnings == ["odd"]


def tool(code: str, tmp_path: Path, **options: Any) -> None:
    run_tool([sys.executable, "-c", code], cwd=tmp_path, log=tmp_path / "tool.log", **options)


def test_a_tools_lines_go_to_its_log_and_to_the_caller(tmp_path: Path) -> None:
    lines: list[str] = []

    tool("print('one'); import sys; print('two', file=sys.stderr)", tmp_path, on_line=lines.append)

    assert sorted(lines) == ["one", "two"]
    assert sorted((tmp_path / "tool.log").read_text().split()) == ["one", "two"]


def test_a_tool_that_fails_is_named_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(StageFailure, match=r"exit code 3.*no disc") as caught:
        tool("print('no disc'); raise SystemExit(3)", tmp_path)
    assert caught.value.code == "TOOL_FAILED"


def test_a_tool_that_is_not_installed_is_named(tmp_path: Path) -> None:
    with pytest.raises(StageFailure, match="wsclean-9 is not installed") as caught:
        run_tool(["wsclean-9"], cwd=tmp_path, log=tmp_path / "tool.log")
    assert caught.value.code == "TOOL_MISSING"


def test_a_tool_dies_with_its_stage(tmp_path: Path) -> None:
    """kill -9 of the stage: the tool below it is gone within two seconds."""
    script = (
        "import sys; from pathlib import Path; from meridian_compute.process import run_tool; "
        "here = Path(sys.argv[1]); "
        "run_tool([sys.executable, '-c', 'import os,time; print(os.getpid(), flush=True); time.sleep(60)'], "
        "cwd=here, log=here / 'log', on_line=lambda line: (here / 'pid').write_text(line))"
    )
    stage = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], cwd=COMPUTE)
    deadline = time.monotonic() + 30
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        assert time.monotonic() < deadline and stage.poll() is None
        time.sleep(0.05)
    tool_pid = int((tmp_path / "pid").read_text())

    stage.send_signal(signal.SIGKILL)
    stage.wait()

    deadline = time.monotonic() + 2
    while alive(tool_pid):
        assert time.monotonic() < deadline, "the tool outlived its stage"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether a process runs; one that is only waiting to be reaped does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
