"""Catalogue sources in an image, and how the image agrees with them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from ..aberration import SCALE_CARD, displaced
from ..catalog import Catalog, cone
from ..fits_image import SkyImage
from .centroid import fit_centroids
from .noise import ANNULUS_INNER_FWHM, ANNULUS_OUTER_FWHM, annulus_offsets, local_noise
from .noise_frame import NoiseFrame, sample
from .stamps import BeamShape, Spots, beam_shape

Float = NDArray[np.float64]

#: References for shift and flux ratio: this bright, and this far from anything else (in major axes of the beam).
REFERENCE_SNR = 20.0
ISOLATION_FWHM = 2.5
#: References needed before a median shift or flux ratio means anything.
MIN_REFERENCES = 5
#: A reference is within this factor of its catalogue flux: others are confused, resolved or variable.
_FLUX_FACTOR = 2.0
CATALOG_FREQ_HZ = 1.4e9
_SPECTRAL_INDEX = -0.7


@dataclass(frozen=True, kw_only=True)
class FieldSources:
    """Sources in an image, all arrays (n,).

    Attributes:
        ra_deg, dec_deg: ICRS.
        flux_jy: at the image's frequency, before the primary beam.
        x, y: where the image should show them, 0-based pixels, predicted aberration included.
        isolated: nothing of the list brighter than a tenth of it within ``ISOLATION_FWHM``.
    """

    ra_deg: Float
    dec_deg: Float
    flux_jy: Float
    x: Float
    y: Float
    isolated: NDArray[np.bool_]

    def where(self, keep: NDArray[np.bool_]) -> FieldSources:
        """The sources for which ``keep`` is true."""
        return replace(self, **{name: getattr(self, name)[keep] for name in self.__dataclass_fields__})


def predicted_pixels(image: SkyImage, ra_deg: ArrayLike, dec_deg: ArrayLike) -> tuple[Float, Float]:
    """Pixels at which an image shows ICRS directions: with annual aberration, unless it is taken out already.

    The scale is taken out of our own tiles and mosaics (card ABERSCL). An image that names no time is taken as it is.
    """
    mid_mjd = image.mid_mjd
    if SCALE_CARD in image.header or mid_mjd is None:
        return image.to_pixel(ra_deg, dec_deg)
    return image.to_pixel(*displaced(ra_deg, dec_deg, image.center_deg, mid_mjd))


def field_sources(image: SkyImage, ra_deg: Float, dec_deg: Float, flux_jy: Float) -> FieldSources:
    """Place sources on an image and keep those on finite pixels."""
    x, y = predicted_pixels(image, ra_deg, dec_deg)
    inside = np.isfinite(sample(image.data, x, y))
    everything = FieldSources(
        ra_deg=ra_deg, dec_deg=dec_deg, flux_jy=flux_jy, x=x, y=y, isolated=np.ones(len(x), dtype=bool)
    )
    kept = everything.where(inside)
    return replace(kept, isolated=_isolated(kept, beam_shape(image.require_beam(), image.wcs)))


def catalog_rows(image: SkyImage, min_flux_jy: float) -> Catalog:
    """NVSS rows in and around an image, brighter than ``min_flux_jy`` at 1.4 GHz, brightest first."""
    n_y, n_x = image.data.shape
    ra, dec = image.to_icrs([n_x / 2], [n_y / 2])
    radius = 1.0 + np.hypot(n_x, n_y) / 2 * image.cell_arcsec / 3600
    rows = cone(float(ra[0]), float(dec[0]), min(float(radius), 180.0))
    return rows[rows["flux_jy"] >= min_flux_jy]


def catalog_sources(image: SkyImage, min_flux_jy: float) -> FieldSources:
    """NVSS sources in an image, brighter than ``min_flux_jy`` at 1.4 GHz, with fluxes at the image's frequency."""
    rows = catalog_rows(image, min_flux_jy)
    scaled = rows["flux_jy"] * ((image.nu_eff_hz or CATALOG_FREQ_HZ) / CATALOG_FREQ_HZ) ** _SPECTRAL_INDEX
    return field_sources(image, rows["ra_deg"].copy(), rows["dec_deg"].copy(), np.asarray(scaled))


