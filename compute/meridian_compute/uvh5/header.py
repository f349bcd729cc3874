"""The header of a UVH5 file, of any dialect, checked and in one form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from .. import site
from ..contract import StageFailure
from ..site import ARRAY, Location
from .fields import HeaderFields
from .layout import Phasing, read_phasing
from .open import open_uvh5, unreadable_is_truncated

Float = NDArray[np.float64]
Int = NDArray[np.int64]

_SUBBAND_NAME = re.compile(r"_sb(\d{2})$")
#: AIPS codes: Stokes (positive), circular and linear feeds (negative).
_POLARIZATIONS = frozenset({1, 2, 3, 4, *range(-8, 0)})


@dataclass(frozen=True)
class Antennas:
    """All antennas of the telescope, with data or without.

    Attributes:
        number: shape (n,).
        name: as long.
        itrf_m: shape (n, 3), minus the array position.
        diameter_m: shape (n,), or None.
    """

    number: Int
    name: list[str]
    itrf_m: Float
    diameter_m: Float | None


@dataclass(frozen=True, kw_only=True)
class Uvh5Header:
    """What a file says of itself.

    Attributes:
        subband: number in the file's name, if there is one.
        location: of the array; the T-centre for files of DSA-110, whatever they say.
        site_offset_m: how far the file's own array position is from it.
        mjd_utc: shape (n_blt,), mid-integrations.
        integration_s: shape (n_blt,).
        antenna_1: shape (n_blt,), antenna numbers.
        antenna_2: shape (n_blt,).
        freq_hz: shape (n_freq,), in the file's order.
        channel_width_hz: positive.
        polarizations: AIPS codes in the file's order.
        has_spw_axis: data have an axis of length 1 before the channels.
        vis_units: as the standard names them: ``uncalib``, ``Jy`` or ``K str``.
    """

    path: Path
    size_bytes: int
    phasing: Phasing
    subband: int | None
    telescope_name: str
    location: Location
    site_offset_m: float
    antennas: Antennas
    mjd_utc: Float
    integration_s: Float
    antenna_1: Int
    antenna_2: Int
    freq_hz: Float
    channel_width_hz: float
    polarizations: list[int]
    has_spw_axis: bool
    vis_units: str

    @cached_property
    def data_antennas(self) -> Int:
        """Numbers of the antennas that have data, ascending."""
        return np.union1d(self.antenna_1, self.antenna_2)

    @cached_property
    def n_baselines(self) -> int:
        """Distinct pairs of antennas, autocorrelations included."""
        return int(np.unique(self.antenna_1 * (self.antennas.number.max() + 1) + self.antenna_2).size)

    @cached_property
    def times_mjd(self) -> Float:
        """Distinct mid-integrations, ascending."""
        return np.unique(self.mjd_utc)

    def read_uvw_m(self) -> Float:
        """The file's own uvw, shape (n_blt, 3), r2 - r1.

        Raises:
            StageFailure: as ``read_header``.
        """
        with open_uvh5(self.path) as file, unreadable_is_truncated(self.path):
            return HeaderFields(self.path, file["Header"]).array("uvw_array", (self.mjd_utc.size, 3))

    @property
    def start_mjd(self) -> float:
        """First edge of the first integration."""
        return float((self.mjd_utc - self.integration_s / 2 / site.SECONDS_PER_DAY).min())

    @property
    def end_mjd(self) -> float:
        """Last edge of the last integration."""
        return float((self.mjd_utc + self.integration_s / 2 / site.SECONDS_PER_DAY).max())

    @property
    def data_shape(self) -> tuple[int, ...]:
        """Shape of ``visdata``."""
        axes = (1, self.freq_hz.size) if self.has_spw_axis else (self.freq_hz.size,)
        return (self.mjd_utc.size, *axes, len(self.polarizations))


def read_header(path: Path) -> Uvh5Header:
    """Read and check a header; visibilities are not read, but their shapes are checked.

    Raises:
        StageFailure: a FILE_ code, HEADER_FIELD_MISSING, HEADER_FIELD_INVALID or SHAPE_MISMATCH.
    """
    with open_uvh5(path) as file, unreadable_is_truncated(path):
        fields = HeaderFields(path, file["Header"])
        header = _parse(path, fields, has_spw_axis=_visdata(path, file).ndim == 4)
        _check_counts(fields, header)
        _check_data(file, header)
        return header


def subband_of(path: Path) -> int | None:
    """Number in a name such as ``2026-01-25T22:26:05_sb03.hdf5``."""
    match = _SUBBAND_NAME.search(path.stem)
    return int(match.group(1)) if match else None


def _parse(path: Path, fields: HeaderFields, *, has_spw_axis: bool) -> Uvh5Header:
    n_blts = fields.count("Nblts")
    freq_hz = _frequencies(fields)
    mjd_utc = fields.array("time_array", (n_blts,)) - site.JD_OF_MJD_ZERO
    if not (np.abs(mjd_utc - 60_000) < 60_000).all():
        raise fields.invalid("time_array", "it must hold Julian dates (UTC) of this or the last century")
    phasing = read_phasing(fields)
    antennas = _antennas(fields, phasing)
    stated = _location(fields)
    location = ARRAY if phasing.layout == "dsa110_meridian" else stated
    return Uvh5Header(
        path=path,
        size_bytes=path.stat().st_size,
        phasing=phasing,
        subband=subband_of(path),
        telescope_name=fields.text("telescope_name"),
        location=location,
        site_offset_m=_distance_m(location, stated),
        antennas=antennas,
        mjd_utc=mjd_utc,
        integration_s=_integrations(fields, n_blts),
        antenna_1=_antenna_ends(fields, "ant_1_array", n_blts, antennas),
        antenna_2=_antenna_ends(fields, "ant_2_array", n_blts, antennas),
        freq_hz=freq_hz,
        channel_width_hz=_channel_width(fields, freq_hz),
        polarizations=_polarizations(fields),
        has_spw_axis=has_spw_axis,
        vis_units=_units(fields),
    )


def _frequencies(fields: HeaderFields) -> Float:
    n_freqs = fields.count("Nfreqs")
    freq_hz = fields.array("freq_array", (n_freqs,), (1, n_freqs)).reshape(-1)
    if not (freq_hz > 0).all():
        raise fields.invalid("freq_array", "frequencies must be positive, in Hz")
    steps = np.diff(freq_hz)
    if steps.size and not (np.abs(steps - steps.mean()) <= 1e-3 * np.abs(steps.mean())).all():
        raise fields.invalid("freq_array", "its channels are not evenly spaced")
    if steps.size and steps.mean() == 0:
        raise fields.invalid("freq_array", "all channels have one frequency")
    return freq_hz


def _channel_width(fields: HeaderFields, freq_hz: Float) -> float:
    """Positive width; it must be the spacing of the channels."""
    widths = np.abs(fields.array("channel_width", (), (1,), (freq_hz.size,)).reshape(-1))
    width = float(np.median(widths))
    if width <= 0 or not np.allclose(widths, width, rtol=1e-6):
        raise fields.invalid("channel_width", "it must be one width for all channels, not 0")
    spacing = abs(float(np.diff(freq_hz).mean())) if freq_hz.size > 1 else width
    if abs(spacing - width) > 0.01 * width:
        message = f"it is {width:.3f} Hz, but the channels of freq_array are {spacing:.3f} Hz apart"
        raise fields.invalid("channel_width", message)
    return width


def _units(fields: HeaderFields) -> str:
    """As the standard writes them; older files use capitals."""
    words = {"uncalib": "uncalib", "jy": "Jy", "k str": "K str"}
    stated = fields.text("vis_units", default="uncalib")
    return words.get(stated.lower(), stated)


def _polarizations(fields: HeaderFields) -> list[int]:
    codes = [int(code) for code in fields.array("polarization_array", (fields.count("Npols"),))]
    if not set(codes) <= _POLARIZATIONS or len(set(codes)) != len(codes):
        raise fields.invalid("polarization_array", f"it holds {codes}; distinct AIPS codes are expected")
    return codes


def _integrations(fields: HeaderFields, n_blts: int) -> Float:
    integration_s = np.broadcast_to(fields.array("integration_time", (n_blts,), (), (1,)).reshape(-1), (n_blts,))
    if not (integration_s > 0).all():
        raise fields.invalid("integration_time", "integrations must be longer than 0 s")
    return integration_s


def _antennas(fields: HeaderFields, phasing: Phasing) -> Antennas:
    number = fields.array("antenna_numbers").reshape(-1).astype(np.int64)
    names = fields.texts("antenna_names")
    if phasing.layout == "dsa110_meridian":
        # CASA takes a bare number for a row of the ANTENNA table, not for a name.
        names = [f"DSA-{int(name):03d}" if name.isdigit() else name for name in names]
    if len(names) != number.size or np.unique(number).size != number.size:
        raise fields.invalid("antenna_numbers", f"{number.size} numbers and {len(names)} names do not fit each other")
    diameter_m = None
    if "antenna_diameters" in fields:
        diameter_m = fields.array("antenna_diameters", (number.size,))
    return Antennas(number, names, fields.array("antenna_positions", (number.size, 3)), diameter_m)


def _antenna_ends(fields: HeaderFields, name: str, n_blts: int, antennas: Antennas) -> Int:
    ends = fields.array(name, (n_blts,)).astype(np.int64)
    unknown = np.setdiff1d(ends, antennas.number)
    if unknown.size:
        raise fields.invalid(name, f"antenna {unknown[0]} is not in antenna_numbers")
    return ends


def _location(fields: HeaderFields) -> Location:
    latitude, longitude = fields.number("latitude"), fields.number("longitude")
    if abs(latitude) > 90:
        raise fields.invalid("latitude", f"it is {latitude}; degrees between -90 and 90 are expected")
    return Location(float(np.deg2rad(longitude)), float(np.deg2rad(latitude)), fields.number("altitude"))


def _distance_m(one: Location, two: Location) -> float:
    """Length of the chord between two places, to some metres."""
    north = two.latitude_rad - one.latitude_rad
    east = np.angle(np.exp(1j * (two.longitude_rad - one.longitude_rad))) * np.cos(one.latitude_rad)
    return float(np.hypot(north, east)) * site.EARTH_RADIUS_M


def _check_counts(fields: HeaderFields, header: Uvh5Header) -> None:
    """The header's counts must be those of its arrays, where it gives them."""
    found = {
        "Ntimes": header.times_mjd.size,
        "Nants_telescope": header.antennas.number.size,
        "Nbls": header.n_baselines,
        "Nspws": 1,
    }
    for name, count in found.items():
        if name in fields and fields.count(name) != count:
            message = f"{header.path}: Header/{name} is {fields.count(name)}, but the header's arrays say {count}"
            raise StageFailure("SHAPE_MISMATCH", message, file=str(header.path), field=f"Header/{name}")


