"""Opening a UVH5 file, and saying in one sentence why it cannot be opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import h5py

from ..contract import StageFailure

_HDF5_SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"
#: The signature may also follow a user block of 512 bytes or any doubling of it.
_SIGNATURE_OFFSETS: Final = (0, 512, 1024, 2048, 4096)


def check_plain_file(path: Path) -> None:
    """Look at a file without parsing it.

    Raises:
        StageFailure: FILE_MISSING, FILE_UNREADABLE, FILE_EMPTY or FILE_NOT_HDF5.
    """
    name = str(path)
    if not path.exists():
        raise StageFailure("FILE_MISSING", f"there is no file {name}", file=name)
    if not path.is_file() or not os.access(path, os.R_OK):
        kind = "is no plain file" if not path.is_file() else "may not be read by this account"
        raise StageFailure("FILE_UNREADABLE", f"{name} {kind}", file=name)
    if path.stat().st_size == 0:
        raise StageFailure("FILE_EMPTY", f"{name} is empty (0 bytes); copy it again from its source", file=name)
    if not _has_signature(path):
        raise StageFailure("FILE_NOT_HDF5", f"{name} is no HDF5 file: it lacks the HDF5 signature", file=name)


def _has_signature(path: Path) -> bool:
    with path.open("rb") as handle:
        for offset in _SIGNATURE_OFFSETS:
            handle.seek(offset)
            if handle.read(len(_HDF5_SIGNATURE)) == _HDF5_SIGNATURE:
                return True
    return False


@contextmanager
def unreadable_is_truncated(path: Path) -> Iterator[None]:
    """Turn what the HDF5 library raises on a damaged file into FILE_TRUNCATED; wrap reads of one file only."""
    try:
        yield
    except (OSError, RuntimeError) as cause:
        reason = str(cause).splitlines()[0] if str(cause) else type(cause).__name__
        message = f"{path} is truncated or damaged; copy it again from its source ({reason})"
        raise StageFailure("FILE_TRUNCATED", message, file=str(path)) from cause


def open_uvh5(path: Path) -> h5py.File:
    """Open a file for reading; close it after use.

    Raises:
        StageFailure: the codes of ``check_plain_file``, FILE_TRUNCATED or FILE_FOREIGN.
    """
    check_plain_file(path)
    with unreadable_is_truncated(path):
        # Files are complete and never written to here; locks fail on some network file systems.
        file = h5py.File(path, "r", locking=False)
    if isinstance(file.get("Header"), h5py.Group) and isinstance(file.get("Data"), h5py.Group):
        return file
    found = ", ".join(sorted(file)) or "nothing"
    file.close()
    message = f"{path} is an HDF5 file of another kind: it has no groups Header and Data (it has: {found})"
    raise StageFailure("FILE_FOREIGN", message, file=str(path))