def _isolated(sources: FieldSources, shape: BeamShape) -> NDArray[np.bool_]:
    isolated = np.ones(len(sources.x), dtype=bool)
    if len(isolated) < 2:
        return isolated
    tree = cKDTree(np.column_stack([sources.x, sources.y]))
    pairs = tree.query_pairs(ISOLATION_FWHM * shape.major_px, output_type="ndarray")
    for one, other in (pairs.T, pairs.T[::-1]):
        isolated[one[sources.flux_jy[other] > 0.1 * sources.flux_jy[one]]] = False
    return isolated


@dataclass(frozen=True, kw_only=True)
class FieldMatch:
    """Isolated sources as the image shows them, all arrays (n,).

    Attributes:
        sources: the ones that were found.
        flux_jy: fitted peak.
        rms_jy: local noise.
        ra_offset_arcsec, dec_offset_arcsec: measured minus predicted, on the sky, east and north positive.
        x, y: fitted 0-based pixels.
    """

    sources: FieldSources
    flux_jy: Float
    rms_jy: Float
    ra_offset_arcsec: Float
    dec_offset_arcsec: Float
    x: Float
    y: Float

    def references(self) -> NDArray[np.bool_]:
        """Which of them can serve as references: bright, and near their catalogue flux."""
        ratio = self.flux_jy / self.sources.flux_jy
        return (self.flux_jy > REFERENCE_SNR * self.rms_jy) & (ratio > 1 / _FLUX_FACTOR) & (ratio < _FLUX_FACTOR)


def match_sources(image: SkyImage, frame: NoiseFrame, sources: FieldSources, pb_min: float = 0.0) -> FieldMatch:
    """Fit peak and position of the isolated sources of a list.

    Args:
        image: brightness, Jy/beam.
        frame: where the noise is measured.
        sources: of ``catalog_sources`` or ``field_sources``.
        pb_min: leave out sources where the primary beam is below this.
    """
    shape = beam_shape(image.require_beam(), image.wcs)
    keep = sources.isolated.copy()
    if frame.pb is not None:
        keep &= sample(frame.pb, sources.x, sources.y) >= pb_min
    sources = sources.where(keep)
    annulus = annulus_offsets(ANNULUS_INNER_FWHM * shape.major_px, ANNULUS_OUTER_FWHM * shape.major_px)
    noise = local_noise(frame.flat, Spots(sources.x, sources.y), annulus)
    scale = frame.scale_at(sources.x, sources.y)
    fit = fit_centroids(image.data, Spots(sources.x, sources.y, noise.background * scale), shape)
    rms = noise.rms * scale
    good = fit.ok & (fit.flux > 5 * rms)
    to_sky = image.wcs.pixel_scale_matrix * 3600
    east, north = to_sky @ np.stack([fit.x - sources.x, fit.y - sources.y])
    return FieldMatch(
        sources=sources.where(good),
        flux_jy=fit.flux[good],
        rms_jy=rms[good],
        ra_offset_arcsec=east[good],
        dec_offset_arcsec=north[good],
        x=fit.x[good],
        y=fit.y[good],
    )


@dataclass(frozen=True, kw_only=True)
class FieldAgreement:
    """Medians over the references; None with fewer than ``MIN_REFERENCES``."""

    n_references: int
    ra_shift_arcsec: float | None = None
    dec_shift_arcsec: float | None = None
    flux_ratio: float | None = None


def agreement(match: FieldMatch) -> FieldAgreement:
    """Median shift and flux ratio (measured over catalogue) of the references."""
    reference = match.references()
    n = int(reference.sum())
    if n < MIN_REFERENCES:
        return FieldAgreement(n_references=n)
    return FieldAgreement(
        n_references=n,
        ra_shift_arcsec=float(np.median(match.ra_offset_arcsec[reference])),
        dec_shift_arcsec=float(np.median(match.dec_offset_arcsec[reference])),
        flux_ratio=float(np.median((match.flux_jy / match.sources.flux_jy)[reference])),
    )
