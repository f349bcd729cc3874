"""What an imager gives back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..specs.common import Beam

Pixels = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Cleaned:
    """Planes of one image, (n_y, n_x), north up, east left.

    Attributes:
        image: restored, Jy/beam, flat noise.
        residual: what is left after cleaning, Jy/beam.
        model: clean components, Jy/pixel.
        psf: dirty beam, peak 1.
        beam: restoring beam.
    """

    image: Pixels
    residual: Pixels
    model: Pixels
    psf: Pixels
    beam: Beam
