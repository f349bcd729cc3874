"""What solutions are worth: summaries of tables, checks, and a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..specs.calibrate import CaltableSummary
from ..specs.common import CalibratorModel, Check
from .caltable import Caltable
from .solving_set import SolvingSet

Verdict = Literal["pass", "warn", "fail", "not_evaluated"]
Float = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Between the two limits a value is suspicious, beyond the second it fails."""

    warn: float
    fail: float


FLAGGED = Limits(warn=0.2, fail=0.5)
SNR = Limits(warn=10.0, fail=3.0)
PHASE_SCATTER_DEG = Limits(warn=30.0, fail=90.0)
#: Averaged channels lose 1 % of a signal at 40 ns; beyond 500 ns it is no delay but a fault.
DELAY_NS = Limits(warn=40.0, fail=500.0)
WORKING_ANTENNAS = Limits(warn=10.0, fail=4.0)
#: Corrected over model amplitude, either way.
AMPLITUDE_FACTOR = Limits(warn=1.1, fail=1.5)
CORRECTED_PHASE_DEG = Limits(warn=30.0, fail=60.0)
#: Spread of gain amplitudes about their median, either way.
GAIN_FACTOR = Limits(warn=4.0, fail=10.0)
SOLVED_CHANNELS = Limits(warn=0.9, fail=0.5)
#: Flux scale against NVSS, either way; a catalogue's scale is known to some per cent only, so it never fails.
SCALE_FACTOR = Limits(warn=1.1, fail=float("inf"))


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """The calibrator's own data after calibration, against its model.

    Attributes:
        amplitude_ratio: median over baselines and bins of |mean over the band|, corrected over model.
        phase_rms_deg: rms of the phase of those means.
    """

    amplitude_ratio: float
    phase_rms_deg: float


def compare_with_model(solving: SolvingSet, corrected: NDArray[np.complex64], flags: NDArray[np.bool_]) -> Corrected:
    """Compare corrected data with their model, averaged over the band on each baseline, bin and hand.

    Args:
        solving: its model.
        corrected: shape (n_row, n_channel, n_correlation).
        flags: shape (n_row, n_channel, n_correlation), after calibration.
    """
    good = ~flags[:, :, solving.hands]
    data = np.where(good, corrected[:, :, solving.hands], 0).sum(axis=1)
    model = np.where(good, solving.model[:, :, solving.hands], 0).sum(axis=1)
    ratio = data[model > 0] / model[model > 0]
    if ratio.size == 0:
        return Corrected(amplitude_ratio=0.0, phase_rms_deg=180.0)
    return Corrected(
        amplitude_ratio=float(np.median(np.abs(ratio))),
        phase_rms_deg=float(np.rad2deg(np.sqrt(np.mean(np.angle(ratio) ** 2)))),
    )


def summarize_table(table: Caltable, role: str, *, refant: str, own_ms_only: bool) -> CaltableSummary:
    """Numbers of one table; amplitudes, scatter and delays of unflagged solutions only."""
    good = table.good()
    snr = table.snr[good]
    amplitude = None if table.type == "K" else np.abs(table.values[good])
    return CaltableSummary(
        type=table.type,
        role=role,
        refant=refant,
        flagged_fraction=_flagged_fraction(table),
        n_solutions=int(good.sum()),
        median_snr=float(np.median(snr)) if snr.size and snr.any() else None,
        median_amplitude=float(np.median(amplitude)) if amplitude is not None and amplitude.size else None,
        phase_scatter_deg=_phase_scatter_deg(table),
        max_delay_ns=float(np.abs(table.values[good]).max()) if table.type == "K" and good.any() else None,
        own_ms_only=own_ms_only,
    )


def _flagged_fraction(table: Caltable) -> float:
    """Flagged solutions of the hands that have any: data of one hand leave the other empty."""
    used = table.good().any(axis=(0, 1))
    return float(table.flags[:, :, used].mean()) if used.any() else 1.0


def _phase_scatter_deg(table: Caltable) -> float | None:
    """Median over receptors of the rms phase about their mean: over channels for B, over time for G; None for one."""
    if table.type == "K":
        return None
    gains = np.where(table.good(), table.values, 0)
    unit = np.divide(gains, np.abs(gains), out=np.zeros_like(gains), where=gains != 0)
    scatters: list[float] = []
    for antenna in np.unique(table.antenna):
        series = unit[table.antenna == antenna].reshape(-1, unit.shape[2])
        for hand in series.T:
            used = hand[hand != 0]
            if used.size > 1:
                turned = used * np.exp(-1j * np.angle(used.mean()))
                scatters.append(float(np.sqrt(np.mean(np.angle(turned) ** 2))))
    return float(np.rad2deg(np.median(scatters))) if scatters else None


