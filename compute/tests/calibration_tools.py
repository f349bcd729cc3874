"""What the tests of flag, solve and apply share: a small array, calibrators, planted gains."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
from casacore.tables import table

C286: dict[str, Any] = {
    "name": "3C286",
    "ra_deg": 202.784533,
    "dec_deg": 30.509155,
    "flux_jy": 14.9,
    "ref_freq_hz": 1.4e9,
    "flux_scale": "perley_butler_2017",
    "log_polynomial": [1.2481, -0.4507, -0.1798, 0.0357],
}

#: A transit of 3C286 seen by 20 antennas, outriggers included, in 32 channels; stamps agree to the minute.
SMALL: dict[str, Any] = {
    "calibrator": C286,
    "near_utc": "2026-01-25T12:00:00Z",
    "n_groups": 1,
    "n_antennas": 20,
    "channels_per_subband": 2,
    "stamp_jitter_s": 0.0,
}


def secondary(name: str, ra_deg: float, dec_deg: float, flux_jy: float) -> dict[str, Any]:
    """A calibrator whose flux is the list's."""
    return {"name": name, "ra_deg": ra_deg, "dec_deg": dec_deg, "flux_jy": flux_jy, "flux_scale": "secondary"}


def copy_of(ms: str, folder: Path) -> str:
    """A copy that may be changed."""
    target = folder / "copy" / Path(ms).name
    target.parent.mkdir(parents=True)
    shutil.copytree(ms, target)
    return str(target)


def column(path: str, name: str) -> np.ndarray:
    with table(path, ack=False) as main:
        return np.asarray(main.getcol(name))


def put(path: str, name: str, values: np.ndarray) -> None:
    with table(path, ack=False, readonly=False) as main:
        main.putcol(name, values)


def antenna_index(ms: str, name: str) -> int:
    return [str(word) for word in column(f"{ms}::ANTENNA", "NAME")].index(name)


def rows_of(ms: str, antenna: int) -> np.ndarray:
    """Rows in which an antenna takes part."""
    return (column(ms, "ANTENNA1") == antenna) | (column(ms, "ANTENNA2") == antenna)


def fraction_flagged(ms: str) -> float:
    return float((column(ms, "FLAG") | column(ms, "FLAG_ROW")[:, None, None]).mean())


def solved_gains(paths: dict[str, str]) -> np.ndarray:
    """Product of the tables' solutions, shape (n_antenna, n_channel, 2); NaN where one is flagged.

    A delay is a phase about the middle of the band, which is the one channel of its table.
    """
    delay_ns, delay_flags = column(paths["caltable_K"], "FPARAM"), column(paths["caltable_K"], "FLAG")
    band, band_flags = column(paths["caltable_B"], "CPARAM"), column(paths["caltable_B"], "FLAG")
    gain, gain_flags = column(paths["caltable_G"], "CPARAM"), column(paths["caltable_G"], "FLAG")
    freq_hz = column(f"{paths['caltable_B']}::SPECTRAL_WINDOW", "CHAN_FREQ")[0]
    middle_hz = column(f"{paths['caltable_K']}::SPECTRAL_WINDOW", "CHAN_FREQ")[0, 0]
    turns = delay_ns * 1e-9 * (freq_hz - middle_hz)[None, :, None]
    total = gain * band * np.exp(2j * np.pi * turns)
    return np.where(delay_flags | band_flags | gain_flags, np.nan, total)


def planted_gains(gains_file: str, n_channels: int) -> np.ndarray:
    """Gains that the simulator put in, averaged over a group and to channels: shape (n_antenna, n_channel, 2)."""
    with np.load(gains_file) as planted:
        turns = planted["delay_ns"][..., None] * 1e-9 * (planted["freq_hz"] - planted["reference_hz"])
        fine = planted["gain"][..., None] * planted["bandpass"] * np.exp(2j * np.pi * turns)
        drift = planted["drift"][0].mean(axis=-1)
    averaged = fine.reshape(*fine.shape[:2], n_channels, -1).mean(axis=-1)
    return np.asarray((averaged * drift[..., None]).swapaxes(1, 2))


def against_truth(solved: np.ndarray, planted: np.ndarray, freq_hz: np.ndarray) -> dict[str, float]:
    """How far solved gains are from the planted ones, the arbitrary common phase of all antennas removed.

    Returns:
        ``scale`` (mean ratio of amplitudes), ``amplitude_rms``, ``phase_rms_deg``, ``delay_rms_ns``.
    """
    ratio = solved / planted
    ratio = ratio / np.exp(1j * np.angle(np.nansum(ratio, axis=0, keepdims=True)))
    phase = np.angle(ratio)
    x = 2 * np.pi * (freq_hz - freq_hz.mean())[None, :, None] * 1e-9
    weight = np.isfinite(phase)
    slope_ns = np.nansum(phase * x, axis=1) / (weight * x**2).sum(axis=1)
    return {
        "scale": float(np.nanmean(np.abs(ratio))),
        "amplitude_rms": float(np.nanstd(np.abs(ratio))),
        "phase_rms_deg": float(np.rad2deg(np.sqrt(np.nanmean(phase**2)))),
        "delay_rms_ns": float(np.sqrt(np.mean(slope_ns**2))),
    }


def truth_of(group: dict[str, Any], solved: dict[str, Any]) -> dict[str, float]:
    """Solved gains of a stage result against the planted ones of its simulation."""
    gains = solved_gains(solved["paths"])
    freq_hz = column(f"{solved['paths']['caltable_B']}::SPECTRAL_WINDOW", "CHAN_FREQ")[0]
    return against_truth(gains, planted_gains(group["paths"]["gains"], freq_hz.size), freq_hz)


def stefcal(data: np.ndarray, model: np.ndarray, flags: np.ndarray) -> np.ndarray:
    """Gains of one channel and hand: the g that minimise sum |V_pq - g_p M_pq conj(g_q)|^2.

    Args:
        data: shape (n_time, n_antenna, n_antenna), Hermitian.
        model: same.
        flags: same; True is left out.

    Source: Salvini & Wijnholds (2014), A&A 571, A97, algorithm 1.
    """
    n = data.shape[1]
    weight = ~flags & ~np.eye(n, dtype=bool)
    data, model = np.where(weight, data, 0), np.where(weight, model, 0)
    gains = np.full(n, np.sqrt(np.abs(data).sum() / np.abs(model).sum()), dtype=complex)
    for iteration in range(500):
        previous = gains.copy()
        expected = model * previous.conj()[None, None, :]
        gains = (data * expected.conj()).sum(axis=(0, 2)) / (np.abs(expected) ** 2).sum(axis=(0, 2))
        if iteration % 2:
            gains = (gains + previous) / 2
            if np.linalg.norm(gains - previous) < 1e-10 * np.linalg.norm(gains):
                return gains
    raise AssertionError("StefCal does not converge")
