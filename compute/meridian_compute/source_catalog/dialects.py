"""What published catalogues call their columns, and which units a format means without saying."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..specs.catalog import CatalogField, CatalogName


@dataclass(frozen=True)
class Survey:
    """A survey as VizieR has it."""

    vizier_table: str
    freq_hz: float
    #: Columns that hold the catalogue's own name of a row, and its fluxes, before the names that all surveys share.
    columns: Mapping[CatalogField, Sequence[str]]


SURVEYS: Mapping[CatalogName, Survey] = {
    "nvss": Survey("VIII/65/nvss", 1.4e9, {"id": ["NVSS"], "flux": ["S1.4"], "flux_err": ["e_S1.4"]}),
    "first": Survey("VIII/92/first14", 1.4e9, {"id": ["FIRST"], "flux": ["Fint"], "peak_flux": ["Fpeak"]}),
    "rax": Survey("J/other/PASA/38.58/galcut", 887.5e6, {"id": ["SID", "GID", "Source_ID", "Gaussian_ID"]}),
    "vlass": Survey("J/ApJS/255/30/comp", 3e9, {"id": ["CompName", "Component_name"]}),
}

#: Names of columns in the order in which they are looked for; VizieR's, PyBDSF's, Aegean's, then our own.
COLUMNS: Mapping[CatalogField, Sequence[str]] = {
    "id": ["catalog_id", "id", "name", "uuid"],
    "ra": ["_RAJ2000", "RAJ2000", "RA_ICRS", "ra_deg", "ra"],
    "dec": ["_DEJ2000", "DEJ2000", "DE_ICRS", "dec_deg", "dec"],
    "flux": ["Ftot", "Total_flux", "int_flux", "flux_int", "flux_jy", "flux_mjy", "flux"],
    "flux_err": ["e_Ftot", "E_Total_flux", "err_int_flux", "flux_err_jy", "flux_err_mjy", "flux_err"],
    "peak_flux": ["Fpeak", "Fpk", "Peak_flux", "peak_flux", "peak_flux_jy", "peak_flux_mjy"],
    "maj": ["MajAxis", "Maj", "amaj", "maj_arcsec", "a"],
    "min": ["MinAxis", "Min", "bmin", "min_arcsec", "b"],
    "pa": ["PA", "pa_deg"],
    "spectral_index": ["SpIndex", "spectral_index", "alpha"],
    "crowding": ["crowding"],
}

#: Endings of names that say the unit.
UNIT_SUFFIXES: Mapping[str, str] = {
    "_deg": "deg",
    "_arcsec": "arcsec",
    "_ujy": "uJy",
    "_mjy": "mJy",
    "_jy": "Jy",
}

#: Columns by which a table of Aegean is known; its manual says the units, its files do not.
AEGEAN_COLUMNS = frozenset({"island", "source", "local_rms", "peak_flux", "int_flux"})
AEGEAN_UNITS: Mapping[CatalogField, str] = {
    "ra": "deg",
    "dec": "deg",
    "flux": "Jy",
    "flux_err": "Jy",
    "peak_flux": "Jy",
    "maj": "arcsec",
    "min": "arcsec",
    "pa": "deg",
}


def candidates(survey: CatalogName, field: CatalogField) -> list[str]:
    """Names under which a survey's file may have a field, the likeliest first."""
    return [*SURVEYS[survey].columns.get(field, []), *COLUMNS[field]]
