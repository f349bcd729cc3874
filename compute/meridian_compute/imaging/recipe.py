"""What an image is made with: the quality tiers, the spec's own values over them, and the measured geometry."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .. import site
from ..contract import StageFailure
from ..specs.common import Beam
from ..specs.image import ImageSpec, Tier
from .coverage import Coverage
from .geometry import (
    MAX_AUTO_PX,
    Weighting,
    dirty_beam,
    field_radius_deg,
    image_size_px,
    round_cell,
    unknown_field_deg,
)

#: An image larger than this does not fit into any worker.
MAX_PX = 16_384
_ARCSEC = math.pi / (180 * 3600)


@dataclass(frozen=True, kw_only=True)
class Depth:
    """How deep and how carefully to clean.

    Attributes:
        niter: most iterations.
        auto_mask_sigma: components are found down to this many times the noise,
        auto_threshold_sigma: and cleaned, where they are, down to this.
        mgain: share of the peak that one major cycle may remove. Bright sources that drift are subtracted before, and
            what is left does not diverge; where it does, ``SAFER_MGAIN`` follows. 0.7 takes nine cycles instead of five
            for the same residuals.
        samples_per_beam: pixels across the beam's minor axis.
        nyquist_share: largest pixel in units of half the finest fringe: above 1 the longest baselines are left out.
    """

    niter: int
    auto_mask_sigma: float
    auto_threshold_sigma: float
    mgain: float
    samples_per_beam: float
    nyquist_share: float


#: ``development`` is for a quick look and never for science: shallow cleaning biases faint fluxes by 7 to 13 %.
TIERS: Final[Mapping[Tier, Depth]] = {
    "development": Depth(
        niter=2_000, auto_mask_sigma=5, auto_threshold_sigma=3, mgain=0.85, samples_per_beam=3.5, nyquist_share=1.3
    ),
    "standard": Depth(
        niter=50_000, auto_mask_sigma=5, auto_threshold_sigma=1, mgain=0.85, samples_per_beam=3.8, nyquist_share=0.9
    ),
    "high_precision": Depth(
        niter=200_000, auto_mask_sigma=4, auto_threshold_sigma=0.8, mgain=0.6, samples_per_beam=5, nyquist_share=0.75
    ),
}
#: What a second attempt is made with when the first one diverged.
SAFER_MGAIN: Final = 0.5
SAFER_THRESHOLD_SIGMA: Final = 2.0
#: Pixels across the restoring beam's minor axis below which fluxes are lost (12" on a 33" beam loses 2 to 4 %).
MIN_SAMPLES_PER_BMIN = 3.5


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides what an image looks like.

    Attributes:
        imsize_px: width and height.
        cell_arcsec: pixel size of the imager (before the aberration's scale is taken out).
        weighting: of the visibilities.
        depth: of cleaning.
        threshold_jy: absolute threshold instead of the automatic one, None: automatic.
        multiscale: clean extended emission on several scales.
        restoring_beam: None: fitted to the dirty beam.
        noise_factor: noise over that of natural weighting.
        uvmax_lambda: longer baselines do not fit into the cell and are left out; None: all fit.
        cores: threads.
        memory_gb: limit for the imager.
        notes: what the user should know.
    """

    imsize_px: int
    cell_arcsec: float
    weighting: Weighting
    depth: Depth
    threshold_jy: float | None
    multiscale: bool
    restoring_beam: Beam | None
    noise_factor: float
    uvmax_lambda: float | None
    cores: int
    memory_gb: float
    notes: tuple[str, ...]


def make_recipe(spec: ImageSpec, coverage: Coverage, cores: int) -> Recipe:
    """Put together tier, spec and data.

    Raises:
        StageFailure: SPEC_INVALID naming a field out of range; DATA_ALL_FLAGGED if the uv limit leaves nothing.
    """
    check_spec(spec)
    tier = TIERS[spec.quality_tier]
    depth = Depth(
        niter=tier.niter if spec.niter is None else spec.niter,
        auto_mask_sigma=spec.auto_mask_sigma or tier.auto_mask_sigma,
        auto_threshold_sigma=spec.auto_threshold_sigma or tier.auto_threshold_sigma,
        mgain=spec.mgain or tier.mgain,
        samples_per_beam=tier.samples_per_beam,
        nyquist_share=tier.nyquist_share,
    )
    weighting = Weighting(kind=spec.weighting, robust=spec.robust, uvmin_lambda=spec.uvmin_lambda)
    radius = field_radius_deg(coverage, spec.pb_limit)
    field_deg = radius or unknown_field_deg(coverage)
    _require_baselines(coverage, spec)
    predicted = dirty_beam(coverage, weighting, 2 * math.radians(field_deg))
    cell = spec.cell_arcsec or auto_cell_arcsec(coverage, predicted.beam, depth)
    imsize = spec.imsize_px or image_size_px(field_deg, cell)
    limit = 1 / (2 * cell * _ARCSEC)
    uvmax = limit if longest_lambda(coverage) > limit else None
    return Recipe(
        imsize_px=imsize + imsize % 2,
        cell_arcsec=cell,
        weighting=weighting,
        depth=depth,
        threshold_jy=spec.threshold_jy,
        multiscale=spec.multiscale,
        restoring_beam=spec.restoring_beam,
        noise_factor=predicted.noise_factor,
        uvmax_lambda=uvmax,
        cores=cores,
        memory_gb=spec.memory_gb or 4.0,
        notes=tuple(_notes(spec, radius, (imsize, cell), uvmax)),
    )


