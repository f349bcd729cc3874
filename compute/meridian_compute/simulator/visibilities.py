"""Visibilities of one subband: sum over sources as products of antenna phasors, gains, noise.

V(1, 2) = sum of S(nu) PB(t, nu) exp(+2 pi i (r2 - r1) . (s - s0) nu / c): fringe-stopped at the meridian, s0, for the
middle of each integration, as raw files hold it (a measurement set holds the conjugate). The geometry is made here from
ITRF positions and apparent directions; nothing of the converter is used, so that a wrong frame there would show.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .. import site
from ..beam import airy_power
from ..model import source_flux_jy
from ..specs.common import SourceModel
from ..specs.simulate import Corruption
from ..stations import load_stations
from .instrument import N_POLS, Instrument, Interference
from .plan import GroupPlan, Plan
from .sky import Float, SeenSky, see, unit_vector

Complex = NDArray[np.complex64]

#: Points over which a smeared visibility is averaged, as shares of an integration or a channel.
_SMEARING = (np.arange(7) - 3) / 7
_RECURRENCE_CHANNELS = 64


@dataclass(frozen=True, kw_only=True)
class Observed:
    """What stays the same over the subbands of a group."""

    plan: Plan
    group: GroupPlan
    sources: list[SourceModel]
    corruption: Corruption
    instrument: Instrument
    interference: Interference | None
    integration_s: float
    seed: int

    def prepare(self) -> None:
        """Compute what all subbands share, before threads ask for it."""
        _ = self.instants, self.local_positions_m, self.uvw_m, self.dead

    @cached_property
    def baselines(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Indices into the simulated stations: first <= second, autocorrelations included."""
        first, second = np.triu_indices(len(self.plan.station_numbers))
        return first, second

    @cached_property
    def local_positions_m(self) -> Float:
        """Antenna positions towards (meridian at the equator, east, pole), shape (n_antenna, 3)."""
        stations = load_stations()
        index = np.searchsorted(stations.number, self.plan.station_numbers)
        return to_local(stations.relative_m[index])

    @cached_property
    def meridian(self) -> Float:
        """Unit vector of the phase centre: hour angle 0 at the pointing declination."""
        return unit_vector(np.zeros(()), np.deg2rad(np.array(self.plan.pointing_dec_deg)))

    @cached_property
    def uvw_m(self) -> Float:
        """r2 - r1 towards (east, north, phase centre) at the meridian, shape (n_baseline, 3)."""
        dec = np.deg2rad(self.plan.pointing_dec_deg)
        axes = np.array([[0.0, 1.0, 0.0], [-np.sin(dec), 0.0, np.cos(dec)], self.meridian])
        first, second = self.baselines
        return np.asarray((self.local_positions_m[second] - self.local_positions_m[first]) @ axes.T)

    @cached_property
    def instants(self) -> dict[float, SeenSky]:
        """The sky at all integrations, by offset (s) from their middle."""
        smear = self.corruption.time_smearing
        offsets = [float(point) * self.integration_s for point in _SMEARING] if smear else [0.0]
        days = self.group.mjd_utc
        dec = self.plan.pointing_dec_deg
        return {offset: see(self.sources, days + offset / site.SECONDS_PER_DAY, dec) for offset in offsets}

    @cached_property
    def dead(self) -> NDArray[np.bool_]:
        """Baselines of dead antennas, shape (n_baseline,)."""
        alive = ~np.isin(self.plan.station_numbers, self.corruption.dead_antennas)
        return ~(alive[self.baselines[0]] & alive[self.baselines[1]])


def to_local(itrf_m: Float) -> Float:
    """Turn ITRF vectors about the pole to the site's longitude, shape (..., 3)."""
    cos, sin = np.cos(site.LONGITUDE_RAD), np.sin(site.LONGITUDE_RAD)
    return np.asarray(itrf_m @ np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]]))


def subband_visibilities(observed: Observed, subband: int) -> Complex:
    """Visibilities of a subband.

    Returns:
        Shape (n_time, n_baseline, n_channel, 2), Jy, channels descending, polarisations XX and YY.
    """
    first, second = observed.baselines
    n_channel = observed.plan.freq_hz.shape[1]
    channels = slice(subband * n_channel, (subband + 1) * n_channel)
    out = _noise(observed, subband)
    gain = observed.instrument.static(observed.plan.freq_hz[subband], channels)
    drift = observed.instrument.drift(observed.group.mjd_utc)
    static = _on_baselines(gain, first, second)
    flux = _fluxes(observed, observed.plan.freq_hz[subband])
    for index in range(observed.group.mjd_utc.size):
        signal = _signal(observed, index, flux)
        if observed.interference is not None:
            phasor, amplitude = observed.interference.phasor, observed.interference.amplitude_jy[index, channels]
            signal += (phasor[first].conj() * phasor[second])[:, None] * amplitude
        out[index] += signal[..., None]
        out[index] *= static
        out[index] *= _on_baselines(drift[..., index, None], first, second)
    autos = first == second
    out[:, autos] = out[:, autos].real
    out[:, observed.dead] = 0
    return out


