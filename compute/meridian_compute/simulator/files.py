"""Subband files in the layout of the real ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from .. import site
from ..frames import local_apparent_sidereal_time_rad
from ..stations import load_stations
from .visibilities import Observed

#: AIPS codes of XX and YY.
_POLARIZATIONS = (-5, -6)


def file_name(stamp: str, subband: int) -> str:
    """Name of a subband file; the stamp is its own UTC start, to the second."""
    return f"{stamp}_sb{subband:02d}.hdf5"


def write_subband(
    path: Path, observed: Observed, subband: int, visibilities: NDArray[np.complex64], *, old_layout: bool
) -> None:
    """Write one file.

    Args:
        path: where.
        observed: group, stations and pointing.
        subband: 0 is the highest.
        visibilities: shape (n_time, n_baseline, n_channel, 2).
        old_layout: a spectral-window axis of length 1, telescope name OVRO_MMA.
    """
    n_time, n_baseline, n_channel, n_pol = visibilities.shape
    axes = (1, n_channel) if old_layout else (n_channel,)
    shape = (n_time * n_baseline, *axes, n_pol)
    with h5py.File(path, "w") as file:
        header = file.create_group("Header")
        for name, value in _header(observed, subband, axes, old_layout=old_layout).items():
            header[name] = value
        for name, value in _extra_keywords(observed).items():
            header[f"extra_keywords/{name}"] = value
        data = file.create_group("Data")
        data["visdata"] = visibilities.reshape(shape)
        data["flags"] = np.zeros(shape, dtype=np.bool_)
        data["nsamples"] = np.ones(shape, dtype=np.float32)


def _header(observed: Observed, subband: int, axes: tuple[int, ...], *, old_layout: bool) -> Mapping[str, Any]:
    stations, plan, mjd_utc = load_stations(), observed.plan, observed.group.mjd_utc
    first, second = observed.baselines
    number = np.array(plan.station_numbers, dtype=np.int32) - 1
    n_time, n_baseline = mjd_utc.size, first.size
    return {
        **_counts(observed, len(stations.name)),
        "time_array": np.repeat(mjd_utc + site.JD_OF_MJD_ZERO, n_baseline),
        "integration_time": np.full(n_time * n_baseline, observed.integration_s),
        "lst_array": np.repeat(local_apparent_sidereal_time_rad(mjd_utc), n_baseline),
        "ant_1_array": np.tile(number[first], n_time),
        "ant_2_array": np.tile(number[second], n_time),
        "antenna_numbers": stations.number - np.int32(1),
        "antenna_names": np.array(stations.name, dtype="S"),
        "antenna_positions": stations.relative_m,
        "antenna_diameters": np.full(len(stations.name), site.DISH_DIAMETER_M),
        "uvw_array": np.tile(observed.uvw_m.astype(np.float32), (n_time, 1)),
        "freq_array": plan.freq_hz[subband].reshape(axes),
        "channel_width": -plan.channel_width_hz,
        "polarization_array": np.array(_POLARIZATIONS),
        "spw_array": np.array([0]),
        "latitude": site.LATITUDE_DEG,
        "longitude": site.LONGITUDE_DEG,
        "altitude": site.ALTITUDE_M,
        "telescope_name": np.bytes_(site.OLD_TELESCOPE_NAME if old_layout else site.TELESCOPE_NAME),
        "instrument": np.bytes_("dsa"),
        "object_name": np.bytes_("meridian drift"),
        "history": np.bytes_(f"simulated, seed {observed.seed}"),
        "phase_type": np.bytes_("drift"),
    }


def _counts(observed: Observed, n_stations: int) -> dict[str, int]:
    n_baseline, n_time = observed.baselines[0].size, observed.group.mjd_utc.size
    return {
        "Nblts": n_baseline * n_time,
        "Nbls": n_baseline,
        "Ntimes": n_time,
        "Nfreqs": observed.plan.freq_hz.shape[1],
        "Npols": len(_POLARIZATIONS),
        "Nspws": 1,
        "Nants_data": len(observed.plan.station_numbers),
        "Nants_telescope": n_stations,
    }


def _extra_keywords(observed: Observed) -> dict[str, Any]:
    zeros = " ".join(["0"] * 2 * len(load_stations().name))
    return {
        "phase_center_dec": np.deg2rad(observed.plan.pointing_dec_deg),
        "ha_phase_center": 0.0,
        "phase_center_epoch": np.bytes_("HADEC"),
        "applied_delays_ns": np.bytes_(zeros),
    }
