"""The table of matches: one line for each expected source in the image."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .completeness import Blind
from .matches import Matches

COLUMNS: Final = (
    "name", "ra_deg", "dec_deg", "n_merged", "expected_jy", "measured_jy", "error_jy", "local_rms_jy", "expected_snr",
    "flux_ratio", "ra_offset_arcsec", "dec_offset_arcsec", "pb", "distance_deg", "status", "detected",
)  # fmt: skip


def write_matches(path: Path, matches: Matches, blind: Blind | None) -> None:
    """Write the CSV, brightest expected source first.

    ``status``: ``matched``; ``missing`` (no peak above 5 sigma near the place: ``measured_jy`` is what is there);
    ``excluded``; ``hidden`` (under the flank of a brighter one); ``edge`` (low primary beam or invalid pixels).
    ``detected``: by the blind search; empty without one. Offsets are east and north, on the sky.
    """
    expected = matches.expected
    detected = [""] * len(expected.name) if blind is None else [str(bool(value)).lower() for value in blind.detected]
    columns = [
        expected.name, _fixed(expected.ra_deg, 6), _fixed(expected.dec_deg, 6), expected.n_merged,
        _general(expected.flux_jy), _general(matches.flux_jy), _general(matches.error_jy), _general(matches.rms_jy),
        _fixed(matches.snr, 1), _fixed(matches.ratio, 4), _fixed(matches.ra_offset_arcsec, 3),
        _fixed(matches.dec_offset_arcsec, 3), _fixed(matches.pb, 4), _fixed(matches.distance_deg, 4),
        status_of(matches), detected,
    ]  # fmt: skip
    rows = list(zip(*columns, strict=True))
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows[index] for index in np.argsort(-expected.flux_jy, kind="stable"))


def status_of(matches: Matches) -> list[str]:
    """Why each expectation counts, or does not."""
    status = np.where(matches.found, "matched", "missing").astype("U8")
    status[~matches.judged] = "edge"
    status[matches.expected.hidden] = "hidden"
    status[matches.expected.excluded] = "excluded"
    return [str(word) for word in status]


def _fixed(values: NDArray[np.float64], digits: int) -> list[str]:
    return [f"{value:.{digits}f}" if np.isfinite(value) else "" for value in values]


def _general(values: NDArray[np.float64]) -> list[str]:
    return [f"{value:.6g}" if np.isfinite(value) else "" for value in values]
