"""The flux scale of a solution against the NVSS, from the calibrator's neighbours in its own field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import site
from ..model import Observation, PointSourceModel
from ..ms_summary import open_table
from ..specs.common import SourceModel
from .solving_set import Binning, SolvingSet, rows_of_bins

Complex = NDArray[np.complex64]

_MOST_SOURCES = 20
_FEWEST_SOURCES = 5
#: A source counts when its fitted flux is so many times its error.
_MIN_SNR = 5.0
#: So many channels are enough, and save time.
_CHANNELS = 24


class _NormalEquations:
    """Linear least squares for the factors of some sources, summed up in pieces."""

    def __init__(self, n_sources: int) -> None:
        self.matrix = np.zeros((n_sources, n_sources))
        self.vector = np.zeros(n_sources)
        self.power = 0.0
        self.count = 0

    def add(self, models: Complex, residual: Complex, good: NDArray[np.bool_]) -> None:
        """Add samples: models (n_source, n_row, n_channel), residual and good (n_row, n_channel)."""
        columns = np.where(good, models, 0).reshape(len(models), -1)
        values = np.where(good, residual, 0).ravel()
        self.matrix += (columns.conj() @ columns.T).real
        self.vector += (columns.conj() @ values).real
        self.power += float(np.vdot(values, values).real)
        self.count += int(good.sum())

    def solve(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Factors and their errors; every complex sample counts as two."""
        factors = np.linalg.solve(self.matrix, self.vector)
        variance = max(self.power - float(factors @ self.vector), 0.0) / max(2 * self.count - len(factors), 1)
        errors = np.sqrt(variance * np.diag(np.linalg.inv(self.matrix)))
        return np.asarray(factors, dtype=np.float64), np.asarray(errors, dtype=np.float64)


@dataclass(frozen=True, kw_only=True)
class Calibrated:
    """A measurement set whose gains are known.

    Attributes:
        ms: read only.
        binning: how its averaged set was made.
        solving: the averaged set.
        corrected: shape (n_row, n_channel, n_correlation), calibrated data of the averaged set.
        observation: times, channels and beam.
    """

    ms: Path
    binning: Binning
    solving: SolvingSet
    corrected: Complex
    observation: Observation


def neighbour_ratio(calibrated: Calibrated, calibrator: SourceModel, neighbours: Sequence[SourceModel]) -> float | None:
    """Median over neighbours of the flux fitted to calibrated data over the flux in the catalogue.

    The amplitudes of the neighbours are fitted together to what the calibrator leaves of the data. A flux scale that
    is too high by some factor makes them brighter by it.

    Args:
        calibrated: the data.
        calibrator: as modelled when it was solved.
        neighbours: catalogue sources, brightest apparent flux first.

    Returns:
        The ratio, or None where fewer than five neighbours stand out of the noise.
    """
    fitted = list(neighbours)[:_MOST_SOURCES]
    if len(fitted) < _FEWEST_SOURCES:
        return None
    channels = slice(None, None, max(1, calibrated.observation.freq_hz.size // _CHANNELS))
    narrow = replace(calibrated.observation, freq_hz=calibrated.observation.freq_hz[channels])
    known = PointSourceModel([calibrator, *neighbours[_MOST_SOURCES:]], narrow)
    models = [PointSourceModel([source], narrow) for source in fitted]
    equations = _NormalEquations(len(models))
    for index, rows in enumerate(rows_of_bins(calibrated.ms, calibrated.binning)):
        part = _read_bin(calibrated, index, rows, channels)
        columns = np.stack([part.model(model) for model in models])
        equations.add(columns, part.stokes_i - part.model(known), part.good)
    factors, errors = equations.solve()
    strong = factors > _MIN_SNR * errors
    return float(np.median(factors[strong])) if strong.sum() >= _FEWEST_SOURCES else None


@dataclass(frozen=True)
class _Part:
    """Calibrated Stokes I of some rows (n_row, n_channel) and where they are."""

    stokes_i: Complex
    good: NDArray[np.bool_]
    uvw_m: NDArray[np.float64]
    antennas: tuple[NDArray[Any], NDArray[Any]]
    mjd_utc: NDArray[np.float64]

    def model(self, model: PointSourceModel) -> Complex:
        """Model visibilities of these rows."""
        return model.visibilities(self.uvw_m, self.antennas, self.mjd_utc)


def _read_bin(calibrated: Calibrated, index: int, rows: NDArray[np.intp], channels: slice) -> _Part:
    """Rows of one bin, calibrated with the ratio of corrected to raw of the bin's average."""
    solving = calibrated.solving
    with open_table(calibrated.ms) as main:
        part = main.selectrows(rows)
        data = np.asarray(part.getcol("DATA"))[:, channels, solving.hands]
        flags = (part.getcol("FLAG") | part.getcol("FLAG_ROW")[:, None, None])[:, channels, solving.hands]
        antenna1, antenna2, uvw_m, time_s = (part.getcol(name) for name in ("ANTENNA1", "ANTENNA2", "UVW", "TIME"))
    of_bin = np.flatnonzero(solving.bin_of_row == index)
    n_antennas = int(max(solving.antenna1.max(), solving.antenna2.max())) + 1
    keys = solving.antenna1[of_bin].astype(np.int64) * n_antennas + solving.antenna2[of_bin]
    averaged = of_bin[np.searchsorted(keys, antenna1.astype(np.int64) * n_antennas + antenna2)]
    before = solving.data[averaged][:, channels, solving.hands]
    after = calibrated.corrected[averaged][:, channels, solving.hands]
    good = ~flags & ~solving.flags[averaged][:, channels, solving.hands] & (before != 0) & np.isfinite(data)
    ratio = np.divide(after, before, out=np.zeros_like(after), where=before != 0)
    count = good.sum(axis=2)
    total = np.where(good, data * ratio, 0).sum(axis=2)
    return _Part(
        stokes_i=total / np.maximum(count, 1).astype(np.float32),
        good=count > 0,
        uvw_m=uvw_m,
        antennas=(antenna1, antenna2),
        mjd_utc=time_s / site.SECONDS_PER_DAY,
    )
