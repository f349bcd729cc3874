"""Conversion by pyuvdata: slower and larger, the oracle of the lean converter and its fallback."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import h5py
import numpy as np
import pyuvdata
from astropy.coordinates import EarthLocation
from astropy.utils import iers
from pyuvdata import UVData

from .. import site
from ..contract import StageFailure
from ..uvh5.header import Uvh5Header
from .lean import set_keywords_of, telescope_name
from .plan import Conversion

_NO_CHECKS = {"run_check": False, "check_extra": False, "run_check_acceptability": False}


def convert_with_pyuvdata(conversion: Conversion, ms: Path) -> str:
    """Write the measurement set with pyuvdata.

    Returns:
        Its version.

    Raises:
        StageFailure: SPEC_INVALID for what only the lean driver does: missing subbands, delays, clipping, integrations.
    """
    recipe = conversion.recipe
    if conversion.group.missing_subbands or recipe.delay_s is not None or recipe.clip is not None or recipe.times > 1:
        message = "driver pyuvdata neither fills missing subbands nor removes delays, clips or averages integrations"
        raise StageFailure("SPEC_INVALID", message, field="driver")
    iers.conf.auto_download = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with TemporaryDirectory(dir=ms.parent) as folder:
            data = _read_group(conversion, Path(folder))
        _phase(data, conversion)
        if recipe.channels > 1:
            data.flag_array |= ~np.isfinite(data.data_array) | (data.data_array == 0)
            data.data_array[~np.isfinite(data.data_array)] = 0
            data.frequency_average(n_chan_to_avg=recipe.channels, summing_correlator_mode=False)
        _keep_data_antennas(data)
        if ms.exists():
            shutil.rmtree(ms)
        data.write_ms(str(ms), force_phase=False, **_NO_CHECKS)
    set_keywords_of(conversion, ms)
    return str(pyuvdata.__version__)


def _readable_copy(header: Uvh5Header, folder: Path) -> Path:
    """A file with the same header, as pyuvdata wants it, and a link to the same data.

    pyuvdata refuses files with one channel width for all channels beside a one-dimensional ``freq_array``.
    """
    copy = folder / header.path.with_suffix(".uvh5").name
    with h5py.File(header.path, "r", locking=False) as source, h5py.File(copy, "w") as target:
        source.copy("Header", target)
        target["Data"] = h5py.ExternalLink(str(header.path), "/Data")
        if not header.has_spw_axis:
            width = float(target["Header/channel_width"][()].reshape(-1)[0])
            del target["Header/channel_width"]
            target["Header/channel_width"] = np.full(header.freq_hz.size, width)
    return copy


def _read_group(conversion: Conversion, folder: Path) -> Any:
    """All files in one object, channels ascending."""
    whole = None
    for header in conversion.group.headers:
        part = UVData()
        readable = _readable_copy(header, folder)
        part.read_uvh5(str(readable), strict_uvw_antpos_check=False, **_NO_CHECKS)
        _label(part, header)
        if part.freq_array[0] > part.freq_array[-1]:
            part.reorder_freqs(channel_order="freq", run_check=False)
        if whole is None:
            whole = part
        else:
            whole.fast_concat(part, axis="freq", inplace=True, **_NO_CHECKS)
    return whole


def _label(data: Any, header: Uvh5Header) -> None:
    """Tell pyuvdata what a DSA-110 file cannot: it is fringe-stopped at a fixed azimuth and elevation, the meridian."""
    data.telescope.name = telescope_name(header)
    data.telescope.mount_type = ["alt-az"] * data.telescope.Nants
    if header.phasing.pointing_dec_rad is None:
        return
    data.telescope.location = EarthLocation.from_geodetic(site.LONGITUDE_DEG, site.LATITUDE_DEG, site.ALTITUDE_M)
    data.telescope.antenna_diameters = np.full(data.telescope.Nants, site.DISH_DIAMETER_M)
    data.integration_time = np.asarray(header.integration_s, dtype=np.float64)
    data.set_lsts_from_time_array()
    azimuth, elevation = _meridian_altaz(header.phasing.pointing_dec_rad)
    data.phase_center_catalog = {}
    number = data._add_phase_center(
        "meridian", cat_type="driftscan", cat_lon=azimuth, cat_lat=elevation, cat_frame="altaz"
    )
    data.phase_center_id_array = np.full(data.Nblts, number, dtype=int)
    data._set_app_coords_helper()
    data.uvw_array = data.uvw_array.astype(np.float64)
    data.set_uvws_from_antenna_positions(update_vis=False)


def _meridian_altaz(dec_rad: float) -> tuple[float, float]:
    """Azimuth (north 0) and elevation, rad, of hour angle 0 at an apparent declination."""
    zenith_distance = dec_rad - site.LATITUDE_RAD
    return (0.0 if zenith_distance > 0 else np.pi), np.pi / 2 - abs(zenith_distance)


def _phase(data: Any, conversion: Conversion) -> None:
    """Phase to the centre of the lean converter; a phased file stays as it is."""
    if conversion.group.reference.phasing.layout == "phased":
        return
    centre = conversion.centre
    ra_rad, dec_rad = np.deg2rad([centre.ra_deg, centre.dec_deg])
    data.phase(lon=ra_rad, lat=dec_rad, phase_frame="icrs", cat_type="sidereal", cat_name=centre.name)


def _keep_data_antennas(data: Any) -> None:
    """Number the antennas with data from 0: pyuvdata writes a blank row for every number that is left out."""
    used = np.union1d(data.ant_1_array, data.ant_2_array)
    data.select(antenna_nums=used, keep_all_metadata=False, run_check=False)
    order = np.argsort(data.telescope.antenna_numbers)
    for name in ("antenna_names", "antenna_positions", "antenna_diameters"):
        values = getattr(data.telescope, name)
        if values is not None:
            setattr(data.telescope, name, np.asarray(values)[order])
    data.telescope.antenna_numbers = np.arange(used.size)
    data.ant_1_array = np.searchsorted(used, data.ant_1_array)
    data.ant_2_array = np.searchsorted(used, data.ant_2_array)
    data.baseline_array = data.antnums_to_baseline(data.ant_1_array, data.ant_2_array)
