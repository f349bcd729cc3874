"""QA: compare a tile or mosaic with the catalogue, or with the truth of a simulation, and give a verdict."""

from __future__ import annotations

from ..contract import Stage
from ..photometry_fit.field_catalog import CATALOG_FREQ_HZ
from ..quality.checks import all_checks
from ..quality.completeness import Scene, search_blindly
from ..quality.expected import draw, expectations
from ..quality.field import Field, read_field
from ..quality.figures import Figures, match_figures, noise_figures
from ..quality.limits import CATALOG, TRUTH, overall
from ..quality.listed import listed_sources
from ..quality.matches import match
from ..quality.mirror import mirrored_ratios
from ..quality.picture import draw_picture
from ..quality.sky_distance import distances_deg
from ..quality.table import write_matches
from ..specs.common import Check, Position
from ..specs.photometry import QaSpec, QaSummary


def main(spec: QaSpec, stage: Stage) -> QaSummary:
    """Measure the expected sources, judge the image, write the table and the picture.

    A verdict ``fail`` is a result, not a failure of the stage.

    Raises:
        StageFailure: IMAGE_NO_WCS, IMAGE_INVALID, SHAPE_MISMATCH and file codes of ``read_image``; FILE_MISSING,
            FILE_EMPTY or SPEC_INVALID for the truth; CATALOG_MISSING.
    """
    field = read_field(spec)
    listed = listed_sources(spec, field.image)
    stage.events.progress(0.3, "image and sources read")
    drawn = draw(listed, field.image, field.shape, field.frame.scale)
    matches = match(field, expectations(listed, drawn, field.shape))
    stage.events.progress(0.5, f"{int(matches.judged.sum())} sources measured")
    scene = Scene(field=field, listed=listed, drawn=drawn, matches=matches, faintest_jy=_faintest_jy(spec, field))
    figures = Figures(
        noise=noise_figures(field, spec),
        match=match_figures(matches, spec.min_snr),
        mirror=mirrored_ratios(field, drawn, matches, spec.min_snr).largest,
        blind=search_blindly(scene) if spec.find_sources else None,
        distances_deg=_distances_deg(field),
    )
    stage.events.progress(0.7, "image judged")
    limits = CATALOG if spec.truth is None else TRUTH
    summary = _summary(spec, figures, all_checks(figures, limits, spec.min_snr))
    write_matches(stage.output("matches", "matches.csv"), matches, figures.blind)
    if spec.draw:
        draw_picture(
            stage.output("picture", "qa.png"), field, matches, figures.blind,
            summary=summary, limits=limits, min_snr=spec.min_snr,
        )  # fmt: skip
    stage.events.progress(1.0, f"verdict: {summary.verdict}")
    return summary


def _faintest_jy(spec: QaSpec, field: Field) -> float | None:
    """Faintest listed flux at the image's frequency; None against the truth, which lists everything."""
    if spec.truth is not None:
        return None
    nu = field.image.nu_eff_hz or CATALOG_FREQ_HZ
    return float(spec.min_flux_jy * (nu / CATALOG_FREQ_HZ) ** spec.spectral_index)


def _distances_deg(field: Field) -> dict[str, float]:
    mid_mjd = field.image.mid_mjd
    if mid_mjd is None:
        return {}
    ra, dec = field.image.center_deg
    centers = field.centers or [Position(ra_deg=ra, dec_deg=dec)]
    return {name: round(value, 3) for name, value in distances_deg(centers, mid_mjd).items()}


def _summary(spec: QaSpec, figures: Figures, checks: list[Check]) -> QaSummary:
    noise, found, blind = figures.noise, figures.match, figures.blind
    return QaSummary(
        verdict=overall(checks),
        checks=checks,
        reference="nvss" if spec.truth is None else "truth",
        rms_jy=noise.rms_jy,
        rms_over_thermal=noise.rms_over_thermal,
        peak_jy=noise.peak_jy,
        dynamic_range=noise.dynamic_range,
        min_over_peak=noise.min_over_peak,
        residual_peak_jy=noise.residual_peak_jy,
        n_expected=found.n_expected,
        n_matched=found.n_matched,
        flux_ratio=found.flux_ratio,
        flux_ratio_scatter=found.scatter,
        flux_ratio_scatter_snr50=found.scatter_snr50,
        ra_offset_arcsec=found.ra_offset_arcsec,
        dec_offset_arcsec=found.dec_offset_arcsec,
        offset_beyond_1p3_deg_arcsec=found.edge_offset_arcsec,
        mirror_flux_ratio=None if figures.mirror is None else figures.mirror[1],
        completeness_8sigma=None if blind is None else blind.completeness,
        spurious_fraction=None if blind is None else blind.spurious,
        negative_fraction=None if blind is None else blind.negative,
        solar_system=figures.distances_deg,
    )
