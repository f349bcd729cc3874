"""Header fields by name, each checked, each failure naming file and field."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from ..contract import StageFailure


class HeaderFields:
    """Access to the ``Header`` group of one file."""

    def __init__(self, path: Path, group: h5py.Group) -> None:
        self._path = path
        self._group = group

    def __contains__(self, name: str) -> bool:
        return name in self._group

    def names(self, folder: str) -> list[str]:
        """Members of a group below ``Header``; none if it is not there."""
        return list(self._group[folder]) if isinstance(self._group.get(folder), h5py.Group) else []

    def missing(self, name: str) -> StageFailure:
        """Failure for a field that is not there."""
        message = f"{self._path} has no Header/{name}"
        return StageFailure("HEADER_FIELD_MISSING", message, file=str(self._path), field=f"Header/{name}")

    def invalid(self, name: str, why: str) -> StageFailure:
        """Failure for a field whose value cannot be right."""
        message = f"{self._path}: Header/{name} is wrong: {why}"
        return StageFailure("HEADER_FIELD_INVALID", message, file=str(self._path), field=f"Header/{name}")

    def _dataset(self, name: str) -> h5py.Dataset:
        dataset = self._group.get(name)
        if not isinstance(dataset, h5py.Dataset):
            raise self.missing(name)
        return dataset

    def count(self, name: str) -> int:
        """A positive integer."""
        value = self.number(name)
        if value != int(value) or value < 1:
            raise self.invalid(name, f"it is {value}; a positive whole number is expected")
        return int(value)

    def number(self, name: str) -> float:
        """A finite number."""
        return float(self.array(name, (), (1,)).reshape(-1)[0])

    def array(self, name: str, *shapes: tuple[int, ...]) -> NDArray[np.float64]:
        """Finite numbers, as float64, of one of the given shapes (of any shape if none is given).

        Raises:
            StageFailure: HEADER_FIELD_MISSING, HEADER_FIELD_INVALID or SHAPE_MISMATCH.
        """
        dataset = self._dataset(name)
        if dataset.dtype.kind not in "iufb":
            raise self.invalid(name, f"numbers are expected, it holds {dataset.dtype}")
        if shapes and dataset.shape not in shapes:
            expected = " or ".join(str(shape) for shape in shapes)
            message = f"{self._path}: Header/{name} has shape {dataset.shape}; expected {expected}"
            raise StageFailure("SHAPE_MISMATCH", message, file=str(self._path), field=f"Header/{name}")
        values = np.asarray(dataset[()], dtype=np.float64)
        if not np.isfinite(values).all():
            raise self.invalid(name, "it holds NaN or infinity")
        return values

    def text(self, name: str, default: str | None = None) -> str:
        """Text; ``default`` if the field is not there and a default is given."""
        if name not in self._group and default is not None:
            return default
        value = self._dataset(name)[()]
        if isinstance(value, np.ndarray) and value.size == 1:
            value = value.reshape(-1)[0]
        if isinstance(value, bytes):
            return value.decode("utf-8", errors="replace").strip()
        if isinstance(value, str):
            return value.strip()
        raise self.invalid(name, "text is expected")

    def texts(self, name: str) -> list[str]:
        """A list of texts."""
        values = np.asarray(self._dataset(name)[()]).reshape(-1)
        return [value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in values]
