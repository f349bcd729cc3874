"""Limits of the checks: strict ones against the truth of a simulation, those of the survey against the catalogue."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from ..imaging.metrics import RMS_OVER_THERMAL_WARN
from ..specs.common import Check

Verdict = Literal["pass", "warn", "fail", "not_evaluated"]


@dataclass(frozen=True, kw_only=True)
class Range:
    """Values that pass: from ``low`` to ``high``; values from ``worst_low`` to ``worst_high`` warn, others fail."""

    low: float = -math.inf
    high: float = math.inf
    worst_low: float = -math.inf
    worst_high: float = math.inf

    def verdict(self, value: float) -> Verdict:
        """Where a value lies."""
        if self.low <= value <= self.high:
            return "pass"
        return "warn" if self.worst_low <= value <= self.worst_high else "fail"

    def words(self, unit: str) -> str:
        """The range for a reader, e.g. ``0.8 to 1.2`` or ``at most 1 arcsec``."""
        space = "" if unit in ("", "%") else " "
        low, high = f"{self.low:g}{space}{unit}", f"{self.high:g}{space}{unit}"
        if math.isinf(self.low):
            return f"at most {high}"
        return f"at least {low}" if math.isinf(self.high) else f"{self.low:g} to {high}"


def exactly(low: float = -math.inf, high: float = math.inf) -> Range:
    """Pass inside, fail outside."""
    return Range(low=low, high=high, worst_low=low, worst_high=high)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits that depend on what an image is compared with.

    Shares and ratios are plain numbers, noise and residuals Jy/beam.
    """

    flux_ratio: Range
    scatter: Range
    scatter_snr50: Range
    offset_arcsec: Range
    edge_offset_arcsec: Range
    completeness: Range
    spurious: Range
    negative: Range
    rms_jy: Range
    min_expected: int
    min_complete: int


#: Against the truth: what the chain has to reach on simulations.
TRUTH: Final = Limits(
    flux_ratio=exactly(0.98, 1.02),
    scatter=exactly(high=0.05),
    scatter_snr50=exactly(high=0.025),
    offset_arcsec=exactly(-0.5, 0.5),
    edge_offset_arcsec=exactly(high=1.0),
    completeness=exactly(low=0.95),
    spurious=exactly(high=0.15),
    negative=exactly(high=0.15),
    rms_jy=exactly(high=18.6e-3),
    min_expected=3,
    min_complete=5,
)

#: Against the catalogue, whose fluxes and positions scatter by themselves (other epoch, frequency and beam). Flux
#: ratio, completeness and noise are the gates of the survey before us.
CATALOG: Final = Limits(
    flux_ratio=exactly(0.8, 1.2),
    scatter=Range(high=0.3),
    scatter_snr50=Range(high=0.3),
    offset_arcsec=Range(low=-2.0, high=2.0, worst_low=-5.0, worst_high=5.0),
    edge_offset_arcsec=Range(high=5.0),
    completeness=Range(low=0.8, worst_low=0.6),
    spurious=Range(high=0.15),
    negative=Range(high=0.15),
    rms_jy=exactly(high=18.6e-3),
    min_expected=3,
    min_complete=5,
)

#: Noise below the thermal one means a wrong scale.
OVER_THERMAL: Final = Range(low=0.8, high=RMS_OVER_THERMAL_WARN)
MIN_COVERAGE: Final = Range(low=0.99, worst_low=0.9)
#: Ratio at mirrored places. In a mosaic of mirrored tiles each source has several ghosts, of a part of its flux each.
MIRROR: Final = exactly(high=0.1)
EDGE_DEG: Final = 1.3
NEAR_BRIGHT_SOURCE_DEG: Final = 10.0


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A measured value and its words.

    Attributes:
        name: of the check.
        value: None if it could not be measured.
        unit: of the limit.
        message: what the value means; ``{value}`` stands for it.
        missing: why there is no value.
    """

    name: str
    value: float | None
    unit: str = ""
    message: str
    missing: str = ""

    def against(self, limit: Range) -> Check:
        """Judge it."""
        return Check(
            name=self.name,
            value=self.value,
            limit=limit.words(self.unit),
            verdict="not_evaluated" if self.value is None else limit.verdict(self.value),
            message=self.missing if self.value is None else self.message.format(value=self.value),
        )


def overall(checks: list[Check]) -> Verdict:
    """The worst verdict; not evaluated where nothing could be compared with the sky and nothing else is wrong."""
    verdicts = {check.verdict for check in checks}
    if "fail" in verdicts:
        return "fail"
    if any(check.name == "flux_ratio" and check.verdict == "not_evaluated" for check in checks):
        return "not_evaluated"
    return "warn" if "warn" in verdicts else "pass"
