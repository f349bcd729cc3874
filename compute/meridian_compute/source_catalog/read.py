"""Reading a table of sources, whatever format it is in."""

from __future__ import annotations

import gzip
import warnings
from pathlib import Path
from typing import Any

from ..contract import StageFailure

_GZIP = b"\x1f\x8b"
_HEAD_BYTES = 4096
#: Separators of text tables, the likeliest first.
_SEPARATORS = (",", "\t", ";", "|")


def read_table(path: str | Path) -> Any:
    """Read a FITS table, a VOTable, an ECSV, CSV or other separated text file; each may be gzipped.

    Returns:
        An astropy ``Table``, with units where the file says them.

    Raises:
        StageFailure: FILE_MISSING, FILE_EMPTY, FILE_TRUNCATED, or CATALOG_INVALID naming the file.
    """
    file = Path(path)
    if not file.is_file():
        raise StageFailure("FILE_MISSING", f"there is no catalogue at {file}", file=str(file))
    head = _head(file)
    if not head.strip():
        raise StageFailure("FILE_EMPTY", f"the catalogue {file} is empty", file=str(file))
    try:
        with warnings.catch_warnings():
            # Units that astropy does not know are asked for by name where a column of theirs is wanted.
            warnings.simplefilter("ignore")
            table = _read(file, head)
    except StageFailure:
        raise
    except Exception as cause:
        message = f"{file} is no table of sources that can be read (FITS, VOTable, CSV): {cause}"
        raise StageFailure("CATALOG_INVALID", message, file=str(file)) from cause
    if len(table) == 0:
        raise StageFailure("FILE_EMPTY", f"the catalogue {file} has no rows", file=str(file))
    return table


def _head(file: Path) -> bytes:
    with file.open("rb") as raw:
        magic = raw.read(len(_GZIP))
    try:
        if magic == _GZIP:
            with gzip.open(file) as unpacked:
                return unpacked.read(_HEAD_BYTES)
        with file.open("rb") as raw:
            return raw.read(_HEAD_BYTES)
    except EOFError as cause:
        raise StageFailure("FILE_TRUNCATED", f"the catalogue {file} ends too early", file=str(file)) from cause


def _read(file: Path, head: bytes) -> Any:
    from astropy.table import Table

    if head.startswith(b"SIMPLE  ="):
        return _read_fits(file)
    if b"<VOTABLE" in head or head.lstrip().startswith(b"<?xml"):
        return Table.read(file, format="votable", table_id=0)
    if head.startswith(b"# %ECSV"):
        return Table.read(file, format="ascii.ecsv")
    return Table.read(file, format="ascii.csv", delimiter=_separator(head), comment="#")


def _read_fits(file: Path) -> Any:
    from astropy.io import fits
    from astropy.table import Table

    with fits.open(file) as units:
        tables = [index for index, unit in enumerate(units) if isinstance(unit, (fits.BinTableHDU, fits.TableHDU))]
    if not tables:
        raise StageFailure("CATALOG_INVALID", f"{file} is a FITS file without a table", file=str(file))
    return Table.read(file, format="fits", hdu=tables[0])


def _separator(head: bytes) -> str:
    lines = head.decode("utf-8", errors="replace").splitlines()
    header = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    return max(_SEPARATORS, key=header.count)
