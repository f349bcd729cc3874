"""What one measurement set holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..hashing import folder_size_bytes
from ..ms_summary import open_table, read_columns, read_grid, summarize_ms
from ..specs.convert import InspectedFile


def inspect_ms(path: Path) -> InspectedFile:
    """Describe a measurement set.

    Raises:
        StageFailure: MS_INVALID.
    """
    summary, grid = summarize_ms(path), read_grid(path)
    (interval_s,) = read_columns(path, "INTERVAL")
    with open_table(path) as main:
        columns = [name for name in main.colnames() if name.endswith("DATA")]
    return InspectedFile(
        path=str(path),
        kind="ms",
        status="ok",
        telescope_name=summary.telescope_name,
        size_bytes=folder_size_bytes(path),
        n_blts=summary.n_rows,
        n_baselines=summary.n_baselines,
        n_times=summary.n_times,
        n_freqs=summary.n_channels,
        n_pols=len(summary.polarizations),
        n_antennas=summary.n_antennas,
        polarizations=summary.polarizations,
        freq_min_hz=summary.freq_min_hz,
        freq_max_hz=summary.freq_max_hz,
        channel_width_hz=summary.channel_width_hz,
        freq_order="ascending" if grid.freq_hz[0] <= grid.freq_hz[-1] else "descending",
        start_utc=summary.start_utc,
        start_mjd=summary.start_mjd,
        end_mjd=summary.end_mjd,
        mid_mjd=summary.mid_mjd,
        integration_s=float(np.median(interval_s)),
        pointing_dec_deg=summary.pointing_dec_deg,
        phase_ra_deg=summary.phase_ra_deg,
        phase_dec_deg=summary.phase_dec_deg,
        flagged_fraction=summary.flagged_fraction,
        extra={
            "data_columns": " ".join(columns),
            "dish_diameter_m": summary.dish_diameter_m,
            "missing_subbands": len(summary.missing_subbands),
        },
    )
