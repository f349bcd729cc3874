"""The numbers that the checks judge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..fits_image import read_aligned
from ..specs.photometry import QaSpec
from .completeness import Blind
from .field import Field
from .limits import EDGE_DEG
from .matches import Matches, median_of, robust_scatter

Mask = NDArray[np.bool_]

#: Signal-to-noise ratio above which the narrower scatter holds.
BRIGHT_SNR = 50.0
#: Fewer values give no median offset, and no scatter.
MIN_OFFSETS = 3
MIN_SCATTER = 5


@dataclass(frozen=True, kw_only=True)
class NoiseFigures:
    """Noise and extremes of an image.

    Attributes:
        rms_jy: median local noise: of a tile's flat-noise image, of a mosaic itself.
        rms_over_thermal: None where the thermal noise is not known.
        peak_jy: highest pixel of the same image.
        dynamic_range: peak over noise where the noise is even.
        min_over_peak: likewise.
        min_sigma: the lowest pixel over the noise (negative).
        residual_peak_jy: largest absolute residual; None without a residual image.
        coverage: share of the pixels inside the primary beam that have data; None where the beam is not known.
    """

    rms_jy: float
    rms_over_thermal: float | None
    peak_jy: float
    dynamic_range: float
    min_over_peak: float
    min_sigma: float
    residual_peak_jy: float | None
    coverage: float | None


@dataclass(frozen=True, kw_only=True)
class MatchFigures:
    """Medians over the expected sources, with how many each rests on; None with too few."""

    n_expected: int
    n_matched: int
    flux_ratio: float | None
    scatter: float | None
    n_snr50: int
    scatter_snr50: float | None
    n_offsets: int
    ra_offset_arcsec: float | None
    dec_offset_arcsec: float | None
    n_edge: int
    edge_offset_arcsec: float | None


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Everything that is judged.

    Attributes:
        noise: noise and extremes.
        match: fluxes and positions.
        mirror: axis and ratio of the worst mirror; None where it could not be tested.
        blind: result of the blind search; None if it was not asked for.
        distances_deg: to Sun, Moon and the bright sources; empty if the image names no time.
    """

    noise: NoiseFigures
    match: MatchFigures
    mirror: tuple[str, float] | None
    blind: Blind | None
    distances_deg: dict[str, float]


def noise_figures(field: Field, spec: QaSpec) -> NoiseFigures:
    """Measure noise, extremes and coverage.

    Raises:
        StageFailure: as ``read_aligned``, for the residual image.
    """
    region = field.region
    flat_rms = float(np.median(field.flat_rms[region]))
    scale = None if spec.kind == "tile" else field.frame.scale
    noise = field.flat_rms if scale is None else field.flat_rms * scale
    peak = float(np.nanmax(field.frame.flat))
    lowest = float(np.nanmin(field.frame.flat))
    rms = float(np.median(noise[region]))
    residual = None
    if spec.residual_fits is not None:
        residual = float(np.nanmax(np.abs(read_aligned(spec.residual_fits, field.image, "flux").data)))
    return NoiseFigures(
        rms_jy=rms,
        rms_over_thermal=rms / spec.thermal_rms_jy if spec.thermal_rms_jy else None,
        peak_jy=peak if scale is None else float(field.image.data[region].max()),
        dynamic_range=peak / flat_rms,
        min_over_peak=lowest / peak if peak > 0 else 0.0,
        min_sigma=lowest / flat_rms,
        residual_peak_jy=residual,
        coverage=_coverage(field),
    )


def _coverage(field: Field) -> float | None:
    if field.frame.pb is None:
        return None
    inside = field.frame.pb >= field.pb_min
    return float(np.isfinite(field.image.data[inside]).mean())


def match_figures(matches: Matches, min_snr: float) -> MatchFigures:
    """Median ratio, scatter and offsets of the sources expected above ``min_snr``.

    Sources that are not there count in the ratio, with what is measured at their places: a median over survivors
    would look right in an image that lost half of its sources.
    """
    bright, very_bright = matches.brighter_than(min_snr), matches.brighter_than(max(min_snr, BRIGHT_SNR))
    found = bright & matches.found
    edge = found & (matches.distance_deg > EDGE_DEG)
    magnitude = np.hypot(matches.ra_offset_arcsec, matches.dec_offset_arcsec)
    return MatchFigures(
        n_expected=int(bright.sum()),
        n_matched=int(found.sum()),
        flux_ratio=median_of(matches.ratio, bright),
        scatter=robust_scatter(matches.ratio, bright) if bright.sum() >= MIN_SCATTER else None,
        n_snr50=int(very_bright.sum()),
        scatter_snr50=robust_scatter(matches.ratio, very_bright) if very_bright.sum() >= MIN_SCATTER else None,
        n_offsets=int(found.sum()),
        ra_offset_arcsec=_of_enough(matches.ra_offset_arcsec, found),
        dec_offset_arcsec=_of_enough(matches.dec_offset_arcsec, found),
        n_edge=int(edge.sum()),
        edge_offset_arcsec=_of_enough(magnitude, edge),
    )


def _of_enough(values: NDArray[np.float64], chosen: Mask) -> float | None:
    return median_of(values, chosen) if chosen.sum() >= MIN_OFFSETS else None
