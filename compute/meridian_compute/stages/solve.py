"""``solve``: delay, bandpass and gain tables from the measurement set in which a calibrator transits."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ..calibration.casa_calibrater import casa_version
from ..calibration.solution import solve_tables
from ..calibration.solve_report import report
from ..calibration.suitability import check_suitability
from ..casa_env import prepare_casa_environment
from ..contract import Stage
from ..model import observation_of
from ..ms_summary import read_grid
from ..specs.calibrate import SolveSpec, SolveSummary


def main(spec: SolveSpec, stage: Stage) -> SolveSummary:
    """Refuse what cannot be calibrated, solve on an averaged copy, judge the tables."""
    ms = Path(spec.ms).resolve()
    spec = spec.model_copy(update={"existing_tables": [str(Path(path).resolve()) for path in spec.existing_tables]})
    prepare_casa_environment(stage.workdir, len(os.sched_getaffinity(0)))
    observation = observation_of(ms)
    suitability = check_suitability(spec, observation, read_grid(ms))
    for warning in suitability.warnings:
        stage.events.warning(warning)
    solution = solve_tables(ms, spec, observation=observation, stage=stage)
    for warning in solution.warnings:
        stage.events.warning(warning)
    stage.tools["casa"] = casa_version()
    summary = report(solution, spec, suitability=suitability, stage=stage)
    shutil.rmtree(stage.workdir / "scratch")
    stage.events.progress(1.0, f"solved {', '.join(table.type for table in summary.tables)}: {summary.verdict}")
    return summary
