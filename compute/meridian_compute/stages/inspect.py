"""``inspect``: what is in UVH5 files, measurement sets and FITS images, or why they cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from ..contract import Stage, StageFailure
from ..specs.convert import InspectedFile, InspectSpec, InspectSummary
from ..uvh5.header import subband_of

Kind = Literal["uvh5", "ms", "fits", "unknown"]

_FITS_SIGNATURE = b"SIMPLE  ="
_SUFFIXES: dict[str, Kind] = {
    ".hdf5": "uvh5", ".h5": "uvh5", ".uvh5": "uvh5", ".fits": "fits", ".fit": "fits", ".ms": "ms",
}  # fmt: skip


def main(spec: InspectSpec, stage: Stage) -> InspectSummary:
    """Look at each path; a file that cannot be read is an entry with its error, not a failure of the stage."""
    files = []
    for number, name in enumerate(spec.paths, start=1):
        files.append(inspect_path(Path(name), read_data=spec.read_data))
        stage.events.progress(number / len(spec.paths), f"{number} of {len(spec.paths)}: {name}")
    return InspectSummary(files=files)


def inspect_path(path: Path, *, read_data: bool) -> InspectedFile:
    """Describe one file or measurement set."""
    kind = _kind_of(path)
    try:
        return _inspect(path, kind, read_data=read_data)
    except StageFailure as failure:
        return InspectedFile(
            path=str(path),
            kind=kind,
            status="error",
            error_code=failure.code,
            error=failure.message,
            subband=subband_of(path),
            size_bytes=path.stat().st_size if path.is_file() else None,
        )


def _kind_of(path: Path) -> Kind:
    """By content where there is some, by name otherwise."""
    if path.is_dir():
        return "ms" if (path / "table.dat").exists() else _SUFFIXES.get(path.suffix.lower(), "unknown")
    try:
        with path.open("rb") as handle:
            if handle.read(len(_FITS_SIGNATURE)) == _FITS_SIGNATURE:
                return "fits"
    except OSError:
        return _SUFFIXES.get(path.suffix.lower(), "unknown")
    if path.name.lower().endswith(".fits.gz"):
        return "fits"
    return _SUFFIXES.get(path.suffix.lower(), "unknown")


def _inspect(path: Path, kind: Kind, *, read_data: bool) -> InspectedFile:
    # Each kind needs libraries that take long to import, so only the one that is asked for is.
    if kind == "ms":
        from ..inspection.ms_folder import inspect_ms

        return inspect_ms(path)
    if kind == "fits" and path.is_file():
        from ..inspection.fits_file import inspect_fits

        return inspect_fits(path, read_data=read_data)
    from ..inspection.uvh5_file import inspect_uvh5

    return inspect_uvh5(path, read_data=read_data)
