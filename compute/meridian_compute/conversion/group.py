"""The files of one group: do they belong together, and which channels do they fill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .. import site
from ..contract import StageFailure
from ..uvh5.header import Uvh5Header, read_header, subband_of

#: Siblings of a group agree to this, by their data (not by their names).
TIME_TOLERANCE_S: Final = 0.1
_DEC_TOLERANCE_RAD: Final = np.deg2rad(1 / 3600)
_POSITION_TOLERANCE_M: Final = 1e-3
#: How far a file's channels may lie off the common grid, in channels.
_GRID_TOLERANCE: Final = 0.02


@dataclass(frozen=True)
class FileGroup:
    """Files in order of ascending frequency on one grid of channels.

    Attributes:
        headers: ascending in frequency; all describe the same rows.
        slots: for each header, its place counted from the lowest subband of the grid.
        n_slots: subbands of the grid, missing ones included.
        missing_subbands: numbers (sb00 is the highest) of the slots without a file.
    """

    headers: list[Uvh5Header]
    slots: list[int]
    n_slots: int
    missing_subbands: list[int]

    @property
    def reference(self) -> Uvh5Header:
        """The file whose rows, times and antennas stand for all."""
        return self.headers[0]

    @property
    def freq_hz(self) -> NDArray[np.float64]:
        """All channels of the grid, ascending."""
        header, slot = self.headers[0], self.slots[0]
        n_freqs, width = header.freq_hz.size, header.channel_width_hz
        lowest = float(header.freq_hz.min()) - slot * n_freqs * width
        grid: NDArray[np.float64] = lowest + width * np.arange(self.n_slots * n_freqs, dtype=np.float64)
        for known, place in zip(self.headers, self.slots, strict=True):
            grid[place * n_freqs : (place + 1) * n_freqs] = np.sort(known.freq_hz)
        return grid


def gather_group(paths: Sequence[Path], expected_subbands: int | None, min_subbands: int) -> FileGroup:
    """Read all headers and check that they are one group.

    Args:
        paths: the files, in any order.
        expected_subbands: how many there should be; None: those from the lowest to the highest given.
        min_subbands: fewer are refused.

    Raises:
        StageFailure: the codes of ``read_header``, or one of GROUP_SUBBAND_DOUBLED, GROUP_DECLINATIONS_DIFFER,
            GROUP_TIMES_DIFFER, GROUP_ANTENNAS_DIFFER, GROUP_CHANNELS_INVALID, GROUP_INCOMPLETE.
    """
    _refuse_doubled_names(paths)
    headers = [read_header(paths[0])]
    for path in paths[1:]:
        headers.append(_sibling(headers[0], read_header(path)))
    headers.sort(key=lambda header: float(header.freq_hz.min()))
    places = _places(headers)
    slots, n_slots = _slots(headers, places, expected_subbands)
    missing = [n_slots - 1 - slot for slot in range(n_slots - 1, -1, -1) if slot not in slots]
    if len(headers) < min_subbands:
        message = f"the group has {len(headers)} subbands, {min_subbands} are needed; missing: {_list(missing)}"
        raise StageFailure("GROUP_INCOMPLETE", message, n_subbands=len(headers), missing=_list(missing))
    return FileGroup(headers, slots, n_slots, missing)


def _list(subbands: Sequence[int]) -> str:
    return ", ".join(f"sb{number:02d}" for number in subbands) or "none"


def _refuse_doubled_names(paths: Sequence[Path]) -> None:
    seen: dict[int, Path] = {}
    for path in paths:
        number = subband_of(path)
        if number is None:
            continue
        if number in seen:
            message = f"subband sb{number:02d} comes twice: {seen[number].name} and {path.name}"
            raise StageFailure("GROUP_SUBBAND_DOUBLED", message, file=str(path), subband=number)
        seen[number] = path


def _sibling(first: Uvh5Header, other: Uvh5Header) -> Uvh5Header:
    """Check a file against the first one; its arrays of rows are then shared with it."""
    names = f"{first.path.name} and {other.path.name}"
    context = {"file": str(other.path)}
    if first.phasing.layout != other.phasing.layout:
        message = f"{names} are phased differently: {first.phasing.layout}, {other.phasing.layout}"
        raise StageFailure("GROUP_DECLINATIONS_DIFFER", message, **context)
    for field in ("pointing_dec_rad", "dec_rad", "ra_rad"):
        one, two = getattr(first.phasing, field), getattr(other.phasing, field)
        if one is not None and (two is None or abs(one - two) > _DEC_TOLERANCE_RAD):
            message = f"{names} point differently: {field} is {one} and {two}"
            raise StageFailure("GROUP_DECLINATIONS_DIFFER", message, field=field, **context)
    _check_times(first, other, names)
    _check_antennas(first, other, names)
    same = ("mjd_utc", "integration_s", "antenna_1", "antenna_2", "antennas", "phasing")
    return replace(other, **{name: getattr(first, name) for name in same})


def _check_times(first: Uvh5Header, other: Uvh5Header, names: str) -> None:
    if first.mjd_utc.shape != other.mjd_utc.shape:
        counts = f"{first.mjd_utc.size} and {other.mjd_utc.size}"
        message = f"{names} do not belong together: they have {counts} baseline-times"
        raise StageFailure("GROUP_TIMES_DIFFER", message, file=str(other.path), field="Header/time_array")
    differ_s = float(np.abs(first.mjd_utc - other.mjd_utc).max()) * site.SECONDS_PER_DAY
    if differ_s > TIME_TOLERANCE_S or not np.allclose(first.integration_s, other.integration_s, rtol=1e-4):
        message = f"{names} do not belong together: their times differ by {differ_s:.3f} s or in integration"
        raise StageFailure("GROUP_TIMES_DIFFER", message, file=str(other.path), field="Header/time_array")


def _check_antennas(first: Uvh5Header, other: Uvh5Header, names: str) -> None:
    same = (
        np.array_equal(first.antenna_1, other.antenna_1)
        and np.array_equal(first.antenna_2, other.antenna_2)
        and np.array_equal(first.antennas.number, other.antennas.number)
        and np.allclose(first.antennas.itrf_m, other.antennas.itrf_m, atol=_POSITION_TOLERANCE_M, rtol=0)
        and first.polarizations == other.polarizations
        and first.telescope_name == other.telescope_name
    )
    if not same:
        message = f"{names} do not belong together: their antennas, baselines or polarisations differ"
        raise StageFailure("GROUP_ANTENNAS_DIFFER", message, file=str(other.path), field="Header/ant_1_array")


def _places(headers: Sequence[Uvh5Header]) -> list[int]:
    """Place of each file on the grid of subbands, counted from the lowest file."""
    first = headers[0]
    n_freqs, width = first.freq_hz.size, first.channel_width_hz
    places: list[int] = []
    for header in headers:
        if header.freq_hz.size != n_freqs or abs(header.channel_width_hz - width) > 1e-6 * width:
            message = f"{first.path.name} and {header.path.name} differ in number or width of channels"
            raise StageFailure("GROUP_CHANNELS_INVALID", message, file=str(header.path), field="Header/freq_array")
        steps = (float(header.freq_hz.min()) - float(first.freq_hz.min())) / width
        place = round(steps / n_freqs)
        if abs(steps - place * n_freqs) > _GRID_TOLERANCE:
            message = f"{header.path.name}: its channels are {steps % n_freqs:.2f} channels off the grid of the group"
            raise StageFailure("GROUP_CHANNELS_INVALID", message, file=str(header.path), field="Header/freq_array")
        if places and place == places[-1]:
            twice = f"{headers[len(places) - 1].path.name} and {header.path.name} hold the same channels"
            raise StageFailure("GROUP_SUBBAND_DOUBLED", twice, file=str(header.path))
        places.append(place)
    return places


def _slots(headers: Sequence[Uvh5Header], places: list[int], expected: int | None) -> tuple[list[int], int]:
    """Place of each file on the whole grid, and how many subbands that has."""
    span = places[-1] + 1
    numbers = [header.subband for header in headers]
    if expected is None or (expected == span and None in numbers):
        return places, span
    if None in numbers:
        message = f"{len(numbers)} of {expected} subbands: names must end in _sbNN to tell which are missing"
        raise StageFailure("SPEC_INVALID", message, field="expected_subbands")
    for header, number, place in zip(headers, numbers, places, strict=True):
        if number is None or number + place != (numbers[0] or 0):
            message = f"{header.path.name}: its channels do not fit its subband number; sb00 is the highest"
            raise StageFailure("GROUP_CHANNELS_INVALID", message, file=str(header.path), field="Header/freq_array")
    lowest = numbers[0] or 0
    if lowest >= expected:
        message = f"{headers[0].path.name} does not belong to a group of {expected} subbands"
        raise StageFailure("GROUP_CHANNELS_INVALID", message, file=str(headers[0].path))
    offset = expected - 1 - lowest
    return [place + offset for place in places], expected
