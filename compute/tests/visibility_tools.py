"""Reading measurement sets and imaging them by direct Fourier sums, independent of the code under test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from casacore.tables import table

SPEED_OF_LIGHT_M_S = 299_792_458.0


@dataclass
class Visibilities:
    """Stokes I of the cross-correlations of a measurement set."""

    uvw_m: np.ndarray
    values: np.ndarray
    freq_hz: np.ndarray
    centre_deg: tuple[float, float]

    def image(self, l_rad: np.ndarray, m_rad: np.ndarray) -> np.ndarray:
        """Mean of V exp(-2 pi i (u l + v m + w (n - 1)) nu / c): the dirty image at some directions.

        This is the sign of a measurement set whose uvw are r1 - r2 and whose data are the conjugate of a UVH5 file's.
        """
        n_less_one = np.sqrt(1 - l_rad**2 - m_rad**2) - 1
        path_m = np.stack([l_rad, m_rad, n_less_one], axis=-1) @ self.uvw_m.T
        turns = path_m[..., None] * self.freq_hz / SPEED_OF_LIGHT_M_S
        return (self.values * np.exp(-2j * np.pi * turns)).real.mean(axis=(-2, -1))


def read_visibilities(ms: str) -> Visibilities:
    with table(ms, ack=False) as main:
        cross = main.getcol("ANTENNA1") != main.getcol("ANTENNA2")
        values = main.getcol("DATA")[cross].mean(axis=2)
        uvw_m = main.getcol("UVW")[cross]
    with table(f"{ms}::SPECTRAL_WINDOW", ack=False) as windows:
        freq_hz = windows.getcell("CHAN_FREQ", 0)
    with table(f"{ms}::FIELD", ack=False) as fields:
        ra, dec = np.rad2deg(fields.getcell("PHASE_DIR", 0)[0])
    return Visibilities(uvw_m, values, freq_hz, (float(ra % 360), float(dec)))


def direction_cosines(ra_deg: float, dec_deg: float, centre_deg: tuple[float, float]) -> tuple[float, float]:
    """Orthographic (SIN) coordinates towards east and north of a centre, radians."""
    ra, dec, ra0, dec0 = np.deg2rad([ra_deg, dec_deg, *centre_deg])
    east = np.cos(dec) * np.sin(ra - ra0)
    north = np.sin(dec) * np.cos(dec0) - np.cos(dec) * np.sin(dec0) * np.cos(ra - ra0)
    return float(east), float(north)


def peak_near(seen: Visibilities, l_rad: float, m_rad: float, step_arcsec: float = 3.0) -> tuple[float, float, float]:
    """Offsets east and north (arcsec) of the dirty image's peak near a direction, and its height.

    A paraboloid through 5 x 5 points; right where the peak lies within the first two steps.
    """
    offsets = np.arange(-2, 3) * np.deg2rad(step_arcsec / 3600)
    east, north = (grid.ravel() for grid in np.meshgrid(offsets, offsets))
    image = seen.image(l_rad + east, m_rad + north)
    x, y = east / offsets[-1], north / offsets[-1]
    design = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=-1)
    c = np.linalg.lstsq(design, image, rcond=None)[0]
    shift = np.linalg.solve([[2 * c[3], c[5]], [c[5], 2 * c[4]]], -c[1:3])
    height = c @ [1, *shift, shift[0] ** 2, shift[1] ** 2, shift[0] * shift[1]]
    arcsec = np.rad2deg(shift * offsets[-1]) * 3600
    return float(arcsec[0]), float(arcsec[1]), float(height)
