"""``flag``: a copy of a measurement set with bad cells flagged, step by step."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ..calibration.dead_antennas import flag_dead_antennas
from ..calibration.flag_editor import FlagEditor
from ..calibration.flag_steps import RULES, flag_nonfinite
from ..calibration.rfi import flag_rfi, load_aoflagger
from ..casa_env import prepare_casa_environment
from ..contract import Stage, StageFailure
from ..ms_copy import copy_ms
from ..ms_summary import summarize_ms
from ..specs.calibrate import FlagSpec, FlagStep, FlagSummary
from ..specs.common import Check

#: A measurement set with more flagged than the first is suspicious, than the second useless.
FLAGGED_WARN = 0.3
FLAGGED_FAIL = 0.5
#: More dead antennas than this fraction of the array is suspicious.
DEAD_WARN = 0.2


def main(spec: FlagSpec, stage: Stage) -> FlagSummary:
    """Copy, flag step by step, say what each step added.

    NaN and infinite values are flagged whatever the steps are; dead antennas are found and flagged after the steps.
    """
    source = Path(spec.ms).resolve()
    target = stage.output("ms", source.name)
    copy_ms(source, target, stage)
    prepare_casa_environment(stage.workdir, len(os.sched_getaffinity(0)))
    editor = FlagEditor(target)
    before = editor.flagged_fraction()
    added = _Ledger(editor)
    added.run("nonfinite", lambda: flag_nonfinite(editor))
    for index, step in enumerate(spec.steps):
        share = (index / len(spec.steps), 1 / len(spec.steps))
        stage.events.progress(share[0], f"flagging: {step.mode}")
        added.run(step.mode, partial(_run_step, editor, step, stage=stage, share=share))
    dead: list[str] = []
    if not _only_resets(spec):
        added.run("dead_antennas", lambda: dead.extend(flag_dead_antennas(editor)))
    editor.save()
    if dead:
        stage.events.warning(f"dead antennas, flagged: {', '.join(dead)}")
    summary = summarize_ms(target)
    stage.events.progress(1.0, f"flagged {summary.flagged_fraction:.1%}")
    return FlagSummary(
        ms=summary,
        flagged_fraction_before=before,
        flagged_fraction_after=summary.flagged_fraction,
        flagged_by_step=added.fractions,
        dead_antennas=dead,
        checks=_checks(summary.flagged_fraction, dead, summary.n_antennas),
    )


class _Ledger:
    """What each step added, as a fraction of all cells (negative for a reset)."""

    def __init__(self, editor: FlagEditor) -> None:
        self.editor = editor
        self.fractions: dict[str, float] = {}

    def run(self, name: str, step: Callable[[], None]) -> None:
        """Run a step; a mode used twice counts together."""
        before = self.editor.flagged_fraction()
        step()
        self.fractions[name] = self.fractions.get(name, 0.0) + self.editor.flagged_fraction() - before


def _only_resets(spec: FlagSpec) -> bool:
    return bool(spec.steps) and all(step.mode == "reset" for step in spec.steps)


def _run_step(editor: FlagEditor, step: FlagStep, *, stage: Stage, share: tuple[float, float]) -> None:
    if step.mode == "reset":
        editor.flags[:] = False
        flag_nonfinite(editor)
    elif step.mode in ("tfcrop", "rflag"):
        _run_casa(editor, step.mode, stage)
    elif step.mode == "rfi":
        _run_rfi(editor, step, stage=stage, share=share)
    else:
        RULES[step.mode](editor, step)


def _run_rfi(editor: FlagEditor, step: FlagStep, *, stage: Stage, share: tuple[float, float]) -> None:
    if load_aoflagger() is None:
        if step.strategy is not None:
            message = "an AOFlagger strategy was given, but the package aoflagger is not installed"
            raise StageFailure("TOOL_MISSING", message, tool="aoflagger")
        stage.events.warning("the package aoflagger is not installed: interference is flagged by CASA's tfcrop instead")
        _run_casa(editor, "tfcrop", stage)
        return
    start, width = share
    stage.tools["aoflagger"] = flag_rfi(
        editor, step.strategy, lambda done: stage.events.progress(start + width * done, "flagging: rfi")
    )


def _run_casa(editor: FlagEditor, mode: str, stage: Stage) -> None:
    """CASA reads and writes the flags of the file, so they go there and come back."""
    from ..calibration.casa_flagger import run_casa_flagger

    editor.save()
    stage.tools["casa"] = run_casa_flagger(editor.ms, mode)
    editor.load()


def _checks(flagged: float, dead: list[str], n_antennas: int) -> list[Check]:
    whole = [name for name in dead if ":" not in name]
    return [
        Check(
            name="flagged_fraction",
            value=flagged,
            limit=f"<= {FLAGGED_WARN} (warn), <= {FLAGGED_FAIL} (fail)",
            verdict="fail" if flagged > FLAGGED_FAIL else "warn" if flagged > FLAGGED_WARN else "pass",
            message=f"{flagged:.1%} of the visibilities are flagged",
        ),
        Check(
            name="dead_antennas",
            value=float(len(dead)),
            limit=f"<= {DEAD_WARN:.0%} of the antennas",
            verdict="warn" if len(whole) > DEAD_WARN * n_antennas else "pass",
            message=f"dead: {', '.join(dead)}" if dead else "no dead antennas",
        ),
    ]
