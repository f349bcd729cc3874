"""``image`` and ``mosaic``: tiles and their combination."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..contract import Model
from .common import Beam, CalibratorModel, Check

Tier = Literal["development", "standard", "high_precision"]


class ImageSpec(Model):
    """Image a calibrated measurement set; a field that is None takes the tier's value."""

    stage: Literal["image"] = "image"
    ms: str
    name: str = "tile"
    backend: Literal["auto", "wsclean", "tclean"] = Field(
        default="auto", description="auto: WSClean where it is installed"
    )
    quality_tier: Tier = "standard"
    data_column: Literal["auto", "DATA", "CORRECTED_DATA"] = "auto"
    imsize_px: int | None = None
    cell_arcsec: float | None = None
    weighting: Literal["natural", "uniform", "briggs"] = "briggs"
    robust: float = 0.5
    niter: int | None = None
    threshold_jy: float | None = None
    auto_mask_sigma: float | None = None
    auto_threshold_sigma: float | None = None
    mgain: float | None = None
    multiscale: bool = False
    catalog_mask: bool = Field(default=False, description="catalogue positions merged with the auto-mask")
    mask_radius_arcsec: float = 60.0
    mask_min_flux_jy: float = 0.05
    uvmin_lambda: float | None = None
    pb_limit: float = 0.2
    pb_correct: bool = True
    export_fits: bool = True
    restoring_beam: Beam | None = Field(default=None, description="the common beam of the tiles of a mosaic")
    calibrator: CalibratorModel | None = Field(
        default=None, description="subtracted with its drifting beam and restored"
    )
    subtract_drifting_jy: float | None = Field(
        default=0.03, description="subtract sources whose apparent flux changes more; None: none"
    )
    provenance: dict[str, str] = Field(
        default={}, description="header cards: calibrator, flux scale, caltable ids, group"
    )
    cores: int | None = None
    memory_gb: float | None = None


class RestoredSource(Model):
    """A source subtracted before cleaning and restored after it."""

    name: str
    ra_deg: float
    dec_deg: float
    apparent_flux_jy: float
    mean_beam: float


class ImageSummary(Model):
    """The image and what it is worth.

    Outputs: ``image_pb`` (PB-corrected) and ``pb`` where the beam is known, ``image`` (flat noise), ``residual``,
    ``psf``, ``picture`` (PNG); only ``picture`` when FITS export is skipped.
    """

    backend: Literal["wsclean", "tclean"]
    beam: Beam
    imsize_px: int
    cell_arcsec: float
    center_ra_deg: float
    center_dec_deg: float
    mid_mjd: float
    start_mjd: float
    end_mjd: float
    nu_eff_hz: float
    bandwidth_hz: float
    integration_s: float
    rms_jy: float
    thermal_rms_jy: float | None
    peak_jy: float
    min_jy: float
    residual_peak_jy: float
    dynamic_range: float
    min_over_peak: float
    pb_corrected: bool
    beam_model: str
    quick_look: bool
    flagged_fraction: float
    restored_sources: list[RestoredSource]
    checks: list[Check]


class MosaicTile(Model):
    """One tile: PB-corrected image, flat-noise image and primary beam, as the image stage made them."""

    id: str
    image_pb: str
    image: str
    pb: str | None = Field(default=None, description="None: the tiles are not PB-corrected (unknown dish)")
    rms_jy: float | None = Field(default=None, description="of the flat-noise image; None: measured")


class MosaicSpec(Model):
    """Combine tiles on one grid."""

    stage: Literal["mosaic"] = "mosaic"
    name: str = "mosaic"
    tiles: list[MosaicTile] = Field(min_length=1)
    method: Literal["mean", "weighted", "pbweighted"] = "pbweighted"
    backend: Literal["auto", "swarp", "reproject"] = "auto"
    pb_limit: float = 0.2
    cell_arcsec: float | None = None
    ignore_validation: bool = False
    validate_only: bool = Field(default=False, description="run the consistency checks, write no mosaic")
    provenance: dict[str, str] = {}


class MosaicTileSummary(Model):
    """A tile as it went into the mosaic."""

    id: str
    rms_jy: float
    beam: Beam
    mid_mjd: float
    weight_share: float
    ra_offset_arcsec: float | None
    dec_offset_arcsec: float | None
    flux_ratio: float | None
    n_matched: int


class MosaicSummary(Model):
    """The mosaic and what went into it.

    Outputs: ``mosaic``, ``weight`` (inverse variance, Jy^-2), ``coverage`` (tiles per pixel), ``mjd`` (mean time, MJD),
    ``pb`` (largest primary beam of any tile; absent if tiles have none), ``picture``. With ``validate_only``: none.
    """

    method: Literal["mean", "weighted", "pbweighted"]
    backend: Literal["swarp", "reproject"]
    beam: Beam
    center_ra_deg: float
    center_dec_deg: float
    width_px: int
    height_px: int
    cell_arcsec: float
    nu_eff_hz: float
    start_mjd: float
    end_mjd: float
    mid_mjd: float
    rms_jy: float | None = Field(description="typical noise of the mosaic; None with validate_only")
    peak_jy: float | None
    area_deg2: float | None
    tiles: list[MosaicTileSummary]
    checks: list[Check]
