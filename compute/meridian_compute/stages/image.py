"""Image: a clean image of a calibrated measurement set, with what drifts through the beam taken out and put back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..casa_env import prepare_casa_environment
from ..contract import Stage, StageFailure
from ..fits_write import ImageFacts
from ..imaging import tclean, wsclean
from ..imaging.cleaned import Cleaned
from ..imaging.coverage import Coverage, read_coverage
from ..imaging.drifting import Drifting, find_drifting, restore, subtract
from ..imaging.mask import catalog_mask, merged_mask
from ..imaging.metrics import Metrics, divergence, image_checks, measure, thermal_rms
from ..imaging.products import Products, beam_map, beam_model, true_grid, write_products
from ..imaging.recipe import SAFER_MGAIN, SAFER_THRESHOLD_SIGMA, Recipe, check_spec, make_recipe
from ..ms_copy import copy_ms
from ..specs.common import Check
from ..specs.image import ImageSpec, ImageSummary

Report = Callable[[float, str], None]


def main(spec: ImageSpec, stage: Stage) -> ImageSummary:
    """Plan, subtract, clean, check for divergence, restore, correct, write.

    Raises:
        StageFailure: SPEC_INVALID, FILE_MISSING, MS_INVALID, DATA_ALL_FLAGGED; TOOL_MISSING if the backend asked for
            is not there; IMAGE_DIVERGED if cleaning diverges twice; TOOL_FAILED, DISK_FULL, OUT_OF_MEMORY.
    """
    check_spec(spec)
    cores = spec.cores or len(os.sched_getaffinity(0))
    source = Path(spec.ms).resolve()
    prepare_casa_environment(stage.workdir, cores)
    backend = _choose_backend(spec, stage)
    coverage = read_coverage(source, spec.data_column)
    recipe = make_recipe(spec, coverage, cores)
    for note in recipe.notes:
        stage.events.warning(note)
    _say_what_is_missing(coverage, spec, stage)
    stage.events.progress(0.03, f"imaging {recipe.imsize_px} px of {recipe.cell_arcsec:g} arcsec with {backend}")
    scratch = stage.workdir / "scratch"
    try:
        drifting = _prepare(spec, stage, coverage, recipe)
        made = _clean_soundly(_Job(spec, stage, coverage, recipe, backend, drifting, scratch))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    stage.events.progress(0.92, "writing images")
    return _finish(spec, stage, coverage, drifting, made)


@dataclass(frozen=True)
class _Job:
    """What cleaning needs."""

    spec: ImageSpec
    stage: Stage
    coverage: Coverage
    recipe: Recipe
    backend: str
    drifting: Drifting | None
    scratch: Path

    @property
    def copy(self) -> Path:
        """The copy of the measurement set that is imaged."""
        return self.scratch / "data.ms"


@dataclass(frozen=True)
class _Made:
    """A sound image."""

    recipe: Recipe
    backend: str
    cleaned: Cleaned
    pb: NDArray[np.float32] | None
    metrics: Metrics


def _choose_backend(spec: ImageSpec, stage: Stage) -> str:
    if spec.backend == "tclean":
        return _with_version(stage, "tclean")
    if wsclean.is_installed():
        return _with_version(stage, "wsclean")
    if spec.backend == "wsclean":
        message = "WSClean is not installed; `meridian doctor` says how to get it, or use the backend tclean"
        raise StageFailure("TOOL_MISSING", message, tool="wsclean")
    stage.events.warning("WSClean is not installed: CASA tclean is used, which takes several times longer")
    return _with_version(stage, "tclean")


def _with_version(stage: Stage, backend: str) -> str:
    if backend == "wsclean":
        stage.tools["wsclean"] = wsclean.wsclean_version()
    else:
        from importlib.metadata import version

        stage.tools["casatasks"] = version("casatasks")
    return backend


def _say_what_is_missing(coverage: Coverage, spec: ImageSpec, stage: Stage) -> None:
    summary = coverage.summary
    if summary.dish_diameter_m is None:
        stage.events.warning(
            "the dish diameter is not in the ANTENNA table: no primary-beam correction, no drifting source subtracted"
        )
    if summary.missing_subbands:
        stage.events.warning(f"quick look: subbands {summary.missing_subbands} are missing")
    if coverage.polarization != "I":
        stage.events.warning(f"only {coverage.polarization} is there; it is taken as Stokes I")
    if spec.calibrator is not None and summary.pointing_dec_deg is None:
        stage.events.warning(f"{summary.telescope_name} tracks: nothing drifts, so no source is subtracted")


def _prepare(spec: ImageSpec, stage: Stage, coverage: Coverage, recipe: Recipe) -> Drifting | None:
    """Copy the measurement set, which is never changed, and take out of the copy what CLEAN cannot handle."""
    copy = stage.workdir / "scratch" / "data.ms"
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy_ms(coverage.path, copy, stage)
    grid, _ = true_grid(coverage, recipe)
    drifting = find_drifting(coverage, grid, spec.calibrator, spec.subtract_drifting_jy)
    if drifting is not None:
        stage.events.progress(0.05, f"subtracting {len(drifting.sources)} drifting and outer sources")
        subtract(copy, drifting, coverage.column)
    return drifting


def _clean_soundly(job: _Job) -> _Made:
    """Clean; if that diverged, once more with smaller steps and a higher threshold."""
    made, why = _attempt(job, job.recipe, (0.08, 0.8))
    if why is None:
        return made
    job.stage.events.warning(f"cleaning diverged ({why}); cleaning again with mgain {SAFER_MGAIN:g}")
    depth = job.recipe.depth
    safer = replace(
        depth,
        mgain=min(depth.mgain, SAFER_MGAIN),
        auto_threshold_sigma=max(depth.auto_threshold_sigma, SAFER_THRESHOLD_SIGMA),
    )
    made, why = _attempt(job, replace(job.recipe, depth=safer), (0.8, 0.9))
    if why is not None:
        raise StageFailure(
            "IMAGE_DIVERGED",
            f"cleaning {job.coverage.path.name} diverged twice: {why}; use a smaller mgain or a higher threshold",
            file=str(job.coverage.path),
            min_over_peak=made.metrics.min_over_peak,
            residual_peak_jy=made.metrics.residual_peak_jy,
        )
    return made


def _attempt(job: _Job, recipe: Recipe, span: tuple[float, float]) -> tuple[_Made, str | None]:
    """Clean once, restore the drifting sources, and say why the result is not sound."""
    start, end = span

    def report(fraction: float, words: str) -> None:
        job.stage.events.progress(start + (end - start) * fraction, words)

    cleaned = _run_backend(job, recipe, report)
    grid, _ = true_grid(job.coverage, recipe)
    if job.drifting is not None:
        restore(cleaned.image, grid, cleaned.beam, job.drifting)
    pb = beam_map(job.coverage, grid)
    inside = np.ones(grid.shape, dtype=bool) if pb is None else pb >= job.spec.pb_limit
    metrics = measure(cleaned.image, cleaned.residual, inside, thermal_rms(job.coverage, recipe.noise_factor))
    why = divergence(metrics, job.coverage.summary.telescope_name)
    return _Made(recipe, job.backend, cleaned, pb, metrics), why


def _run_backend(job: _Job, recipe: Recipe, report: Report) -> Cleaned:
    spec, column = job.spec, job.coverage.column
    catalog = None
    if spec.catalog_mask:
        catalog = catalog_mask(true_grid(job.coverage, recipe)[0], spec.mask_radius_arcsec, spec.mask_min_flux_jy)
    folder = job.scratch / job.backend
    if job.backend == "tclean":
        return tclean.clean(recipe, job.copy, column, folder=folder, report=report, catalog=catalog)
    run = wsclean.Run(
        ms=job.copy,
        column=column,
        polarization=job.coverage.polarization,
        folder=folder,
        name="clean",
        log=job.stage.workdir / "wsclean.log",
        report=report,
    )
    if catalog is None:
        return wsclean.clean(recipe, run)
    first = wsclean.clean(recipe, replace(run, name="first", stop_at_mask=True, report=_part(report, 0.0, 0.5)))
    mask = merged_mask(catalog, first.model)
    return wsclean.clean(recipe, replace(run, mask=mask, reuse="first", report=_part(report, 0.5, 1.0)))


def _part(report: Report, start: float, end: float) -> Report:
    return lambda fraction, words: report(start + (end - start) * fraction, words)


def _finish(spec: ImageSpec, stage: Stage, coverage: Coverage, drifting: Drifting | None, made: _Made) -> ImageSummary:
    """Write the products and sum them up."""
    recipe, metrics, summary = made.recipe, made.metrics, coverage.summary
    grid, scale = true_grid(coverage, recipe)
    cards: dict[str, float | str | bool] = {"RMS": metrics.rms_jy, "QUICKLK": bool(summary.missing_subbands)}
    if metrics.thermal_rms_jy is not None:
        cards["RMSTHERM"] = metrics.thermal_rms_jy
    provenance = {"telescope": summary.telescope_name, **spec.provenance}
    if summary.group_id is not None:
        provenance.setdefault("group", summary.group_id)
    facts = ImageFacts(
        beam=made.cleaned.beam,
        nu_eff_hz=coverage.nu_eff_hz,
        bandwidth_hz=coverage.bandwidth_hz,
        start_mjd=summary.start_mjd,
        end_mjd=summary.end_mjd,
        mid_mjd=summary.mid_mjd,
        beam_model=beam_model(coverage),
        aberration_scale=scale,
        provenance=provenance,
        cards=cards,
    )
    products = Products(grid=grid, cleaned=made.cleaned, pb=made.pb, facts=facts, rms_jy=metrics.rms_jy)
    corrected = write_products(spec, stage, products)
    checks = image_checks(metrics, recipe, made.cleaned.beam.bmin_arcsec, summary.telescope_name)
    _warn_of(checks, stage)
    return ImageSummary(
        backend="tclean" if made.backend == "tclean" else "wsclean",
        beam=made.cleaned.beam,
        imsize_px=recipe.imsize_px,
        cell_arcsec=recipe.cell_arcsec,
        center_ra_deg=grid.ra_deg,
        center_dec_deg=grid.dec_deg,
        mid_mjd=facts.mid_mjd,
        start_mjd=facts.start_mjd,
        end_mjd=facts.end_mjd,
        nu_eff_hz=facts.nu_eff_hz,
        bandwidth_hz=facts.bandwidth_hz,
        integration_s=coverage.integration_s * len(coverage.mjd_utc),
        rms_jy=metrics.rms_jy,
        thermal_rms_jy=metrics.thermal_rms_jy,
        peak_jy=metrics.peak_jy,
        min_jy=metrics.min_jy,
        residual_peak_jy=metrics.residual_peak_jy,
        dynamic_range=metrics.dynamic_range,
        min_over_peak=metrics.min_over_peak,
        pb_corrected=corrected,
        beam_model=facts.beam_model,
        quick_look=bool(summary.missing_subbands),
        flagged_fraction=summary.flagged_fraction,
        restored_sources=[] if drifting is None else drifting.restored(),
        checks=checks,
    )


def _warn_of(checks: list[Check], stage: Stage) -> None:
    for check in checks:
        if check.verdict == "warn":
            stage.events.warning(f"{check.name}: {check.message}")
