"""Run one stage: ``python -m meridian_compute <stage> --spec spec.json --workdir DIR``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from .process import die_with_parent
from .runner import run_stage
from .specs.registry import STAGES


def main() -> int:
    """Parse arguments, run the stage, return its exit code."""
    die_with_parent()
    parser = argparse.ArgumentParser(prog="meridian_compute", description=__doc__)
    parser.add_argument("stage", choices=sorted(STAGES))
    parser.add_argument("--spec", type=Path, required=True, help="JSON spec of the stage")
    parser.add_argument("--workdir", type=Path, required=True, help="folder the stage may write to")
    arguments = parser.parse_args()
    return run_stage(arguments.stage, arguments.spec, arguments.workdir)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # After a failure nothing is worth flushing, and casacore's destructors abort when the disk is full.
    sys.exit(0) if code == 0 else os._exit(code)
