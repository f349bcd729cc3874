"""Forced photometry by Aegean's priorized fit, as a second method beside our own."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from ..contract import StageFailure
from ..fits_image import SkyImage
from ..specs.photometry import PhotometryPosition, PhotometryRow
from .measure import Limits, annulus_of
from .noise import noise_maps
from .noise_frame import NoiseFrame
from .stamps import beam_shape

_FWHM_OF_SIGMA = 2 * np.sqrt(2 * np.log(2))


def refit_by_aegean(
    image: SkyImage,
    frame: NoiseFrame,
    rows: Sequence[PhotometryRow],
    shifted: Sequence[PhotometryPosition],
    limits: Limits,
    scratch: Path,
) -> list[PhotometryRow]:
    """Replace flux and error of the rows that have a value by Aegean's; the statuses stay.

    Position and shape are fixed (stage 1); sources whose beams overlap are fitted together by Aegean itself.

    Args:
        image: brightness, Jy/beam.
        frame: where the noise is measured; its map is handed to Aegean, so that both methods share it.
        rows: of ``measure``.
        shifted: the positions with the astrometric shift applied, in the order of the rows.
        limits: annulus.
        scratch: folder for the images that Aegean reads; removed afterwards.

    Raises:
        StageFailure: TOOL_MISSING without AegeanTools, TOOL_FAILED if it stops.
    """
    wanted = [index for index, row in enumerate(rows) if row.peak_flux_jy is not None]
    if not wanted:
        return list(rows)
    try:
        from AegeanTools.models import ComponentSource
        from AegeanTools.source_finder import SourceFinder
        from AegeanTools.wcs_helpers import WCSHelper
    except ImportError as cause:
        raise StageFailure("TOOL_MISSING", f"AegeanTools cannot be used: {cause}", tool="AegeanTools") from cause
    rms, background = _noise_maps(image, frame, limits)
    scratch.mkdir(parents=True, exist_ok=True)
    try:
        planes = {"image": image.data, "rms": rms, "bkg": background}
        paths = [_write(image, data, scratch / f"{name}.fits") for name, data in planes.items()]
        helper = WCSHelper.from_file(paths[0])
        sources = [
            _source(ComponentSource(), image, rows[index], _for_aegean(shifted[index], image, helper), index)
            for index in wanted
        ]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = SourceFinder().priorized_fit_islands(
                paths[0], catalogue=sources, rmsin=paths[1], bkgin=paths[2],
                cores=1, stage=1, ratio=1.0, progress=False, docov=False,
            )  # fmt: skip
    except Exception as cause:
        raise StageFailure("TOOL_FAILED", f"Aegean stopped: {type(cause).__name__}: {cause}", tool="aegean") from cause
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return _merge(rows, {int(source.uuid): source for source in found}, set(wanted))


def _for_aegean(position: PhotometryPosition, image: SkyImage, helper: Any) -> PhotometryPosition:
    """The position to hand over so that Aegean 2.3.5 puts its model where we want it.

    It cuts an island at ``int(xmin)`` and subtracts ``xmin`` itself, which is half a pixel more when the island's
    width, 4 sigma of the source rounded plus 1, is odd: the model then sits half a pixel low in both axes.
    """
    beam = image.require_beam()
    _, _, major_px, _, _ = helper.sky2pix_ellipse(
        [position.ra_deg, position.dec_deg], beam.bmaj_arcsec / 3600, beam.bmin_arcsec / 3600, beam.bpa_deg
    )
    if (round(4 * major_px / _FWHM_OF_SIGMA) + 1) % 2 == 0:
        return position
    x, y = image.to_pixel(position.ra_deg, position.dec_deg)
    ra_deg, dec_deg = image.to_icrs(x + 0.5, y + 0.5)
    return position.model_copy(update={"ra_deg": float(ra_deg), "dec_deg": float(dec_deg)})


def _source(source: Any, image: SkyImage, row: PhotometryRow, position: PhotometryPosition, index: int) -> Any:
    """An input source of Aegean: the restoring beam at a position, called by its place in the list."""
    beam = image.require_beam()
    source.ra, source.dec, source.peak_flux = position.ra_deg, position.dec_deg, row.peak_flux_jy
    source.a, source.b, source.pa = beam.bmaj_arcsec, beam.bmin_arcsec, beam.bpa_deg
    source.psf_a, source.psf_b, source.psf_pa = source.a, source.b, source.pa
    source.uuid, source.island, source.source, source.flags = str(index), index, 0, 0
    source.err_ra = source.err_dec = source.err_a = source.err_b = source.err_pa = 0.0
    return source


def _merge(rows: Sequence[PhotometryRow], found: dict[int, Any], wanted: set[int]) -> list[PhotometryRow]:
    merged = []
    for index, row in enumerate(rows):
        source = found.get(index)
        if index in wanted and (source is None or not np.isfinite(source.peak_flux)):
            row = row.model_copy(
                update={
                    "status": "failed",
                    "reason": "Aegean fitted nothing there",
                    "peak_flux_jy": None,
                    "peak_flux_err_jy": None,
                }
            )
        elif source is not None:
            row = row.model_copy(update={"peak_flux_jy": float(source.peak_flux)})
        merged.append(row)
    return merged


def _noise_maps(image: SkyImage, frame: NoiseFrame, limits: Limits) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Local rms and background on every pixel, in the image's unit."""
    shape = beam_shape(image.require_beam(), image.wcs)
    rms, background = noise_maps(frame.flat, shape, annulus_of(shape, image.cell_arcsec, limits))
    scale = np.float32(1.0) if frame.scale is None else frame.scale
    return rms * scale, background * scale


def _write(image: SkyImage, data: NDArray[np.float32], path: Path) -> str:
    header = image.wcs.to_header()
    beam = image.require_beam()
    header["BMAJ"], header["BMIN"], header["BPA"] = beam.bmaj_arcsec / 3600, beam.bmin_arcsec / 3600, beam.bpa_deg
    fits.writeto(path, data, header, overwrite=True)
    return str(path)
