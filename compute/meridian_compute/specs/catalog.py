"""``catalog``: a table of sources from a file or from VizieR, with one name and one unit for each column."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..contract import Model

CatalogName = Literal["nvss", "first", "rax", "vlass"]

#: What is read of a catalogue; ``flux`` is the integrated one.
CatalogField = Literal[
    "id", "ra", "dec", "flux", "flux_err", "peak_flux", "maj", "min", "pa", "spectral_index", "crowding"
]


class CatalogCone(Model):
    """Part of the sky to ask VizieR for, ICRS."""

    ra_deg: float = Field(ge=0, lt=360)
    dec_deg: float = Field(ge=-90, le=90)
    radius_deg: float = Field(gt=0, le=30)


class CatalogSpec(Model):
    """Either ``file`` or ``cone``. Columns and units that are not given are taken from what the file says."""

    stage: Literal["catalog"] = "catalog"
    name: CatalogName
    file: str | None = Field(default=None, description="FITS, VOTable, CSV or another text table")
    cone: CatalogCone | None = Field(default=None, description="ask VizieR instead")
    columns: dict[CatalogField, str] = Field(default={}, description="column of the file for a field")
    units: dict[CatalogField, str] = Field(default={}, description="unit of a field, where the file says none or lies")
    freq_hz: float | None = Field(default=None, gt=0, description="of the fluxes; None: the survey's own")
    timeout_s: float = Field(default=30.0, gt=0, description="for VizieR to answer")


class CatalogSummary(Model):
    """Counts and what was taken from where; the rows are in the output ``table`` (CSV)."""

    name: CatalogName
    file_name: str = Field(description="of the file, or VizieR's name of the table")
    file_sha256: str
    columns: dict[str, str] = Field(description="field to the column it was read from, with its unit")
    freq_hz: float
    flux_kind: Literal["integrated", "peak"]
    n_read: int
    n_rows: int
    rejected: dict[str, int] = Field(description="reason to number of rows that were left out for it")
    n_ids_doubled: int = Field(description="rows whose id is not unique: kept without it")
