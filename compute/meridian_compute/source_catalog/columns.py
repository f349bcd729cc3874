"""From the columns of a published catalogue to plain arrays in one unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

import numpy as np
from numpy.typing import NDArray

from ..contract import StageFailure
from ..specs.catalog import CatalogField, CatalogSpec
from .dialects import AEGEAN_COLUMNS, AEGEAN_UNITS, UNIT_SUFFIXES, candidates

#: Units of the fields after reading; those that are not here have none.
UNIT_OF_FIELD: Final[Mapping[CatalogField, str]] = {
    "ra": "deg",
    "dec": "deg",
    "flux": "Jy",
    "flux_err": "Jy",
    "peak_flux": "Jy",
    "maj": "arcsec",
    "min": "arcsec",
    "pa": "deg",
}

#: numpy gives its masked arrays no types.
_masked: Any = np.ma.array

_REQUIRED: Final[tuple[CatalogField, ...]] = ("ra", "dec")


@dataclass(frozen=True)
class CatalogColumns:
    """Fields of a catalogue, each of shape (n_rows,).

    Attributes:
        numbers: in the units of ``UNIT_OF_FIELD``; NaN where the catalogue gives nothing.
        ids: the catalogue's own names of its rows, empty where there is none.
        origin: field to the column it was read from, with its unit.
    """

    numbers: Mapping[CatalogField, NDArray[np.float64]]
    ids: NDArray[np.str_]
    origin: Mapping[str, str]


def read_columns(table: Any, spec: CatalogSpec, source: str) -> CatalogColumns:
    """Find, read and convert every field that a table has.

    Args:
        table: an astropy ``Table``.
        spec: names the survey, and columns and units that are not to be guessed.
        source: the file, for messages.

    Raises:
        StageFailure: CATALOG_INVALID naming file and column, and what to pass, when a column or a unit is missing or
            a column does not hold what it should.
    """
    names = {field: _column_name(table, spec, field, source) for field in get_args(CatalogField)}
    if names["flux"] is None and names["peak_flux"] is None:
        raise _missing("flux", spec, source, table)
    numbers: dict[CatalogField, NDArray[np.float64]] = {}
    origin: dict[str, str] = {}
    for field, name in names.items():
        if name is None:
            continue
        origin[field] = name
        if field != "id":
            numbers[field], unit = _converted(table, name, field, spec, source)
            origin[field] = f"{name} [{unit}]" if unit else name
    ids = np.full(len(table), "", dtype=np.str_) if names["id"] is None else _texts(table[names["id"]])
    return CatalogColumns(numbers=numbers, ids=ids, origin=origin)


def _column_name(table: Any, spec: CatalogSpec, field: CatalogField, source: str) -> str | None:
    asked = spec.columns.get(field)
    if asked is not None:
        if asked in table.colnames:
            return asked
        raise StageFailure(
            "CATALOG_INVALID",
            f"{source} has no column {asked!r} for {field}; its columns are {_listed(table)}",
            file=source,
            column=asked,
        )
    for name in candidates(spec.name, field):
        if name in table.colnames:
            return name
    if field in _REQUIRED:
        raise _missing(field, spec, source, table)
    return None


def _missing(field: CatalogField, spec: CatalogSpec, source: str, table: Any) -> StageFailure:
    wanted = ", ".join(candidates(spec.name, field))
    message = (
        f"{source} has no column for {field} (looked for {wanted}); its columns are {_listed(table)}. "
        f"Pass --columns {field}=NAME"
    )
    return StageFailure("CATALOG_INVALID", message, file=source, column=field)


def _listed(table: Any) -> str:
    return ", ".join(table.colnames[:30]) + (", …" if len(table.colnames) > 30 else "")


def _converted(
    table: Any, name: str, field: CatalogField, spec: CatalogSpec, source: str
) -> tuple[NDArray[np.float64], str]:
    """Values of a column in the field's unit, and the unit they were in."""
    column = table[name]
    if field in ("ra", "dec") and column.dtype.kind in "SUO":
        return _angles(column, name, field, source), "sexagesimal"
    try:
        values = np.asarray(_masked(column, dtype=np.float64).filled(np.nan), dtype=np.float64)
    except (TypeError, ValueError) as cause:
        raise StageFailure(
            "CATALOG_INVALID", f"column {name!r} of {source} holds no numbers: {cause}", file=source, column=name
        ) from cause
    wanted = UNIT_OF_FIELD.get(field)
    if wanted is None:
        return values, ""
    unit = _unit(table, name, field, spec, source)
    return values * _factor(unit, wanted, name, source), unit


def _unit(table: Any, name: str, field: CatalogField, spec: CatalogSpec, source: str) -> str:
    """Of the spec, of the file, of the ending of the name, or of the format: the first that says one."""
    asked = spec.units.get(field)
    if asked is not None:
        return asked
    if table[name].unit is not None:
        return str(table[name].unit)
    for suffix, unit in UNIT_SUFFIXES.items():
        if name.lower().endswith(suffix):
            return unit
    if set(table.colnames) >= AEGEAN_COLUMNS and field in AEGEAN_UNITS:
        return AEGEAN_UNITS[field]
    message = f"column {name!r} of {source} has no unit. Pass --units {field}=UNIT, such as {UNIT_OF_FIELD[field]}"
    raise StageFailure("CATALOG_INVALID", message, file=source, column=name)


def _factor(unit: str, wanted: str, name: str, source: str) -> float:
    from astropy import units

    try:
        given = units.Unit(unit)
        if given.is_equivalent(units.Jy / units.beam):
            given = given * units.beam
        return float(given.to(units.Unit(wanted)))
    except (ValueError, TypeError, units.UnitConversionError) as cause:
        message = f"column {name!r} of {source} is in {unit!r}, which is no unit of {wanted}. Pass another with --units"
        raise StageFailure("CATALOG_INVALID", message, file=source, column=name) from cause


def _angles(column: Any, name: str, field: CatalogField, source: str) -> NDArray[np.float64]:
    """Degrees of texts such as ``06 00 02.02`` (hours for right ascension); NaN where there is none."""
    from astropy.coordinates import Angle

    texts = _texts(column)
    given = texts != ""
    degrees = np.full(len(texts), np.nan)
    try:
        unit = "hourangle" if field == "ra" else "deg"
        degrees[given] = Angle(texts[given], unit=unit).to_value("deg")
    except ValueError as cause:
        message = f"column {name!r} of {source} holds no angles such as 13 31 08.3: {cause}"
        raise StageFailure("CATALOG_INVALID", message, file=source, column=name) from cause
    return degrees


def _texts(column: Any) -> NDArray[np.str_]:
    return np.char.strip(_masked(column).astype(np.str_).filled(""))
