"""When, where and with what a simulation observes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import site
from ..contract import StageFailure
from ..frames import group_id_of, hour_angle_dec, mjd_of_utc
from ..specs.simulate import SimulateSpec
from ..stations import load_stations, spread_of_active

#: First channel of sb00 and channel spacing of a real file.
TOP_FREQ_HZ = 1_498_643_188.4765625
CHANNEL_WIDTH_HZ = 244_140.625
SUBBAND_WIDTH_HZ = 48 * CHANNEL_WIDTH_HZ

#: A start on a whole second is moved by this: rounding of Julian dates must not change the group's id.
_OFF_THE_SECOND_S = 0.25
_SIDEREAL_DAY_S = 86_164.0905
_DEFAULT_NEAR_UTC = "2026-01-25T22:26:05"


@dataclass(frozen=True)
class GroupPlan:
    """One group: its place in the simulation and its integrations."""

    index: int
    start_mjd: float
    mjd_utc: NDArray[np.float64]

    @property
    def group_id(self) -> str:
        """Start of the data, UTC, floored to the second."""
        return group_id_of(self.start_mjd)


@dataclass(frozen=True)
class Plan:
    """Everything that follows from the spec before a random number is drawn.

    Attributes:
        groups: in order of time.
        station_numbers: 1 for DSA-001, ascending.
        pointing_dec_deg: apparent.
        freq_hz: shape (n_subbands, channels), descending, as in the files.
        channel_width_hz: positive.
        transit_mjd: of the calibrator, if there is one.
    """

    groups: list[GroupPlan]
    station_numbers: list[int]
    pointing_dec_deg: float
    freq_hz: NDArray[np.float64]
    channel_width_hz: float
    transit_mjd: float | None


def make_plan(spec: SimulateSpec) -> Plan:
    """Check the spec and derive times, stations, pointing and channels.

    Raises:
        StageFailure: SPEC_INVALID or CALIBRATOR_BELOW_HORIZON.
    """
    _check_counts(spec)
    transit_mjd = _transit_mjd(spec)
    duration_s = spec.n_integrations * spec.integration_s
    spacing_s = duration_s if spec.group_spacing_s is None else spec.group_spacing_s
    if spacing_s < duration_s:
        raise StageFailure("SPEC_INVALID", f"group_spacing_s is {spacing_s}; a group alone lasts {duration_s:.3f} s")
    first_mjd = _first_start_mjd(spec, transit_mjd, spacing_s, duration_s)
    offsets_s = (np.arange(spec.n_integrations) + 0.5) * spec.integration_s
    starts = first_mjd + np.arange(spec.n_groups) * spacing_s / site.SECONDS_PER_DAY
    return Plan(
        groups=[
            GroupPlan(index, float(start), start + offsets_s / site.SECONDS_PER_DAY)
            for index, start in enumerate(starts)
        ],
        station_numbers=_stations(spec),
        pointing_dec_deg=_pointing_dec_deg(spec, transit_mjd),
        freq_hz=_frequencies_hz(spec),
        channel_width_hz=_channel_width_hz(spec),
        transit_mjd=transit_mjd,
    )


def transit_near(ra_deg: float, dec_deg: float, near_mjd: float) -> float:
    """MJD of the apparent transit nearest to a time; converges to 1e-9 d."""
    mjd = near_mjd
    for _ in range(4):
        hour_angle, _dec = hour_angle_dec(ra_deg, dec_deg, mjd)
        mjd -= float(hour_angle) / 360.0 * _SIDEREAL_DAY_S / site.SECONDS_PER_DAY
    return mjd


def _check_counts(spec: SimulateSpec) -> None:
    for name, low, high in (
        ("n_groups", 1, 10_000),
        ("n_subbands", 1, 16),
        ("channels_per_subband", 1, 4096),
        ("n_integrations", 1, 10_000),
    ):
        if not low <= getattr(spec, name) <= high:
            raise StageFailure("SPEC_INVALID", f"{name} is {getattr(spec, name)}; it must be {low} to {high}")
    if not 0.01 <= spec.integration_s <= 600:
        raise StageFailure("SPEC_INVALID", f"integration_s is {spec.integration_s}; it must be 0.01 to 600")
    if not 0 <= spec.stamp_jitter_s <= 110:
        message = f"stamp_jitter_s is {spec.stamp_jitter_s}; beyond 110 s the files would not be one group"
        raise StageFailure("SPEC_INVALID", message)


def _transit_mjd(spec: SimulateSpec) -> float | None:
    if spec.calibrator is None:
        return None
    near = mjd_of_utc(spec.near_utc or spec.start_utc or _DEFAULT_NEAR_UTC)
    return transit_near(spec.calibrator.ra_deg, spec.calibrator.dec_deg, near)


def _first_start_mjd(spec: SimulateSpec, transit_mjd: float | None, spacing_s: float, duration_s: float) -> float:
    if spec.start_utc is not None:
        start = mjd_of_utc(spec.start_utc)
        seconds = start * site.SECONDS_PER_DAY
        on_the_second = abs(seconds - round(seconds)) < 1e-3
        return start + (_OFF_THE_SECOND_S / site.SECONDS_PER_DAY if on_the_second else 0.0)
    if transit_mjd is None:
        raise StageFailure("SPEC_INVALID", "give a calibrator, or start_utc and pointing_dec_deg")
    before_s = (spec.n_groups // 2) * spacing_s + duration_s / 2
    return transit_mjd - before_s / site.SECONDS_PER_DAY


def _pointing_dec_deg(spec: SimulateSpec, transit_mjd: float | None) -> float:
    if spec.pointing_dec_deg is not None:
        dec_deg = spec.pointing_dec_deg
    elif spec.calibrator is not None and transit_mjd is not None:
        apparent = hour_angle_dec(spec.calibrator.ra_deg, spec.calibrator.dec_deg, transit_mjd)[1]
        dec_deg = float(apparent) + spec.calibrator_offset_deg
    else:
        raise StageFailure("SPEC_INVALID", "give pointing_dec_deg, or a calibrator to point at")
    if not site.LATITUDE_DEG - 90 < dec_deg < 90:
        raise StageFailure(
            "CALIBRATOR_BELOW_HORIZON",
            f"the pointing declination {dec_deg:.3f} deg is never above the horizon of the site",
            field="pointing_dec_deg",
        )
    return dec_deg


def _stations(spec: SimulateSpec) -> list[int]:
    if spec.station_numbers is None:
        return spread_of_active(spec.n_antennas)
    known = {int(number) for number in load_stations().number}
    unknown = sorted(set(spec.station_numbers) - known)
    if unknown or len(set(spec.station_numbers)) < 2:
        message = f"station_numbers needs at least two of 1 to {max(known)}; unknown: {unknown}"
        raise StageFailure("SPEC_INVALID", message)
    return sorted(set(spec.station_numbers))


def _channel_width_hz(spec: SimulateSpec) -> float:
    """A subband is as wide as a real one, cut into as many channels as asked: fewer channels are wider."""
    return SUBBAND_WIDTH_HZ / spec.channels_per_subband


def _frequencies_hz(spec: SimulateSpec) -> NDArray[np.float64]:
    width = _channel_width_hz(spec)
    top_edge = TOP_FREQ_HZ + CHANNEL_WIDTH_HZ / 2
    n_channels = spec.n_subbands * spec.channels_per_subband
    descending = top_edge - (np.arange(n_channels) + 0.5) * width
    return np.asarray(descending.reshape(spec.n_subbands, spec.channels_per_subband))
