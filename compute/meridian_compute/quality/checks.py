"""From figures to checks: each with its value, its limit and what it means."""

from __future__ import annotations

from ..imaging.metrics import DYNAMIC_RANGE_WARN, MIN_OVER_PEAK, NOISE_REACH_SIGMA, RESIDUAL_PEAK_JY
from ..specs.common import Check
from .completeness import COUNTED_SIGMA, Blind
from .figures import BRIGHT_SNR, MIN_OFFSETS, MIN_SCATTER, Figures, MatchFigures, NoiseFigures
from .limits import (
    EDGE_DEG,
    MIN_COVERAGE,
    MIRROR,
    NEAR_BRIGHT_SOURCE_DEG,
    OVER_THERMAL,
    Finding,
    Limits,
    Range,
    exactly,
)
from .mirror import MIN_MIRRORED

_NAMES = {"sun": "the Sun", "moon": "the Moon", "cyg_a": "Cyg A", "cas_a": "Cas A", "tau_a": "Tau A", "vir_a": "Vir A"}
#: True ratio below which nothing at mirrored places proves nothing.
_MIN_TRUE_RATIO = 0.5


def all_checks(figures: Figures, limits: Limits, min_snr: float) -> list[Check]:
    """Every check, in the order in which a reader wants them; those of the blind search only if there was one."""
    return [
        *_flux_checks(figures.match, limits, min_snr),
        *_offset_checks(figures.match, limits),
        _mirror_check(figures),
        *([] if figures.blind is None else _blind_checks(figures.blind, limits)),
        *_noise_checks(figures.noise, limits),
        *_cleaning_checks(figures.noise),
        _distance_check(figures.distances_deg),
    ]


def _flux_checks(match: MatchFigures, limits: Limits, min_snr: float) -> list[Check]:
    few = match.n_expected < limits.min_expected
    ratio = Finding(
        name="flux_ratio",
        value=None if few else match.flux_ratio,
        message=f"the median of measured over expected flux is {{value:.3f}} for {match.n_expected} sources expected "
        f"above {min_snr:g} sigma; {match.n_matched} of them were found in their places",
        missing=f"{match.n_expected} sources are expected above {min_snr:g} sigma; {limits.min_expected} are needed",
    )
    scatter = Finding(
        name="flux_ratio_scatter",
        value=match.scatter,
        message=f"the robust scatter of the flux ratio is {{value:.3f}} for {match.n_expected} sources expected "
        f"above {min_snr:g} sigma",
        missing=f"{match.n_expected} sources are expected above {min_snr:g} sigma; {MIN_SCATTER} are needed",
    )
    bright = Finding(
        name="flux_ratio_scatter_snr50",
        value=match.scatter_snr50,
        message=f"the robust scatter of the flux ratio is {{value:.3f}} for {match.n_snr50} sources expected "
        f"above {BRIGHT_SNR:g} sigma",
        missing=f"{match.n_snr50} sources are expected above {BRIGHT_SNR:g} sigma; {MIN_SCATTER} are needed",
    )
    return [
        ratio.against(limits.flux_ratio),
        scatter.against(limits.scatter),
        bright.against(limits.scatter_snr50),
    ]


def _offset_checks(match: MatchFigures, limits: Limits) -> list[Check]:
    few = f"{match.n_matched} sources were found; {MIN_OFFSETS} are needed"
    ra, dec = (
        Finding(
            name=f"{axis}_offset_arcsec",
            value=value,
            unit="arcsec",
            message=f"the median offset in {words} is {{value:+.2f}} arcsec for {match.n_matched} sources",
            missing=few,
        )
        for axis, words, value in (
            ("ra", "right ascension (east positive, on the sky)", match.ra_offset_arcsec),
            ("dec", "declination", match.dec_offset_arcsec),
        )
    )
    edge = Finding(
        name="offset_beyond_1p3_deg_arcsec",
        value=match.edge_offset_arcsec,
        unit="arcsec",
        message=f"the median length of the offsets is {{value:.2f}} arcsec for {match.n_edge} sources more than "
        f"{EDGE_DEG} degrees from the nearest tile's centre",
        missing=f"{match.n_edge} sources were found more than {EDGE_DEG} degrees from a known tile's centre; "
        f"{MIN_OFFSETS} are needed",
    )
    return [
        ra.against(limits.offset_arcsec),
        dec.against(limits.offset_arcsec),
        edge.against(limits.edge_offset_arcsec),
    ]


