"""The summary of a solve: numbers, checks, validity, verdict."""

from __future__ import annotations

from ..contract import Stage
from ..field_sources import field_sources
from ..specs.calibrate import SolveSpec, SolveSummary
from ..specs.common import Check
from .flux_scale import Calibrated, neighbour_ratio
from .quality import (
    AMPLITUDE_FACTOR,
    CORRECTED_PHASE_DEG,
    SCALE_FACTOR,
    WORKING_ANTENNAS,
    Corrected,
    calibrator_check,
    compare_with_model,
    factor_check,
    high_is_bad,
    low_is_bad,
    summarize_table,
    table_checks,
    worst,
)
from .solution import Solution
from .suitability import Suitability

#: Tables serve from half a day before the transit until an hour after the next one.
VALID_BEFORE_DAYS = 12 / 24
VALID_AFTER_DAYS = 25 / 24
#: Neighbours down to this flux through the beam are compared with NVSS.
FAINTEST_NEIGHBOUR_JY = 0.03


def report(solution: Solution, spec: SolveSpec, *, suitability: Suitability, stage: Stage) -> SolveSummary:
    """Declare the tables as outputs and judge them."""
    for table in solution.tables:
        stage.output(f"caltable_{table.type}", f"caltables/{table.path.name}")
    warnings = (*suitability.warnings, *solution.warnings)
    summaries = [
        summarize_table(
            table,
            f"caltable_{table.type}",
            refant=solution.refant,
            own_ms_only=table.type == "G" and spec.gain_interval_s is not None,
        )
        for table in solution.tables
    ]
    corrected = compare_with_model(solution.solving, solution.corrected, solution.corrected_flags)
    scale = _scale_ratio(solution, spec, stage)
    checks = [
        *table_checks(solution.tables, summaries),
        *_data_checks(corrected, solution, scale),
        calibrator_check(spec.calibrator),
        *(Check(name="warning", value=None, limit="none", verdict="warn", message=words) for words in warnings),
    ]
    pointing = solution.observation.pointing_dec_deg
    return SolveSummary(
        calibrator=spec.calibrator.name,
        transit_mjd=suitability.transit_mjd,
        beam_at_transit=suitability.beam_at_transit,
        apparent_flux_jy=solution.apparent_jy,
        n_model_sources=1 + len(solution.neighbours),
        refant=solution.refant,
        dead_antennas=list(solution.dead),
        valid_start_mjd=suitability.transit_mjd - VALID_BEFORE_DAYS,
        valid_end_mjd=suitability.transit_mjd + VALID_AFTER_DAYS,
        pointing_dec_deg=solution.observation.phase_dec_deg if pointing is None else pointing,
        tables=summaries,
        corrected_over_model_amplitude=corrected.amplitude_ratio,
        corrected_phase_rms_deg=corrected.phase_rms_deg,
        secondary_scale_ratio=scale,
        checks=checks,
        verdict=worst(checks),
    )


def _scale_ratio(solution: Solution, spec: SolveSpec, stage: Stage) -> float | None:
    """Only secondary calibrators are compared: the scale of the primary ones is better than NVSS."""
    if spec.calibrator.flux_scale != "secondary":
        return None
    stage.events.progress(0.9, "comparing the flux scale with NVSS")
    calibrated = Calibrated(
        ms=solution.ms,
        binning=solution.binning,
        solving=solution.solving,
        corrected=solution.corrected,
        observation=solution.observation,
    )
    neighbours = field_sources(solution.observation, FAINTEST_NEIGHBOUR_JY, [spec.calibrator])
    return neighbour_ratio(calibrated, spec.calibrator, neighbours)


def _data_checks(corrected: Corrected, solution: Solution, scale: float | None) -> list[Check]:
    dead = f"; dead: {', '.join(solution.dead)}" if solution.dead else ""
    return [
        low_is_bad(
            "working_antennas",
            float(solution.n_working),
            WORKING_ANTENNAS,
            message=f"{solution.n_working} antennas have solutions{dead}",
        ),
        factor_check(
            "corrected_over_model_amplitude",
            corrected.amplitude_ratio,
            AMPLITUDE_FACTOR,
            message=f"calibrated data are {corrected.amplitude_ratio:.3f} of their model",
        ),
        high_is_bad(
            "corrected_phase_rms_deg",
            corrected.phase_rms_deg,
            CORRECTED_PHASE_DEG,
            message=f"calibrated phases scatter by {corrected.phase_rms_deg:.1f} degrees about their model",
        ),
        factor_check(
            "secondary_scale_ratio",
            scale,
            SCALE_FACTOR,
            message="not compared with NVSS" if scale is None else f"the flux scale is {scale:.3f} of that of NVSS",
        ),
    ]
