"""The picture of a QA run: the image with its sources, flux ratios, offsets, and the checks in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from ..pictures import shrunk
from ..specs.photometry import QaSummary
from .completeness import Blind
from .field import Field
from .limits import Limits
from .matches import Matches

_COLORS: Final = {"pass": "tab:green", "warn": "tab:orange", "fail": "tab:red", "not_evaluated": "tab:gray"}
_MARKS: Final = {"pass": "ok", "warn": "warn", "fail": "FAIL", "not_evaluated": "–"}


def draw_picture(
    path: Path,
    field: Field,
    matches: Matches,
    blind: Blind | None,
    *,
    summary: QaSummary,
    limits: Limits,
    min_snr: float,
) -> None:
    """Draw the PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(15, 10))
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(2, 2, left=0.05, right=0.95, bottom=0.06, top=0.93, wspace=0.22, hspace=0.2)
    _draw_sky(figure, grid[0, 0], field, matches, blind)
    _draw_ratios(figure.add_subplot(grid[0, 1]), matches, limits, min_snr)
    _draw_offsets(figure.add_subplot(grid[1, 1]), matches, limits, min_snr)
    _draw_checks(figure.add_subplot(grid[1, 0]), summary)
    title = f"{field.image.path.name}: {summary.verdict.replace('_', ' ')}, against {summary.reference}"
    figure.suptitle(title, color=_COLORS[summary.verdict], fontsize=14)
    figure.savefig(path, dpi=90, metadata={"Software": None})


def _draw_sky(figure: Any, place: Any, field: Field, matches: Matches, blind: Blind | None) -> None:
    """The flat map in units of its noise, with expected sources and unexplained detections."""
    small, wcs, step = shrunk(field.snr, field.image.wcs)
    axes = figure.add_subplot(place, projection=wcs)
    shown = axes.imshow(small, origin="lower", cmap="gray_r", vmin=-3, vmax=30)
    figure.colorbar(shown, ax=axes, fraction=0.03, pad=0.01)
    axes.set_title("brightness over local noise", fontsize=10)
    axes.set_xlabel("Right ascension (ICRS)")
    axes.set_ylabel("Declination (ICRS)")
    wanted = matches.brighter_than(8)
    for label, chosen, color in (
        ("expected above 8σ, found", wanted & matches.found, "tab:green"),
        ("expected above 8σ, missing", wanted & ~matches.found, "tab:red"),
        ("excluded", matches.expected.excluded, "tab:purple"),
    ):
        x, y = matches.expected.x[chosen] / step, matches.expected.y[chosen] / step
        if len(x):
            axes.scatter(x, y, s=45, facecolors="none", edgecolors=color, linewidths=0.9, label=label)
    if blind is not None and len(blind.unexplained.x):
        x, y = blind.unexplained.x / step, blind.unexplained.y / step
        axes.scatter(
            x, y, s=45, marker="s", facecolors="none", edgecolors="tab:orange", linewidths=0.9, label="spurious"
        )
    if axes.get_legend_handles_labels()[1]:
        axes.legend(loc="upper right", fontsize=8)


def _draw_ratios(axes: Any, matches: Matches, limits: Limits, min_snr: float) -> None:
    axes.axhspan(
        limits.flux_ratio.low, limits.flux_ratio.high, color="tab:green", alpha=0.12, label="limits of the median"
    )
    axes.axhline(1.0, color="0.4", linewidth=0.8)
    groups = (
        ("8 to", matches.brighter_than(8) & ~matches.brighter_than(min_snr), "0.7"),
        ("above", matches.brighter_than(min_snr), "tab:blue"),
    )
    for words, chosen, color in groups:
        if chosen.any():
            axes.errorbar(
                matches.expected.flux_jy[chosen], matches.ratio[chosen],
                yerr=(matches.error_jy / matches.expected.flux_jy)[chosen],
                fmt="o", markersize=3.5, linewidth=0.7, color=color, label=f"expected {words} {min_snr:g}σ",
            )  # fmt: skip
    axes.set_xscale("log")
    axes.set_ylim(0.5, 1.5)
    axes.set_xlabel("expected flux, Jy")
    axes.set_ylabel("measured / expected flux")
    axes.legend(loc="upper right", fontsize=8)


def _draw_offsets(axes: Any, matches: Matches, limits: Limits, min_snr: float) -> None:
    chosen = matches.brighter_than(min_snr) & matches.found
    ra, dec = matches.ra_offset_arcsec[chosen], matches.dec_offset_arcsec[chosen]
    colors = np.nan_to_num(matches.distance_deg[chosen])
    shown = axes.scatter(ra, dec, c=colors, s=16, cmap="viridis")
    axes.figure.colorbar(shown, ax=axes, label="degrees from the nearest tile's centre", fraction=0.04, pad=0.01)
    low, high = limits.offset_arcsec.low, limits.offset_arcsec.high
    axes.fill([low, high, high, low], [low, low, high, high], color="tab:green", alpha=0.12)
    axes.axhline(0, color="0.4", linewidth=0.8)
    axes.axvline(0, color="0.4", linewidth=0.8)
    if len(ra):
        axes.plot(np.median(ra), np.median(dec), "+", color="tab:red", markersize=14, markeredgewidth=2, label="median")
        axes.legend(loc="upper right", fontsize=8)
    reach = max(1.5 * high, float(np.max(np.abs([ra, dec]), initial=0.0)) * 1.05)
    # East is left, as on the sky.
    axes.set_xlim(reach, -reach)
    axes.set_ylim(-reach, reach)
    axes.set_aspect("equal")
    axes.set_xlabel("offset east, arcsec")
    axes.set_ylabel("offset north, arcsec")


def _draw_checks(axes: Any, summary: QaSummary) -> None:
    axes.set_axis_off()
    step = 1 / (len(summary.checks) + 1)
    for row, check in enumerate(summary.checks):
        y = 1 - (row + 1) * step
        value = "" if check.value is None else f"{check.value:.4g}"
        axes.text(0.0, y, _MARKS[check.verdict], color=_COLORS[check.verdict], weight="bold", fontsize=10)
        axes.text(0.09, y, check.name, fontsize=10, family="monospace")
        axes.text(0.62, y, value, fontsize=10, ha="right")
        axes.text(0.66, y, check.limit, fontsize=10, color="0.35")
