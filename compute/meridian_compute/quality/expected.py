"""What an image should show: the listed sources as the restoring beam draws them, merged where it cannot part them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from ..fits_image import SkyImage
from ..photometry_fit.centroid import fit_centroids
from ..photometry_fit.field_catalog import predicted_pixels
from ..photometry_fit.noise_frame import sample
from ..photometry_fit.stamps import BeamShape, Spots
from .detect import Search, find_peaks, has_neighbour
from .listed import Listed

Float = NDArray[np.float64]
Pixels = NDArray[np.float32]
Mask = NDArray[np.bool_]

#: Listed sources closer than this, in beams (FWHM in their direction), are one expectation.
MERGE_FWHM = 1.0
#: A source is drawn down to this share of its peak.
_DRAWN_LEVEL = 1e-6
#: An expectation has a maximum of its own in the drawn sky this close, in beams.
_OWN_MAXIMUM_FWHM = 0.5


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """The listed sources on an image's pixels.

    Attributes:
        model: (n_y, n_x), Jy/beam, no noise; NaN where the image has no data.
        x, y: (n,), 0-based pixels of the listed sources, predicted aberration included; many are off the image.
    """

    model: Pixels
    x: Float
    y: Float


@dataclass(frozen=True, kw_only=True)
class Expected:
    """Expectations: groups of listed sources within one beam, all arrays (n,).

    Attributes:
        name: of the brightest source of each.
        ra_deg, dec_deg: ICRS, likewise.
        x, y: 0-based pixels of the peak in the drawn sky.
        flux_jy: peak in the drawn sky, before the primary beam.
        n_merged: listed sources in it.
        excluded: one of them is.
        hidden: without a maximum of its own in the drawn sky, under the flank of a brighter one: it judges nothing.
    """

    name: NDArray[np.str_]
    ra_deg: Float
    dec_deg: Float
    x: Float
    y: Float
    flux_jy: Float
    n_merged: NDArray[np.intp]
    excluded: Mask
    hidden: Mask


def draw(listed: Listed, image: SkyImage, shape: BeamShape, scale: Pixels | None = None) -> Drawn:
    """Draw every listed source that falls on the image with the restoring beam.

    The restoring beam is even in the flat-noise image. Where the primary beam falls off, dividing by it moves a
    source's peak outwards by sigma^2 times the slope of its logarithm, 0.2 arcsec for a beam of 60 arcsec: so sources
    are drawn flat, then scaled as the image was.

    Args:
        listed: what to draw.
        image: its pixels; those without data are NaN in the drawing, too.
        shape: restoring beam in pixels.
        scale: (n_y, n_x), image over flat-noise image, or over signal-to-noise image; None: 1.
    """
    x, y = predicted_pixels(image, listed.ra_deg, listed.dec_deg)
    at_source = np.ones(len(x)) if scale is None else sample(scale, x, y)
    known = np.isfinite(at_source) & (at_source > 0)
    model = np.zeros(image.data.shape, dtype=np.float32)
    # Sources whose own place has no scale lie where there are no data; only their outermost flank can show.
    _add(model, listed.flux_jy[known] / at_source[known], (x[known], y[known]), shape)
    if scale is not None:
        model *= scale
        _add(model, listed.flux_jy[~known], (x[~known], y[~known]), shape)
    model[~np.isfinite(image.data)] = np.nan
    return Drawn(model=model, x=x, y=y)


def _add(model: Pixels, flux: Float, places: tuple[Float, Float], shape: BeamShape) -> None:
    """Add the beam of each source to a map, in place."""
    n_y, n_x = model.shape
    reach_x, reach_y = (int(np.ceil(reach)) for reach in _reach_px(shape))
    for peak, x, y in zip(flux, *places, strict=True):
        if not (-reach_x < x < n_x + reach_x and -reach_y < y < n_y + reach_y):
            continue
        low_x, high_x = _span(x, reach_x, n_x)
        low_y, high_y = _span(y, reach_y, n_y)
        dx, dy = np.arange(low_x, high_x) - x, np.arange(low_y, high_y) - y
        model[low_y:high_y, low_x:high_x] += peak * shape.value(dx[None, :], dy[:, None])


def _reach_px(shape: BeamShape) -> tuple[float, float]:
    """Half-widths of the box around the ellipse of ``_DRAWN_LEVEL``."""
    determinant = shape.qxx * shape.qyy - shape.qxy**2
    level = np.log(1 / _DRAWN_LEVEL)
    return float(np.sqrt(level * shape.qyy / determinant)), float(np.sqrt(level * shape.qxx / determinant))


def _span(center: float, reach: int, size: int) -> tuple[int, int]:
    middle = round(float(center))
    return max(0, middle - reach), max(0, min(size, middle + reach + 1))


def expectations(listed: Listed, drawn: Drawn, shape: BeamShape) -> Expected:
    """Merge the listed sources on finite pixels and fit each group's peak in the drawn sky.

    The image is measured with the same fit, so that blends and overlapping flanks, which bias a fit, bias both.
    """
    on_data = np.flatnonzero(np.isfinite(sample(drawn.model, drawn.x, drawn.y)) & (listed.flux_jy > 0))
    group = _merged(drawn.x[on_data], drawn.y[on_data], shape)
    n = int(group.max()) + 1 if len(group) else 0
    flux = listed.flux_jy[on_data]
    total = np.bincount(group, flux, n)
    start_x = np.bincount(group, flux * drawn.x[on_data], n) / total
    start_y = np.bincount(group, flux * drawn.y[on_data], n) / total
    brightest = on_data[_brightest(group, flux)]
    fit = fit_centroids(drawn.model, Spots(start_x, start_y), shape)
    peaks = find_peaks(Search(value=drawn.model, shape=shape, threshold=0.0, tolerance=0.0))
    own = has_neighbour((fit.x, fit.y), (peaks.x, peaks.y), shape, _OWN_MAXIMUM_FWHM)
    return Expected(
        name=listed.name[brightest],
        ra_deg=listed.ra_deg[brightest],
        dec_deg=listed.dec_deg[brightest],
        x=np.where(fit.ok, fit.x, start_x),
        y=np.where(fit.ok, fit.y, start_y),
        flux_jy=np.where(fit.ok, fit.flux, total),
        n_merged=np.bincount(group, minlength=n),
        excluded=np.bincount(group, listed.excluded[on_data], n) > 0,
        hidden=~(fit.ok & own),
    )


def _merged(x: Float, y: Float, shape: BeamShape) -> NDArray[np.intp]:
    """Number of the group of each source: chains of sources less than ``MERGE_FWHM`` apart."""
    n = len(x)
    if n == 0:
        return np.empty(0, dtype=np.intp)
    pairs = cKDTree(np.column_stack([x, y])).query_pairs(MERGE_FWHM * shape.major_px, output_type="ndarray")
    one, other = pairs.T
    near = shape.metric_fwhm(x[one] - x[other], y[one] - y[other]) < MERGE_FWHM
    links = coo_array((np.ones(int(near.sum())), (one[near], other[near])), shape=(n, n))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.intp)


def _brightest(group: NDArray[np.intp], flux: Float) -> NDArray[np.intp]:
    """Index of the brightest source of each group, in the groups' order."""
    order = np.lexsort((-flux, group))
    first = np.unique(group[order], return_index=True)[1]
    return np.asarray(order[first], dtype=np.intp)