def _mirror_check(figures: Figures) -> Check:
    true, mirror = figures.match.flux_ratio, figures.mirror
    axis, value = ("", None) if mirror is None else mirror
    missing = (
        f"fewer than {MIN_MIRRORED} bright sources have an empty place opposite to them, or no tile centre is known"
    )
    if value is not None and value <= MIRROR.high and (true is None or true < _MIN_TRUE_RATIO):
        value, missing = None, "the sources are neither in their places nor in mirrored ones"
    sky = "is mirrored" if value is not None and value > MIRROR.high else "is not mirrored"
    return Finding(
        name="not_mirrored",
        value=value,
        message=f"the sky {sky}: at places mirrored in {axis} the median flux is {{value:.2f}} of the sources' own",
        missing=missing,
    ).against(MIRROR)


def _blind_checks(blind: Blind, limits: Limits) -> list[Check]:
    n, sigma = blind.n_expected, f"{COUNTED_SIGMA:g} sigma"
    completeness = Finding(
        name="completeness_8sigma",
        value=blind.completeness if n >= limits.min_complete else None,
        message=f"a blind search found {{value:.1%}} of {n} sources expected above {sigma}",
        missing=f"{n} sources are expected above {sigma}; {limits.min_complete} are needed",
    )
    none = f"the blind search found nothing above {sigma}"
    spurious = Finding(
        name="spurious_fraction",
        value=blind.spurious,
        message=f"{{value:.1%}} of {blind.n_detected} blind detections above {sigma} have no counterpart",
        missing=none,
    )
    negative = Finding(
        name="negative_fraction",
        value=blind.negative,
        message="the negated image gives {value:.1%} as many detections as the image",
        missing=none,
    )
    return [
        completeness.against(limits.completeness),
        spurious.against(limits.spurious),
        negative.against(limits.negative),
    ]


def _noise_checks(noise: NoiseFigures, limits: Limits) -> list[Check]:
    rms = Finding(
        name="rms_jy", value=noise.rms_jy, unit="Jy/beam", message="the median local noise is {value:.3g} Jy/beam"
    )
    thermal = Finding(
        name="rms_over_thermal",
        value=noise.rms_over_thermal,
        message="the noise is {value:.2f} times the thermal noise",
        missing="the thermal noise is not known",
    )
    dynamic_range = Finding(
        name="dynamic_range", value=noise.dynamic_range, message="the peak is {value:.0f} times the noise"
    )
    coverage = Finding(
        name="coverage",
        value=noise.coverage,
        message="{value:.2%} of the pixels inside the primary beam have data",
        missing="the primary beam is not known",
    )
    return [
        rms.against(limits.rms_jy),
        thermal.against(OVER_THERMAL),
        dynamic_range.against(Range(low=DYNAMIC_RANGE_WARN)),
        coverage.against(MIN_COVERAGE),
    ]


def _cleaning_checks(noise: NoiseFigures) -> list[Check]:
    """Signs of a CLEAN that diverged; what noise alone can do is allowed."""
    minimum = Finding(
        name="min_over_peak",
        value=noise.min_over_peak,
        message=f"the lowest pixel is {{value:.2%}} of the peak and {-noise.min_sigma:.1f} times the noise",
    )
    lowest = min(MIN_OVER_PEAK, -NOISE_REACH_SIGMA / noise.dynamic_range)
    residual = Finding(
        name="residual_peak_jy",
        value=noise.residual_peak_jy,
        unit="Jy/beam",
        message="the largest residual is {value:.3g} Jy/beam",
        missing="no residual image was given",
    )
    highest = max(RESIDUAL_PEAK_JY, NOISE_REACH_SIGMA * noise.rms_jy)
    return [minimum.against(exactly(low=lowest)), residual.against(exactly(high=highest))]


def _distance_check(distances_deg: dict[str, float]) -> Check:
    nearest = min(distances_deg, key=lambda name: distances_deg[name], default=None)
    return Finding(
        name="distance_to_bright_sources",
        value=None if nearest is None else distances_deg[nearest],
        unit="deg",
        message=f"{_NAMES.get(nearest or '')}, the nearest of Sun, Moon and the brightest sources, is {{value:.1f}} "
        "degrees away",
        missing="the image names no time: MJD-AVG or DATE-OBS is needed",
    ).against(Range(low=NEAR_BRIGHT_SOURCE_DEG))