def _visdata(path: Path, file: h5py.File) -> h5py.Dataset:
    for name in ("visdata", "flags", "nsamples"):
        if not isinstance(file["Data"].get(name), h5py.Dataset):
            message = f"{path} has no Data/{name}"
            raise StageFailure("HEADER_FIELD_MISSING", message, file=str(path), field=f"Data/{name}")
    return file["Data/visdata"]


def _check_data(file: h5py.File, header: Uvh5Header) -> None:
    for name in ("visdata", "flags", "nsamples"):
        dataset = file["Data"][name]
        if dataset.shape != header.data_shape:
            message = f"{header.path}: Data/{name} has shape {dataset.shape}; its header says {header.data_shape}"
            raise StageFailure("SHAPE_MISMATCH", message, file=str(header.path), field=f"Data/{name}")
    visdata = file["Data/visdata"]
    fields = visdata.dtype.names
    if visdata.dtype.kind != "c" and fields != ("r", "i"):
        message = f"{header.path}: Data/visdata holds {visdata.dtype}; complex numbers or pairs (r, i) are expected"
        raise StageFailure("HEADER_FIELD_INVALID", message, file=str(header.path), field="Data/visdata")
    if visdata.id.get_storage_size() == 0:
        message = f"{header.path} is truncated: its visibilities were never written"
        raise StageFailure("FILE_TRUNCATED", message, file=str(header.path), field="Data/visdata")
