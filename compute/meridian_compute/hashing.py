"""Content hashes of files and folders, the same as the registry's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

#: casacore writes ``table.lock`` whenever a table is opened: not content.
LOCK_FILE_NAMES = frozenset({"table.lock"})


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def content_files(folder: Path) -> Iterator[Path]:
    """Files of a folder that count as content, in order of their relative path."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in LOCK_FILE_NAMES)
    yield from sorted(files, key=lambda path: path.relative_to(folder).as_posix())


def folder_size_bytes(folder: Path) -> int:
    """Sum of the sizes of a folder's content files, in bytes."""
    return sum(path.stat().st_size for path in content_files(folder))


def hash_folder(folder: Path) -> str:
    """SHA-256 over the sorted lines "relative path, tab, size, tab, SHA-256, newline" of a folder's content files."""
    digest = hashlib.sha256()
    for path in content_files(folder):
        line = f"{path.relative_to(folder).as_posix()}\t{path.stat().st_size}\t{hash_file(path)}\n"
        digest.update(line.encode())
    return digest.hexdigest()
