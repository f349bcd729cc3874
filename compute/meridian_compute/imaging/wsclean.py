"""WSClean: its arguments, its progress, its files."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from ..contract import StageFailure
from ..process import run_tool
from ..specs.common import Beam
from .cleaned import Cleaned
from .recipe import Recipe

Report = Callable[[float, str], None]

PROGRAM: Final = "wsclean"
#: From this version on the gridder is chosen by ``-gridder wgridder``; before by ``-use-wgridder``.
_GRIDDER_SINCE = (3, 2)
#: Parts of a run, as shares of its time: PSF, first image, and each major cycle takes a part of what is left.
_AFTER_PSF, _AFTER_DIRTY, _SHARE_OF_REST = 0.10, 0.18, 0.3
_LINES: Final = re.compile(r"== (Constructing PSF|Constructing image|Deconvolving \((\d+)\)) ==|Writing restored")


def is_installed() -> bool:
    """Whether WSClean can be run."""
    return shutil.which(PROGRAM) is not None


def wsclean_version() -> str:
    """Version as WSClean prints it, e.g. ``3.1.0``; ``unknown`` if it prints none."""
    answer = subprocess.run([PROGRAM, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r"version (\d+(?:\.\d+)*)", answer.stdout + answer.stderr)
    return found.group(1) if found else "unknown"


def _gridder() -> list[str]:
    numbers = tuple(int(part) for part in re.findall(r"\d+", wsclean_version())[:2])
    return ["-gridder", "wgridder"] if numbers >= _GRIDDER_SINCE else ["-use-wgridder"]


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of WSClean.

    Attributes:
        ms: measurement set, a copy that is ours.
        column: data column.
        polarization: what to image.
        folder: where it works and leaves its files.
        name: prefix of its files.
        log: file for what WSClean says.
        report: takes progress, 0 to 1, and words.
        mask: (n_y, n_x) pixels that may be cleaned; None: all, with the auto-mask.
        stop_at_mask: end where the auto-mask is complete, without the deep phase.
        reuse: prefix of a run with the same data and geometry whose PSF and dirty image are used.
    """

    ms: Path
    column: str
    polarization: str
    folder: Path
    name: str
    log: Path
    report: Report
    mask: NDArray[np.bool_] | None = None
    stop_at_mask: bool = False
    reuse: str | None = None


def arguments(recipe: Recipe, run: Run) -> list[str]:
    """Argument list of WSClean for a recipe.

    ``-reorder`` keeps the visibilities of one polarisation in scratch files: without it WSClean writes its model
    into the measurement set in spite of ``-no-update-model-required``.
    """
    depth = recipe.depth
    size, scale = str(recipe.imsize_px), f"{recipe.cell_arcsec:.6f}asec"
    argv = [
        PROGRAM, "-name", run.name, "-j", str(recipe.cores), "-abs-mem", f"{recipe.memory_gb:g}",
        "-reorder", "-no-update-model-required", "-temp-dir", str(run.folder), *_gridder(),
        "-size", size, size, "-scale", scale, "-pol", run.polarization,
        "-data-column", run.column, "-weight", *_weighting(recipe), "-niter", str(depth.niter),
        "-mgain", f"{depth.mgain:g}",
    ]  # fmt: skip
    if recipe.weighting.uvmin_lambda:
        argv += ["-minuv-l", f"{recipe.weighting.uvmin_lambda:g}"]
    if recipe.uvmax_lambda:
        argv += ["-maxuv-l", f"{recipe.uvmax_lambda:g}"]
    argv += _stopping(recipe, run)
    if recipe.multiscale:
        argv += ["-multiscale"]
    beam = recipe.restoring_beam
    if beam is not None:
        argv += ["-beam-shape", f"{beam.bmaj_arcsec:.6f}asec", f"{beam.bmin_arcsec:.6f}asec", f"{beam.bpa_deg:.6f}deg"]
    if run.reuse is not None:
        argv += ["-reuse-psf", run.reuse, "-reuse-dirty", run.reuse]
    if depth.niter == 0:
        argv += ["-make-psf"]
    elif not run.stop_at_mask:
        argv += ["-no-dirty"]
    return [*argv, str(run.ms)]


def _weighting(recipe: Recipe) -> list[str]:
    kind = recipe.weighting.kind
    return ["briggs", f"{recipe.weighting.robust:g}"] if kind == "briggs" else [kind]


