"""Flagging by rule: each step says which cells it adds; none of them removes a flag but ``reset``."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .. import site
from ..antenna_uvw import antenna_uvw_m
from ..contract import StageFailure
from ..frames import hour_angle_dec
from ..ms_summary import phase_centre_deg, read_columns
from ..specs.calibrate import FlagStep
from .flag_editor import FlagEditor

Bool = NDArray[np.bool_]
Float = NDArray[np.float64]


def flag_nonfinite(editor: FlagEditor) -> None:
    """Flag NaN and infinite values."""
    for rows, data in editor.blocks():
        editor.flags[rows] |= ~np.isfinite(data)


def flag_zeros(editor: FlagEditor, _step: FlagStep) -> None:
    """Flag values that are exactly zero: the correlator writes them where it has none."""
    for rows, data in editor.blocks():
        editor.flags[rows] |= data == 0


def flag_clip(editor: FlagEditor, step: FlagStep) -> None:
    """Flag cross-correlations with an amplitude outside ``clip_min_jy`` to ``clip_max_jy``."""
    low, high = step.clip_min_jy, step.clip_max_jy
    if low is None and high is None:
        raise StageFailure("SPEC_INVALID", "flag mode clip: give clip_min_jy or clip_max_jy", field="steps")
    cross = editor.cross
    for rows, data in editor.blocks():
        amplitude = np.abs(data)
        outside = amplitude > (np.inf if high is None else high)
        if low is not None:
            outside |= amplitude < low
        editor.flags[rows] |= outside & cross[rows, None, None]


def flag_autocorrelations(editor: FlagEditor, _step: FlagStep) -> None:
    """Flag the correlation of each antenna with itself."""
    editor.flags[~editor.cross] = True


def flag_antennas(editor: FlagEditor, step: FlagStep) -> None:
    """Flag everything of the named antennas."""
    if not step.antennas:
        raise StageFailure("SPEC_INVALID", "flag mode antenna: name at least one antenna", field="antennas")
    index_of_name = {name.upper(): index for index, name in enumerate(editor.antenna_names) if name}
    wrong = [name for name in step.antennas if name.upper() not in index_of_name]
    if wrong:
        some = ", ".join(list(index_of_name)[:4])
        message = f"{editor.ms.name} has no antenna {wrong[0]}; its antennas are named {some}, …"
        raise StageFailure("SPEC_INVALID", message, field="antennas")
    indices = [index_of_name[name.upper()] for name in step.antennas]
    editor.flags[np.isin(editor.antenna1, indices) | np.isin(editor.antenna2, indices)] = True


def flag_quack(editor: FlagEditor, step: FlagStep) -> None:
    """Flag integrations that begin within ``quack_s`` of the start of their scan."""
    if step.quack_s is None or step.quack_s <= 0:
        raise StageFailure("SPEC_INVALID", "flag mode quack: quack_s must be positive", field="quack_s")
    begin_s = editor.time_s - editor.interval_s / 2
    for scan in np.unique(editor.scan):
        rows = editor.scan == scan
        # Integration edges are rounded to a microsecond, so a limit of exactly one integration takes one.
        editor.flags[rows & (begin_s < begin_s[rows].min() + step.quack_s - 1e-3)] = True


def flag_elevation(editor: FlagEditor, step: FlagStep) -> None:
    """Flag integrations in which the phase centre is lower than ``elevation_min_deg``."""
    if step.elevation_min_deg is None:
        raise StageFailure("SPEC_INVALID", "flag mode elevation: give elevation_min_deg", field="elevation_min_deg")
    times_s, time_of_row = np.unique(editor.time_s, return_inverse=True)
    low = elevation_deg(editor, times_s) < step.elevation_min_deg
    editor.flags[low[time_of_row]] = True


def elevation_deg(editor: FlagEditor, times_s: Float) -> Float:
    """Elevation of the phase centre above the horizon of the array, without refraction, degrees."""
    (positions_m,) = read_columns(f"{editor.ms}::ANTENNA", "POSITION")
    x, y, z = np.median(positions_m[np.abs(positions_m).sum(axis=1) > 0], axis=0)
    longitude_deg = np.rad2deg(np.arctan2(y, x))
    # Geodetic latitude of the ellipsoid (WGS84), good to an arcsecond at sea level.
    latitude = np.arctan2(z, np.hypot(x, y) * (1 - 0.00669437999014))
    hour_angle_deg, dec_deg = hour_angle_dec(*phase_centre_deg(editor.ms), times_s / site.SECONDS_PER_DAY)
    hour_angle = np.deg2rad(hour_angle_deg + longitude_deg - site.LONGITUDE_DEG)
    dec = np.deg2rad(dec_deg)
    sine = np.sin(latitude) * np.sin(dec) + np.cos(latitude) * np.cos(dec) * np.cos(hour_angle)
    return np.asarray(np.rad2deg(np.arcsin(sine)))


def flag_shadow(editor: FlagEditor, _step: FlagStep) -> None:
    """Flag antennas behind another one: closer on the sky's plane than the mean of the two dish diameters."""
    (diameters_m,) = read_columns(f"{editor.ms}::ANTENNA", "DISH_DIAMETER")
    for time_s in np.unique(editor.time_s):
        rows = np.flatnonzero(editor.time_s == time_s)
        first, second = editor.antenna1[rows], editor.antenna2[rows]
        used, compact = np.unique(np.concatenate([first, second]), return_inverse=True)
        pairs = (compact[: rows.size], compact[rows.size :])
        hidden = used[shadowed(antenna_uvw_m(editor.uvw_m[rows], pairs, used.size), diameters_m[used])]
        if hidden.size:
            editor.flags[rows[np.isin(first, hidden) | np.isin(second, hidden)]] = True


def shadowed(positions_m: Float, diameters_m: Float) -> Bool:
    """Which antennas are behind another one as seen from the source.

    Args:
        positions_m: shape (n_antenna, 3), in uvw axes; w towards the source.
        diameters_m: shape (n_antenna,).

    Returns:
        Shape (n_antenna,).
    """
    u, v, w = (axis[:, None] - axis[None, :] for axis in positions_m.T)
    overlap = np.hypot(u, v) < (diameters_m[:, None] + diameters_m[None, :]) / 2
    return np.asarray((overlap & (w < 0)).any(axis=1))


RULES: dict[str, Callable[[FlagEditor, FlagStep], None]] = {
    "zeros": flag_zeros,
    "clip": flag_clip,
    "autocorrelations": flag_autocorrelations,
    "antenna": flag_antennas,
    "quack": flag_quack,
    "elevation": flag_elevation,
    "shadow": flag_shadow,
}
