"""What a measurement set holds, as imaging needs it: baselines, weights per time and channel, polarisations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .. import site
from ..beam import BeamTrack
from ..contract import StageFailure
from ..ms_summary import open_table, read_columns, summarize_ms
from ..specs.common import MsSummary

Float = NDArray[np.float64]

_ROWS_AT_ONCE = 20_000
#: CASA codes of correlations that hold Stokes I of an unpolarised source, and what WSClean calls them.
_HAND_NAMES: Final = {5: "RR", 8: "LL", 9: "XX", 12: "YY"}
_PAIRS: Final = (frozenset({"XX", "YY"}), frozenset({"RR", "LL"}))


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """The unflagged data of one field and one spectral window.

    Attributes:
        path: measurement set.
        summary: what is in it.
        column: data column to image.
        polarization: what to image, as WSClean calls it: "I", or one hand where the other is missing.
        mjd_utc: (n_time,), mid-integrations, ascending.
        freq_hz: (n_freq,), channel centres.
        channel_width_hz: (n_freq,), positive.
        weights: (n_time, n_freq), sum of the unflagged weights of each cell.
        n_samples: number of unflagged visibilities of the hands that are imaged.
        integration_s: length of an integration.
        uv_m: (n_row, 2), u and v of the rows with data.
        row_weights: (n_row,), sum of the unflagged weights of each of these rows.
    """

    path: Path
    summary: MsSummary
    column: str
    polarization: str
    mjd_utc: Float
    freq_hz: Float
    channel_width_hz: Float
    weights: Float
    n_samples: int
    integration_s: float
    uv_m: Float
    row_weights: Float

    @property
    def nu_eff_hz(self) -> float:
        """Mean frequency of the unflagged data, by weight."""
        return float(np.average(self.freq_hz, weights=self.weights.sum(axis=0)))

    @property
    def bandwidth_hz(self) -> float:
        """Sum of the widths of the channels that have data."""
        return float(self.channel_width_hz[self.weights.sum(axis=0) > 0].sum())

    def beam_track(self) -> BeamTrack | None:
        """What the mean primary beam depends on; None if the dish diameter is not known."""
        diameter = self.summary.dish_diameter_m
        if diameter is None:
            return None
        pointing = self.summary.pointing_dec_deg
        tracked = (self.summary.phase_ra_deg, self.summary.phase_dec_deg) if pointing is None else None
        return BeamTrack(
            mjd_utc=self.mjd_utc,
            freq_hz=self.freq_hz,
            weights=self.weights,
            pointing_dec_deg=pointing if pointing is not None else self.summary.phase_dec_deg,
            diameter_m=diameter,
            tracked_deg=tracked,
        )


def read_coverage(ms: Path, wanted_column: str) -> Coverage:
    """Read what imaging needs to know, in one pass over flags and weights.

    Args:
        ms: calibrated measurement set of one field and one spectral window.
        wanted_column: DATA, CORRECTED_DATA, or auto: CORRECTED_DATA where there is one.

    Raises:
        StageFailure: FILE_MISSING, MS_INVALID (no such column, several fields or windows, no parallel hand), or
            DATA_ALL_FLAGGED.
    """
    _require_one(ms, "FIELD")
    _require_one(ms, "DATA_DESCRIPTION")
    column = _column(ms, wanted_column)
    hands, polarization = _hands(ms)
    summary = summarize_ms(ms)
    freq, width = (values[0] for values in read_columns(f"{ms}::SPECTRAL_WINDOW", "CHAN_FREQ", "CHAN_WIDTH"))
    time_s, uvw = read_columns(ms, "TIME", "UVW")
    antenna1, antenna2 = read_columns(ms, "ANTENNA1", "ANTENNA2")
    times, time_of_row = np.unique(time_s, return_inverse=True)
    per_row, weights, n_samples = _sum_weights(ms, hands, (time_of_row, len(times), len(freq)))
    used = (per_row > 0) & (antenna1 != antenna2)
    if not used.any():
        raise StageFailure(
            "DATA_ALL_FLAGGED", f"every visibility of {ms} is flagged: there is nothing to image", file=str(ms)
        )
    with open_table(ms) as main:
        integration_s = float(np.median(main.getcol("INTERVAL")))
    return Coverage(
        path=ms, summary=summary, column=column, polarization=polarization, mjd_utc=times / site.SECONDS_PER_DAY,
        freq_hz=freq, channel_width_hz=np.abs(width), weights=weights, n_samples=n_samples,
        integration_s=integration_s, uv_m=uvw[used, :2], row_weights=per_row[used],
    )  # fmt: skip


def _require_one(ms: Path, subtable: str) -> None:
    with open_table(f"{ms}::{subtable}") as rows:
        if rows.nrows() != 1:
            message = f"{ms} has {rows.nrows()} rows in {subtable}; one field and one spectral window are expected"
            raise StageFailure("MS_INVALID", message, file=str(ms))


def _column(ms: Path, wanted: str) -> str:
    with open_table(ms) as main:
        names = set(main.colnames())
    column = wanted if wanted != "auto" else "CORRECTED_DATA" if "CORRECTED_DATA" in names else "DATA"
    if column not in names:
        raise StageFailure("MS_INVALID", f"{ms} has no column {column}", file=str(ms), column=column)
    return column


def _hands(ms: Path) -> tuple[list[int], str]:
    """Indices of the correlations to image, and what WSClean calls their sum."""
    (codes,) = read_columns(f"{ms}::POLARIZATION", "CORR_TYPE")
    names = {index: _HAND_NAMES[int(code)] for index, code in enumerate(codes[0]) if int(code) in _HAND_NAMES}
    if not names:
        raise StageFailure("MS_INVALID", f"{ms} has none of the correlations XX, YY, RR and LL", file=str(ms))
    both = next((pair for pair in _PAIRS if pair <= set(names.values())), None)
    if both is None:
        index, name = next(iter(names.items()))
        return [index], name
    return [index for index, name in names.items() if name in both], "I"


def _sum_weights(ms: Path, hands: list[int], grid: tuple[NDArray[Any], int, int]) -> tuple[Float, Float, int]:
    """Unflagged weights: of each row, of each (time, channel), and the number of unflagged visibilities.

    Autocorrelations do not count. WEIGHT_SPECTRUM is used where it is filled, else WEIGHT.
    """
    time_of_row, n_times, n_freqs = grid
    per_row, weights, n_samples = np.zeros(len(time_of_row)), np.zeros((n_times, n_freqs)), 0
    with open_table(ms) as main:
        spectrum = "WEIGHT_SPECTRUM" in main.colnames() and bool(main.iscelldefined("WEIGHT_SPECTRUM", 0))
        for start in range(0, main.nrows(), _ROWS_AT_ONCE):
            rows = slice(start, min(start + _ROWS_AT_ONCE, main.nrows()))
            count = rows.stop - start
            flags = np.asarray(main.getcol("FLAG", start, count))[:, :, hands]
            flags |= np.asarray(main.getcol("FLAG_ROW", start, count))[:, None, None]
            flags |= (main.getcol("ANTENNA1", start, count) == main.getcol("ANTENNA2", start, count))[:, None, None]
            if spectrum:
                weight = np.asarray(main.getcol("WEIGHT_SPECTRUM", start, count))[:, :, hands]
            else:
                weight = np.broadcast_to(np.asarray(main.getcol("WEIGHT", start, count))[:, None, hands], flags.shape)
            weight = np.where(flags, 0, weight).sum(axis=2)
            per_row[rows] = weight.sum(axis=1)
            np.add.at(weights, time_of_row[rows], weight)
            n_samples += int((~flags).sum())
    return per_row, weights, n_samples
