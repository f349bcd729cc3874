"""Least squares with the restoring beam at fixed positions, for many positions at once.

Every position has a stamp: the pixels where its beam is above ``SUPPORT_LEVEL``. A stamp's template is the beam; the
beams of neighbours that reach into it are part of the model, so blends are solved jointly:

    sum_j  A_ij a_j = b_i,   A_ij = sum over stamp i of g_i g_j,   b_i = sum over stamp i of g_i d

For one source alone this is the plain least-squares amplitude b / A.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from astropy.wcs import WCS
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from ..specs.common import Beam

Float = NDArray[np.float64]
Pixels = NDArray[np.float32]
#: Two index arrays of one length: pixel offsets (dx, dy), or pairs of positions.
Offsets = tuple[NDArray[np.intp], NDArray[np.intp]]

#: A stamp holds the pixels where the beam is above this: wider ones lean on sidelobes and neighbours.
SUPPORT_LEVEL = 0.25
#: Neighbours count where the product of both beams can still matter: this many major axes (FWHM) apart.
NEIGHBOUR_REACH_FWHM = 2.0
#: Two requests closer than this many minor axes are one and the same position.
SAME_POSITION_FWHM = 0.05

_FOUR_LN2 = 4 * np.log(2.0)


@dataclass(frozen=True, kw_only=True)
class BeamShape:
    """A Gaussian restoring beam on a pixel grid: exp(-(qxx dx^2 + 2 qxy dx dy + qyy dy^2)), dx and dy in pixels."""

    qxx: float
    qxy: float
    qyy: float
    major_px: float
    minor_px: float

    def value(self, dx: Float, dy: Float) -> Float:
        """Beam at an offset from its peak, in pixels; any shape."""
        return np.asarray(np.exp(-(self.qxx * dx * dx + 2 * self.qxy * dx * dy + self.qyy * dy * dy)))

    def metric_fwhm(self, dx: Float, dy: Float) -> Float:
        """Length of an offset in units of the beam's full width at half maximum in that direction."""
        return np.asarray(np.sqrt((self.qxx * dx * dx + 2 * self.qxy * dx * dy + self.qyy * dy * dy) / _FOUR_LN2))

    def support(self, level: float = SUPPORT_LEVEL) -> Offsets:
        """Pixel offsets (dx, dy) at which the beam is above ``level``, with half a pixel to spare."""
        reach = int(np.ceil(self.major_px * np.sqrt(np.log(1 / level) / _FOUR_LN2))) + 1
        dy, dx = np.mgrid[-reach : reach + 1, -reach : reach + 1]
        inside = self.value(dx.astype(float), dy.astype(float)) >= level
        return dx[inside], dy[inside]


def beam_shape(beam: Beam, wcs: WCS) -> BeamShape:
    """Restoring beam in pixels; the position angle counts from north through east, whatever the axes' directions.

    Args:
        beam: full widths at half maximum, arcsec.
        wcs: celestial; its scale matrix (degrees per pixel) turns pixel offsets into offsets east and north.
    """
    to_sky = wcs.pixel_scale_matrix * 3600
    angle = np.deg2rad(beam.bpa_deg)
    to_axes = np.array([[np.sin(angle), np.cos(angle)], [np.cos(angle), -np.sin(angle)]])
    widths = np.diag([_FOUR_LN2 / beam.bmaj_arcsec**2, _FOUR_LN2 / beam.bmin_arcsec**2])
    form = (to_axes @ to_sky).T @ widths @ (to_axes @ to_sky)
    cell = np.sqrt(abs(np.linalg.det(to_sky)))
    return BeamShape(
        qxx=float(form[0, 0]),
        qxy=float(form[0, 1]),
        qyy=float(form[1, 1]),
        major_px=float(beam.bmaj_arcsec / cell),
        minor_px=float(beam.bmin_arcsec / cell),
    )


@dataclass(frozen=True)
class Spots:
    """Positions in an image.

    Attributes:
        x: (n,), 0-based pixel coordinates, finite, sub-pixel.
        y: (n,), likewise.
        background: (n,), local background to subtract, NaN counts as 0; None: nothing is subtracted.
    """

    x: Float
    y: Float
    background: Float | None = None

    def __len__(self) -> int:
        """Number of positions."""
        return len(self.x)