def _on_baselines(gain: NDArray[np.complex128], first: NDArray[np.intp], second: NDArray[np.intp]) -> Complex:
    """conj(g1) g2, of shape (n_baseline, n_channel, 2), from gains of shape (n_antenna, 2, n_channel)."""
    narrow = gain.astype(np.complex64)
    return np.asarray((narrow[first].conj() * narrow[second]).swapaxes(1, 2), order="C")


def _noise(observed: Observed, subband: int) -> Complex:
    """Thermal noise, SEFD / sqrt(2 dnu dt) per real and imaginary part; autocorrelations are SEFD plus their own."""
    n_time, n_channel = observed.group.mjd_utc.size, observed.plan.freq_hz.shape[1]
    first, second = observed.baselines
    shape = (n_time, first.size, n_channel, N_POLS)
    if not observed.corruption.noise:
        return np.zeros(shape, dtype=np.complex64)
    rng = np.random.default_rng([observed.seed, 4, observed.group.index, subband])
    parts = rng.standard_normal((*shape[:-1], 2 * N_POLS), dtype=np.float32)
    sefd = observed.corruption.sefd_jy
    parts *= np.float32(sefd / np.sqrt(2 * observed.plan.channel_width_hz * observed.integration_s))
    noise = parts.view(np.complex64)
    autos = first == second
    noise[:, autos] = np.sqrt(2) * noise[:, autos].real + sefd
    return noise


def _signal(observed: Observed, index: int, flux: list[tuple[Float, Float]]) -> Complex:
    """Sum over the sources at one integration, shape (n_baseline, n_channel); averaged when smearing is on.

    Args:
        observed: the group.
        index: which integration.
        flux: frequencies (n_channel,) and fluxes without beam (n_source, n_channel), one pair per shift in frequency.
    """
    instants = observed.instants
    parts = [_instant(observed, index, offset, pair) for offset in instants for pair in flux]
    return np.asarray(sum(parts) / np.float32(len(parts)), dtype=np.complex64)


def _fluxes(observed: Observed, freq_hz: Float) -> list[tuple[Float, Float]]:
    """Frequencies and fluxes of all sources, for each shift over which a channel is averaged."""
    smear = observed.corruption.bandwidth_smearing
    shifts_hz = _SMEARING * observed.plan.channel_width_hz if smear else np.zeros(1)
    return [
        (freq_hz + shift, np.array([source_flux_jy(source, freq_hz + shift) for source in observed.sources]))
        for shift in shifts_hz
    ]


def _instant(observed: Observed, index: int, offset_s: float, flux: tuple[Float, Float]) -> Complex:
    """Sum over the sources at one instant of one integration, shape (n_baseline, n_channel).

    The correlator follows the sky within an integration: at ``offset_s`` from its middle the phase centre has moved
    with the direction that is on the meridian at the middle.
    """
    freq_hz, flux_jy = flux
    seen = observed.instants[offset_s]
    turned = np.array(site.EARTH_ROTATION_RAD_S * offset_s)
    centre = unit_vector(turned, np.deg2rad(np.array(observed.plan.pointing_dec_deg)))
    path_m = observed.local_positions_m @ (seen.direction[index] - centre).T
    phasors = _phasors(path_m * (2 * np.pi / site.SPEED_OF_LIGHT_M_S), freq_hz)
    apparent_jy = flux_jy * airy_power(seen.theta_rad[index][:, None], freq_hz, site.DISH_DIAMETER_M)
    weighted = phasors * apparent_jy.T[:, None, :].astype(np.float32)
    matrix = np.matmul(phasors.conj(), weighted.swapaxes(1, 2))
    first, second = observed.baselines
    return np.asarray(matrix[:, first, second].T)


def _phasors(turn_rad_s: Float, freq_hz: Float) -> Complex:
    """exp(i turn nu) for evenly spaced frequencies, each from the one before; shape (n_channel, n_antenna, n_source).

    Every ``_RECURRENCE_CHANNELS`` channels it starts from an exact one: rounding stays below 1e-5.
    """
    phasors = np.empty((freq_hz.size, *turn_rad_s.shape), dtype=np.complex64)
    step = np.exp(1j * turn_rad_s * (freq_hz[1] - freq_hz[0])).astype(np.complex64) if freq_hz.size > 1 else None
    for channel, freq in enumerate(freq_hz):
        if step is None or channel % _RECURRENCE_CHANNELS == 0:
            phasors[channel] = np.exp(1j * turn_rad_s * freq)
        else:
            np.multiply(phasors[channel - 1], step, out=phasors[channel])
    return phasors
