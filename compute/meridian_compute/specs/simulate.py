"""``simulate``: subband files of a simulated sky, in the real layout, with their truth."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..contract import Model
from .common import CalibratorModel, SourceModel


class Sky(Model):
    """What is in the sky: catalogue sources in the strip, extra ones, or both."""

    catalog: Literal["nvss", "none"] = "nvss"
    min_flux_jy: float = 0.05
    extra_sources: list[SourceModel] = []
    flux_factors: dict[str, float] = Field(
        default={}, description="source name or 'ra,dec' key to a factor, for variables"
    )


class Corruption(Model):
    """What the instrument does to the visibilities."""

    bandpass: bool = True
    gains: bool = True
    delays: bool = True
    gain_drift_deg_per_hour: float = 5.0
    gain_drift_amplitude: float = 0.01
    noise: bool = True
    sefd_jy: float = 6500.0
    rfi_fraction: float = 0.0
    dead_antennas: list[int] = []
    time_smearing: bool = False
    bandwidth_smearing: bool = False


class Damage(Model):
    """Files that are missing or broken on purpose; subbands per group index."""

    missing_subbands: dict[int, list[int]] = {}
    truncated_subbands: dict[int, list[int]] = {}
    empty_subbands: dict[int, list[int]] = {}


class SimulateSpec(Model):
    """Groups of subband files around a transit or from a start time."""

    stage: Literal["simulate"] = "simulate"
    seed: int = 1
    calibrator: CalibratorModel | None = Field(
        default=None, description="in the sky once (its NVSS twin is left out); its transit falls into the middle group"
    )
    near_utc: str | None = Field(default=None, description="take the transit nearest to this time")
    start_utc: str | None = Field(default=None, description="start of the first group, instead of a transit")
    pointing_dec_deg: float | None = Field(default=None, description="apparent; default: the calibrator's")
    calibrator_offset_deg: float = Field(default=0.0, description="pointing declination minus the calibrator's")
    n_groups: int = 5
    n_antennas: int | None = Field(default=None, description="the first n of a spread over the 96 active; None: all 96")
    station_numbers: list[int] | None = None
    n_subbands: int = 16
    channels_per_subband: int = 48
    n_integrations: int = 24
    integration_s: float = 12.884902000427246
    group_spacing_s: float | None = None
    stamp_jitter_s: float = 5.0
    layout: Literal["new", "old"] = Field(default="new", description="old: (Nblts, 1, Nfreqs, Npols), OVRO_MMA")
    sky: Sky = Sky()
    corruption: Corruption = Corruption()
    damage: Damage = Damage()


class SimulateSummary(Model):
    """What was written; the truth is the output with role ``truth``."""

    group_ids: list[str]
    pointing_dec_deg: float
    calibrator: str | None
    transit_utc: str | None
    transit_mjd: float | None
    n_files: int
    n_sources: int