def check_spec(spec: ImageSpec) -> None:
    """Raise SPEC_INVALID for numbers that no imager takes."""
    ranges: list[tuple[str, float | None, float, float]] = [
        ("imsize_px", spec.imsize_px, 32, MAX_PX),
        ("cell_arcsec", spec.cell_arcsec, 1e-4, 600),
        ("niter", spec.niter, 0, 10_000_000),
        ("threshold_jy", spec.threshold_jy, 1e-9, 1e6),
        ("auto_mask_sigma", spec.auto_mask_sigma, 0.5, 100),
        ("auto_threshold_sigma", spec.auto_threshold_sigma, 0.1, 100),
        ("mgain", spec.mgain, 0.01, 0.99),
        ("robust", spec.robust, -2, 2),
        ("pb_limit", spec.pb_limit, 0.01, 0.9),
        ("uvmin_lambda", spec.uvmin_lambda, 0, 1e9),
        ("mask_radius_arcsec", spec.mask_radius_arcsec, 0.01, 36_000),
        ("cores", spec.cores, 1, 1024),
        ("memory_gb", spec.memory_gb, 0.1, 10_000),
        ("subtract_drifting_jy", spec.subtract_drifting_jy, 1e-6, 1e6),
    ]
    for name, value, low, high in ranges:
        if value is not None and not low <= value <= high:
            raise StageFailure("SPEC_INVALID", f"{name} is {value:g}; it must be {low:g} to {high:g}", field=name)
    beam = spec.restoring_beam
    if beam is not None and not 0 < beam.bmin_arcsec <= beam.bmaj_arcsec:
        raise StageFailure("SPEC_INVALID", "restoring_beam: bmaj_arcsec >= bmin_arcsec > 0 is needed")
    if "/" in spec.name or spec.name.startswith((".", "-")) or not spec.name:
        raise StageFailure("SPEC_INVALID", f"name is {spec.name!r}; it becomes a file name", field="name")


def auto_cell_arcsec(coverage: Coverage, predicted: Beam, depth: Depth) -> float:
    """Cell that keeps the long baselines and samples the beam, rounded down to two digits."""
    nyquist = 1 / (2 * longest_lambda(coverage)) / _ARCSEC
    return round_cell(min(depth.nyquist_share * nyquist, predicted.bmin_arcsec / depth.samples_per_beam))


def longest_lambda(coverage: Coverage) -> float:
    """Longest projected baseline, wavelengths of the highest channel."""
    longest_m = math.sqrt(float((coverage.uv_m**2).sum(axis=1).max()))
    return longest_m * float(coverage.freq_hz.max()) / site.SPEED_OF_LIGHT_M_S


def _require_baselines(coverage: Coverage, spec: ImageSpec) -> None:
    if spec.uvmin_lambda is None:
        return
    longest = longest_lambda(coverage)
    if longest <= spec.uvmin_lambda:
        raise StageFailure(
            "DATA_ALL_FLAGGED",
            f"uvmin_lambda {spec.uvmin_lambda:g}: the longest baseline has {longest:.0f} wavelengths",
        )


def _notes(spec: ImageSpec, radius: float | None, pixels: tuple[int, float], uvmax: float | None) -> list[str]:
    notes = []
    imsize, cell = pixels
    if uvmax is not None and spec.cell_arcsec is not None:
        notes.append(f"cells of {cell:g} arcsec hold baselines up to {uvmax:.0f} wavelengths; longer ones are left out")
    half_deg = imsize / 2 * cell / 3600
    if radius is not None and half_deg < 0.98 * radius and spec.imsize_px is not None:
        notes.append(
            f"the image ends {half_deg:.2f} degrees from its centre and the primary beam falls to {spec.pb_limit:g} "
            f"at {radius:.2f}: sources beyond its edge are not cleaned"
        )
    if spec.imsize_px is None and imsize >= MAX_AUTO_PX:
        notes.append(f"the image is limited to {imsize} pixels; give imsize_px for more")
    if spec.quality_tier == "development":
        notes.append("tier development: shallow cleaning biases faint fluxes; not for science")
    return notes
