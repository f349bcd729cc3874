"""Is the sky mirrored? Fluxes at the mirrored places of bright sources: nothing should be there.

A wrong sign of the visibilities' phase or of one axis of uvw turns or mirrors the sky about the phase centre, with
right fluxes: a median over wrong partners can still look fair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter

from ..photometry_fit.noise_frame import sample
from ..photometry_fit.stamps import Spots, fit_alone
from .expected import Drawn
from .field import Field
from .matches import Matches

Float = NDArray[np.float64]

#: Signs of the pixel offsets from the centre, x (right ascension) and y (declination).
MIRRORS: Final = {"RA": (-1, 1), "Dec": (1, -1), "RA and Dec": (-1, -1)}
#: Fewer usable mirrored places say nothing.
MIN_MIRRORED = 3
#: A mirrored place is usable if less than this share of the source's flux is expected within two beams of it.
_MAX_EXPECTED = 0.1


@dataclass(frozen=True, kw_only=True)
class Mirrored:
    """Median ratio of the flux at mirrored places to the sources' own, by axis; axes with too few are left out."""

    ratio: dict[str, float]

    @property
    def largest(self) -> tuple[str, float] | None:
        """The axis with the largest ratio."""
        return max(self.ratio.items(), key=lambda item: item[1], default=None)


def mirrored_ratios(field: Field, drawn: Drawn, matches: Matches, min_snr: float) -> Mirrored:
    """Fit the beam at the mirrored places of the judged sources above ``min_snr``."""
    if not field.centers:
        return Mirrored(ratio={})
    chosen = matches.brighter_than(min_snr)
    x, y, flux = (values[chosen] for values in (matches.expected.x, matches.expected.y, matches.expected.flux_jy))
    center_x, center_y = _nearest_center(field, x, y)
    size = 2 * int(np.ceil(2 * field.shape.major_px)) + 1
    nearby = maximum_filter(np.nan_to_num(drawn.model), size=size)
    ratio = {}
    for axis, (sign_x, sign_y) in MIRRORS.items():
        spots = Spots(center_x + sign_x * (x - center_x), center_y + sign_y * (y - center_y))
        usable = sample(nearby, spots.x, spots.y) < _MAX_EXPECTED * flux
        usable &= field.in_region(spots.x, spots.y)
        if usable.sum() >= MIN_MIRRORED:
            fitted, _ = fit_alone(field.image.data, Spots(spots.x[usable], spots.y[usable]), field.shape)
            ratio[axis] = float(np.nanmedian(fitted / flux[usable]))
    return Mirrored(ratio=ratio)


def _nearest_center(field: Field, x: Float, y: Float) -> tuple[Float, Float]:
    """Pixel of the tile's centre nearest to each place."""
    center_x, center_y = field.image.to_pixel(
        [center.ra_deg for center in field.centers], [center.dec_deg for center in field.centers]
    )
    nearest = np.hypot(center_x[:, None] - x, center_y[:, None] - y).argmin(axis=0)
    return center_x[nearest], center_y[nearest]