def _stopping(recipe: Recipe, run: Run) -> list[str]:
    """Where cleaning begins to look and where it ends."""
    depth = recipe.depth
    if run.stop_at_mask:
        return ["-auto-threshold", f"{depth.auto_mask_sigma:g}"]
    words = ["-fits-mask", str(run.folder / f"{run.name}-mask.fits")] if run.mask is not None else []
    if run.mask is None:
        words += ["-auto-mask", f"{depth.auto_mask_sigma:g}"]
    if recipe.threshold_jy is not None:
        return [*words, "-threshold", f"{recipe.threshold_jy:g}"]
    return [*words, "-auto-threshold", f"{depth.auto_threshold_sigma:g}"]


@dataclass
class _Progress:
    """Turns lines of WSClean into progress; it says no fraction itself, so cycles close in on the end."""

    report: Report
    done: float = 0.0
    _cycle: int = field(default=0)

    def take(self, line: str) -> None:
        found = _LINES.search(line)
        if found is None:
            return
        if found.group(2):
            self._cycle = int(found.group(2))
            self.done += (1 - self.done) * _SHARE_OF_REST
            self.report(self.done, f"cleaning, major cycle {self._cycle}")
        elif found.group(1) == "Constructing PSF":
            self.report(0.01, "WSClean: dirty beam")
        elif found.group(1) == "Constructing image":
            self.done = max(self.done, _AFTER_PSF if self._cycle == 0 else _AFTER_DIRTY)
            self.report(self.done, "WSClean: gridding" if self._cycle == 0 else f"gridding after cycle {self._cycle}")
        else:
            self.done = 0.99
            self.report(self.done, "writing the restored image")


def clean(recipe: Recipe, run: Run) -> Cleaned:
    """Run WSClean and read its images.

    Raises:
        StageFailure: TOOL_MISSING, TOOL_FAILED, DISK_FULL, OUT_OF_MEMORY, OUTPUT_CORRUPT.
    """
    run.folder.mkdir(parents=True, exist_ok=True)
    if run.mask is not None:
        fits.writeto(run.folder / f"{run.name}-mask.fits", run.mask[None, None].astype(np.float32), overwrite=True)
    environment = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": str(recipe.cores)}
    try:
        run_tool(
            arguments(recipe, run), cwd=run.folder, log=run.log, env=environment, on_line=_Progress(run.report).take
        )
    except StageFailure as failure:
        raise _explained(failure, run.log) from failure
    image = _plane(run, "image")
    cleaned = recipe.depth.niter > 0
    return Cleaned(
        image=image,
        residual=_plane(run, "residual") if cleaned else image.copy(),
        model=_plane(run, "model") if cleaned else np.zeros_like(image),
        psf=_plane(run, "psf", run.reuse),
        beam=_beam(run),
    )


def _explained(failure: StageFailure, log: Path) -> StageFailure:
    """Name the machine's limits where WSClean ran into them: its exit code does not tell."""
    text = log.read_text(encoding="utf-8", errors="replace")[-20_000:] if log.exists() else ""
    if "No space left" in text or "Disk quota" in text:
        return StageFailure("DISK_FULL", "WSClean had no space left in its work folder; free some disk")
    if "bad_alloc" in text or "Cannot allocate memory" in text:
        return StageFailure("OUT_OF_MEMORY", "WSClean ran out of memory; give it more, or make a smaller image")
    return failure


def _file(run: Run, kind: str, prefix: str | None = None) -> Path:
    path = run.folder / f"{prefix or run.name}-{kind}.fits"
    if not path.is_file():
        raise StageFailure("OUTPUT_CORRUPT", f"WSClean wrote no {path.name}", file=str(path))
    return path


def _plane(run: Run, kind: str, prefix: str | None = None) -> NDArray[np.float32]:
    data = fits.getdata(_file(run, kind, prefix), memmap=False)
    return np.ascontiguousarray(np.squeeze(data), dtype=np.float32)


def _beam(run: Run) -> Beam:
    header = fits.getheader(_file(run, "image"))
    return Beam(
        bmaj_arcsec=float(header["BMAJ"]) * 3600,
        bmin_arcsec=float(header["BMIN"]) * 3600,
        bpa_deg=float(header["BPA"]),
    )
