"""Model visibilities of point sources seen through the beam that drifts over them.

V(1, 2) = sum over sources of S(nu) PB(t, nu) exp(+2 pi i (u l + v m + w (n - 1)) nu / c), with the uvw of the
measurement set (r1 - r2, as CASA and pyuvdata write it) and Stokes I = XX = YY. The direction cosines are taken in the
apparent frame, where the baselines are, so that aberration across the field is in the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from casacore.tables import makecoldesc, maketabdesc
from numpy.typing import ArrayLike, NDArray

from . import site
from .antenna_uvw import antenna_uvw_m
from .beam import airy_power
from .contract import StageFailure
from .frames import hour_angle_dec, meridian_icrs, north_angle_rad, separation_rad
from .ms_summary import (
    dish_diameter_m,
    open_table,
    phase_centre_deg,
    pointing_dec_deg,
    read_columns,
    read_grid,
)
from .specs.common import CalibratorModel, SourceModel

Float = NDArray[np.float64]
Complex = NDArray[np.complex64]

#: Correlations that hold Stokes I of an unpolarised source (CASA codes of RR, LL, XX, YY); the others hold nothing.
PARALLEL_HANDS = frozenset({5, 8, 9, 12})

#: Bytes of visibilities handled at once.
_CHUNK_BYTES = 64_000_000
#: Bytes of antenna phasors held at once.
_PHASOR_BYTES = 64_000_000
#: Channels per block of the fine phasors: phase is linear in frequency, so few exponentials suffice.
_FINE_CHANNELS = 16


def source_flux_jy(source: SourceModel, freq_hz: ArrayLike) -> Float:
    """Flux density of a source, Jy, before any beam: its log polynomial where it has one, else its power law."""
    freq = np.asarray(freq_hz, dtype=np.float64)
    polynomial = source.log_polynomial if isinstance(source, CalibratorModel) else None
    if polynomial:
        return np.asarray(10.0 ** np.polynomial.polynomial.polyval(np.log10(freq / 1e9), polynomial))
    return np.asarray(source.flux_jy * (freq / source.ref_freq_hz) ** source.spectral_index)


@dataclass(frozen=True, kw_only=True)
class Observation:
    """What model visibilities need to know of a measurement set.

    Attributes:
        mjd_utc: shape (n_time,), mid-integrations, ascending.
        freq_hz: shape (n_freq,), channel centres.
        phase_ra_deg: ICRS direction that the uvw refer to.
        phase_dec_deg: ICRS direction that the uvw refer to.
        pointing_dec_deg: apparent declination of a beam that stays on the meridian; None: it tracks the phase centre.
        diameter_m: dish diameter of the Airy beam.
    """

    mjd_utc: Float
    freq_hz: Float
    phase_ra_deg: float
    phase_dec_deg: float
    pointing_dec_deg: float | None
    diameter_m: float


def observation_of(ms: Path | str) -> Observation:
    """Read what the model needs from a measurement set of one field and one spectral window.

    Raises:
        StageFailure: MS_INVALID if there are more fields or windows, BEAM_UNKNOWN if the dish diameter is not known.
    """
    for subtable in ("FIELD", "DATA_DESCRIPTION"):
        with open_table(f"{ms}::{subtable}") as rows:
            if rows.nrows() != 1:
                message = f"{ms} has {rows.nrows()} rows in {subtable}; one field and one spectral window are expected"
                raise StageFailure("MS_INVALID", message, file=str(ms))
    diameter = dish_diameter_m(ms)
    if diameter is None:
        message = f"{ms}: the dish diameter is not in the ANTENNA table, so its primary beam is unknown"
        raise StageFailure("BEAM_UNKNOWN", message, file=str(ms))
    grid = read_grid(ms)
    ra_deg, dec_deg = phase_centre_deg(ms)
    return Observation(
        mjd_utc=grid.mjd_utc,
        freq_hz=grid.freq_hz,
        phase_ra_deg=ra_deg,
        phase_dec_deg=dec_deg,
        pointing_dec_deg=pointing_dec_deg(ms, (grid.start_mjd + grid.end_mjd) / 2),
        diameter_m=diameter,
    )


def beam_angle_rad(ra_deg: ArrayLike, dec_deg: ArrayLike, mjd_utc: ArrayLike, *, observation: Observation) -> Float:
    """Angle of directions from the beam's centre at each time.

    Args:
        ra_deg: shape (n_source,), ICRS.
        dec_deg: shape (n_source,), ICRS.
        mjd_utc: shape (n_time,).
        observation: says where the beam points.

    Returns:
        Shape (n_source, n_time), rad.
    """
    mjd = np.atleast_1d(np.asarray(mjd_utc, dtype=np.float64))
    if observation.pointing_dec_deg is None:
        centre_ra = np.full(mjd.shape, observation.phase_ra_deg)
        centre_dec = np.full(mjd.shape, observation.phase_dec_deg)
    else:
        centre_ra, centre_dec = meridian_icrs(observation.pointing_dec_deg, mjd)
    ra, dec = np.atleast_1d(ra_deg)[:, None], np.atleast_1d(dec_deg)[:, None]
    return separation_rad(ra, dec, centre_ra[None, :], centre_dec[None, :])


def apparent_flux_jy(sources: Sequence[SourceModel], observation: Observation) -> NDArray[np.float32]:
    """S(nu) PB(t, nu) of each source, Jy: shape (n_source, n_time, n_freq)."""
    shape = (len(sources), observation.mjd_utc.size, observation.freq_hz.size)
    apparent = np.empty(shape, dtype=np.float32)
    if not sources:
        return apparent
    ra_deg, dec_deg = [s.ra_deg for s in sources], [s.dec_deg for s in sources]
    theta_rad = beam_angle_rad(ra_deg, dec_deg, observation.mjd_utc, observation=observation)
    for index, source in enumerate(sources):
        power = airy_power(
            theta_rad[index, :, None],
            observation.freq_hz[None, :],
            observation.diameter_m,
        )
        apparent[index] = power * source_flux_jy(source, observation.freq_hz)
    return apparent


def direction_cosines(ra_deg: ArrayLike, dec_deg: ArrayLike, observation: Observation) -> Float:
    """Direction cosines (l, m, n - 1) of ICRS directions, shape (n_source, 3), in the axes of the uvw.

    l is towards ICRS east and m towards ICRS north at the phase centre, but the angles are those of the apparent
    places at mid-observation: that is where a source shows up in an image, and it differs from the catalogue's place by
    up to 0.6 arcsec at 1.5 degrees (annual aberration). ``image_position_deg`` gives it in ICRS coordinates.
    """
    mid_mjd = float(observation.mjd_utc[[0, -1]].mean())
    centre_ha, centre_dec = np.deg2rad(hour_angle_dec(observation.phase_ra_deg, observation.phase_dec_deg, mid_mjd))
    source_ha, source_dec = np.deg2rad(hour_angle_dec(np.atleast_1d(ra_deg), np.atleast_1d(dec_deg), mid_mjd))
    east = centre_ha - source_ha
    l_app = np.cos(source_dec) * np.sin(east)
    m_app = np.sin(source_dec) * np.cos(centre_dec) - np.cos(source_dec) * np.sin(centre_dec) * np.cos(east)
    n = np.sin(source_dec) * np.sin(centre_dec) + np.cos(source_dec) * np.cos(centre_dec) * np.cos(east)
    angle = north_angle_rad(observation.phase_ra_deg, observation.phase_dec_deg, mid_mjd)
    l_icrs = l_app * np.cos(angle) - m_app * np.sin(angle)
    m_icrs = l_app * np.sin(angle) + m_app * np.cos(angle)
    return np.stack([l_icrs, m_icrs, n - 1.0], axis=-1)


def image_position_deg(ra_deg: ArrayLike, dec_deg: ArrayLike, observation: Observation) -> tuple[Float, Float]:
    """Where ICRS directions show up in an image of this observation (its ICRS grid): ra and dec, degrees."""
    l_icrs, m_icrs, n_less_one = direction_cosines(ra_deg, dec_deg, observation).T
    n, centre_dec = n_less_one + 1.0, np.deg2rad(observation.phase_dec_deg)
    dec = np.arcsin(m_icrs * np.cos(centre_dec) + n * np.sin(centre_dec))
    east = np.arctan2(l_icrs, n * np.cos(centre_dec) - m_icrs * np.sin(centre_dec))
    return np.mod(observation.phase_ra_deg + np.rad2deg(east), 360.0), np.rad2deg(dec)


class PointSourceModel:
    """Model visibilities of a list of sources for one observation."""

    def __init__(self, sources: Sequence[SourceModel], observation: Observation) -> None:
        self.observation = observation
        self.apparent_jy = apparent_flux_jy(sources, observation)
        self._cosines = direction_cosines([s.ra_deg for s in sources], [s.dec_deg for s in sources], observation)

    def visibilities(self, uvw_m: Float, antennas: tuple[NDArray[Any], NDArray[Any]], mjd_utc: Float) -> Complex:
        """Model of some rows.

        Args:
            uvw_m: shape (n_row, 3), as in the measurement set.
            antennas: ANTENNA1 and ANTENNA2, shape (n_row,) each.
            mjd_utc: shape (n_row,), mid-integrations of the observation.

        Returns:
            Stokes I, Jy, shape (n_row, n_freq).

        Raises:
            StageFailure: MS_INVALID if the uvw are not differences of antenna positions.
        """
        model = np.zeros((uvw_m.shape[0], self.observation.freq_hz.size), dtype=np.complex64)
        times, time_of_row = np.unique(mjd_utc, return_inverse=True)
        for index, mjd in enumerate(times):
            rows = np.flatnonzero(time_of_row == index)
            first, second = antennas[0][rows], antennas[1][rows]
            names, compact = np.unique(np.concatenate([first, second]), return_inverse=True)
            pairs = (compact[: rows.size], compact[rows.size :])
            positions_m = antenna_uvw_m(uvw_m[rows], pairs, names.size)
            flux_jy = self.apparent_jy[:, np.searchsorted(self.observation.mjd_utc, mjd - 1e-9)]
            self._one_time(positions_m, pairs, flux_jy, model, rows)
        return model

    def _one_time(
        self,
        positions_m: Float,
        pairs: tuple[NDArray[Any], NDArray[Any]],
        flux_jy: NDArray[np.float32],
        out: Complex,
        rows: NDArray[Any],
    ) -> None:
        """Sum over the sources as a product of matrices of antenna phasors, a block of channels at a time."""
        path = positions_m @ self._cosines.T * (2 * np.pi / site.SPEED_OF_LIGHT_M_S)
        freq_hz = self.observation.freq_hz
        block = max(1, _PHASOR_BYTES // (16 * max(1, path.size)))
        for start in range(0, freq_hz.size, block):
            stop = min(start + block, freq_hz.size)
            phasors = antenna_phasors(path, freq_hz[start:stop])
            weighted = (phasors * flux_jy.T[start:stop, None, :]).conj()
            matrix = np.matmul(phasors, weighted.swapaxes(1, 2))
            out[rows, start:stop] = matrix[:, pairs[0], pairs[1]].T


def antenna_phasors(path_s: Float, freq_hz: Float) -> Complex:
    """exp(i path nu) for (n_antenna, n_source) paths (rad per Hz), shape (n_freq, n_antenna, n_source)."""
    step_hz = (freq_hz[-1] - freq_hz[0]) / max(1, freq_hz.size - 1)
    if np.abs(freq_hz - (freq_hz[0] + step_hz * np.arange(freq_hz.size))).max() > 1.0:
        return np.asarray(np.exp(1j * freq_hz[:, None, None] * path_s), dtype=np.complex64)
    n_coarse = -(-freq_hz.size // _FINE_CHANNELS)
    coarse_hz = freq_hz[0] + step_hz * _FINE_CHANNELS * np.arange(n_coarse)
    coarse = np.asarray(np.exp(1j * coarse_hz[:, None, None] * path_s), dtype=np.complex64)
    fine = np.asarray(np.exp(1j * step_hz * np.arange(_FINE_CHANNELS)[:, None, None] * path_s), dtype=np.complex64)
    return (coarse[:, None] * fine[None]).reshape(-1, *path_s.shape)[: freq_hz.size]


def iterate_model(ms: Path | str, model: PointSourceModel) -> Iterator[tuple[int, int, Complex]]:
    """Model of a measurement set in chunks of rows: (first row, number of rows, visibilities (n_row, n_freq))."""
    uvw_m, antenna1, antenna2, time_s = read_columns(ms, "UVW", "ANTENNA1", "ANTENNA2", "TIME")
    n_rows = time_s.size
    per_time = max(1, n_rows // model.observation.mjd_utc.size)
    chunk = max(1, _CHUNK_BYTES // (8 * model.observation.freq_hz.size * per_time)) * per_time
    for start in range(0, n_rows, chunk):
        rows = slice(start, min(start + chunk, n_rows))
        mjd_utc = time_s[rows] / site.SECONDS_PER_DAY
        yield (
            start,
            rows.stop - start,
            model.visibilities(uvw_m[rows], (antenna1[rows], antenna2[rows]), mjd_utc),
        )


def parallel_hands(ms: Path | str) -> list[int]:
    """Indices of the correlations that hold Stokes I of an unpolarised source."""
    (codes,) = read_columns(f"{ms}::POLARIZATION", "CORR_TYPE")
    return [index for index, code in enumerate(codes[0]) if int(code) in PARALLEL_HANDS]


def write_model_column(ms: Path | str, model: PointSourceModel) -> None:
    """Write MODEL_DATA (made where it is missing): the model in the parallel hands, 0 in the cross hands."""
    hands = parallel_hands(ms)
    with open_table(ms, readonly=False) as main:
        _ensure_column(main, "MODEL_DATA")
        shape = np.asarray(main.getcell("DATA", 0)).shape
        for start, count, stokes_i in iterate_model(ms, model):
            values = np.zeros((count, *shape), dtype=np.complex64)
            for hand in hands:
                values[:, :, hand] = stokes_i
            main.putcol("MODEL_DATA", values, start, count)


def subtract_model(ms: Path | str, model: PointSourceModel, column: str = "DATA") -> None:
    """Subtract the model from a column of a measurement set that may be changed."""
    hands = parallel_hands(ms)
    with open_table(ms, readonly=False) as main:
        for start, count, stokes_i in iterate_model(ms, model):
            values = main.getcol(column, start, count)
            for hand in hands:
                values[:, :, hand] -= stokes_i
            main.putcol(column, values, start, count)


def _ensure_column(main: Any, name: str) -> None:
    """Add a column stored like DATA."""
    if name in main.colnames():
        return
    storage = main.getdminfo("DATA")
    storage["NAME"] = name
    main.addcols(maketabdesc(makecoldesc(name, main.getcoldesc("DATA"))), storage)
