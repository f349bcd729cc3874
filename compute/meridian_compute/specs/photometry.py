"""``photometry`` and ``qa``: fluxes at known positions, and whether an image can be trusted."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..contract import Model
from .common import Check, SourceModel


PhotometryStatus = Literal["measured", "edge", "masked", "blended", "not_covered", "failed"]


class PhotometryPosition(Model):
    """Where to measure."""

    id: str
    ra_deg: float
    dec_deg: float


class PhotometrySpec(Model):
    """Forced photometry at fixed positions with the image's beam; neighbours are fitted jointly."""

    stage: Literal["photometry"] = "photometry"
    fits: str
    flat_noise_fits: str | None = Field(default=None, description="for the local rms; None: the image itself")
    pb_fits: str | None = None
    weight_fits: str | None = Field(default=None, description="inverse variance of a mosaic, Jy^-2: for the local rms")
    mjd_fits: str | None = Field(default=None, description="mean time of each pixel of a mosaic, for the rows' mid_mjd")
    positions: list[PhotometryPosition] | None = None
    positions_file: str | None = Field(default=None, description="JSON list or CSV with id, ra_deg, dec_deg")
    catalog: Literal["nvss", "none"] = Field(default="none", description="nvss: every catalogue source in the footprint")
    min_flux_jy: float = 0.05
    method: Literal["peak", "aegean"] = "peak"
    box_px: int | None = None
    annulus_inner_arcsec: float | None = None
    annulus_outer_arcsec: float | None = None
    correct_astrometry: bool = True
    pb_measured: float = 0.3
    pb_edge: float = 0.2


class PhotometryRow(Model):
    """One measurement, or the reason there is none (``status``)."""

    id: str
    ra_deg: float
    dec_deg: float
    status: PhotometryStatus
    reason: str | None = None
    peak_flux_jy: float | None = None
    peak_flux_err_jy: float | None = None
    local_rms_jy: float | None = None
    background_jy: float | None = None
    pb: float | None = None
    n_blended: int = 0
    mid_mjd: float | None = None


class PhotometrySummary(Model):
    """Rows are in the output with role ``rows`` (JSON list); ``rows`` here when there are at most 1000."""

    method: Literal["peak", "aegean"]
    n_positions: int
    n_measured: int
    by_status: dict[str, int]
    error_scale_k: float | None
    n_empty_positions: int
    ra_shift_arcsec: float | None
    dec_shift_arcsec: float | None
    mid_mjd: float | None
    nu_eff_hz: float | None
    rows: list[PhotometryRow] | None


class QaSpec(Model):
    """Compare a tile or mosaic with the catalogue, or with the truth of a simulation."""

    stage: Literal["qa"] = "qa"
    fits: str
    flat_noise_fits: str | None = None
    pb_fits: str | None = None
    residual_fits: str | None = None
    weight_fits: str | None = None
    kind: Literal["tile", "mosaic"] = "tile"
    truth: str | None = Field(default=None, description="truth.json of the simulator, instead of the catalogue")
    exclude: list[SourceModel] = []
    min_snr: float = 20.0
    find_sources: bool = Field(default=False, description="blind source finding: completeness and reliability")


class QaSummary(Model):
    """Verdict and what it rests on; outputs: ``matches`` (CSV), ``picture`` (PNG)."""

    verdict: Literal["pass", "warn", "fail", "not_evaluated"]
    checks: list[Check]
    rms_jy: float
    rms_over_thermal: float | None
    n_matched: int
    flux_ratio: float | None
    flux_ratio_scatter: float | None
    flux_ratio_scatter_snr50: float | None
    ra_offset_arcsec: float | None
    dec_offset_arcsec: float | None
    offset_beyond_1p3_deg_arcsec: float | None
    completeness_8sigma: float | None
    spurious_fraction: float | None
    solar_system: dict[str, float] = Field(default={}, description="degrees to Sun, Moon and the bright sources of the sky")