def high_is_bad(name: str, value: float | None, limits: Limits, *, message: str) -> Check:
    """A check of a value that should be small."""
    verdict: Verdict = "not_evaluated"
    if value is not None:
        verdict = "fail" if value > limits.fail else "warn" if value > limits.warn else "pass"
    limit = f"<= {limits.warn:g} (warn), <= {limits.fail:g} (fail)"
    return Check(name=name, value=value, limit=limit, verdict=verdict, message=message)


def low_is_bad(name: str, value: float | None, limits: Limits, *, message: str) -> Check:
    """A check of a value that should be large."""
    verdict: Verdict = "not_evaluated"
    if value is not None:
        verdict = "fail" if value < limits.fail else "warn" if value < limits.warn else "pass"
    limit = f">= {limits.warn:g} (warn), >= {limits.fail:g} (fail)"
    return Check(name=name, value=value, limit=limit, verdict=verdict, message=message)


def factor_check(name: str, value: float | None, limits: Limits, *, message: str) -> Check:
    """A check of a ratio that should be 1, either way."""
    verdict: Verdict = "not_evaluated"
    if value is not None:
        factor = max(value, 1 / value) if value > 0 else float("inf")
        verdict = "fail" if factor > limits.fail else "warn" if factor > limits.warn else "pass"
    hard = "" if np.isinf(limits.fail) else f", {limits.fail:g} (fail)"
    limit = f"within a factor {limits.warn:g} (warn){hard} of 1"
    return Check(name=name, value=value, limit=limit, verdict=verdict, message=message)


def table_checks(tables: Sequence[Caltable], summaries: Sequence[CaltableSummary]) -> list[Check]:
    """Checks of each solved table."""
    checks: list[Check] = []
    for table, summary in zip(tables, summaries, strict=True):
        kind = table.type
        flagged = summary.flagged_fraction
        words = f"{flagged:.1%} of the {kind} solutions are flagged"
        checks.append(high_is_bad(f"{kind}_flagged_fraction", flagged, FLAGGED, message=words))
        if kind == "K":
            delay = summary.max_delay_ns
            words = "no delay is left" if delay is None else f"largest delay {delay:.1f} ns"
            checks.append(high_is_bad("K_max_delay_ns", delay, DELAY_NS, message=words))
            continue
        snr = summary.median_snr
        words = "no signal-to-noise" if snr is None else f"median signal-to-noise {snr:.0f}"
        checks.append(low_is_bad(f"{kind}_median_snr", snr, SNR, message=words))
        scatter = summary.phase_scatter_deg
        if scatter is not None:
            words = f"phases scatter by {scatter:.1f} degrees"
            checks.append(high_is_bad(f"{kind}_phase_scatter_deg", scatter, PHASE_SCATTER_DEG, message=words))
        checks.append(_amplitude_check(table))
        if kind == "B":
            share = float((table.good().any(axis=2).mean(axis=0) > 0.5).mean())
            words = f"{share:.0%} of the channels are solved for most antennas"
            checks.append(low_is_bad("B_solved_channels", share, SOLVED_CHANNELS, message=words))
    return checks


def _amplitude_check(table: Caltable) -> Check:
    """Largest factor by which the amplitude of an unflagged receptor differs from the array's median."""
    good = table.good()
    amplitude = np.where(good, np.abs(table.values), np.nan)
    typical = np.nanmedian(amplitude) if good.any() else np.nan
    factors: list[float] = []
    for antenna in np.unique(table.antenna):
        mine = amplitude[table.antenna == antenna]
        mine = mine[np.isfinite(mine)]
        if mine.size and typical > 0:
            ratio = float(np.median(mine) / typical)
            factors.append(max(ratio, 1 / ratio) if ratio > 0 else float(GAIN_FACTOR.fail * 10))
    worst = max(factors) if factors else None
    words = "no amplitudes" if worst is None else f"antenna amplitudes within a factor {worst:.2f} of their median"
    return high_is_bad(f"{table.type}_amplitude_factor", worst, GAIN_FACTOR, message=words)


def calibrator_check(calibrator: CalibratorModel) -> Check:
    """How well the calibrator's flux is known."""
    if calibrator.variable:
        words, verdict = f"{calibrator.name} varies: the flux scale follows it", "warn"
    elif calibrator.flux_scale == "secondary":
        words, verdict = f"{calibrator.name} is a secondary flux calibrator: the list's value is taken", "pass"
    else:
        words, verdict = f"{calibrator.name} is on the scale of Perley and Butler (2017)", "pass"
    return Check(
        name="calibrator_flux_scale",
        value=None,
        limit="a primary calibrator that does not vary",
        verdict="warn" if verdict == "warn" else "pass",
        message=words,
    )


def worst(checks: Iterable[Check]) -> Literal["pass", "warn", "fail"]:
    """Verdict over all checks; what was not evaluated does not count."""
    verdicts = {check.verdict for check in checks}
    return "fail" if "fail" in verdicts else "warn" if "warn" in verdicts else "pass"