@dataclass(frozen=True, kw_only=True)
class Stamps:
    """Pixels around positions.

    Attributes:
        data: (n, n_pixel), background subtracted, 0 where not valid.
        valid: (n, n_pixel).
        dx, dy: (n, n_pixel), pixel minus position, in pixels.
    """

    data: Float
    valid: NDArray[np.bool_]
    dx: Float
    dy: Float


def cut_stamps(data: Pixels, spots: Spots, offsets: Offsets) -> Stamps:
    """Cut the pixels at ``offsets`` around each position out of an image.

    Args:
        data: (n_y, n_x), NaN where there are no data.
        spots: positions.
        offsets: pixel offsets (dx, dy), each (n_pixel,).
    """
    values = gather(data, spots, offsets).astype(np.float64)
    if spots.background is not None:
        values -= np.nan_to_num(spots.background)[:, None]
    valid = np.isfinite(values)
    dx = offsets[0] + (np.rint(spots.x) - spots.x)[:, None]
    dy = offsets[1] + (np.rint(spots.y) - spots.y)[:, None]
    return Stamps(data=np.where(valid, values, 0.0), valid=valid, dx=dx, dy=dy)


def gather(data: Pixels, spots: Spots, offsets: Offsets) -> Pixels:
    """Pixels at ``offsets`` around the nearest pixel of each position, (n, n_pixel); NaN outside the image."""
    n_y, n_x = data.shape
    column, row = np.rint(spots.x).astype(np.int32), np.rint(spots.y).astype(np.int32)
    dx, dy = offsets[0].astype(np.int32), offsets[1].astype(np.int32)
    reach_x, reach_y = int(np.abs(dx).max(initial=0)), int(np.abs(dy).max(initial=0))
    near_edge = (column < reach_x) | (column >= n_x - reach_x) | (row < reach_y) | (row >= n_y - reach_y)
    # Away from the edges one flat index does it: this is most of the time that photometry takes.
    first = np.where(near_edge, 0, row.astype(np.int64) * n_x + column)
    flat = first[:, None] + np.where(near_edge[:, None], 0, dy.astype(np.int64) * n_x + dx)
    values: Pixels = data.reshape(-1)[flat]
    if near_edge.any():
        px, py = column[near_edge, None] + dx, row[near_edge, None] + dy
        inside = (px >= 0) & (px < n_x) & (py >= 0) & (py < n_y)
        close = data[np.clip(py, 0, n_y - 1), np.clip(px, 0, n_x - 1)]
        values[near_edge] = np.where(inside, close, np.float32(np.nan))
    return values


@dataclass(frozen=True, kw_only=True)
class Amplitudes:
    """Fitted peaks.

    Attributes:
        flux: (n,), in the image's unit; NaN where nothing could be fitted.
        error_growth: (n,), how much the joint fit enlarges the error against a source alone (1: alone).
        valid_share: (n,), share of the template's power on valid pixels.
        n_blended: (n,), neighbours in the joint fit.
    """

    flux: Float
    error_growth: Float
    valid_share: Float
    n_blended: NDArray[np.intp]


def fit_amplitudes(data: Pixels, spots: Spots, shape: BeamShape, box_px: int | None = None) -> Amplitudes:
    """Fit the beam's amplitude at fixed positions, neighbours jointly.

    Args:
        data: (n_y, n_x), NaN where there are no data.
        spots: positions and their local background.
        shape: restoring beam in pixels.
        box_px: use a square of this many pixels instead of the beam's support.
    """
    match = _match(data, spots, shape, box_px)
    pairs = _neighbours(spots, shape)
    coupling = _coupling(match, spots, shape, pairs)
    flux, growth = _solve(match, pairs, coupling)
    first = pairs[0]
    n_blended = np.bincount(first[np.abs(coupling) > 0.01 * match.power[first]], minlength=len(spots))
    return Amplitudes(flux=flux, error_growth=growth, valid_share=match.valid_share, n_blended=n_blended)


