"""The image under judgement, with everything its judges look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..contract import StageFailure
from ..fits_image import SkyImage, read_image
from ..frames import separation_rad
from ..photometry_fit.noise import ANNULUS_INNER_FWHM, ANNULUS_OUTER_FWHM, annulus_offsets, noise_maps
from ..photometry_fit.noise_frame import NoiseFrame, noise_frame, sample
from ..photometry_fit.stamps import BeamShape, Offsets, beam_shape
from ..specs.common import Position
from ..specs.photometry import QaSpec
from .centers import centers_of_beam

Float = NDArray[np.float64]
Pixels = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Field:
    """An image, its noise and where it is judged.

    Attributes:
        image: PB-corrected where the beam is known, Jy/beam.
        frame: where its noise is even.
        shape: restoring beam in pixels.
        flat_rms, flat_background: (n_y, n_x), of ``frame.flat``.
        pb_min: nothing is judged below this primary beam.
        centers: ICRS of the tile, or of a mosaic's tiles; none if they are not known.
    """

    image: SkyImage
    frame: NoiseFrame
    shape: BeamShape
    flat_rms: Pixels
    flat_background: Pixels
    pb_min: float
    centers: list[Position]

    @cached_property
    def region(self) -> Mask:
        """(n_y, n_x): pixels with data, at ``pb_min`` or above."""
        with_data = np.isfinite(self.image.data) & np.isfinite(self.frame.flat)
        inside = with_data if self.frame.pb is None else with_data & (self.frame.pb >= self.pb_min)
        return np.asarray(inside, dtype=bool)

    @cached_property
    def snr(self) -> Pixels:
        """(n_y, n_x): flat-noise image over its local noise; NaN without data."""
        return (self.frame.flat - self.flat_background) / self.flat_rms

    @property
    def annulus(self) -> Offsets:
        """Where the noise around a position is measured."""
        return noise_annulus(self.shape)

    def rms_at(self, x: Float, y: Float) -> Float:
        """Local noise in the image's unit, Jy/beam."""
        return sample(self.flat_rms, x, y) * self.frame.scale_at(x, y)

    def background_at(self, x: Float, y: Float) -> Float:
        """Local background in the image's unit, Jy/beam."""
        return sample(self.flat_background, x, y) * self.frame.scale_at(x, y)

    def in_region(self, x: Float, y: Float) -> Mask:
        """Which positions are in ``region``."""
        return np.asarray(sample(self.region.astype(np.float32), x, y) == 1, dtype=bool)

    def pb_at(self, x: Float, y: Float) -> Float:
        """Primary beam; NaN where it is not known."""
        return np.full(len(x), np.nan) if self.frame.pb is None else sample(self.frame.pb, x, y)

    def distance_deg(self, ra_deg: Float, dec_deg: Float) -> Float:
        """Angle to the nearest tile's centre, degrees; NaN if no centre is known."""
        if not self.centers:
            return np.full(len(ra_deg), np.nan)
        angles = [separation_rad(ra_deg, dec_deg, center.ra_deg, center.dec_deg) for center in self.centers]
        return np.asarray(np.rad2deg(np.min(angles, axis=0)))


def noise_annulus(shape: BeamShape) -> Offsets:
    """The default annulus of photometry, in pixels."""
    return annulus_offsets(ANNULUS_INNER_FWHM * shape.major_px, ANNULUS_OUTER_FWHM * shape.major_px)


def read_field(spec: QaSpec) -> Field:
    """Read the image of a spec, measure its noise and find the centres of its tiles.

    Raises:
        StageFailure: as ``read_image`` and ``read_aligned``; IMAGE_INVALID without a restoring beam, without noise,
            or with nothing inside the primary beam.
    """
    image = read_image(spec.fits)
    shape = beam_shape(image.require_beam(), image.wcs)
    frame = noise_frame(image, spec.flat_noise_fits, spec.pb_fits, spec.weight_fits)
    rms, background = noise_maps(frame.flat, shape, noise_annulus(shape))
    field = Field(
        image=image, frame=frame, shape=shape, flat_rms=rms, flat_background=background, pb_min=spec.pb_min,
        centers=_centers(spec, image, frame),
    )  # fmt: skip
    if not field.region.any():
        raise StageFailure(
            "IMAGE_INVALID", f"no pixel of {spec.fits} has data and a primary beam above {spec.pb_min}", file=spec.fits
        )
    if not (np.nanmin(rms) > 0):
        raise StageFailure(
            "IMAGE_INVALID", f"the image {spec.fits} has no noise that could be measured", file=spec.fits
        )
    return field


def _centers(spec: QaSpec, image: SkyImage, frame: NoiseFrame) -> list[Position]:
    if spec.tile_centers:
        return spec.tile_centers
    if spec.kind == "mosaic":
        return [] if frame.pb is None else centers_of_beam(image, frame.pb)
    ra, dec = image.center_deg
    return [Position(ra_deg=ra, dec_deg=dec)]
