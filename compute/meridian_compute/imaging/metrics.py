"""What an image tells of itself: noise, peak, and the signs of a clean that diverged."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import site
from ..specs.common import Check
from .coverage import Coverage
from .recipe import MIN_SAMPLES_PER_BMIN, Recipe

Pixels = NDArray[np.float32]
_SIGMA_OF_MAD = 1.4826

#: System equivalent flux density of one antenna, Jy; telescopes that are not listed have no thermal noise to compare.
SEFD_JY = {site.TELESCOPE_NAME: 6500.0, site.OLD_TELESCOPE_NAME: 6500.0}
#: A good image has its minimum at -0.3 to -1.7 % of the peak, a diverged one at -9 to -15 %.
MIN_OVER_PEAK = -0.02
RESIDUAL_PEAK_JY = 0.05
#: Telescopes without a limit in Jy: the residual may be this share of the peak.
RESIDUAL_OVER_PEAK = 0.02
#: What noise alone reaches in some million pixels, in sigma: less than this is no sign of anything.
NOISE_REACH_SIGMA = 7.0
RMS_OVER_THERMAL_WARN = 3.0
DYNAMIC_RANGE_WARN = 10.0


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """Figures of the flat-noise image within the primary beam.

    Attributes:
        rms_jy: robust noise.
        peak_jy: highest pixel.
        min_jy: lowest pixel.
        residual_peak_jy: largest absolute residual.
        thermal_rms_jy: expected noise with the weighting used; None where the SEFD is not known.
        finite: whether every pixel is a number.
    """

    rms_jy: float
    peak_jy: float
    min_jy: float
    residual_peak_jy: float
    thermal_rms_jy: float | None
    finite: bool

    @property
    def min_over_peak(self) -> float:
        """Minimum over peak; 0 without a positive peak."""
        return self.min_jy / self.peak_jy if self.peak_jy > 0 else 0.0

    @property
    def dynamic_range(self) -> float:
        """Peak over noise; 0 without noise."""
        return self.peak_jy / self.rms_jy if self.rms_jy > 0 else 0.0


def measure(image: Pixels, residual: Pixels, inside: NDArray[np.bool_], thermal_rms_jy: float | None) -> Metrics:
    """Measure an image.

    Args:
        image: (n_y, n_x), flat noise, Jy/beam.
        residual: what cleaning left.
        inside: pixels within the primary beam.
        thermal_rms_jy: of ``thermal_rms``.
    """
    values = image[inside]
    finite = bool(np.isfinite(values).all() and np.isfinite(residual[inside]).all())
    if not finite:
        return Metrics(rms_jy=0, peak_jy=0, min_jy=0, residual_peak_jy=0, thermal_rms_jy=thermal_rms_jy, finite=False)
    middle = np.median(values)
    return Metrics(
        rms_jy=float(_SIGMA_OF_MAD * np.median(np.abs(values - middle))),
        peak_jy=float(values.max()),
        min_jy=float(values.min()),
        residual_peak_jy=float(np.abs(residual[inside]).max()),
        thermal_rms_jy=thermal_rms_jy,
        finite=True,
    )


def thermal_rms(coverage: Coverage, noise_factor: float) -> float | None:
    """Thermal noise of Stokes I: SEFD / sqrt(2 dnu dt) per real part of a visibility, averaged over all of them.

    Args:
        coverage: data.
        noise_factor: of the weighting, over natural.

    Source: Thompson, Moran & Swenson (2017), 6.2.
    """
    sefd = SEFD_JY.get(coverage.summary.telescope_name)
    if sefd is None:
        return None
    width = float(np.median(coverage.channel_width_hz))
    per_visibility = sefd / math.sqrt(2 * width * coverage.integration_s)
    return noise_factor * per_visibility / math.sqrt(coverage.n_samples)


def divergence(metrics: Metrics, telescope_name: str) -> str | None:
    """Why a clean must be taken as diverged, in words; None if it is sound. The imagers' exit codes do not tell."""
    if not metrics.finite:
        return "the image holds values that are not numbers"
    reach = NOISE_REACH_SIGMA * metrics.rms_jy
    if metrics.min_over_peak < MIN_OVER_PEAK and -metrics.min_jy > reach:
        return f"minimum / peak is {100 * metrics.min_over_peak:.1f} % (limit {100 * MIN_OVER_PEAK:g} %)"
    limit = max(_residual_limit_jy(metrics, telescope_name), reach)
    if metrics.residual_peak_jy > limit:
        return f"the residual reaches {1e3 * metrics.residual_peak_jy:.1f} mJy (limit {1e3 * limit:.1f} mJy)"
    return None


def _residual_limit_jy(metrics: Metrics, telescope_name: str) -> float:
    if telescope_name in site.MERIDIAN_TELESCOPES:
        return RESIDUAL_PEAK_JY
    return max(RESIDUAL_PEAK_JY, RESIDUAL_OVER_PEAK * metrics.peak_jy)


def image_checks(metrics: Metrics, recipe: Recipe, bmin_arcsec: float, telescope_name: str) -> list[Check]:
    """Checks of the image stage; comparison with the sky is the qa stage's."""
    samples = bmin_arcsec / recipe.cell_arcsec
    return [
        _clean_check(metrics, telescope_name),
        Check(
            name="sampling",
            value=samples,
            limit=f">= {MIN_SAMPLES_PER_BMIN:g} pixels",
            verdict="pass" if samples >= MIN_SAMPLES_PER_BMIN else "warn",
            message=f"{samples:.1f} pixels across the beam's minor axis",
        ),
        Check(
            name="dynamic_range",
            value=metrics.dynamic_range,
            limit=f">= {DYNAMIC_RANGE_WARN:g}",
            verdict="pass" if metrics.dynamic_range >= DYNAMIC_RANGE_WARN else "warn",
            message=f"peak {metrics.peak_jy:.4g} Jy/beam over noise {1e3 * metrics.rms_jy:.3g} mJy/beam",
        ),
        _thermal_check(metrics),
    ]


def _clean_check(metrics: Metrics, telescope_name: str) -> Check:
    why = divergence(metrics, telescope_name)
    depth = -metrics.min_jy / metrics.rms_jy if metrics.rms_jy > 0 else 0.0
    figures = (
        f"minimum / peak {100 * metrics.min_over_peak:.2f} %, {depth:.1f} times the noise below zero, "
        f"residual up to {1e3 * metrics.residual_peak_jy:.1f} mJy"
    )
    return Check(
        name="clean",
        value=metrics.min_over_peak,
        limit=f"> {MIN_OVER_PEAK:g}, or less than {NOISE_REACH_SIGMA:g} times the noise below zero",
        verdict="pass" if why is None else "fail",
        message=why or figures,
    )


def _thermal_check(metrics: Metrics) -> Check:
    limit = f"<= {RMS_OVER_THERMAL_WARN:g}"
    if metrics.thermal_rms_jy is None:
        message = "the system noise of this telescope is not known"
        return Check(name="rms_over_thermal", value=None, limit=limit, verdict="not_evaluated", message=message)
    ratio = metrics.rms_jy / metrics.thermal_rms_jy
    return Check(
        name="rms_over_thermal",
        value=ratio,
        limit=limit,
        verdict="pass" if ratio <= RMS_OVER_THERMAL_WARN else "warn",
        message=f"noise {1e3 * metrics.rms_jy:.3g} mJy/beam, thermal {1e3 * metrics.thermal_rms_jy:.3g} mJy/beam",
    )
