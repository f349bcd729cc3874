"""``apply``: a copy of a measurement set whose DATA are calibrated."""

from __future__ import annotations

import os
from pathlib import Path

from ..calibration.application import Comparison, compare, keep_calibrated, ordered
from ..calibration.caltable import check_fit
from ..calibration.casa_calibrater import casa_version, correct
from ..casa_env import prepare_casa_environment
from ..contract import Stage, StageFailure
from ..ms_copy import copy_ms
from ..ms_summary import flagged_fraction, summarize_ms
from ..specs.calibrate import ApplySpec, ApplySummary
from ..specs.common import Check

#: A measurement set with more flagged than the first is suspicious, than the second useless.
FLAGGED_WARN = 0.3
FLAGGED_FAIL = 0.5
#: Less than this fraction of the unflagged data changed: the tables did nothing.
MIN_CHANGED = 0.01


def main(spec: ApplySpec, stage: Stage) -> ApplySummary:
    """Copy, apply K then B then G, flag what has no solution, keep the calibrated data as DATA."""
    source = Path(spec.ms).resolve()
    tables = ordered(spec.tables)
    target = stage.output("ms", source.name)
    stage.events.progress(0.0, "copying")
    copy_ms(source, target, stage)
    prepare_casa_environment(stage.workdir, len(os.sched_getaffinity(0)))
    for table in tables:
        check_fit(table.path, target)
    before = flagged_fraction(target)
    stage.events.progress(0.2, f"applying {len(tables)} tables")
    correct(target, tables)
    stage.tools["casa"] = casa_version()
    stage.events.progress(0.7, "checking the calibrated data")
    comparison = compare(target)
    _require_effect(comparison, source)
    keep_calibrated(target)
    summary = summarize_ms(target)
    stage.events.progress(1.0, f"calibrated; {summary.flagged_fraction:.1%} flagged")
    return ApplySummary(
        ms=summary,
        flagged_fraction_before=before,
        flagged_fraction_after=summary.flagged_fraction,
        amplitude_ratio=comparison.amplitude_ratio,
        changed_fraction=comparison.changed_fraction,
        checks=_checks(before, summary.flagged_fraction, comparison),
    )


def _require_effect(comparison: Comparison, source: Path) -> None:
    """Refuse what would pass for calibrated data and is not.

    Raises:
        StageFailure: DATA_ALL_FLAGGED or APPLY_NO_CHANGE.
    """
    if comparison.n_unflagged == 0:
        message = f"{source.name}: nothing is left unflagged after calibration: no solution for any of its data"
        raise StageFailure("DATA_ALL_FLAGGED", message, file=str(source))
    if comparison.changed_fraction < MIN_CHANGED:
        message = f"{source.name}: the tables changed {comparison.changed_fraction:.2%} of the data"
        raise StageFailure("APPLY_NO_CHANGE", message, file=str(source))


def _checks(before: float, after: float, comparison: Comparison) -> list[Check]:
    return [
        Check(
            name="flagged_fraction",
            value=after,
            limit=f"<= {FLAGGED_WARN} (warn), <= {FLAGGED_FAIL} (fail)",
            verdict="fail" if after > FLAGGED_FAIL else "warn" if after > FLAGGED_WARN else "pass",
            message=f"{before:.1%} of the visibilities were flagged, {after:.1%} are",
        ),
        Check(
            name="changed_fraction",
            value=comparison.changed_fraction,
            limit=f">= {MIN_CHANGED} (fail)",
            verdict="pass",
            message=f"{comparison.changed_fraction:.1%} changed, amplitudes by {comparison.amplitude_ratio:.3g}",
        ),
    ]
