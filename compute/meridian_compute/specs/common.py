"""Models that several stages share."""

from __future__ import annotations

from typing import Literal

from ..contract import Model


class Position(Model):
    """A direction on the sky, ICRS, degrees."""

    ra_deg: float
    dec_deg: float


class Beam(Model):
    """Restoring beam: full widths at half maximum and position angle (north through east)."""

    bmaj_arcsec: float
    bmin_arcsec: float
    bpa_deg: float


class SourceModel(Model):
    """A point source: S(nu) = flux_jy * (nu / ref_freq_hz) ** spectral_index, before any primary beam."""

    name: str
    ra_deg: float
    dec_deg: float
    flux_jy: float
    ref_freq_hz: float = 1.4e9
    spectral_index: float = -0.7


class CalibratorModel(SourceModel):
    """A calibrator with its flux scale.

    ``flux_scale`` is ``perley_butler_2017`` (``log_polynomial`` holds: log10 S/Jy as a polynomial in
    log10 nu/GHz, lowest order first; ``flux_jy`` is its value at ``ref_freq_hz``) or ``secondary`` (the
    calibrator list's value with ``spectral_index``). The list and the polynomials live in ``domain/calibrators.ts``.
    """

    flux_scale: Literal["perley_butler_2017", "secondary"] = "secondary"
    log_polynomial: list[float] | None = None
    variable: bool = False
    uvmin_klambda: float | None = None
    uvmax_klambda: float | None = None


class MsSummary(Model):
    """What is in a measurement set."""

    group_id: str | None
    telescope_name: str
    n_antennas: int
    n_baselines: int
    n_times: int
    n_channels: int
    n_rows: int
    polarizations: list[int]
    freq_min_hz: float
    freq_max_hz: float
    channel_width_hz: float
    start_mjd: float
    end_mjd: float
    mid_mjd: float
    start_utc: str
    pointing_dec_deg: float | None
    phase_ra_deg: float
    phase_dec_deg: float
    dish_diameter_m: float | None
    flagged_fraction: float
    missing_subbands: list[int]


class Check(Model):
    """One QA check: what was measured, what was allowed, the verdict."""

    name: str
    value: float | None
    limit: str
    verdict: Literal["pass", "warn", "fail", "not_evaluated"]
    message: str
