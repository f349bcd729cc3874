"""What one UVH5 file holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from ..contract import StageFailure
from ..conversion.averaging import Tally, flag_invalid
from ..conversion.geometry import choose_phase_centre
from ..frames import utc_of_mjd
from ..specs.convert import InspectedFile
from ..uvh5.data import open_data
from ..uvh5.header import Uvh5Header, read_header

_ROWS_AT_ONCE: Final = 32_768


def inspect_uvh5(path: Path, *, read_data: bool) -> InspectedFile:
    """Describe a file; with ``read_data`` also what its visibilities are like.

    Raises:
        StageFailure: as ``read_header``; DATA_NOT_FINITE if no visibility is a number.
    """
    header = read_header(path)
    centre = choose_phase_centre(header)
    ascending = header.freq_hz[0] <= header.freq_hz[-1]
    pointing = header.phasing.pointing_dec_rad
    return InspectedFile(
        path=str(path),
        kind="uvh5",
        status="ok",
        layout=header.phasing.layout,
        telescope_name=header.telescope_name,
        subband=header.subband,
        size_bytes=header.size_bytes,
        n_blts=header.mjd_utc.size,
        n_baselines=header.n_baselines,
        n_times=header.times_mjd.size,
        n_freqs=header.freq_hz.size,
        n_pols=len(header.polarizations),
        n_antennas=int(header.data_antennas.size),
        polarizations=header.polarizations,
        freq_min_hz=float(header.freq_hz.min()),
        freq_max_hz=float(header.freq_hz.max()),
        channel_width_hz=header.channel_width_hz,
        freq_order="ascending" if ascending else "descending",
        start_utc=utc_of_mjd(header.start_mjd),
        start_mjd=header.start_mjd,
        end_mjd=header.end_mjd,
        mid_mjd=(header.start_mjd + header.end_mjd) / 2,
        integration_s=float(np.median(header.integration_s)),
        pointing_dec_deg=None if pointing is None else float(np.rad2deg(pointing)),
        phase_ra_deg=centre.ra_deg,
        phase_dec_deg=centre.dec_deg,
        extra={"n_antennas_telescope": int(header.antennas.number.size), "vis_units": header.vis_units},
        **(_data_fractions(header) if read_data else {}),
    )


def _data_fractions(header: Uvh5Header) -> dict[str, Any]:
    tally = Tally()
    with open_data(header) as data:
        for start in range(0, header.mjd_utc.size, _ROWS_AT_ONCE):
            raw = data.read(slice(start, start + _ROWS_AT_ONCE))
            tally.n_flagged += int(np.count_nonzero(raw.flags))
            found = flag_invalid(raw, zeros=False, clip=None)
            tally.n_samples += found.n_samples
            tally.n_zero += found.n_zero
            tally.n_nonfinite += found.n_nonfinite
    if tally.n_nonfinite == tally.n_samples:
        message = f"{header.path}: no value of Data/visdata is a number"
        raise StageFailure("DATA_NOT_FINITE", message, file=str(header.path), field="Data/visdata")
    return {
        "flagged_fraction": tally.n_flagged / tally.n_samples,
        "finite_fraction": 1 - tally.n_nonfinite / tally.n_samples,
        "zero_fraction": tally.n_zero / tally.n_samples,
    }
