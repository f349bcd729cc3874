"""``flag``, ``solve`` and ``apply``: from a raw measurement set to a calibrated one."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..contract import Model
from .common import CalibratorModel, Check, MsSummary

FlagMode = Literal[
    "rfi", "tfcrop", "rflag", "elevation", "shadow", "zeros", "autocorrelations", "clip", "quack", "antenna", "reset"
]


class FlagStep(Model):
    """One flagging step; only the fields of its mode are read."""

    mode: FlagMode
    clip_min_jy: float | None = None
    clip_max_jy: float | None = None
    elevation_min_deg: float | None = None
    quack_s: float | None = None
    antennas: list[str] = []
    strategy: str | None = Field(default=None, description="path of an AOFlagger strategy; None: the shipped one")


class FlagSpec(Model):
    """Flag a copy of a measurement set."""

    stage: Literal["flag"] = "flag"
    ms: str
    steps: list[FlagStep] = [
        FlagStep(mode="zeros"),
        FlagStep(mode="shadow"),
        FlagStep(mode="rfi"),
    ]


class FlagSummary(Model):
    """The flagged measurement set is the output with role ``ms``."""

    ms: MsSummary
    flagged_fraction_before: float
    flagged_fraction_after: float
    flagged_by_step: dict[str, float]
    dead_antennas: list[str]
    checks: list[Check]


class SolveSpec(Model):
    """Solve K, B and G on the measurement set in which a calibrator transits."""

    stage: Literal["solve"] = "solve"
    ms: str
    calibrator: CalibratorModel
    transit_mjd: float | None = Field(
        default=None,
        description="None: computed, and must lie in the data; one that is given may lie in the gap beside them",
    )
    refant: str | None = Field(default=None, description="name; None: chosen: central, working, few flags")
    types: list[Literal["K", "B", "G"]] = ["K", "B", "G"]
    gain_interval_s: float | None = Field(
        default=None, description="None: one solution for the whole set; a 60 s table serves only this set"
    )
    min_snr: float = 3.0
    uvmin_m: float | None = None
    uvmax_m: float | None = None
    neighbour_fraction: float = Field(
        default=0.01, description="NVSS sources with S*PB above this times the calibrator's are in the model"
    )
    existing_tables: list[str] = Field(
        default=[], description="tables already solved, applied on the fly; their types are not solved again"
    )
    min_beam: float = 0.3
    force: bool = Field(
        default=False, description="solve although the calibrator is outside the beam or the time range"
    )


class CaltableSummary(Model):
    """One solved table; it is the output with role ``caltable_<type>``."""

    type: Literal["K", "B", "G"]
    role: str
    refant: str
    flagged_fraction: float
    n_solutions: int
    median_snr: float | None
    median_amplitude: float | None
    phase_scatter_deg: float | None
    max_delay_ns: float | None = None
    own_ms_only: bool = Field(
        default=False, description="a gain table of short intervals: it serves only the set it was solved on"
    )


class SolveSummary(Model):
    """Tables in the order they are applied, and whether they can be trusted."""

    calibrator: str
    transit_mjd: float
    beam_at_transit: float
    apparent_flux_jy: float
    n_model_sources: int
    refant: str
    dead_antennas: list[str] = Field(default=[], description="flagged in the tables; NAME:XX for a single receptor")
    valid_start_mjd: float
    valid_end_mjd: float
    pointing_dec_deg: float
    tables: list[CaltableSummary]
    corrected_over_model_amplitude: float
    corrected_phase_rms_deg: float
    secondary_scale_ratio: float | None = Field(
        default=None, description="flux scale against the NVSS median, recorded and never applied"
    )
    checks: list[Check]
    verdict: Literal["pass", "warn", "fail"]


class ApplyTable(Model):
    """A table to apply; ``interp`` as CASA names it."""

    path: str
    type: Literal["K", "B", "G"]
    interp: Literal["nearest", "linear"] = "nearest"


class ApplySpec(Model):
    """Apply tables, K then B then G, to a copy of a measurement set; DATA of the output is calibrated."""

    stage: Literal["apply"] = "apply"
    ms: str
    tables: list[ApplyTable] = Field(min_length=1)


class ApplySummary(Model):
    """The calibrated measurement set is the output with role ``ms``."""

    ms: MsSummary
    flagged_fraction_before: float
    flagged_fraction_after: float
    amplitude_ratio: float
    changed_fraction: float
    checks: list[Check]
