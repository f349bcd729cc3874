"""``photometry`` and ``qa``: fluxes at known positions, and whether an image can be trusted."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..contract import Model
from .common import Check, Position, SourceModel

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
    catalog: Literal["nvss", "none"] = Field(default="none", description="nvss: every source of it in the footprint")
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
    tile_centers: list[Position] = Field(
        default=[],
        description="empty: a tile's own centre, or the maxima of a mosaic's beam map",
    )
    truth: str | None = Field(default=None, description="truth.json of the simulator, instead of the catalogue")
    exclude: list[SourceModel] = Field(
        default=[], description="sources that judge nothing: the calibrator, variables; matched by position"
    )
    min_snr: float = Field(default=20.0, gt=0, description="expected flux over local noise, for ratio and offset")
    pb_min: float = Field(default=0.3, ge=0, le=1, description="nothing is judged below this primary beam")
    min_flux_jy: float = Field(default=0.05, gt=0, description="faintest catalogue source at 1.4 GHz")
    spectral_index: float = Field(default=-0.7, description="from the catalogue's frequency to the image's")
    thermal_rms_jy: float | None = Field(default=None, description="of the image stage's summary, for rms over thermal")
    find_sources: bool = Field(default=True, description="blind source finding: completeness and reliability")
    draw: bool = Field(default=True, description="write the picture; it takes most of the time")


class QaSummary(Model):
    """Verdict and what it rests on; outputs: ``matches`` (CSV), ``picture`` (PNG) if drawn.

    Noise, peak and minimum are those of the flat-noise image; of a mosaic, the noise is the median local noise.
    """

    verdict: Literal["pass", "warn", "fail", "not_evaluated"]
    checks: list[Check]
    reference: Literal["truth", "nvss"]
    rms_jy: float
    rms_over_thermal: float | None
    peak_jy: float
    dynamic_range: float
    min_over_peak: float
    residual_peak_jy: float | None
    n_expected: int = Field(description="sources expected above min_snr, merged within one beam")
    n_matched: int = Field(description="of them, those found where they are expected")
    flux_ratio: float | None
    flux_ratio_scatter: float | None
    flux_ratio_scatter_snr50: float | None
    ra_offset_arcsec: float | None
    dec_offset_arcsec: float | None
    offset_beyond_1p3_deg_arcsec: float | None
    mirror_flux_ratio: float | None = Field(description="largest median flux ratio at mirrored positions")
    completeness_8sigma: float | None
    spurious_fraction: float | None
    negative_fraction: float | None = Field(description="detections in the negated image over detections, 8 sigma")
    solar_system: dict[str, float] = Field(default={}, description="degrees to Sun, Moon and bright sources of the sky")
