"""The NVSS list that comes with the product: brighter than 50 mJy at 1.4 GHz, declination above -40 degrees."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .contract import StageFailure
from .frames import separation_rad

_NVSS_FILE = Path(__file__).parent / "data" / "nvss_50mjy.csv.gz"

#: Catalogue sources this close to a calibrator are the calibrator itself.
CALIBRATOR_TWIN_ARCSEC = 45.0

Catalog = NDArray[np.void]

#: Fields of a catalogue row: ICRS position, peak flux at 1.4 GHz, and how many neighbours crowd it (0 to 5).
CATALOG_DTYPE = np.dtype([("ra_deg", "f8"), ("dec_deg", "f8"), ("flux_jy", "f8"), ("crowding", "i4")])

_COLUMN_OF_FIELD = {"ra_deg": "ra_deg", "dec_deg": "dec_deg", "flux_jy": "flux_1400mhz_jy", "crowding": "crowding"}


@lru_cache(maxsize=1)
def load_nvss() -> Catalog:
    """Whole list as a structured array of ``CATALOG_DTYPE``, read-only, sorted by declination.

    Raises:
        StageFailure: CATALOG_MISSING if the file is not there.
    """
    try:
        with gzip.open(_NVSS_FILE, "rt", encoding="ascii") as handle:
            columns = handle.readline().strip().split(",")
            table = np.loadtxt(handle, delimiter=",", dtype=np.float64)
    except FileNotFoundError as cause:
        raise StageFailure("CATALOG_MISSING", f"the NVSS list is not at {_NVSS_FILE}") from cause
    return _structured(columns, table)


def _structured(columns: list[str], table: NDArray[np.float64]) -> Catalog:
    catalog = np.empty(len(table), dtype=CATALOG_DTYPE)
    for name, column in _COLUMN_OF_FIELD.items():
        catalog[name] = table[:, columns.index(column)]
    catalog = catalog[np.argsort(catalog["dec_deg"], kind="stable")]
    catalog.flags.writeable = False
    return catalog


def cone(ra_deg: float, dec_deg: float, radius_deg: float) -> Catalog:
    """Catalogue sources within a radius of an ICRS position; right at RA 0h and at the poles.

    Returns:
        Rows of ``CATALOG_DTYPE``, brightest first.
    """
    catalog = load_nvss()
    low, high = np.searchsorted(catalog["dec_deg"], [dec_deg - radius_deg, dec_deg + radius_deg])
    band = catalog[low : high + 1]
    near = band[separation_rad(ra_deg, dec_deg, band["ra_deg"], band["dec_deg"]) <= np.deg2rad(radius_deg)]
    return np.asarray(near[np.argsort(-near["flux_jy"], kind="stable")])


def nvss_name(ra_deg: float, dec_deg: float) -> str:
    """Name of an NVSS source as the survey gives it, e.g. ``NVSS J133108+303032`` (truncated, not rounded)."""
    seconds = int(ra_deg / 15 * 3600 + 1e-6)
    arcsec = int(abs(dec_deg) * 3600 + 1e-6)
    hours = f"{seconds // 3600:02d}{seconds // 60 % 60:02d}{seconds % 60:02d}"
    degrees = f"{arcsec // 3600:02d}{arcsec // 60 % 60:02d}{arcsec % 60:02d}"
    return f"NVSS J{hours}{'-' if dec_deg < 0 else '+'}{degrees}"
