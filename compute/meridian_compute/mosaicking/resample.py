"""Bringing tiles onto the grid of a mosaic: by SWarp, or by reproject where SWarp is not installed.

Flat-noise images and primary beams are resampled, not PB-corrected images: these end at the beam's limit, and an
interpolation kernel must not run over their edge.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from ..contract import StageFailure
from ..fits_write import Grid
from ..process import run_tool
from .tiles import Tile

Pixels = NDArray[np.float32]
Backend = Literal["swarp", "reproject"]
SWARP_PROGRAMS = ("SWarp", "swarp")

#: Pixels that a Lanczos-4 kernel reaches; a tile keeps this far from pixels without data.
_KERNEL_PX = 4
#: Resampled ones above this: the kernel lay on usable pixels only.
_WHOLE_KERNEL = 0.999


@dataclass(frozen=True, kw_only=True)
class Patch:
    """A tile on the pixels of the mosaic.

    Attributes:
        x: 0-based pixel of the mosaic at which the patch begins.
        y: likewise.
        flat: (n_y, n_x), flat-noise brightness; NaN where the tile has no data.
        pb: (n_y, n_x), primary beam; 1 everywhere where it is unknown.
    """

    x: int
    y: int
    flat: Pixels
    pb: Pixels

    @property
    def where(self) -> tuple[slice, slice]:
        """The patch's part of the mosaic's arrays."""
        n_y, n_x = self.flat.shape
        return slice(self.y, self.y + n_y), slice(self.x, self.x + n_x)


def choose_backend(wanted: Literal["auto", "swarp", "reproject"]) -> tuple[Backend, str | None]:
    """Backend to use, and what to tell the user where it is not the first choice.

    Raises:
        StageFailure: TOOL_MISSING if SWarp is asked for by name and not there.
    """
    if wanted == "reproject":
        return "reproject", None
    if swarp_program() is not None:
        return "swarp", None
    if wanted == "swarp":
        message = "SWarp is not installed; `meridian doctor` says how to get it, or use the backend reproject"
        raise StageFailure("TOOL_MISSING", message, tool="SWarp")
    return (
        "reproject",
        "SWarp is not installed: the mosaic is made with reproject, which takes about three times longer",
    )


def swarp_program() -> str | None:
    """Path of SWarp; Debian calls it ``SWarp``, others ``swarp``."""
    return next((path for path in map(shutil.which, SWARP_PROGRAMS) if path), None)


def resample(
    tiles: Sequence[Tile], grid: Grid, backend: Backend, *, scratch: Path, progress: Callable[[int], None]
) -> Iterator[Patch]:
    """Bring every tile onto the grid, one after the other.

    Args:
        tiles: in any order.
        grid: of the mosaic.
        backend: of ``choose_backend``.
        scratch: folder for what SWarp reads and writes.
        progress: called with the number of tiles that are done.

    Raises:
        StageFailure: TOOL_FAILED if SWarp fails.
    """
    for number, tile in enumerate(tiles):
        place = _place(tile, grid)
        if backend == "swarp":
            flat, pb = _by_swarp(tile, place, scratch / f"tile{number}")
        else:
            flat, pb = _by_reproject(tile, place)
        yield _patch(place, grid, flat, pb)
        progress(number + 1)


@dataclass(frozen=True)
class _Place:
    """The part of the mosaic's grid that a tile can touch, and where it begins."""

    x: int
    y: int
    grid: Grid


def _place(tile: Tile, grid: Grid) -> _Place:
    """Bounding box of a tile's covered pixels on the mosaic, with room for the kernel."""
    rows, columns = np.flatnonzero(tile.covered.any(axis=1)), np.flatnonzero(tile.covered.any(axis=0))
    edge_x = np.linspace(columns[0], columns[-1], 65)
    edge_y = np.linspace(rows[0], rows[-1], 65)
    mesh_x, mesh_y = np.meshgrid(edge_x, edge_y)
    x, y = grid.wcs.wcs_world2pix(*(axis.ravel() for axis in tile.corrected.to_icrs(mesh_x, mesh_y)), 0)
    low_x, low_y = (max(0, int(np.floor(values.min())) - 2) for values in (x, y))
    high_x = min(grid.width_px, int(np.ceil(x.max())) + 3)
    high_y = min(grid.height_px, int(np.ceil(y.max())) + 3)
    return _Place(low_x, low_y, grid.cut(low_x, low_y, (high_y - low_y, high_x - low_x)))


def _patch(place: _Place, grid: Grid, flat: Pixels, pb: Pixels) -> Patch:
    assert flat.shape == place.grid.shape, "a backend returned another shape than it was asked for"
    return Patch(x=place.x, y=place.y, flat=flat, pb=pb)


def _usable(tile: Tile) -> NDArray[np.bool_]:
    """Pixels with data, less a kernel's reach around those without."""
    finite = np.isfinite(tile.flat.data)
    if finite.all():
        return finite
    from scipy.ndimage import binary_erosion

    return np.asarray(binary_erosion(finite, iterations=_KERNEL_PX, border_value=1))


