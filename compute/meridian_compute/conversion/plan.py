"""How a group is converted: averages, phase centre, geometry, decided before a visibility is read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..contract import StageFailure
from ..specs.convert import ConvertSpec
from ..uvh5.header import Uvh5Header
from .averaging import averaging_factor
from .blocks import Recipe
from .geometry import Float, PhaseCentre, choose_phase_centre, make_geometry
from .group import FileGroup
from .rows import plan_rows, require_same_baselines


@dataclass(frozen=True)
class Conversion:
    """A group and how it is converted."""

    group: FileGroup
    recipe: Recipe
    centre: PhaseCentre

    @property
    def n_channel(self) -> int:
        """Channels of the measurement set, missing subbands included."""
        return self.group.freq_hz.size // self.recipe.channels

    @property
    def freq_hz(self) -> Float:
        """Channels of the measurement set, ascending."""
        return np.asarray(self.group.freq_hz.reshape(-1, self.recipe.channels).mean(axis=1))

    def channels_of(self, slot: int) -> slice:
        """Channels that one subband fills."""
        width = self.n_channel // self.group.n_slots
        return slice(slot * width, (slot + 1) * width)


def plan_conversion(group: FileGroup, spec: ConvertSpec) -> Conversion:
    """Choose averages and phase centre, and compute the geometry of all integrations.

    Raises:
        StageFailure: SPEC_INVALID for delays of unknown antennas, SHAPE_MISMATCH if integrations cannot be averaged.
    """
    header = group.reference
    rows = plan_rows(header)
    interval_s = float(np.median(header.integration_s))
    times = averaging_factor(rows.mjd_utc.size, interval_s, spec.max_integration_s)
    if times > 1:
        require_same_baselines(rows, header)
    centre = choose_phase_centre(header)
    recipe = Recipe(
        rows=rows,
        geometry=make_geometry(header, centre, rows.mjd_utc),
        channels=averaging_factor(header.freq_hz.size, header.channel_width_hz, _max_channel_width_hz(group, spec)),
        times=times,
        clip=spec.clip_jy,
        delay_s=_delays_s(header, spec.remove_delays_ns),
        reference_hz=float(group.freq_hz.mean()),
    )
    return Conversion(group, recipe, centre)


def _max_channel_width_hz(group: FileGroup, spec: ConvertSpec) -> float | None:
    """The default is made for groups of subbands: a single file, of any telescope, is averaged only if asked for."""
    given = "max_channel_width_hz" in spec.model_fields_set
    return spec.max_channel_width_hz if given or group.n_slots > 1 else None


def _delays_s(header: Uvh5Header, delays_ns: dict[str, float]) -> Float | None:
    if not delays_ns:
        return None
    names = dict(zip(header.antennas.name, header.antennas.number.tolist(), strict=True))
    delay_s = np.zeros(header.data_antennas.size)
    for name, delay_ns in delays_ns.items():
        if name not in names:
            message = f"remove_delays_ns names antenna {name!r}, which is not in {header.path.name}"
            raise StageFailure("SPEC_INVALID", message, field="remove_delays_ns")
        delay_s[header.data_antennas == names[name]] = delay_ns * 1e-9
    return delay_s
