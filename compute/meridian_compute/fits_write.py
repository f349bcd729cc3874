"""FITS images: the one way to write them. Four axes (RA, Dec, frequency, Stokes I), and headers that say what it is."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
from numpy.typing import NDArray

from .aberration import SCALE_CARD
from .frames import utc_of_mjd
from .specs.common import Beam

#: Cards for the entries of a spec's ``provenance``; other entries become HISTORY.
PROVENANCE_CARDS: Final[Mapping[str, str]] = {
    "calibrator": "CALIBRAT",
    "flux_scale": "FLUXCAL",
    "group": "GROUPID",
    "caltable_k": "CALTABK",
    "caltable_b": "CALTABB",
    "caltable_g": "CALTABG",
    "telescope": "TELESCOP",
    "object": "OBJECT",
}


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Pixels on the sky: SIN projection about an ICRS direction, north up, east left.

    Attributes:
        ra_deg: of the reference direction.
        dec_deg: of the reference direction.
        width_px: pixels along x.
        height_px: pixels along y.
        cell_arcsec: pixel size.
        reference_px: 0-based pixel (x, y) of the reference direction; None: the middle, as WSClean and CASA have it.
        rotation_rad: how far the pixels' north is turned from true north, towards east.
    """

    ra_deg: float
    dec_deg: float
    width_px: int
    height_px: int
    cell_arcsec: float
    reference_px: tuple[float, float] | None = None
    rotation_rad: float = 0.0

    @property
    def shape(self) -> tuple[int, int]:
        """(n_y, n_x)."""
        return self.height_px, self.width_px

    @property
    def wcs(self) -> WCS:
        """Celestial coordinate system, two axes."""
        x, y = self.reference_px or (self.width_px // 2, self.height_px // 2)
        wcs = WCS(naxis=2)
        wcs.wcs.ctype = ["RA---SIN", "DEC--SIN"]
        wcs.wcs.cunit = ["deg", "deg"]
        wcs.wcs.crval = [self.ra_deg % 360, self.dec_deg]
        wcs.wcs.crpix = [x + 1, y + 1]
        wcs.wcs.cdelt = [-self.cell_arcsec / 3600, self.cell_arcsec / 3600]
        if self.rotation_rad:
            # Offsets on the pixels' axes, turned back to true east and north; the axes' signs differ.
            cosine, sine = math.cos(self.rotation_rad), math.sin(self.rotation_rad)
            wcs.wcs.pc = [[cosine, -sine], [sine, cosine]]
        wcs.wcs.radesys = "ICRS"
        wcs.wcs.set()
        return wcs

    def cut(self, x: int, y: int, shape: tuple[int, int]) -> Grid:
        """The part that begins at pixel (x, y)."""
        reference_x, reference_y = self.reference_px or (self.width_px // 2, self.height_px // 2)
        return replace(self, width_px=shape[1], height_px=shape[0], reference_px=(reference_x - x, reference_y - y))


@dataclass(frozen=True, kw_only=True)
class ImageFacts:
    """What a header says beside the grid.

    Attributes:
        beam: restoring beam.
        nu_eff_hz: effective frequency.
        bandwidth_hz: width of the band.
        start_mjd: first edge of the data, MJD UTC.
        end_mjd: last edge.
        mid_mjd: mid-exposure.
        aberration_scale: scale taken out of the pixel size; None: coordinates are not corrected.
        beam_model: primary beam in words, "none" without one.
        provenance: calibrator, flux scale, table ids, group (``PROVENANCE_CARDS``).
        cards: further cards.
    """

    beam: Beam
    nu_eff_hz: float
    bandwidth_hz: float
    start_mjd: float
    end_mjd: float
    mid_mjd: float
    beam_model: str
    aberration_scale: float | None = None
    provenance: Mapping[str, str]
    cards: Mapping[str, Any]


def image_header(grid: Grid, facts: ImageFacts, unit: str = "Jy/beam", kind: str = "Intensity") -> fits.Header:
    """Header of an image: no time of writing is in it, so that the same input gives the same file."""
    header = grid.wcs.to_header()
    for card in ("DATE-OBS", "MJD-OBS", "DATEREF", "MJDREF", "LATPOLE", "LONPOLE"):
        header.remove(card, ignore_missing=True)
    header["RADESYS"] = "ICRS"
    _spectral_axes(header, facts)
    header["BUNIT"], header["BTYPE"] = unit, kind
    header["BMAJ"] = (facts.beam.bmaj_arcsec / 3600, "restoring beam, deg")
    header["BMIN"] = facts.beam.bmin_arcsec / 3600
    header["BPA"] = (facts.beam.bpa_deg, "deg, north through east")
    header["TIMESYS"] = "UTC"
    header["DATE-OBS"] = (_iso(facts.start_mjd), "first edge of the data")
    header["DATE-END"] = (_iso(facts.end_mjd), "last edge of the data")
    header["MJD-OBS"] = (facts.start_mjd, "first edge of the data")
    header["MJD-END"] = (facts.end_mjd, "last edge of the data")
    header["DATE-AVG"] = (_iso(facts.mid_mjd), "mid-exposure")
    header["MJD-AVG"] = (facts.mid_mjd, "mid-exposure")
    header["BEAMMODL"] = (facts.beam_model, "primary beam")
    if facts.aberration_scale is not None:
        header[SCALE_CARD] = (facts.aberration_scale, "annual aberration, out of CDELT")
    header["ORIGIN"] = "Meridian"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fits.verify.VerifyWarning)
        _provenance(header, facts.provenance)
        for name, value in facts.cards.items():
            header[name] = value
    return header


def _spectral_axes(header: fits.Header, facts: ImageFacts) -> None:
    header["WCSAXES"] = 4
    header["CTYPE3"], header["CUNIT3"], header["CRPIX3"] = "FREQ", "Hz", 1.0
    header["CRVAL3"] = (facts.nu_eff_hz, "effective frequency")
    header["CDELT3"] = (facts.bandwidth_hz, "bandwidth")
    header["CTYPE4"], header["CUNIT4"], header["CRPIX4"], header["CRVAL4"], header["CDELT4"] = (
        "STOKES",
        "",
        1.0,
        1.0,
        1.0,
    )
    header["RESTFRQ"] = facts.nu_eff_hz
    header["SPECSYS"] = "TOPOCENT"


def _provenance(header: fits.Header, provenance: Mapping[str, str]) -> None:
    for name, value in provenance.items():
        card = PROVENANCE_CARDS.get(name)
        if card is None:
            header.add_history(f"{name} = {value}")
        else:
            header[card] = value


def _iso(mjd: float) -> str:
    return utc_of_mjd(mjd).rstrip("Z")


def write_image(path: Path, data: NDArray[np.floating], header: fits.Header) -> None:
    """Write one plane as four axes; doubles stay doubles, anything else is single precision."""
    dtype = np.float64 if data.dtype == np.float64 else np.float32
    fits.writeto(path, np.asarray(data, dtype=dtype)[None, None], header, overwrite=True, output_verify="silentfix")


def round_up_even_fft(n: int) -> int:
    """Smallest even number, at least ``n``, with the prime factors 2, 3, 5 and 7 only: a good FFT size."""
    size = max(2, n + n % 2)
    while True:
        rest = size
        for prime in (2, 3, 5, 7):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return size
        size += 2