def fit_alone(data: Pixels, spots: Spots, shape: BeamShape) -> tuple[Float, Float]:
    """Fit the beam's amplitude at fixed positions, each as if it were alone.

    Returns:
        flux (n,), NaN where nothing could be fitted; share of the template's power on valid pixels (n,).
    """
    match = _match(data, spots, shape, None)
    flux = np.divide(match.projected, match.power, out=np.full(len(spots), np.nan), where=match.power > 0)
    return flux, match.valid_share


@dataclass(frozen=True, kw_only=True)
class _Match:
    """Stamps against their own templates: A_ii, b_i, and the templates themselves (0 on pixels without data)."""

    stamps: Stamps
    template: Float
    power: Float
    projected: Float
    valid_share: Float


def _match(data: Pixels, spots: Spots, shape: BeamShape, box_px: int | None) -> _Match:
    offsets = shape.support() if box_px is None else _square(box_px)
    stamps = cut_stamps(data, spots, offsets)
    whole = shape.value(stamps.dx, stamps.dy)
    template = np.where(stamps.valid, whole, 0.0)
    power = (template**2).sum(axis=1)
    return _Match(
        stamps=stamps,
        template=template,
        power=power,
        projected=(template * stamps.data).sum(axis=1),
        valid_share=power / (whole**2).sum(axis=1),
    )


def _square(box_px: int) -> Offsets:
    half = box_px // 2
    dy, dx = np.mgrid[-half : half + 1, -half : half + 1]
    return dx.ravel(), dy.ravel()


def _neighbours(spots: Spots, shape: BeamShape) -> Offsets:
    """Ordered pairs (i, j) of different positions whose beams can overlap."""
    x, y = spots.x, spots.y
    tree = cKDTree(np.column_stack([x, y]))
    pairs = tree.query_pairs(NEIGHBOUR_REACH_FWHM * shape.major_px, output_type="ndarray")
    distance = shape.metric_fwhm(x[pairs[:, 0]] - x[pairs[:, 1]], y[pairs[:, 0]] - y[pairs[:, 1]])
    pairs = pairs[(distance < NEIGHBOUR_REACH_FWHM) & (distance > SAME_POSITION_FWHM)]
    return np.concatenate([pairs[:, 0], pairs[:, 1]]), np.concatenate([pairs[:, 1], pairs[:, 0]])


def _coupling(match: _Match, spots: Spots, shape: BeamShape, pairs: Offsets) -> Float:
    """A_ij of every pair: the neighbour's beam on the stamp's own pixels, times the stamp's template."""
    (first, second), x, y = pairs, spots.x, spots.y
    dx = match.stamps.dx[first] + (x[first] - x[second])[:, None]
    dy = match.stamps.dy[first] + (y[first] - y[second])[:, None]
    return np.asarray((match.template[first] * shape.value(dx, dy)).sum(axis=1))


def _solve(match: _Match, pairs: Offsets, coupling: Float) -> tuple[Float, Float]:
    """Solve the joint equations group by group: amplitudes, and how much each error grew."""
    (first, second), power, projected = pairs, match.power, match.projected
    n = len(power)
    flux = np.divide(projected, power, out=np.full(n, np.nan), where=power > 0)
    growth = np.ones(n)
    usable = (power[first] > 0) & (power[second] > 0)
    first, second, coupling = first[usable], second[usable], coupling[usable]
    if len(first) == 0:
        return flux, growth
    _, group = connected_components(coo_array((np.ones(len(first)), (first, second)), shape=(n, n)), directed=False)
    order = np.argsort(group[first], kind="stable")
    first, second, coupling = first[order], second[order], coupling[order]
    starts = np.flatnonzero(np.diff(group[first], prepend=-1))
    for start, stop in zip(starts, [*starts[1:], len(first)], strict=True):
        members, local = np.unique(first[start:stop], return_inverse=True)
        matrix = np.diag(power[members])
        matrix[local, np.searchsorted(members, second[start:stop])] = coupling[start:stop]
        try:
            inverse = np.linalg.inv(matrix)
        except np.linalg.LinAlgError:
            growth[members] = np.inf
            continue
        flux[members] = inverse @ projected[members]
        growth[members] = np.sqrt(np.maximum(np.diag(inverse) * power[members], 1.0))
    return flux, growth
