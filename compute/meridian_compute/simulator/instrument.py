"""What the instrument does to the signal: bandpasses, gains, delays, drift, interference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..specs.simulate import Corruption, SimulateSpec
from .plan import Plan

Float = NDArray[np.float64]
Complex = NDArray[np.complex128]

N_POLS = 2
_HOURS_PER_DAY = 24.0
_AMPLITUDE_SCATTER = 0.1
_DELAY_SCATTER_NS = 5.0
_BANDPASS_TERMS = 5
_BANDPASS_AMPLITUDE = 0.03
_BANDPASS_PHASE_RAD = np.deg2rad(3.0)
#: Periods of the drift; shorter than the hours between two transits, longer than a group.
_DRIFT_PERIOD_H = (1.3, 2.3)


@dataclass(frozen=True)
class Instrument:
    """Complex gains of every antenna and polarisation, in the convention of a measurement set.

    V_observed(1, 2) = g(1) conj(g(2)) V_sky(1, 2) for visibilities as a measurement set holds them; raw files hold the
    conjugate. The gain is gain x bandpass x exp(2 pi i delay (nu - reference)) x drift.

    Attributes:
        gain: shape (n_antenna, 2).
        bandpass: shape (n_antenna, 2, n_channel), channels as ``plan.freq_hz.ravel()``; no linear phase over the band.
        delay_ns: shape (n_antenna, 2).
        reference_hz: where the delays' phase is zero.
        drift_rad: amplitude of the phase drift, shape (n_antenna, 2).
        drift_log: amplitude of the drift of the logarithm of the gain's amplitude, shape (n_antenna, 2).
        drift_period_h: shape (n_antenna, 2).
        drift_start_rad: shape (2, n_antenna, 2), phases of the phase drift and of the amplitude drift.
        epoch_mjd: where the drift's time starts.
    """

    gain: Complex
    bandpass: Complex
    delay_ns: Float
    reference_hz: float
    drift_rad: Float
    drift_log: Float
    drift_period_h: Float
    drift_start_rad: Float
    epoch_mjd: float

    def drift(self, mjd_utc: Float) -> Complex:
        """Drift factors, shape (n_antenna, 2, n_time)."""
        hours = (mjd_utc - self.epoch_mjd) * _HOURS_PER_DAY
        turn = 2 * np.pi * hours / self.drift_period_h[..., None]
        phase = self.drift_rad[..., None] * np.sin(turn + self.drift_start_rad[0][..., None])
        log_amplitude = self.drift_log[..., None] * np.sin(turn + self.drift_start_rad[1][..., None])
        return np.asarray(np.exp(log_amplitude + 1j * phase))

    def static(self, freq_hz: Float, channels: slice) -> Complex:
        """Gain without drift on some of the channels, shape (n_antenna, 2, n)."""
        turns = self.delay_ns[..., None] * 1e-9 * (freq_hz - self.reference_hz)
        return np.asarray(self.gain[..., None] * self.bandpass[..., channels] * np.exp(2j * np.pi * turns))


def make_instrument(corruption: Corruption, plan: Plan, seed: int) -> Instrument:
    """Draw the instrument; what is switched off is exactly 1 (or 0 ns), and does not change what is on."""
    rng = np.random.default_rng([seed, 1])
    shape = (len(plan.station_numbers), N_POLS)
    freq_hz = plan.freq_hz.ravel()
    amplitude = np.exp(_AMPLITUDE_SCATTER * rng.standard_normal(shape))
    phase = rng.uniform(-np.pi, np.pi, shape)
    delay_ns = np.clip(_DELAY_SCATTER_NS * rng.standard_normal(shape), -15, 15)
    bandpass = _draw_bandpass(rng, shape, freq_hz)
    period_h = rng.uniform(*_DRIFT_PERIOD_H, shape)
    start_rad = rng.uniform(0, 2 * np.pi, (2, *shape))
    # The rms rate of a sinusoid of amplitude a and period p is a 2 pi / (p sqrt 2).
    drift_deg = corruption.gain_drift_deg_per_hour * period_h / (np.sqrt(2) * np.pi)
    return Instrument(
        gain=amplitude * np.exp(1j * phase) if corruption.gains else np.ones(shape, dtype=complex),
        bandpass=bandpass if corruption.bandpass else np.ones_like(bandpass),
        delay_ns=delay_ns if corruption.delays else np.zeros(shape),
        reference_hz=float(freq_hz.mean()),
        drift_rad=np.deg2rad(drift_deg) if corruption.gains else np.zeros(shape),
        drift_log=np.full(shape, corruption.gain_drift_amplitude if corruption.gains else 0.0),
        drift_period_h=period_h,
        drift_start_rad=start_rad,
        epoch_mjd=plan.groups[0].start_mjd,
    )


def _draw_bandpass(rng: np.random.Generator, shape: tuple[int, int], freq_hz: Float) -> Complex:
    """Smooth ripples of a few per cent and degrees; mean amplitude 1, no mean phase and no slope (that is a delay)."""
    x = (freq_hz - freq_hz.min()) / max(np.ptp(freq_hz), 1.0)
    terms = np.cos(np.pi * np.arange(1, _BANDPASS_TERMS + 1)[:, None] * x + np.pi / 7)
    ripple = rng.standard_normal((2, *shape, _BANDPASS_TERMS)) @ terms
    amplitude = np.clip(1 + _BANDPASS_AMPLITUDE * ripple[0], 0.5, 1.5)
    amplitude /= amplitude.mean(axis=-1, keepdims=True)
    phase = _BANDPASS_PHASE_RAD * ripple[1]
    centred = x - x.mean()
    phase -= phase.mean(axis=-1, keepdims=True)
    if freq_hz.size > 1:
        phase -= (phase @ centred / (centred @ centred))[..., None] * centred
    return np.asarray(amplitude * np.exp(1j * phase))


@dataclass(frozen=True)
class Interference:
    """Cells of a group that hold interference, and how it reaches the antennas.

    Attributes:
        amplitude_jy: shape (n_time, n_channel); 0 where there is none.
        phasor: shape (n_antenna,), phases with which it arrives.
    """

    amplitude_jy: NDArray[np.float32]
    phasor: NDArray[np.complex64]


def make_interference(spec: SimulateSpec, plan: Plan, group_index: int) -> Interference | None:
    """Narrow persistent carriers and short bursts that fill ``rfi_fraction`` of the cells; None if that is 0."""
    fraction = spec.corruption.rfi_fraction
    if fraction <= 0:
        return None
    carriers = np.random.default_rng([spec.seed, 2])
    rng = np.random.default_rng([spec.seed, 3, group_index])
    n_time, n_channel = plan.groups[group_index].mjd_utc.size, plan.freq_hz.size
    amplitude = np.zeros((n_time, n_channel), dtype=np.float32)
    # The carriers are the same in every group: broadcasting transmitters.
    n_carriers = round(fraction / 2 * n_channel)
    channels = carriers.choice(n_channel, size=n_carriers, replace=False)
    amplitude[:, channels] = carriers.uniform(30, 300, n_carriers)
    target = round(fraction * amplitude.size)
    while np.count_nonzero(amplitude) < target:
        start, width = rng.integers(n_channel), int(rng.integers(1, max(2, n_channel // 32)))
        amplitude[rng.integers(n_time), start : start + width] = rng.uniform(50, 500)
    phasor = np.exp(2j * np.pi * rng.uniform(size=len(plan.station_numbers)))
    return Interference(amplitude, phasor.astype(np.complex64))
