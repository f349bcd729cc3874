"""``inspect`` and ``convert``: what is in raw files, and one measurement set from them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..contract import Model
from .common import MsSummary


class InspectSpec(Model):
    """Look at files without changing anything; each is a UVH5 file, a measurement set or a FITS image."""

    stage: Literal["inspect"] = "inspect"
    paths: list[str] = Field(min_length=1)
    read_data: bool = Field(default=False, description="also read visibilities: finite fraction, zeros, truncation")


class InspectedFile(Model):
    """What one file holds, or why it cannot be read."""

    path: str
    kind: Literal["uvh5", "ms", "fits", "unknown"]
    status: Literal["ok", "error"]
    error_code: str | None = None
    error: str | None = None
    layout: Literal["dsa110_meridian", "phased", "drift_zenith"] | None = None
    telescope_name: str | None = None
    subband: int | None = None
    size_bytes: int | None = None
    n_blts: int | None = None
    n_baselines: int | None = None
    n_times: int | None = None
    n_freqs: int | None = None
    n_pols: int | None = None
    n_antennas: int | None = None
    polarizations: list[int] | None = None
    freq_min_hz: float | None = None
    freq_max_hz: float | None = None
    channel_width_hz: float | None = None
    freq_order: Literal["ascending", "descending"] | None = None
    start_utc: str | None = None
    start_mjd: float | None = None
    end_mjd: float | None = None
    mid_mjd: float | None = None
    integration_s: float | None = None
    pointing_dec_deg: float | None = None
    phase_ra_deg: float | None = None
    phase_dec_deg: float | None = None
    flagged_fraction: float | None = None
    finite_fraction: float | None = None
    zero_fraction: float | None = None
    extra: dict[str, str | float | int | None] = {}


class InspectSummary(Model):
    """One entry per path, in the order asked."""

    files: list[InspectedFile]


class ConvertSpec(Model):
    """Files of one group (or one file of any telescope) into one measurement set with one spectral window."""

    stage: Literal["convert"] = "convert"
    files: list[str] = Field(min_length=1)
    expected_subbands: int | None = Field(default=None, description="None: as many as files; missing ones are flagged")
    min_subbands: int = 1
    max_channel_width_hz: float | None = Field(
        default=1.95e6,
        description="average channels up to this; None: do not; not given: a single file keeps its channels",
    )
    max_integration_s: float | None = Field(default=None, description="average integrations up to this; None: do not")
    remove_delays_ns: dict[str, float] = Field(
        default={}, description="antenna name to delay, removed before averaging"
    )
    clip_jy: float | None = Field(
        default=None, description="flag amplitudes above this (units of the file) before averaging"
    )
    driver: Literal["lean", "pyuvdata"] = "lean"
    validate_only: bool = False


class ConvertSummary(Model):
    """The measurement set is the output with role ``ms`` (absent with ``validate_only``)."""

    ms: MsSummary
    n_files: int
    channels_averaged: int
    integrations_averaged: int
    raw_bytes: int
    zero_fraction: float
    nonfinite_fraction: float
