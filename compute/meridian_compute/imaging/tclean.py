"""CASA's tclean as the other imager: w-projection, the same two phases as WSClean's auto-mask."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..contract import StageFailure
from ..specs.common import Beam
from .cleaned import Cleaned
from .mask import merged_mask
from .recipe import Recipe

Report = Callable[[float, str], None]
Mask = NDArray[np.bool_]

#: Planes of the w-projection: ``standard`` gridding moves declinations by 4 arcsec at the edge.
_W_PLANES: Final = 32
#: Share of the first phase in the time of a run.
_FIRST_SHARE: Final = 0.6
_ARCSEC_PER_RAD = 180 * 3600 / np.pi


def clean(recipe: Recipe, ms: Path, column: str, *, folder: Path, report: Report, catalog: Mask | None) -> Cleaned:
    """Run tclean in two phases: find everything above the mask limit, then clean deeper where something was found.

    Args:
        recipe: what to make.
        ms: measurement set, a copy that is ours.
        column: DATA or CORRECTED_DATA.
        folder: where tclean leaves its images.
        report: takes progress.
        catalog: discs of the catalogue mask, merged into the mask of the second phase.

    Raises:
        StageFailure: TOOL_MISSING without casatasks, TOOL_FAILED if tclean fails, OUTPUT_CORRUPT if it writes nothing.
    """
    try:
        from casatasks import tclean
    except ImportError as cause:
        raise StageFailure("TOOL_MISSING", f"casatasks cannot be used: {cause}", tool="casatasks") from cause
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "work", ignore_errors=True)
    prefix = folder / "work" / "image"
    prefix.parent.mkdir()
    common = _parameters(recipe, ms, column, prefix)
    depth = recipe.depth
    _call(tclean, {**common, "niter": depth.niter, "nsigma": depth.auto_mask_sigma, "threshold": "0Jy"}, report, 0.02)
    if depth.niter > 0:
        model = _plane(prefix, "model")
        discs = np.zeros(model.shape, dtype=bool) if catalog is None else catalog
        _write_mask(prefix, merged_mask(discs, model))
        _call(tclean, {**common, **_deep(recipe), "calcpsf": False, "calcres": False}, report, _FIRST_SHARE)
    return _read(prefix)


def _parameters(recipe: Recipe, ms: Path, column: str, prefix: Path) -> dict[str, Any]:
    beam = recipe.restoring_beam
    low, high = recipe.weighting.uvmin_lambda or 0.0, recipe.uvmax_lambda
    uvrange = "" if not low and high is None else f"{low:g}~{high:g}lambda" if high else f">{low:g}lambda"
    return {
        "vis": str(ms), "imagename": str(prefix), "datacolumn": "corrected" if column == "CORRECTED_DATA" else "data",
        "specmode": "mfs", "gridder": "wproject", "wprojplanes": _W_PLANES, "stokes": "I", "uvrange": uvrange,
        "imsize": [recipe.imsize_px, recipe.imsize_px], "cell": f"{recipe.cell_arcsec:.6f}arcsec",
        "weighting": recipe.weighting.kind, "robust": recipe.weighting.robust, "gain": 0.1,
        "cyclefactor": 1.0 / max(1e-3, 1.0 - recipe.depth.mgain) / 3.0, "minpsffraction": 1.0 - recipe.depth.mgain,
        "maxpsffraction": 0.9, "deconvolver": "multiscale" if recipe.multiscale else "hogbom",
        "scales": [0, 6, 18] if recipe.multiscale else [], "pblimit": -0.01, "pbcor": False, "interactive": False,
        "savemodel": "none", "usemask": "user",
        "restoringbeam": [] if beam is None else [
            f"{beam.bmaj_arcsec:.6f}arcsec", f"{beam.bmin_arcsec:.6f}arcsec", f"{beam.bpa_deg:.6f}deg",
        ],
    }  # fmt: skip


def _deep(recipe: Recipe) -> dict[str, Any]:
    """Where the second phase ends."""
    niter = recipe.depth.niter
    if recipe.threshold_jy is not None:
        return {"niter": niter, "nsigma": 0.0, "threshold": f"{recipe.threshold_jy:g}Jy"}
    return {"niter": niter, "nsigma": recipe.depth.auto_threshold_sigma, "threshold": "0Jy"}


def _call(tclean: Callable[..., Any], parameters: dict[str, Any], report: Report, fraction: float) -> None:
    report(fraction, "tclean: finding components" if fraction < _FIRST_SHARE else "tclean: cleaning deeper")
    try:
        tclean(**parameters)
    except MemoryError:
        raise
    except Exception as cause:
        # casatasks raises RuntimeError, ValueError and others for one and the same fault.
        first = (str(cause).splitlines() or [type(cause).__name__])[0]
        raise StageFailure("TOOL_FAILED", f"tclean stopped: {first}", tool="tclean") from cause


def _path(prefix: Path, kind: str) -> Path:
    path = prefix.with_name(f"{prefix.name}.{kind}")
    if not path.exists():
        raise StageFailure("OUTPUT_CORRUPT", f"tclean wrote no {path.name}", file=str(path))
    return path


def _plane(prefix: Path, kind: str) -> NDArray[np.float32]:
    from casacore.images import image

    data = np.asarray(image(str(_path(prefix, kind))).getdata(), dtype=np.float32)
    return np.ascontiguousarray(data.reshape(data.shape[-2:]))


def _write_mask(prefix: Path, mask: Mask) -> None:
    """Leave a mask image beside the model: the next call of tclean with the same name picks it up."""
    from casacore.images import image

    target = prefix.with_name(f"{prefix.name}.mask")
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(_path(prefix, "residual"), target)
    opened = image(str(target))
    opened.putdata(mask.astype(np.float32).reshape(opened.shape()))
    del opened


def _read(prefix: Path) -> Cleaned:
    from casacore.images import image

    info = image(str(_path(prefix, "image"))).info()["imageinfo"]["restoringbeam"]
    to_arcsec = {"arcsec": 1.0, "arcmin": 60.0, "deg": 3600.0, "rad": _ARCSEC_PER_RAD}
    bmaj, bmin = (float(info[axis]["value"]) * to_arcsec[info[axis]["unit"]] for axis in ("major", "minor"))
    angle = info["positionangle"]
    bpa = float(angle["value"]) * (180 / np.pi if angle["unit"] == "rad" else 1.0)
    return Cleaned(
        image=_plane(prefix, "image"),
        residual=_plane(prefix, "residual"),
        model=_plane(prefix, "model"),
        psf=_plane(prefix, "psf"),
        beam=Beam(bmaj_arcsec=bmaj, bmin_arcsec=bmin, bpa_deg=bpa),
    )