def _planes(tile: Tile) -> dict[str, Pixels]:
    """What is resampled: brightness and beam without NaN, and which pixels may be used."""
    pb = np.ones_like(tile.flat.data) if tile.pb is None else tile.pb
    return {"flat": np.nan_to_num(tile.flat.data), "pb": np.nan_to_num(pb), "use": _usable(tile).astype(np.float32)}


def _by_swarp(tile: Tile, place: _Place, folder: Path) -> tuple[Pixels, Pixels]:
    """Lanczos-4 resampling of the three planes by SWarp, without combination, background or flux scaling."""
    folder.mkdir(parents=True, exist_ok=True)
    header = tile.corrected.wcs.to_header()
    for card in ("RADESYS", "EQUINOX"):
        header.remove(card, ignore_missing=True)
    names = []
    for name, plane in _planes(tile).items():
        fits.writeto(folder / f"{name}.fits", plane, header, overwrite=True)
        names.append(f"{name}.fits")
    _write_head(folder / "mosaic.head", place.grid)
    program = swarp_program() or SWARP_PROGRAMS[0]
    run_tool([program, *names, *_swarp_options()], cwd=folder, log=folder.parent / "swarp.log")
    planes = {name: _read_resampled(folder / f"{name}.resamp.fits", place.grid) for name in ("flat", "pb", "use")}
    shutil.rmtree(folder)
    return _masked(planes)


def _masked(planes: Mapping[str, Pixels]) -> tuple[Pixels, Pixels]:
    """Brightness and beam where the kernel lay on usable pixels only."""
    valid = planes["use"] > _WHOLE_KERNEL
    return np.where(valid, planes["flat"], np.float32(np.nan)), np.where(valid, planes["pb"], np.float32(0))


def _swarp_options() -> list[str]:
    options = {
        "COMBINE": "N", "RESAMPLE": "Y", "RESAMPLING_TYPE": "LANCZOS4", "OVERSAMPLING": "1", "PROJECTION_TYPE": "SIN",
        "IMAGEOUT_NAME": "mosaic.fits", "SUBTRACT_BACK": "N", "FSCALASTRO_TYPE": "NONE", "FSCALE_KEYWORD": "NOFSCALE",
        "GAIN_KEYWORD": "NOGAIN", "WEIGHT_TYPE": "NONE", "RESCALE_WEIGHTS": "N", "PROJECTION_ERR": "0.0005",
        "DELETE_TMPFILES": "N", "WRITE_XML": "N", "VERBOSE_TYPE": "QUIET", "COPY_KEYWORDS": "OBJECT",
        "MEM_MAX": "512", "VMEM_MAX": "4096", "NTHREADS": str(len(os.sched_getaffinity(0))),
    }  # fmt: skip
    return [word for name, value in options.items() for word in (f"-{name}", value)]


def _write_head(path: Path, grid: Grid) -> None:
    """The output grid as SWarp takes it: a header of text cards beside the output's name."""
    header = grid.wcs.to_header()
    for card in ("RADESYS", "EQUINOX"):
        header.remove(card, ignore_missing=True)
    header["NAXIS"], header["NAXIS1"], header["NAXIS2"] = 2, grid.width_px, grid.height_px
    path.write_text("\n".join(str(card) for card in header.cards) + "\nEND     \n", encoding="ascii")


def _read_resampled(path: Path, grid: Grid) -> Pixels:
    """A resampled plane, put where it belongs on the grid: SWarp writes the part it touches."""
    if not path.is_file():
        raise StageFailure("TOOL_FAILED", f"SWarp wrote no {path.name}", tool="SWarp")
    out = np.zeros(grid.shape, dtype=np.float32)
    with fits.open(path, memmap=False) as hdus:
        data, header = np.asarray(hdus[0].data, dtype=np.float32), hdus[0].header
    reference_x, reference_y = grid.wcs.wcs.crpix
    x = round(float(reference_x) - float(header["CRPIX1"]))
    y = round(float(reference_y) - float(header["CRPIX2"]))
    n_y, n_x = data.shape
    low_x, low_y = max(0, x), max(0, y)
    high_x, high_y = min(grid.width_px, x + n_x), min(grid.height_px, y + n_y)
    if high_x > low_x and high_y > low_y:
        out[low_y:high_y, low_x:high_x] = data[low_y - y : high_y - y, low_x - x : high_x - x]
    return out


def _by_reproject(tile: Tile, place: _Place) -> tuple[Pixels, Pixels]:
    """Cubic-spline resampling of the three planes by reproject."""
    from reproject import reproject_interp

    planes = _planes(tile)
    stack = np.stack(list(planes.values()))
    values, footprint = reproject_interp(
        (stack, tile.corrected.wcs), place.grid.wcs, shape_out=place.grid.shape, order="bicubic"
    )
    values = np.where(footprint > 0, np.nan_to_num(values), 0).astype(np.float32)
    return _masked(dict(zip(planes, values, strict=True)))


def backend_version(backend: Backend) -> str:
    """Version of the tool behind a backend, in words."""
    if backend == "reproject":
        return version("reproject")
    import subprocess

    answer = subprocess.run([swarp_program() or "SWarp", "--version"], capture_output=True, text=True, check=False)
    words = answer.stdout.split()
    return words[2] if len(words) > 2 else "unknown"
