"""Where to measure: positions from the spec, from a JSON or CSV file, or from the catalogue."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..contract import StageFailure
from ..specs.photometry import PhotometryPosition

_RA_NAMES = ("ra_deg", "ra")
_DEC_NAMES = ("dec_deg", "dec")
_ID_NAMES = ("id", "source_id", "name")


def read_positions(path: str | Path) -> list[PhotometryPosition]:
    """Read positions from a file.

    JSON: a list of objects with ``ra_deg`` and ``dec_deg`` (or ``ra``, ``dec``) and an optional ``id``, or of pairs
    ``[ra_deg, dec_deg]``; the list may stand under ``positions`` or ``coordinates``. CSV: a header line with the same
    names. A position without id is called by its place in the file, from 1.

    Raises:
        StageFailure: FILE_MISSING, FILE_EMPTY, or SPEC_INVALID naming file and row.
    """
    file = Path(path)
    if not file.is_file():
        raise StageFailure("FILE_MISSING", f"there is no file of positions at {file}", file=str(file))
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as cause:
        raise StageFailure("SPEC_INVALID", f"{file} is neither JSON nor CSV text", file=str(file)) from cause
    if not text.strip():
        raise StageFailure("FILE_EMPTY", f"the file of positions {file} is empty", file=str(file))
    rows = _json_rows(file, text) if text.lstrip()[0] in "[{" else _csv_rows(file, text)
    return [_position(file, number, row) for number, row in enumerate(rows, start=1)]


def _json_rows(file: Path, text: str) -> list[Any]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as cause:
        raise StageFailure("SPEC_INVALID", f"{file} is no JSON: {cause}", file=str(file)) from cause
    if isinstance(document, dict):
        document = document.get("positions", document.get("coordinates"))
    if not isinstance(document, list):
        raise StageFailure("SPEC_INVALID", f"{file} holds no list of positions", file=str(file))
    return document


def _csv_rows(file: Path, text: str) -> list[Any]:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    reader = csv.DictReader(lines, skipinitialspace=True)
    names = {str(name).strip().lower() for name in reader.fieldnames or []}
    if not (names & set(_RA_NAMES) and names & set(_DEC_NAMES)):
        raise StageFailure(
            "SPEC_INVALID", f"{file} has no columns ra_deg and dec_deg in its first line", file=str(file)
        )
    return [{str(key).strip().lower(): value for key, value in row.items()} for row in reader]


def _position(file: Path, number: int, row: Any) -> PhotometryPosition:
    if isinstance(row, (list, tuple)) and len(row) == 2:
        row = {"ra_deg": row[0], "dec_deg": row[1]}
    if not isinstance(row, Mapping):
        raise StageFailure("SPEC_INVALID", f"{file}, position {number}: neither an object nor a pair", file=str(file))
    values = []
    for names in (_RA_NAMES, _DEC_NAMES):
        text = next((row[name] for name in names if row.get(name) not in (None, "")), None)
        values.append(_degrees(text, f"{file}, position {number}: {names[0]}"))
    name = next((str(row[key]) for key in _ID_NAMES if row.get(key) not in (None, "")), str(number))
    return checked_position(PhotometryPosition(id=name, ra_deg=values[0], dec_deg=values[1]), f"{file}, ")


def _degrees(text: Any, where: str) -> float:
    try:
        value = float(text)
    except (TypeError, ValueError):
        value = math.nan
    if not math.isfinite(value):
        raise StageFailure("SPEC_INVALID", f"{where} is {text!r}, a number of degrees is needed")
    return value


def checked_position(position: PhotometryPosition, where: str = "") -> PhotometryPosition:
    """A position with its right ascension in [0, 360).

    Raises:
        StageFailure: SPEC_INVALID if it is not on the sky.
    """
    if not (-360 <= position.ra_deg <= 360 and -90 <= position.dec_deg <= 90):
        raise StageFailure(
            "SPEC_INVALID",
            f"{where}position {position.id}: ra_deg {position.ra_deg}, dec_deg {position.dec_deg} is not on the sky",
        )
    if 0 <= position.ra_deg < 360:
        return position
    return position.model_copy(update={"ra_deg": position.ra_deg % 360})
