"""What one FITS image holds."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from astropy.time import Time
from astropy.wcs import WCS

from ..contract import StageFailure
from ..specs.convert import InspectedFile

_CARDS = ("BUNIT", "BMAJ", "BMIN", "BPA", "DATE-OBS", "OBJECT", "NAXIS1", "NAXIS2")


def inspect_fits(path: Path, *, read_data: bool) -> InspectedFile:
    """Describe the first image of a FITS file.

    Raises:
        StageFailure: FILE_TRUNCATED, IMAGE_INVALID if it holds no image, IMAGE_NO_WCS.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with fits.open(path) as hdus:
                image = next((hdu for hdu in hdus if hdu.is_image and hdu.header.get("NAXIS", 0) >= 2), None)
                if image is None:
                    raise StageFailure("IMAGE_INVALID", f"{path} holds no image of two axes", file=str(path))
                return _describe(path, image.header, _finite_fraction(path, image) if read_data else None)
    except (OSError, TypeError, ValueError) as cause:
        message = f"{path} is truncated or damaged: {cause}"
        raise StageFailure("FILE_TRUNCATED", message, file=str(path)) from cause


def _finite_fraction(path: Path, image: Any) -> float:
    fraction = float(np.isfinite(image.data).mean())
    if fraction == 0:
        raise StageFailure("IMAGE_INVALID", f"{path}: no pixel is a number", file=str(path), field="DATA")
    return fraction


def _describe(path: Path, header: fits.Header, finite_fraction: float | None) -> InspectedFile:
    wcs = WCS(header).celestial
    if wcs.naxis != 2 or not wcs.has_celestial:
        message = f"{path} has no celestial coordinate system (CTYPE of right ascension and declination)"
        raise StageFailure("IMAGE_NO_WCS", message, file=str(path), field="CTYPE1")
    centre = wcs.pixel_to_world((header["NAXIS1"] - 1) / 2, (header["NAXIS2"] - 1) / 2).icrs
    mid_mjd = _mid_mjd(header)
    return InspectedFile(
        path=str(path),
        kind="fits",
        status="ok",
        telescope_name=header.get("TELESCOP"),
        size_bytes=path.stat().st_size,
        mid_mjd=mid_mjd,
        freq_min_hz=_frequency_hz(header),
        freq_max_hz=_frequency_hz(header),
        phase_ra_deg=float(centre.ra.deg),
        phase_dec_deg=float(centre.dec.deg),
        finite_fraction=finite_fraction,
        extra={card.lower().replace("-", "_"): header[card] for card in _CARDS if card in header},
    )


def _mid_mjd(header: fits.Header) -> float | None:
    if "MJD-AVG" in header:
        return float(header["MJD-AVG"])
    try:
        return float(Time(header["DATE-OBS"], scale="utc").mjd)
    except (KeyError, ValueError):
        return None


def _frequency_hz(header: fits.Header) -> float | None:
    for axis in range(1, int(header.get("NAXIS", 0)) + 1):
        if str(header.get(f"CTYPE{axis}", "")).startswith("FREQ"):
            return float(header[f"CRVAL{axis}"])
    return None
