"""FITS images of known sources, for the tests of photometry, mosaic and QA."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
from numpy.typing import NDArray
from scipy.signal import fftconvolve

Float = NDArray[np.float64]

MID_MJD = 61_000.25


@dataclass(frozen=True, kw_only=True)
class FakeSky:
    """An image to be made.

    Attributes:
        center_deg: ICRS of the reference position.
        size_px: pixels along x and y.
        cell_arcsec: pixel size.
        beam_arcsec: bmaj, bmin (arcsec) and position angle (degrees).
        sources: (ra_deg, dec_deg, peak in Jy/beam) of each source.
        rms_jy: noise, correlated like the beam.
        pb: function of the angle from the centre (degrees) that multiplies the sources.
    """

    center_deg: tuple[float, float] = (202.8, 30.5)
    size_px: tuple[int, int] = (400, 400)
    cell_arcsec: float = 6.0
    beam_arcsec: tuple[float, float, float] = (36.0, 24.0, 20.0)
    sources: Sequence[tuple[float, float, float]] = ()
    rms_jy: float = 0.0
    seed: int = 1
    pb: Callable[[Float], Float] | None = None
    mjd: float | None = MID_MJD
    freq_hz: float = 1.405e9
    cards: dict[str, Any] = field(default_factory=dict)

    @property
    def wcs(self) -> WCS:
        """SIN projection about the centre."""
        wcs = WCS(naxis=2)
        wcs.wcs.ctype = ["RA---SIN", "DEC--SIN"]
        wcs.wcs.crval = list(self.center_deg)
        wcs.wcs.crpix = [self.size_px[0] / 2 + 1, self.size_px[1] / 2 + 1]
        wcs.wcs.cdelt = [-self.cell_arcsec / 3600, self.cell_arcsec / 3600]
        wcs.wcs.cunit = ["deg", "deg"]
        return wcs

    def at(self, x: float, y: float) -> tuple[float, float]:
        """ICRS position of 0-based pixel coordinates."""
        ra, dec = self.wcs.wcs_pix2world([x], [y], 0)
        return float(ra[0]) % 360, float(dec[0])

    def beam_at(self, dx: Float, dy: Float) -> Float:
        """Restoring beam at pixel offsets; position angle from north (up) through east (left)."""
        bmaj, bmin, bpa = self.beam_arcsec
        angle = np.deg2rad(bpa)
        east, north = -dx * self.cell_arcsec, dy * self.cell_arcsec
        along = east * np.sin(angle) + north * np.cos(angle)
        across = east * np.cos(angle) - north * np.sin(angle)
        return np.asarray(np.exp(-4 * np.log(2) * ((along / bmaj) ** 2 + (across / bmin) ** 2)))

    def pb_map(self) -> Float:
        """Primary beam on the grid (1 everywhere without one)."""
        n_x, n_y = self.size_px
        y, x = np.mgrid[:n_y, :n_x].astype(float)
        radius = np.hypot(x - n_x / 2, y - n_y / 2) * self.cell_arcsec / 3600
        return np.ones((n_y, n_x)) if self.pb is None else self.pb(radius)

    def pixels(self) -> Float:
        """Sources times the primary beam, and noise: a flat-noise image."""
        n_x, n_y = self.size_px
        y, x = np.mgrid[:n_y, :n_x].astype(float)
        data = np.zeros((n_y, n_x))
        for ra, dec, flux in self.sources:
            sx, sy = (float(v[0]) for v in self.wcs.wcs_world2pix([ra], [dec], 0))
            radius = np.hypot(sx - n_x / 2, sy - n_y / 2) * self.cell_arcsec / 3600
            gain = 1.0 if self.pb is None else float(self.pb(np.array(radius)))
            near = _window((sx, sy), 3 * self.beam_arcsec[0] / self.cell_arcsec, self.size_px)
            data[near] += flux * gain * self.beam_at(x[near] - sx, y[near] - sy)
        return data + self.noise()

    def noise(self) -> Float:
        """Noise with the beam's own correlation, of rms ``rms_jy``."""
        n_x, n_y = self.size_px
        if self.rms_jy == 0:
            return np.zeros((n_y, n_x))
        half = int(2 * self.beam_arcsec[0] / self.cell_arcsec)
        y, x = np.mgrid[-half : half + 1, -half : half + 1].astype(float)
        white = np.random.default_rng(self.seed).normal(size=(n_y + 2 * half, n_x + 2 * half))
        smooth = fftconvolve(white, self.beam_at(x, y), mode="valid")
        return np.asarray(smooth / smooth.std() * self.rms_jy)

    def write(self, path: Path, data: Float | None = None, unit: str = "Jy/beam") -> Path:
        """Write a four-axis FITS file, as WSClean and CASA do."""
        plane = self.pixels() if data is None else data
        header = self.wcs.to_header()
        header["BUNIT"] = unit
        header["RADESYS"] = "ICRS"
        header["BMAJ"], header["BMIN"] = self.beam_arcsec[0] / 3600, self.beam_arcsec[1] / 3600
        header["BPA"] = self.beam_arcsec[2]
        header["CTYPE3"], header["CRPIX3"], header["CRVAL3"], header["CDELT3"] = "FREQ", 1, self.freq_hz, 1.875e8
        header["CTYPE4"], header["CRPIX4"], header["CRVAL4"], header["CDELT4"] = "STOKES", 1, 1, 1
        if self.mjd is not None:
            header["MJD-AVG"] = self.mjd
        header.update(self.cards)
        path.parent.mkdir(parents=True, exist_ok=True)
        fits.writeto(path, plane[None, None].astype(np.float32), header, overwrite=True)
        return path


def _window(place: tuple[float, float], reach: float, size_px: tuple[int, int]) -> tuple[slice, slice]:
    """Rows and columns around a place."""
    spans = [
        slice(max(0, int(middle - reach)), max(0, min(size, int(middle + reach) + 2)))
        for middle, size in zip(place, size_px, strict=True)
    ]
    return spans[1], spans[0]


def airy_like(radius_deg: Float) -> Float:
    """A round beam of 2.7 degrees FWHM, for tests that need no exact one."""
    return np.asarray(np.exp(-4 * np.log(2) * (np.asarray(radius_deg) / 2.7) ** 2))
