"""Tiles as a mosaic needs them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..contract import StageFailure
from ..fits_image import SkyImage, read_aligned, read_image
from ..fits_write import Grid
from ..photometry_fit.field_catalog import FieldAgreement, agreement, catalog_sources, match_sources
from ..photometry_fit.noise_frame import NoiseFrame
from ..specs.common import Beam
from ..specs.image import MosaicTile

Pixels = NDArray[np.float32]
_SIGMA_OF_MAD = 1.4826


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One tile, read.

    Attributes:
        id: as in the spec.
        corrected: PB-corrected image (the flat-noise image itself where the beam is unknown).
        flat: flat-noise image, NaN where there are no data.
        pb: primary beam on the same pixels; None: unknown.
        rms_jy: noise of the flat-noise image.
        pb_limit: below this a tile has no say.
    """

    id: str
    corrected: SkyImage
    flat: SkyImage
    pb: Pixels | None
    rms_jy: float
    pb_limit: float

    @property
    def beam(self) -> Beam:
        """Restoring beam."""
        return self.corrected.require_beam()

    @property
    def mid_mjd(self) -> float:
        """Mid-exposure, MJD UTC."""
        mjd = self.corrected.mid_mjd
        if mjd is None:
            raise StageFailure(
                "HEADER_FIELD_MISSING",
                f"the tile {self.corrected.path} names no time: MJD-AVG or DATE-OBS is needed",
                file=str(self.corrected.path),
                field="MJD-AVG",
            )
        return mjd

    @cached_property
    def covered(self) -> NDArray[np.bool_]:
        """Pixels that count: data, and primary beam at ``pb_limit`` or above."""
        usable = np.isfinite(self.flat.data)
        return usable if self.pb is None else usable & (self.pb >= self.pb_limit)

    @cached_property
    def agreement(self) -> FieldAgreement:
        """Shift and flux ratio against the catalogue."""
        flat = self.flat.data
        with np.errstate(divide="ignore"):
            scale = None if self.pb is None else (1 / self.pb).astype(np.float32)
        frame = NoiseFrame(flat=flat, scale=scale, pb=self.pb)
        return agreement(match_sources(self.corrected, frame, catalog_sources(self.corrected, 0.05), 0.3))

    @property
    def grid(self) -> Grid:
        """The tile's own pixels as a grid (SIN, north up)."""
        n_y, n_x = self.flat.data.shape
        ra, dec = self.corrected.center_deg
        x, y = self.corrected.wcs.wcs.crpix
        return Grid(
            ra_deg=ra, dec_deg=dec, width_px=n_x, height_px=n_y, cell_arcsec=self.corrected.cell_arcsec,
            reference_px=(float(x) - 1, float(y) - 1),
        )  # fmt: skip


def read_tile(tile: MosaicTile, pb_limit: float) -> Tile:
    """Read a tile and check that its files belong together.

    Raises:
        StageFailure: as ``read_image`` and ``read_aligned``; IMAGE_INVALID without a restoring beam or with no pixel
            inside the primary beam.
    """
    corrected = read_image(tile.image_pb)
    flat = read_aligned(tile.image, corrected, "flux")
    pb = None if tile.pb is None else read_aligned(tile.pb, corrected, "map").data
    corrected.require_beam()
    rms = tile.rms_jy if tile.rms_jy is not None else robust_rms(flat.data)
    read = Tile(id=tile.id, corrected=corrected, flat=flat, pb=pb, rms_jy=rms, pb_limit=pb_limit)
    if not read.covered.any():
        raise StageFailure(
            "IMAGE_INVALID", f"tile {tile.id}: no pixel lies inside the primary beam ({tile.pb})", file=tile.image
        )
    if not (np.isfinite(rms) and rms > 0):
        raise StageFailure("IMAGE_INVALID", f"tile {tile.id}: the noise of {tile.image} is {rms}", file=tile.image)
    return read


def robust_rms(data: Pixels) -> float:
    """Noise of an image that is mostly empty: scaled median absolute deviation of its finite pixels."""
    values = data[np.isfinite(data)]
    return float(_SIGMA_OF_MAD * np.median(np.abs(values - np.median(values))))


def require_files(tiles: list[MosaicTile]) -> None:
    """Raise FILE_MISSING naming the first file that is not there, before anything is read."""
    for tile in tiles:
        for path in (tile.image_pb, tile.image, tile.pb):
            if path is not None and not Path(path).is_file():
                raise StageFailure("FILE_MISSING", f"tile {tile.id}: there is no file {path}", file=path)
